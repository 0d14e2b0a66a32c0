def collapse_sessions(events, idle_timeout_minutes):
    windows = []
    start = None
    previous = None
    for event in events:
        minute = event["minute"]
        if start is None:
            start = minute
        elif minute - previous > idle_timeout_minutes:
            windows.append((start, previous))
            start = minute
        previous = minute
    if start is not None:
        windows.append((start, previous))
    return windows
