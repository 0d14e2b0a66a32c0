"""Remembers what was found of a source: it is looked at, or timed, once and not at every step."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock
from typing import Final, Generic, TypeVar

KEY_BYTES: Final = 32


Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values of the last used texts, by a hash of the text. Safe for several threads.

    Args:
        capacity: How many values are kept, at least 1.
    """

    def __init__(self, *, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity is {capacity}, at least 1 is needed")
        self._capacity = capacity
        self._values: OrderedDict[bytes, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> Value | None:
        """Return the value of a text if it is remembered."""
        key = _key(text)
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, text: str, value: Value) -> None:
        """Remember a value; the one used least recently gives way."""
        key = _key(text)
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._capacity:
                self._values.popitem(last=False)

    def __len__(self) -> int:
        with self._lock:
            return len(self._values)


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
