def collapse_sessions(events, idle_timeout_minutes):
    windows = []
    start = 0
    previous = 0
    for event in events:
        minute = event["minute"]
        if not start:
            start = minute
        elif minute - previous >= idle_timeout_minutes:
            windows.append((start, previous))
            start = minute
        previous = minute
    if start:
        windows.append((start, previous))
    return windows
