from collections import Counter


def rank_active_users(events):
    counts = Counter(e["user_id"] for e in events if e.get("status") == "active")
    return counts.most_common()
