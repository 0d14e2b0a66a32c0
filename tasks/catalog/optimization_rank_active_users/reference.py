"""Ranking of a site's active users."""


def rank_active_users(events):
    """Return (user_id, count) of active events, most active first, ties by user id."""
    counts = {}
    for event in events:
        if event.get("status") == "active":
            user_id = event["user_id"]
            counts[user_id] = counts.get(user_id, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
