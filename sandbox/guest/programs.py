"""`solution.run(...)` of a program task: one fresh process a call, judged from outside."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sandbox.guest.control import Control
from sandbox.guest.link import STDERR, STDOUT, Link
from sandbox.guest.lost import CandidateGone
from sandbox.guest.words import ENDED, ProgramEnded, ProgramWanted


class ProgramRun(NamedTuple):
    """How a program ended. `exit_status` is minus the signal when one ended it."""

    stdout: str
    stderr: str
    exit_status: int


class Programs:
    """Runs the submission as a program.

    Args:
        control: The line to the supervisor, who starts each program.
        start: Starts a program and makes the wire to it.
        lost: Told of a program that had to be given up.
    """

    def __init__(
        self,
        control: Control,
        start: Callable[[ProgramWanted], Link],
        lost: Callable[[CandidateGone], None],
    ) -> None:
        self._control = control
        self._start = start
        self._lost = lost

    def run(self, stdin: str = "", argv: Sequence[str] = ()) -> ProgramRun:
        """Run the submission as `__main__` and wait until it has ended.

        Args:
            stdin: Text the program can read; at most the file size limit.
            argv: Arguments after the program's name.
        """
        link = self._start(ProgramWanted(str(stdin), [str(one) for one in argv]))
        streams: dict[int, bytearray] = {STDOUT: bytearray(), STDERR: bytearray()}
        try:
            link.until_end(lambda to, chunk: streams[to].extend(chunk))
        except CandidateGone as gone:
            self._lost(gone)
            raise
        finally:
            link.close()
        self._control.send(ProgramEnded())
        ended, _ = self._control.receive(ENDED)
        return ProgramRun(_text(streams[STDOUT]), _text(streams[STDERR]), ended.status)


def _text(stream: bytearray) -> str:
    return stream.decode("utf-8", "replace")
