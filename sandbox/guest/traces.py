"""What one exam's tests could leave to the next: noticed, so that their examiner is given up."""

import builtins
import decimal
import os
import resource
import sys
import threading
import warnings
from types import ModuleType
from typing import Any, Final

from sandbox.isolation import scratch

_MEMORY_KIB: Final = 128 * 1024
"""Beyond this peak an examiner is not used again."""


def _lowest_free_descriptor() -> int:
    free = os.dup(0)
    os.close(free)
    return free


class Traces:
    """Compares the process before and after an exam."""

    def __init__(self) -> None:
        self._modules = set(sys.modules)
        self._noted: tuple[Any, ...] = ()

    def _test_modules(self) -> list[str]:
        return [name for name in sys.modules if name not in self._modules]

    def _watched(self) -> list[ModuleType]:
        """Return what test files could have patched: builtins, and the modules they imported."""
        found: dict[int, ModuleType] = {}
        for name in self._test_modules():
            for value in vars(sys.modules[name]).values():
                if type(value) is ModuleType and value.__name__ in self._modules:
                    found[id(value)] = value
        return [builtins, *found.values()]

    def _state(self) -> tuple[Any, ...]:
        return (
            dict(os.environ),  # noqa: TID251 - compared, not read
            list(sys.path),
            sys.getrecursionlimit(),
            list(warnings.filters),
            repr(decimal.getcontext()),
            threading.active_count(),
            _lowest_free_descriptor(),
            sys.stdout,
            sys.stderr,
            [list(map(id, vars(module).values())) for module in self._watched()],
        )

    def note(self) -> None:
        """Remember the process as it is before an exam."""
        self._noted = self._state()

    def are_as_noted(self) -> bool:
        """Say whether nothing that can be seen has changed since `note`."""
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak_kib < _MEMORY_KIB and self._state() == self._noted

    def remove(self) -> bool:
        """Forget the test files' modules and empty the folder tests may write to, if possible."""
        for name in self._test_modules():
            if name.partition(".")[0] not in sys.stdlib_module_names:
                del sys.modules[name]
        self._modules.update(sys.modules)
        try:
            scratch.empty(".")
        except OSError:
            return False
        return True
