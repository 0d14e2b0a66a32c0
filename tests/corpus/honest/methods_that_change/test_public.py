import time

import pytest
from solution import Crane, Door, Guest, Job, Robot, rename


def test_a_method_that_puts_a_value_in_its_own_place():
    door = Door()
    assert door.state() == "it was closed"
    assert door.state == "open"
    with pytest.raises(TypeError):
        door.state()


def test_a_method_that_puts_a_value_in_place_of_one_of_another():
    one, other = Door(), Door()
    assert other.label() == "no label"
    one.label_other(other)
    assert other.label == "labelled"
    assert one.label() == "no label"


def test_a_function_that_does():
    door = Door()
    assert [door.label(), door.label()] == ["no label", "no label"]
    rename(door, "front")
    assert door.label == "front"


def test_an_assignment_that_does():
    door = Door()
    assert door.label() == "no label"
    door.label = "back"
    assert door.label == "back"
    del door.label
    assert door.label() == "no label"


def test_a_method_that_does_and_raises():
    door = Door()
    assert door.label() == "no label"
    with pytest.raises(RuntimeError):
        door.break_down()
    assert door.label == "broken"


def test_what_changed_is_seen_while_the_call_still_runs():
    door = Door()
    assert door.label() == "no label"
    seen = []
    door.tell_while_open(lambda: seen.append(door.label))
    assert seen == ["being told"]
    assert door.label() == "no label"


def test_what_is_fetched_first_while_another_call_runs():
    door = Door()
    assert door.label() == "no label"
    assert Door().label() == "no label"
    door.tell_while_open(lambda: door.name())
    rename(door, "front")
    door.name_itself()
    assert door.name == "front"


def test_threads_and_alarms_that_change_an_object_between_calls():
    for act in ("start", "set_alarm"):
        job = Job()
        assert [job.result(), job.result()] == ["pending", "pending"]
        getattr(job, act)()
        time.sleep(0.2)
        assert job.result == "done", act


def test_a_thread_that_ends_a_loop_of_the_tests():
    job = Job()
    assert job.result() == "pending"
    job.start()
    waited = 0
    while callable(job.result) and waited < 100:
        time.sleep(0.01)
        waited += 1
    assert job.result == "done"


def test_an_exception_whose_text_changes_an_object():
    job = Job()
    assert job.result() == "pending"
    with pytest.raises(Exception) as caught:
        job.fail()
    assert str(caught.value) == "it failed"
    assert job.result == "told"


def test_classes_that_change():
    robot, other = Robot(), Robot()
    assert [robot.work(), other.work()] == ["slowly", "slowly"]
    robot.upgrade()
    assert [robot.work(), other.work()] == ["fast", "fast"]
    robot.become()
    assert [robot.work, other.work()] == ["none", "fast"]
    other.age()
    assert other.work == "rusty"
    assert other.work == "rusty"
    other.retire()
    assert not hasattr(other, "work")
    assert robot.work == "none"


def test_attributes_that_are_made_when_they_are_asked_for():
    guest = Guest("n")
    assert [guest.hello(), guest.hello(), guest.asked] == ["hello 1", "hello 2", 2]
    assert [guest.kind(), guest.kind(), guest.made("m").a()] == ["guest", "guest", "am"]


def test_more_methods_than_are_remembered():
    guests = [Guest(str(number)) for number in range(6)]
    for _ in range(3):
        for number, guest in enumerate(guests):
            assert [guest.a(), guest.b(), guest.c()] == [f"a{number}", f"b{number}", f"c{number}"]
    guests[0].name = "new"
    assert guests[0].a() == "anew"


def test_a_method_taken_before_it_changed_is_what_it_was():
    crane = Crane()
    by_hand = crane.lift
    crane.upgrade()
    assert [by_hand(), crane.lift(), by_hand()] == ["by hand", "by motor", "by hand"]
    assert crane.lift == crane.lift
