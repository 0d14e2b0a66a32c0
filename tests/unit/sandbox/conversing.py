"""A submission in a thread and the examiner's side of the conversation with it."""

import socket
import threading
from types import ModuleType
from typing import Any, Self

from sandbox.guest.candidate import Candidate
from sandbox.guest.conversation import Conversation
from sandbox.guest.loading import FILE_NAME
from sandbox.guest.solution import Solution
from sandbox.guest.wire import Channel, Closed

FRAME_BYTES = 100_000
DEPTH = 60


class Table:
    """A loaded submission; `solution` is what its tests import.

    Args:
        source: Of the submission.
    """

    def __init__(
        self, source: str, entry_points: tuple[str, ...] = ("f",), exported: tuple[str, ...] = ()
    ) -> None:
        self.submission = ModuleType("solution")
        exec(compile(source, FILE_NAME, "exec", dont_inherit=True), self.submission.__dict__)
        self._ours, self._theirs = socket.socketpair()
        channel = Channel(self._theirs.fileno(), FRAME_BYTES)
        self._candidate = Candidate(self.submission, exported, channel, DEPTH)
        self.side = Solution(entry_points, exported, self._connect)
        self.side.collecting = False
        self.failed: BaseException | None = None
        self._thread = threading.Thread(target=self._serve)

    def _connect(self) -> Conversation:
        return Conversation(Channel(self._ours.fileno(), FRAME_BYTES), self.side, DEPTH)

    def _serve(self) -> None:
        try:
            self._candidate.conversation.serve()
        except Closed:
            pass
        except BaseException as failed:  # noqa: BLE001 - shown by the test
            self.failed = failed
        finally:
            self._theirs.close()

    @property
    def solution(self) -> Any:
        """The module tests import."""
        return self.side.module

    def __enter__(self) -> Self:
        self._thread.start()
        self._candidate.fetched.may_change_by_themselves = lambda: False
        return self

    def __exit__(self, *_: object) -> None:
        self._ours.close()
        self._thread.join(10)
        if self.failed is not None:
            raise self.failed


def called(source: str, *args: Any, **named: Any) -> Any:
    """Return what the submission's `f` answers."""
    with Table(source) as table:
        return table.solution.f(*args, **named)
