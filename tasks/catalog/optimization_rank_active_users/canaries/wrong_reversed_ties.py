from collections import Counter


def rank_active_users(events):
    counts = Counter(e["user_id"] for e in events if e.get("status") == "active")
    return sorted(counts.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
