def rank_active_users(events):
    active = sorted(e["user_id"] for e in events if e.get("status") == "active")
    return sorted(((u, active.count(u)) for u in set(active)), key=lambda p: (-p[1], p[0]))
