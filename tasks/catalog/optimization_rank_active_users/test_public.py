from solution import rank_active_users


def test_the_most_active_user_comes_first():
    events = [
        {"user_id": "ann", "status": "active"},
        {"user_id": "bob", "status": "active"},
        {"user_id": "bob", "status": "active"},
    ]

    assert rank_active_users(events) == [("bob", 2), ("ann", 1)]


def test_ties_are_ordered_by_user_id():
    events = [
        {"user_id": "cid", "status": "active"},
        {"user_id": "ann", "status": "active"},
        {"user_id": "bob", "status": "active"},
    ]

    assert rank_active_users(events) == [("ann", 1), ("bob", 1), ("cid", 1)]


def test_only_active_events_count():
    events = [
        {"user_id": "ann", "status": "idle"},
        {"user_id": "bob", "status": "active"},
        {"user_id": "ann"},
    ]

    assert rank_active_users(events) == [("bob", 1)]


def test_no_events_give_an_empty_ranking():
    assert rank_active_users([]) == []
