"""Calls between two processes that share nothing: arguments are copied in, changes copied back.

Either side may call the other while it waits for an answer, so a callback is a call like any other.
Frames are msgpack lists: a call `[serial, "call", operation, target, arguments]`, its answer
`[serial, "ok" | "raise", node, changes, version]`. `arguments` are packed on their own so that the
called side can tell, by packing them again, whether it changed them. `version` is another than
before where what was told of the called side's objects may not hold any more.
"""

import sys
from collections.abc import Callable
from threading import RLock
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from sandbox.guest.decoding import Decoder, refill, unpack_arguments
from sandbox.guest.encoding import Encoder
from sandbox.guest.exceptions import describe, rebuild
from sandbox.guest.nodes import Malformed, Node, Unsendable, pack, unpack
from sandbox.guest.wire import Frames, FrameTooLarge


class Side(Protocol):
    """What differs between candidate and examiner."""

    file_name: str

    def foreign_argument(self, value: Any) -> Node | None:
        """Return what stands for an argument that is not plain data, None where nothing does."""
        ...

    def foreign_result(self, value: Any) -> Node | None:
        """Return what stands for a result that is not plain data, None where nothing does."""
        ...

    def foreign_object(self, node: Node) -> Any:
        """Return the object a foreign node stands for, or raise Malformed."""
        ...

    def exception_class(
        self, name: str, bases: tuple[type[BaseException], ...]
    ) -> type[BaseException]:
        """Return the class that stands for the other side's own exception class."""
        ...

    def perform(self, operation: str, target: Node, args: list[Any], kwargs: Any) -> Any:
        """Do what the other side asks."""
        ...

    def before_answer(self) -> None:
        """Run after a call ended and before its answer is sent."""
        ...

    def told_version(self) -> int:
        """Return the version of what the other side was told of objects here."""
        ...

    def heed_version(self, version: int) -> None:
        """Forget what the other side told of its objects, if that was another version."""
        ...


Result = TypeVar("Result")

_FRAMES_PER_LEVEL: Final = 6
"""Python frames that encoding or decoding one level of nesting takes at most."""
_FRAMES_TO_ANSWER: Final = 20
"""Python frames that sending a call and taking its answer need at most."""
_CALL_PARTS: Final = 5
_ANSWER_PARTS: Final = 5


class _Given(NamedTuple):
    """The arguments of a call being answered: as received and as they are now."""

    packed: bytes
    args: list[Any]
    kwargs: dict[str, Any]
    containers: list[Any]


class _Ended(NamedTuple):
    """How a call being answered ended."""

    result: Any
    raised: BaseException | None = None


def _demand_stack(frames: int) -> None:
    if frames:
        _demand_stack(frames - 1)


def _packed(make: Callable[[bool], tuple[bytes, Encoder]]) -> tuple[bytes, Encoder]:
    try:
        return make(False)
    except (OverflowError, UnicodeEncodeError):
        return make(True)


