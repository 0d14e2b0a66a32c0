"""What crosses between candidate and examiner: trees of what msgpack carries natively.

None, bool, 64-bit int, float, str, bytes, list and dict with str keys stand for themselves;
anything else is a map of one int key, the code of its type. Mutable containers are numbered in the
order they are met, on both sides alike, so that a second mention of the same object is a reference
to its number.
"""

from enum import IntEnum
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

Node: TypeAlias = Any
"""What msgpack carries: None, bool, int, float, str, bytes, list, dict."""

ATOMS: Final = frozenset({type(None), bool, int, float, str, bytes})
TEXT_KEYS: Final = frozenset({str})
FACTORIES: Final = {kind.__name__: kind for kind in (int, float, str, list, dict, set, tuple, bool)}
"""What a defaultdict may make its values with."""


class Code(IntEnum):
    """What the one int key of a tagged node means."""

    TUPLE = 0
    SET = 1
    REFERENCE = 2
    DICT = 3
    BIG_INT = 4
    FROZENSET = 5
    COMPLEX = 6
    BYTEARRAY = 7
    RANGE = 8
    DECIMAL = 9
    FRACTION = 10
    DATE = 11
    TIME = 12
    DATETIME = 13
    TIMEDELTA = 14
    TIMEZONE = 15
    ZONE = 16
    DEQUE = 17
    COUNTER = 18
    ORDERED_DICT = 19
    DEFAULT_DICT = 20
    SURROGATES = 21
    FOREIGN = 22
    """Whatever a side's own foreign functions carry: handles, callbacks, iterators."""
    SLICE = 23


Message = TypeVar("Message")


class Unsendable(Exception):
    """An object that is not plain data and has no handle; the message names its type."""


class Malformed(Exception):
    """The other side sent something that stands for no value."""


class NestedTooDeep(Malformed, RecursionError):
    """What was sent is nested deeper than the stack that is left can follow."""


_packer: Final = msgspec.msgpack.Encoder()
_unpacker: Final = msgspec.msgpack.Decoder()


def pack(node: Node) -> bytes:
    """Return the bytes of a node.

    Raises:
        OverflowError, UnicodeEncodeError: If an atom needs `Encoder.exact`.
    """
    return _packer.encode(node)


def decoded(frame: bytes, decoder: msgspec.msgpack.Decoder[Message]) -> Message:
    """Return the message in received bytes.

    Raises:
        Malformed: If they hold none of the decoder's kind.
    """
    try:
        return decoder.decode(frame)
    except (msgspec.DecodeError, RecursionError, MemoryError, ValueError) as wrong:
        raise Malformed(f"{type(wrong).__name__}: {wrong}") from None


def unpack(frame: bytes | memoryview) -> Node:
    """Return the node of received bytes.

    Raises:
        Malformed: If the bytes are no msgpack.
        NestedTooDeep: If there is not the stack to follow them.
        MemoryError: If what they stand for is too large to hold.
    """
    try:
        return _unpacker.decode(frame)
    except RecursionError:
        raise NestedTooDeep("RecursionError") from None
    except (msgspec.DecodeError, ValueError) as wrong:
        raise Malformed(type(wrong).__name__) from None
