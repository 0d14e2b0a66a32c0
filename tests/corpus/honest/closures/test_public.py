from solution import counted, run_pipeline, total_of_steps


def test_nonlocal():
    assert total_of_steps([1, 2, 3]) == 6


def test_late_binding_avoided():
    assert run_pipeline(0, ["a", "b"]) == ("b", ("a", 0))


def test_entry_point_that_is_a_closure():
    assert counted() == 11
    assert counted(5) == 16
