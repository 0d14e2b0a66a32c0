"""Start the porter and its fork server: run as a file, as the first process of a container.

Argument: the folder msgspec is installed in.
"""

import contextlib
import gc
import os
import sys

_CONTROL = 3
"""Where the fork server's socket goes: a guest's own line takes its place after the fork."""
_SCRATCH = "/scratch"
"""Where the container has a small file system in memory."""


def main() -> None:
    """Import what guests use, then serve until the worker closes the wire."""
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:0] = [os.path.dirname(os.path.dirname(here)), sys.argv[1]]
    from sandbox.guest import porter, preload  # noqa: PLC0415 - found through the line above
    from sandbox.guest.forkserver import ForkServer  # noqa: PLC0415
    from sandbox.isolation.layers import Plan  # noqa: PLC0415
    from sandbox.isolation.scheduling import ask_for_short_turns  # noqa: PLC0415

    preload.give_site_names()
    with contextlib.suppress(OSError):  # it works without, only a little later
        ask_for_short_turns()
    plan = Plan(
        name="guest",
        index=0,
        slots=1,
        examiner_slots=0,
        scratch_root=_SCRATCH,
        linter=sys.executable,  # there has to be one; nobody asks for it
        is_contained=True,
    )

    def run_fork_server(inherited: int) -> None:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        if inherited != _CONTROL:
            os.dup2(inherited, _CONTROL, inheritable=False)
            os.close(inherited)
        del sys.path[:2]
        del sys.argv[1:]
        sys.path_importer_cache.clear()
        os.environ.clear()  # noqa: TID251 - emptied, not read
        server = ForkServer(_CONTROL, plan)
        gc.collect()
        gc.freeze()  # a submission finds the same objects wherever it runs
        server.serve()

    porter.serve(run_fork_server)


if __name__ == "__main__":
    main()
