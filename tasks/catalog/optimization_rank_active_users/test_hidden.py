import collections
import copy
import random

import pytest

from solution import rank_active_users


def active(*user_ids):
    return [{"user_id": user_id, "status": "active"} for user_id in user_ids]


def expected_ranking(events):
    counts = collections.Counter(e["user_id"] for e in events if e.get("status") == "active")
    by_name = sorted(counts.items())
    return sorted(by_name, key=lambda pair: pair[1], reverse=True)


@pytest.mark.parametrize(
    "status", ["idle", "inactive", "Active", "ACTIVE", " active", "active ", "", "activ", "actives"]
)
def test_another_status_counts_for_nothing(status):
    events = [{"user_id": "ann", "status": status}, *active("bob")]

    assert rank_active_users(events) == [("bob", 1)]


def test_a_missing_status_counts_for_nothing():
    assert rank_active_users([{"user_id": "ann"}, *active("ann"), {"user_id": "bob"}]) == [("ann", 1)]


def test_only_inactive_events_give_an_empty_ranking():
    ranking = rank_active_users([{"user_id": "ann", "status": "idle"}, {"user_id": "bob"}])

    assert ranking == []
    assert type(ranking) is list


def test_inactive_events_add_nothing_to_an_active_user():
    events = [*active("bob", "bob"), *active("ann")]
    events += [{"user_id": "ann", "status": "idle"}] * 5

    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]


def test_counts_come_before_names():
    assert rank_active_users(active("ann", "zoe", "zoe")) == [("zoe", 2), ("ann", 1)]


@pytest.mark.parametrize(
    "arrival", [("ann", "bob", "cid"), ("cid", "bob", "ann"), ("bob", "cid", "ann")]
)
def test_ties_do_not_depend_on_arrival(arrival):
    assert rank_active_users(active(*arrival, *arrival)) == [("ann", 2), ("bob", 2), ("cid", 2)]


def test_ties_within_each_count():
    events = active("d", "c", "b", "a", "b", "a", "e", "e", "e")

    assert rank_active_users(events) == [("e", 3), ("a", 2), ("b", 2), ("c", 1), ("d", 1)]


def test_ties_compare_user_ids_as_strings():
    assert rank_active_users(active("u2", "u10", "u1")) == [("u1", 1), ("u10", 1), ("u2", 1)]


def test_ties_of_digits_compare_as_strings():
    assert rank_active_users(active("9", "10", "100")) == [("10", 1), ("100", 1), ("9", 1)]


def test_counts_are_compared_as_numbers():
    events = active(*["ann"] * 9, *["bob"] * 10, *["cid"] * 100)

    assert rank_active_users(events) == [("cid", 100), ("bob", 10), ("ann", 9)]


def test_user_ids_are_exact():
    events = active("ann", "Ann", "ann", "ann ", "ANN")

    assert rank_active_users(events) == [("ann", 2), ("ANN", 1), ("Ann", 1), ("ann ", 1)]


def test_an_empty_user_id_is_a_user():
    assert rank_active_users(active("", "ann", "")) == [("", 2), ("ann", 1)]


def test_other_keys_are_ignored():
    events = [
        {"user_id": "ann", "status": "active", "count": 50, "weight": 3},
        {"user_id": "bob", "status": "active"},
        {"user_id": "bob", "status": "active", "active": False},
    ]

    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]


def test_the_ranking_is_a_list_of_tuples():
    ranking = rank_active_users(active("ann", "bob", "ann"))

    assert type(ranking) is list
    assert [type(pair) for pair in ranking] == [tuple, tuple]
    assert [type(count) for _, count in ranking] == [int, int]


def test_equal_events_count_each_time():
    event = {"user_id": "ann", "status": "active"}

    assert rank_active_users([event, event, dict(event)]) == [("ann", 3)]


def test_the_events_are_left_as_they_were():
    events = [*active("bob", "ann"), {"user_id": "cid"}, {"user_id": "bob", "status": "idle"}]
    before = copy.deepcopy(events)

    assert rank_active_users(events) == [("ann", 1), ("bob", 1)]
    assert events == before


def test_a_second_call_starts_afresh():
    events = active("ann", "bob", "bob")

    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]
    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]
    assert rank_active_users(active("bob", "ann", "ann")) == [("ann", 2), ("bob", 1)]
    assert rank_active_users([]) == []


def test_a_list_that_grew_is_counted_again():
    events = active("ann")
    first = rank_active_users(events)
    events.append({"user_id": "bob", "status": "active"})
    events.append({"user_id": "bob", "status": "active"})

    assert first == [("ann", 1)]
    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]


@pytest.mark.parametrize("seed", range(5))
def test_mixed_events(seed):
    rng = random.Random(seed)
    users = [f"{rng.choice('abcU')}{rng.randrange(30)}" for _ in range(25)]
    statuses = ["active", "active", "idle", "Active", "away"]
    events = []
    for _ in range(300):
        event = {"user_id": rng.choice(users)}
        if rng.random() < 0.9:
            event["status"] = rng.choice(statuses)
        events.append(event)

    assert rank_active_users(events) == expected_ranking(events)
