def collapse_sessions(events, idle_timeout_minutes):
    return [(event["minute"], event["minute"]) for event in events]
