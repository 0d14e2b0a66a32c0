"""What a guest and the supervisor tell each other once the guest lives."""

from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.msgpack import Decoder

from sandbox.exam import Analysis, LoadError, Timing

Role: TypeAlias = Literal["submission", "reference"]
"""Whose source a candidate holds."""
BEFORE_ANY_TEST: Final = -1
"""The number under which a candidate is lost that has not loaded."""


class Ready(Struct, frozen=True, array_like=True, tag="ready"):
    """A guest has confined itself and waits for its job."""


class Unconfined(Struct, frozen=True, array_like=True, tag="unconfined"):
    """A layer that works on this machine failed on a guest."""

    reason: str


class Analysed(Struct, frozen=True, array_like=True, tag="analysed"):
    """What the analyst found."""

    analysis: Analysis


class Planned(Struct, frozen=True, array_like=True, tag="planned"):
    """Every test there is, by name and whether it is hidden, in the order they will run."""

    tests: list[tuple[str, bool]]


class Record(Struct, frozen=True, array_like=True):
    """How the test of that number in the plan went. Texts of hidden tests are empty."""

    number: int
    passed: bool
    wall_s: float
    out_of_memory: bool = False
    """A call of the submission's ended in a MemoryError."""
    message: str = ""
    expected: str = ""
    actual: str = ""
    output: str = ""
    call: str = ""


class Recorded(Struct, frozen=True, array_like=True, tag="recorded"):
    """Some tests have run."""

    records: list[Record]


class Lost(Struct, frozen=True, array_like=True, tag="lost"):
    """The candidate can not answer any more; a word `Ended` is due."""

    number: int
    """Of the test in hand, or `BEFORE_ANY_TEST`."""
    reason: str
    """ended, timeout, output, protocol or load."""
    detail: str


class CandidateWanted(Struct, frozen=True, array_like=True, tag="candidate"):
    """A fresh candidate is needed; a word `Started` is due."""

    role: Role


class ProgramWanted(Struct, frozen=True, array_like=True, tag="program"):
    """The submission is to be run as a program; a word `Started` is due."""

    stdin: str
    argv: list[str]


class ProgramEnded(Struct, frozen=True, array_like=True, tag="program_ended"):
    """The program has closed its line; a word `Ended` is due."""


class NotLoaded(Struct, frozen=True, array_like=True, tag="not_loaded"):
    """The submission could not be imported; no test will run."""

    error: LoadError


class Timed(Struct, frozen=True, array_like=True, tag="timed"):
    """An optimization was timed."""

    timing: Timing


class Uncollectable(Struct, frozen=True, array_like=True, tag="uncollectable"):
    """The author's tests, workload or reference are at fault; the exam is over."""

    reason: str


class Failed(Struct, frozen=True, array_like=True, tag="failed"):
    """A fault of the examiner itself; the exam is over."""

    report: str


class Free(Struct, frozen=True, array_like=True, tag="free"):
    """The examiner waits for an exam, and nothing of another is left in it."""


class Done(Struct, frozen=True, array_like=True, tag="done"):
    """The exam is over. The examiner says `Free` once more, or ends."""

    records: list[Record]
    """Of the last tests: told here, the supervisor need not wake up for them alone."""


Finding: TypeAlias = Planned | Recorded | NotLoaded | Timed | Uncollectable
"""What an examiner found out."""
Wish: TypeAlias = CandidateWanted | ProgramWanted | ProgramEnded | Lost
"""What an examiner needs done before it can go on."""
Word: TypeAlias = Finding | Wish | Failed | Free | Done
"""What an examiner says."""


class Started(Struct, frozen=True, array_like=True, tag="started"):
    """A candidate was started; its three descriptors come with this word."""

    pid: int
    """In the guests' PID namespace."""


class Ended(Struct, frozen=True, array_like=True, tag="ended"):
    """A candidate is gone: its exit status, or minus the signal that ended it."""

    status: int


class Loaded(Struct, frozen=True, array_like=True, tag="loaded"):
    """A candidate's first word to the examiner, where it does not say `NotLoaded`."""


READY: Final[Decoder[Ready | Unconfined]] = Decoder(Ready | Unconfined)
ANALYSED: Final = Decoder(Analysed)
WORD: Final[Decoder[Word]] = Decoder(Word)
STARTED: Final = Decoder(Started)
ENDED: Final = Decoder(Ended)
FIRST_WORD: Final[Decoder[Loaded | NotLoaded]] = Decoder(Loaded | NotLoaded)


def encodable(text: str) -> str:
    """Return `text` with lone surrogates spelled out, so that it can be sent."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
