"""Inputs for one timed call: many users, few events each, in no order."""

import random

EVENT_COUNT = 8000
USER_COUNT = 4000
STATUSES = ("active", "active", "active", "idle")


def make_inputs(rng: random.Random) -> tuple:
    """Return the arguments of one call, different in every round."""
    prefix = f"u{rng.getrandbits(24):06x}-"
    events = [
        {"user_id": f"{prefix}{rng.randrange(USER_COUNT)}", "status": rng.choice(STATUSES)}
        for _ in range(EVENT_COUNT)
    ]
    return (events,)
