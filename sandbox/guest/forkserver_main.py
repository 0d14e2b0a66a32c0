"""Start the fork server: run as a file, by the supervisor alone.

Arguments: the folder msgspec is installed in, the plan as JSON, and the descriptor of the socket
to the supervisor.
"""

import contextlib
import gc
import os
import sys

_CONTROL = 3
"""Where the socket goes: a guest's own line takes its place after the fork."""


def main() -> None:
    """Import what guests use, then serve until the supervisor is gone."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:0] = [os.path.dirname(os.path.dirname(here)), sys.argv[1]]
    import msgspec  # noqa: PLC0415 - found through the line above, as are the others

    from sandbox.guest import heap, preload, warming  # noqa: PLC0415
    from sandbox.guest.forkserver import ForkServer  # noqa: PLC0415
    from sandbox.isolation.layers import Plan  # noqa: PLC0415
    from sandbox.isolation.scheduling import ask_for_short_turns  # noqa: PLC0415

    preload.give_site_names()
    inherited = int(sys.argv[3])
    if inherited != _CONTROL:
        os.dup2(inherited, _CONTROL, inheritable=False)
        os.close(inherited)
    plan = msgspec.json.decode(sys.argv[2], type=Plan)
    del sys.path[:2]
    del sys.argv[1:]
    sys.path_importer_cache.clear()
    os.environ.clear()  # noqa: TID251 - emptied, not read
    with contextlib.suppress(OSError):  # guests work without, only a little later
        ask_for_short_turns()
    server = ForkServer(_CONTROL, plan)
    warming.season()
    gc.collect()
    heap.fill_holes()
    gc.freeze()
    server.serve()


if __name__ == "__main__":
    main()
