"""The linter: a program of its own in the last slot, which reads source and runs nothing of it."""

import os
from collections.abc import Sequence
from typing import Final, Never

from sandbox.guest.confinement import Confinement, confine
from sandbox.isolation import rlimits
from sandbox.limits import LINTER_MEMORY_BYTES, Limits

_GRANT: Final = rlimits.granted(Limits(memory_bytes=LINTER_MEMORY_BYTES, cpu_s=10))
_ARGUMENTS: Final = (
    "ruff",
    "check",
    "--isolated",
    "--no-cache",
    "--quiet",
    "--exit-zero",
    "--output-format=json",
    "--stdin-filename=solution.py",
    "-",
)
_NOT_STARTED: Final = 127
"""Exit status, as a shell's, of a process that did not become the linter."""


def become(program: str, confinement: Confinement, descriptors: Sequence[int]) -> Never:
    """Confine the calling process and turn it into the linter.

    Args:
        descriptors: Its standard streams, source first.
    """
    try:
        for number, one in enumerate(descriptors):
            os.dup2(one, number)
        confine(confinement)
        rlimits.apply(
            _GRANT,
            mapped_at_start_bytes=confinement.mapped_at_start_bytes,
        )
        os.execve(program, _ARGUMENTS, {})  # noqa: S606 - no shell is wanted
    except OSError as refused:
        os.write(2, f"the linter could not start: {refused}".encode())
    os._exit(_NOT_STARTED)
