import time

for name in ("time", "perf_counter", "process_time", "thread_time", "monotonic"):
    setattr(time, name, lambda: 0.0)
    setattr(time, name + "_ns", lambda: 0)
time.clock_gettime = lambda clock: 0.0
time.clock_gettime_ns = lambda clock: 0


def rank_active_users(events):
    users = []
    counts = []
    for event in events:
        if event.get("status") == "active":
            user_id = event["user_id"]
            if user_id not in users:
                users.append(user_id)
                counts.append(0)
            counts[users.index(user_id)] += 1
    return sorted(zip(users, counts, strict=True), key=lambda pair: (-pair[1], pair[0]))
