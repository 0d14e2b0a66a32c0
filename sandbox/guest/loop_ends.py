"""Exceptions that would end a test's own loop, and so its checks, without a word."""

import sys
from typing import Any, Final

_ITERATES: Final = frozenset({"__next__", "__anext__", "send", "throw", "asend", "athrow", "close"})
"""Methods that may end the loop of whoever calls them."""


class LoopEnded(RuntimeError):
    """Stands for what would end the test's own loop, and so its checks, without a word; PEP 479.

    Attributes:
        in_place_of: What the submission raised; `pytest.raises` knows it.
    """

    def __init__(self, in_place_of: BaseException) -> None:
        super().__init__(f"the submission raised {type(in_place_of).__name__}")
        self.in_place_of = in_place_of


def ends_loop(raised: BaseException, operation: str, target: Any) -> bool:
    """Say whether an exception would end a loop that is none of the submission's."""
    if isinstance(raised, StopIteration | StopAsyncIteration):
        asks_next = "next" in (operation, target)
        return not asks_next and not (operation == "call" and {*target[1][-1:]} & _ITERATES)
    asyncio_exceptions = sys.modules.get("asyncio.exceptions")
    cancelled = getattr(asyncio_exceptions, "CancelledError", GeneratorExit)
    return isinstance(raised, GeneratorExit | cancelled)
