"""What the supervisor and a fork server tell each other."""

from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.msgpack import Decoder


class Kill(Struct, frozen=True, array_like=True, tag="kill"):
    """End these guests; those that have ended already are left alone."""

    pids: list[int]


class Limit(Struct, frozen=True, array_like=True, tag="limit"):
    """Set what the guest of a slot may use, until it has ended."""

    slot: int
    memory_bytes: int
    threads: int


class Lint(Struct, frozen=True, array_like=True, tag="lint"):
    """Start a linter in the last slot."""


Order: TypeAlias = Kill | Limit | Lint


class Hello(Struct, frozen=True, array_like=True, tag="hello"):
    """The fork server's first word: the layers in force, and why the others are not."""

    layers: tuple[str, ...]
    missing: dict[str, str]
    edition: str = ""
    """Of the guests' code, where it is not the supervisor's own."""


class Forked(Struct, frozen=True, array_like=True, tag="forked"):
    """A guest lives; its line, stdout and stderr come with this word."""

    slot: int
    pid: int


class Gone(Struct, frozen=True, kw_only=True, array_like=True, tag="gone"):
    """How a guest ended: exit status or minus the signal, and what the kernel measured."""

    pid: int
    status: int
    cpu_s: float
    peak_memory_bytes: int
    killed: bool
    """By an order."""
    out_of_memory: bool
    over_scratch: bool


News: TypeAlias = Hello | Forked | Gone

ORDER: Final[Decoder[Order]] = Decoder(Order)
NEWS: Final[Decoder[News]] = Decoder(News)
