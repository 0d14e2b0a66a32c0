"""Run a submission as a program: stdin from the test, judged by what it prints and its status."""

import atexit
import gc
import os
import sys
import threading
import traceback
from contextlib import suppress
from types import ModuleType
from typing import Final

from sandbox.guest.jobs import ProgramJob, source_text
from sandbox.guest.loading import FILE_NAME, flush_output

_STDIN_FILE: Final = "stdin"


def _take_stdin(text: str) -> None:
    with open(_STDIN_FILE, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
    descriptor = os.open(_STDIN_FILE, os.O_RDONLY)
    os.unlink(_STDIN_FILE)
    os.dup2(descriptor, 0)
    os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - stays open


def _status_of(left: SystemExit) -> int:
    if left.code is None:
        return 0
    if isinstance(left.code, int):
        return left.code & 0xFF
    print(left.code, file=sys.stderr)  # noqa: T201 - as the interpreter does
    return 1


def run(job: ProgramJob) -> int:
    """Execute the source as `__main__` and return its exit status."""
    _take_stdin(job.stdin)
    sys.argv = [FILE_NAME, *job.argv]
    module = ModuleType("__main__")
    module.__file__ = FILE_NAME
    sys.modules["__main__"] = module
    source = source_text(job.source)
    try:
        exec(compile(source, FILE_NAME, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as left:
        return _status_of(left)
    except BaseException as raised:  # noqa: BLE001 - the guest's call boundary
        shown = raised.__traceback__.tb_next if raised.__traceback__ else None
        traceback.print_exception(type(raised), raised, shown)
        return 1
    finally:
        _finish(module)
    return 0


def _finish(module: ModuleType) -> None:
    """Do what the interpreter does at its end: threads, exit functions, files left open."""
    with suppress(BaseException):
        threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - as Python itself ends
    with suppress(BaseException):
        atexit._run_exitfuncs()  # noqa: SLF001 - likewise
    flush_output()
    module.__dict__.clear()
    gc.collect()
    flush_output()
