"""A process of a cluster, which can end and be started again as it was."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from load.crowd import ROOT, LoadFailed

STOPS_WITHIN_S: Final = 20.0


class Program:
    """One process.

    Args:
        argv: What to run.
        environ: What it finds in its environment, besides PATH.
        log: Where it writes to.
    """

    def __init__(self, *argv: str, environ: Mapping[str, str], log: Path) -> None:
        self._argv = argv
        self._environ = {"PATH": os.defpath, **environ}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def must_run(self) -> int:
        """Return the process that runs.

        Raises:
            LoadFailed: If none does.
        """
        if self._process is None or self._process.poll() is not None:
            raise LoadFailed(f"{self._argv[0]} has ended; its log is {self._log}")
        return self._process.pid

    def start(self) -> None:
        """Start it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv,
                cwd=ROOT,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,  # an interrupt is for us, who end it in its turn
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and wait for its end.

        Raises:
            LoadFailed: If it had to be killed.
        """
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise LoadFailed(
                f"{self._argv[0]} ignored {how.name} for {STOPS_WITHIN_S:g} s; its log is "
                f"{self._log}"
            ) from None
        finally:
            self._process = None
