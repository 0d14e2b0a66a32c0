def collapse_sessions(events, idle_timeout_minutes):
    windows = []
    for event in events:
        minute = event["minute"]
        if windows and minute - windows[-1][0] < idle_timeout_minutes:
            windows[-1] = (windows[-1][0], minute)
        else:
            windows.append((minute, minute))
    return windows
