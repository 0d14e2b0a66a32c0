import re
from collections import Counter


def _natural(user_id):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", user_id)]


def rank_active_users(events):
    counts = Counter(e["user_id"] for e in events if e.get("status") == "active")
    return sorted(counts.items(), key=lambda pair: (-pair[1], _natural(pair[0])))
