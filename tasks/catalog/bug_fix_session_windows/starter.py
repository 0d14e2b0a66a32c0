"""Session windows of a stream of events."""


def collapse_sessions(events, idle_timeout_minutes):
    """Return the inclusive (start, end) windows of events sorted by minute."""
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
    return windows