class Conversation:
    """One end of the wire.

    Args:
        channel: Where frames go.
        side: What this end does.
        depth: Deepest nesting of a value.
    """

    def __init__(self, channel: Frames, side: Side, depth: int) -> None:
        self._channel = channel
        self._side = side
        self._depth = depth
        self._serial = 0
        self.sent = b""
        """The packed arguments of the newest call made from here."""
        self._lock = RLock()

    def _arguments(self, args: Any, kwargs: Any) -> tuple[bytes, Encoder]:
        def make(exact: bool) -> tuple[bytes, Encoder]:
            encoder = Encoder(self._depth, self._side.foreign_argument)
            encoder.exact = exact
            named = {name: encoder.node(one) for name, one in kwargs.items()}
            return pack([encoder.nodes(args, 0), named]), encoder

        return _packed(make)

    def call(self, operation: str, target: Node, args: Any, kwargs: Any) -> Any:
        """Ask the other side and return its answer.

        Raises:
            Unsendable: If an argument can not cross.
            Malformed: If the other side answered nonsense.
            RecursionError: If the stack does not hold what takes the answer; nothing was sent.
            BaseException: What the other side raised.
        """
        arguments, encoder = self._arguments(args, kwargs)
        self.sent = arguments
        _demand_stack(_FRAMES_TO_ANSWER)
        with self._lock:
            self._serial += 1
            serial = self._serial
            self._channel.send(pack([serial, "call", operation, target, arguments]))
            return self._result(self._answer_to(serial), encoder.objects)

    def _received(self) -> Node:
        frame = self._channel.receive()
        return self._at_any_depth(lambda: unpack(frame))

    def is_free(self) -> bool:
        """Say whether no other thread is in a call."""
        is_free = self._lock.acquire(blocking=False)
        if is_free:
            self._lock.release()
        return is_free

    def _answer_to(self, serial: int) -> list[Node]:
        while True:
            frame = self._received()
            if type(frame) is not list or len(frame) < _ANSWER_PARTS:
                raise Malformed("not a frame")
            if frame[1] == "call":
                self.answer(frame)
            elif frame[0] != serial:
                raise Malformed("an answer that nobody asked for")
            else:
                return frame

    def _result(self, frame: list[Node], sent: list[Any]) -> Any:
        _, kind, node, changes, version = frame[:_ANSWER_PARTS]
        if type(version) is not int:
            raise Malformed("the version of an answer")
        self._side.heed_version(version)
        decoder = Decoder(self._depth, self._side.foreign_object, sent)
        if changes is not None:
            self._take_back(changes, decoder, sent)
        if kind == "ok":
            return decoder.value(node)
        if kind != "raise":
            raise Malformed("an answer is ok or raise")
        raise rebuild(node, decoder, self._side.exception_class)

    def _take_back(self, changes: Node, decoder: Decoder, sent: list[Any]) -> None:
        if type(changes) is not list or len(changes) != len(sent):
            raise Malformed("changes do not match the arguments")
        fresh = [decoder.value(one) for one in changes]
        for container, contents in zip(sent, fresh, strict=True):
            refill(container, contents)

    def serve(self) -> None:
        """Answer calls until the channel closes."""
        while True:
            self.answer(self._received())

    def answer(self, frame: Node) -> None:
        """Perform one call and send its answer."""
        if type(frame) is not list or len(frame) != _CALL_PARTS or frame[1] != "call":
            raise Malformed("not a call")
        serial, _, operation, target, arguments = frame
        if type(arguments) is not bytes or type(operation) is not str:
            raise Malformed("a call's operation and arguments")
        given = None
        try:
            given = self._at_any_depth(lambda: self._given(arguments))
            ended = _Ended(self._side.perform(operation, target, given.args, given.kwargs))
        except Malformed:
            raise
        except BaseException as caught:
            if getattr(type(caught), "passes_through_tests", False):
                raise
            ended = _Ended(None, caught)
        self._side.before_answer()
        reply = self._reply(serial, ended, given)
        with self._lock:
            self._channel.send(reply)

    def _at_any_depth(self, work: Callable[[], Result]) -> Result:
        """Do work of ours, with the stack it needs where the submission's own is too low."""
        try:
            return work()
        except RecursionError:
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(limit + _FRAMES_PER_LEVEL * self._depth)
            try:
                return work()
            finally:
                sys.setrecursionlimit(limit)

    def _given(self, arguments: bytes) -> _Given:
        decoder = Decoder(self._depth, self._side.foreign_object)
        args, kwargs = unpack_arguments(arguments, decoder)
        return _Given(arguments, args, kwargs, decoder.objects)

    def _reply(self, serial: Node, ended: _Ended, given: _Given | None) -> bytes:
        try:
            return self._at_any_depth(lambda: self._reply_with(serial, ended, given))
        except (Unsendable, FrameTooLarge, RecursionError, MemoryError) as failed:
            # what was to cross can not: the caller is told so in place of the result
            told = failed if isinstance(failed, MemoryError) else TypeError(str(failed))
            return self._reply_with(serial, _Ended(None, told), None)

    def _reply_with(self, serial: Node, ended: _Ended, given: _Given | None) -> bytes:
        def make(exact: bool) -> tuple[bytes, Encoder]:
            known = given.containers if given is not None else []
            encoder = Encoder(self._depth, self._side.foreign_result, known)
            encoder.exact = exact
            changes = self._changes(given, encoder) if given is not None else None
            if ended.raised is None:
                kind, node = "ok", encoder.node(ended.result)
            else:
                kind, node = "raise", describe(ended.raised, encoder, self._side.file_name)
            return pack([serial, kind, node, changes, self._side.told_version()]), encoder

        reply, _ = _packed(make)
        self._channel.check(reply)
        return reply

    def _changes(self, given: _Given, encoder: Encoder) -> list[Node] | None:
        if not given.containers:
            return None
        if self._arguments(given.args, given.kwargs)[0] == given.packed:
            return None
        return [encoder.contents(one) for one in given.containers]
