from solution import collapse_sessions


def test_close_events_form_one_window():
    events = [{"minute": 1}, {"minute": 3}, {"minute": 8}]

    assert collapse_sessions(events, 10) == [(1, 8)]


def test_a_gap_over_the_timeout_starts_a_new_window():
    events = [{"minute": 1}, {"minute": 4}, {"minute": 30}, {"minute": 31}]

    assert collapse_sessions(events, 10) == [(1, 4), (30, 31)]


def test_a_gap_of_exactly_the_timeout_starts_a_new_window():
    events = [{"minute": 5}, {"minute": 15}, {"minute": 40}]

    assert collapse_sessions(events, 10) == [(5, 5), (15, 15), (40, 40)]


def test_no_events_give_no_windows():
    assert collapse_sessions([], 10) == []
