"""What can happen to a sandboxed program, as one tagged union."""

from typing import Literal, TypeAlias

from msgspec import Struct


class Usage(Struct, frozen=True, kw_only=True):
    """What a run used: seconds of wall clock and CPU, and peak resident bytes."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0


class Finished(Struct, frozen=True, tag="finished"):
    """Every call was answered and nothing was cut short."""

    usage: Usage = Usage()


class Crashed(Struct, frozen=True, tag="crashed"):
    """A signal that was not ours ended the candidate."""

    signal: int
    usage: Usage = Usage()


class ExitedEarly(Struct, frozen=True, tag="exited_early"):
    """The candidate left with an exit status before it had answered."""

    status: int
    usage: Usage = Usage()


class TimedOut(Struct, frozen=True, tag="timed_out"):
    """A wall or CPU limit passed."""

    clock: Literal["wall", "cpu"]
    usage: Usage = Usage()


class MemoryExceeded(Struct, frozen=True, tag="memory_exceeded"):
    """The memory limit was reached."""

    usage: Usage = Usage()


class OutputExceeded(Struct, frozen=True, tag="output_exceeded"):
    """More was printed, or written to scratch, than the limit allows."""

    usage: Usage = Usage()


class ProtocolViolation(Struct, frozen=True, tag="protocol_violation"):
    """The candidate sent something that is no answer."""

    reason: str
    usage: Usage = Usage()


Outcome: TypeAlias = (
    Finished
    | Crashed
    | ExitedEarly
    | TimedOut
    | MemoryExceeded
    | OutputExceeded
    | ProtocolViolation
)


class SandboxUnavailable(Exception):
    """The sandbox itself failed; neither the submission nor the caller is to blame."""
