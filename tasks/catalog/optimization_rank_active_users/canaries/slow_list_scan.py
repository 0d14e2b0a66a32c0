"""Ranking of a site's active users."""


def rank_active_users(events):
    """Return (user_id, count) of active events, most active first, ties by user id."""
    users = []
    counts = []
    for event in events:
        if event.get("status") != "active":
            continue
        user_id = event["user_id"]
        if user_id in users:
            counts[users.index(user_id)] += 1
        else:
            users.append(user_id)
            counts.append(1)
    return sorted(zip(users, counts), key=lambda pair: (-pair[1], pair[0]))
