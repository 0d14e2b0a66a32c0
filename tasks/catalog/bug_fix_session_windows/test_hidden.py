import copy
import random

import pytest

from solution import collapse_sessions


def at(*minutes):
    return [{"minute": minute} for minute in minutes]


def expected_windows(minutes, timeout):
    groups = []
    for minute in minutes:
        if groups and minute - groups[-1][-1] < timeout:
            groups[-1].append(minute)
        else:
            groups.append([minute])
    return [(group[0], group[-1]) for group in groups]


@pytest.mark.parametrize("minute", [0, 1, 17, -4])
def test_one_event_is_a_window_of_its_own(minute):
    assert collapse_sessions(at(minute), 5) == [(minute, minute)]


@pytest.mark.parametrize("timeout", [1, 2, 10, 45])
def test_a_gap_of_the_timeout_splits_and_one_less_does_not(timeout):
    assert collapse_sessions(at(100, 100 + timeout), timeout) == [
        (100, 100),
        (100 + timeout, 100 + timeout),
    ]
    assert collapse_sessions(at(100, 100 + timeout - 1), timeout) == [(100, 100 + timeout - 1)]
    assert collapse_sessions(at(100, 100 + timeout + 1), timeout) == [
        (100, 100),
        (100 + timeout + 1, 100 + timeout + 1),
    ]


def test_gaps_are_measured_from_event_to_event():
    assert collapse_sessions(at(0, 9, 18, 27, 36), 10) == [(0, 36)]


def test_a_window_may_last_longer_than_the_timeout_before_a_split():
    assert collapse_sessions(at(2, 4, 6, 8, 12, 13), 4) == [(2, 8), (12, 13)]


def test_minute_zero_may_start_a_window():
    assert collapse_sessions(at(0, 3, 20), 10) == [(0, 3), (20, 20)]


def test_minute_zero_may_end_a_window():
    assert collapse_sessions(at(-3, 0, 10), 10) == [(-3, 0), (10, 10)]


def test_negative_minutes_are_minutes():
    assert collapse_sessions(at(-50, -45, -20, -1), 10) == [(-50, -45), (-20, -20), (-1, -1)]


def test_events_of_the_same_minute_share_a_window():
    assert collapse_sessions(at(7, 7, 7, 30, 30), 1) == [(7, 7), (30, 30)]


def test_a_split_in_the_middle_keeps_both_ends():
    assert collapse_sessions(at(1, 2, 3, 50, 51, 99, 100), 20) == [(1, 3), (50, 51), (99, 100)]


def test_every_event_may_be_its_own_window():
    assert collapse_sessions(at(1, 2, 3), 1) == [(1, 1), (2, 2), (3, 3)]


def test_other_keys_are_ignored():
    events = [
        {"minute": 1, "user": "a", "start": 900},
        {"minute": 2, "user": "b", "end": 950},
        {"minute": 60, "user": "a"},
    ]

    assert collapse_sessions(events, 30) == [(1, 2), (60, 60)]


def test_no_events_give_an_empty_list():
    windows = collapse_sessions([], 1)

    assert windows == []
    assert type(windows) is list


def test_windows_are_tuples_in_a_list():
    windows = collapse_sessions(at(1, 2, 90), 30)

    assert type(windows) is list
    assert [type(window) for window in windows] == [tuple, tuple]
    assert [len(window) for window in windows] == [2, 2]


def test_the_events_are_left_as_they_were():
    events = [{"minute": 1, "tags": ["x"]}, {"minute": 5}, {"minute": 50}]
    before = copy.deepcopy(events)

    assert collapse_sessions(events, 10) == [(1, 5), (50, 50)]
    assert events == before


def test_a_second_call_starts_afresh():
    assert collapse_sessions(at(1, 2), 10) == [(1, 2)]
    assert collapse_sessions(at(5, 6), 10) == [(5, 6)]
    assert collapse_sessions([], 10) == []


@pytest.mark.parametrize("seed", range(6))
def test_mixed_streams(seed):
    rng = random.Random(seed)
    timeout = rng.randint(2, 9)
    minutes = sorted(rng.randint(-60, 60) for _ in range(40))

    assert collapse_sessions(at(*minutes), timeout) == expected_windows(minutes, timeout)
