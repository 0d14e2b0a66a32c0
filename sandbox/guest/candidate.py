"""The candidate: holds the submission and nothing else, and answers calls."""

import builtins
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

from sandbox.guest.conversation import Conversation
from sandbox.guest.decoding import Decoder, builtin_type
from sandbox.guest.exceptions import ancestry_of, mirrored_class, rebuild
from sandbox.guest.jobs import CandidateJob, source_text
from sandbox.guest.loading import FILE_NAME, flush_output, load, load_error
from sandbox.guest.methods import FetchedFunctions
from sandbox.guest.nodes import Malformed, Node, pack, unpack
from sandbox.guest.operations import OPERATORS
from sandbox.guest.wire import Closed, Frames
from sandbox.guest.words import Loaded, NotLoaded


class _Callback:
    """A function of the test's, as the submission sees it."""

    def __init__(self, conversation: Conversation, number: int) -> None:
        self._conversation = conversation
        self.number = number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._conversation.call("callback", self.number, args, kwargs)


class _TestIterator(_Callback):
    """An iterator of the test's, as the submission sees it."""

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return self._conversation.call("next", self.number, (), {})


class Candidate:
    """The candidate's side of the conversation, which it holds over `channel`.

    Args:
        depth: Deepest nesting of a value.
    """

    file_name = FILE_NAME

    def __init__(
        self, module: ModuleType, exported_classes: Sequence[str], channel: Frames, depth: int
    ) -> None:
        self._module = module
        self._exported = exported_classes
        self._objects: list[Any] = []
        self._handles: dict[int, int] = {}
        self._theirs: dict[int, Any] = {}
        """What stands for the test's own objects, the same each time one is passed."""
        self._depth = depth
        self.fetched = FetchedFunctions()
        self._timed: tuple[list[Any], Any] = ([], None)
        self.conversation = Conversation(channel, self, depth)

    def _handle(self, value: Any) -> int:
        number = self._handles.get(id(value))
        if number is None:
            number = self._handles[id(value)] = len(self._objects)
            self._objects.append(value)
        return number

    def _exported_class_of(self, kind: type) -> str | None:
        for ancestor in kind.__mro__:
            for name in self._exported:
                if getattr(self._module, name, None) is ancestor:
                    return name
        return None

    def foreign_result(self, value: Any) -> Node | None:
        """Return a handle for what may cross by handle."""
        kind = type(value)
        if kind is _Callback or kind is _TestIterator:
            return ["theirs", value.number, kind is _TestIterator]
        exported = self._exported_class_of(kind)
        if exported is not None:
            return ["handle", self._handle(value), exported]
        if hasattr(kind, "__next__") and hasattr(kind, "__iter__"):
            return ["iterator", self._handle(value)]
        return self._class_node(value) if isinstance(value, type) else None

    def _class_node(self, kind: type) -> Node | None:
        exported = self._exported_class_of(kind)
        if exported is not None and getattr(self._module, exported) is kind:
            return ["class", exported]
        if getattr(builtins, kind.__name__, None) is kind:
            return ["type", kind.__name__]
        return None

    def foreign_argument(self, value: Any) -> Node | None:
        """Return a handle for what may cross by handle, functions included."""
        known = self.foreign_result(value)
        if known is None and callable(value) and not isinstance(value, type):
            return ["function", self._handle(value)]
        return known

    def foreign_object(self, node: Node) -> Any:
        """Return the object behind what the test passed."""
        kind, *facts = node
        if kind in ("handle", "iterator", "function"):
            return self._objects[facts[0]]
        if kind == "theirs":
            if facts[0] not in self._theirs:
                made = _TestIterator if facts[1] else _Callback
                self._theirs[facts[0]] = made(self.conversation, facts[0])
            return self._theirs[facts[0]]
        if kind == "class":
            return getattr(self._module, facts[0])
        if kind == "name":
            return self._resolve(*facts[0])
        if kind == "type":
            return builtin_type(facts[0])
        raise Malformed("unknown kind of object")

    def exception_class(
        self, name: str, bases: tuple[type[BaseException], ...]
    ) -> type[BaseException]:
        """Return the submission's own class of that name, or a mirror of the test's."""
        found = getattr(self._module, name, None)
        if isinstance(found, type) and issubclass(found, bases):
            return found
        return mirrored_class(name, bases)

    def _resolve(self, root: int | None, path: list[str], fetched: int | None = None) -> Any:
        found = self.fetched.get(fetched)
        if found is not None:
            return found
        found = self._module if root is None else self._objects[root]
        for name in path:
            found = getattr(found, name)
        return found

    def perform(self, operation: str, target: Node, args: list[Any], kwargs: Any) -> Any:
        """Do what the examiner asks of the submission."""
        if operation == "call":
            return self._resolve(*target)(*args, **kwargs)
        if operation == "next":
            return next(self._objects[target])
        if operation == "operate":
            return OPERATORS[target](*args)
        if operation == "kind":
            return self._kind(*target)
        if operation == "exit":
            return self._exit(*target)
        return self._perform_timed(operation, target, args)

    def _perform_timed(self, operation: str, target: Node, args: list[Any]) -> Any:
        """Take one timed call in three steps, so that each can be measured from outside."""
        if operation == "prepare":
            inputs = Decoder(self._depth, self.foreign_object).values(unpack(args[0]), 0)
            self._timed = (inputs, None)
        elif operation == "go":
            self._timed = ([], self._resolve(*target)(*self._timed[0]))
        elif operation == "collect":
            return self._timed[1]
        else:
            raise Malformed("unknown operation")
        return None

    def _exit(self, number: int, raised: Node) -> Any:
        """Leave a `with` block of the test, which may have raised."""
        left = self._objects[number]
        if raised is None:
            return left.__exit__(None, None, None)
        decoder = Decoder(self._depth, self.foreign_object)
        error = rebuild(raised, decoder, self.exception_class)
        return left.__exit__(type(error), error, None)

    def _kind(self, root: int | None, path: list[str]) -> list[Any]:
        found = self._resolve(root, path)
        if isinstance(found, type):
            if issubclass(found, BaseException):
                return ["exception", *ancestry_of(found)]
            return ["class", found.__name__]
        if callable(found) and self._exported_class_of(type(found)) is None:
            if root is None:
                return ["function"]
            number = self.fetched.keep(found)
            is_method = self.fetched.tell(root, self._objects[root], path[0], number)
            return ["method" if is_method else "function", number]
        return ["value", found]

    def before_answer(self) -> None:
        """Put out what was printed before the answer that follows from it."""
        flush_output()

    def told_version(self) -> int:
        """Return the version of what the examiner was told of methods."""
        self.fetched.look()
        return self.fetched.version

    def heed_version(self, version: int) -> None:
        """The examiner tells nothing that could have changed."""


def examine(channel: Frames, job: CandidateJob) -> None:
    """Load the submission, say how that went, then answer calls until the channel closes."""
    try:
        module = load(source_text(job.source))
    except BaseException as raised:  # noqa: BLE001 - the guest's call boundary
        flush_output()
        channel.send(pack(NotLoaded(load_error(raised))))
        return
    flush_output()
    candidate = Candidate(module, job.exported_classes, channel, job.value_depth)
    channel.send(pack(Loaded()))
    try:
        candidate.conversation.serve()
    except Closed:
        return
