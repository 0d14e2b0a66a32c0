"""The examiner's side of the conversation, and the module `solution` that tests import."""

from collections import deque
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final

from sandbox.guest.conversation import Conversation
from sandbox.guest.decoding import builtin_type
from sandbox.guest.exceptions import class_of, mirrored_class
from sandbox.guest.loop_ends import LoopEnded, ends_loop
from sandbox.guest.lost import CandidateGone, LoadFailed
from sandbox.guest.methods import RememberedMethods
from sandbox.guest.nodes import Malformed, Node
from sandbox.guest.proxies import (
    ProxyClass,
    ProxyIterator,
    function,
    handle,
    number_of,
    proxy_class,
    target_of,
)
from sandbox.guest.testing.outcomes import passes_through

_CALLS_KEPT: Final = 3


class Solution:
    """What tests know of the submission. `connect` is called when a call finds no candidate."""

    file_name = "test.py"

    def __init__(
        self,
        entry_points: Sequence[str],
        exported_classes: Sequence[str],
        connect: Callable[[], Conversation],
    ) -> None:
        self.life = 0
        self.module = _SolutionModule(self)
        self.calls: deque[tuple[Node, bytes]] = deque(maxlen=_CALLS_KEPT)
        """Targets and packed arguments of the newest calls."""
        self.methods = RememberedMethods()
        self._version = 0
        self.collecting = True
        self.out_of_memory = False
        self.gone: CandidateGone | None = None
        self._connect = connect
        self._conversation: Conversation | None = None
        self._functions = {name: function(self, None, [name]) for name in entry_points}
        self._classes = {name: proxy_class(name, self) for name in exported_classes}
        self._theirs: list[Any] = []
        self._handles: dict[int, Any] = {}
        self._raised_by_tests: dict[str, type[BaseException]] = {}
        self._exceptions: dict[tuple[str, Any], type[BaseException]] = {}
        self.placeholders: dict[str, type[BaseException]] = {}

    def connect(self) -> Conversation:
        """Return the conversation with a candidate that has loaded."""
        if self._conversation is None:
            try:
                self._conversation = self._connect()
            except CandidateGone as gone:
                self.lose(gone)
                raise
            except LoadFailed:
                self.lose(CandidateGone("load"))
                raise
        return self._conversation

    def resolve_placeholders(self, test_modules: list[ModuleType]) -> None:
        """Give names that test files imported while they were collected their true meaning.

        A name that the submission does not have is taken away from them.
        """
        for name, placeholder in self.placeholders.items():
            known_as = [
                (module, key)
                for module in test_modules
                for key, value in vars(module).items()
                if value is placeholder
            ]
            try:
                meant = self.resolve(name)
            except BaseException as raised:
                if passes_through(type(raised)):
                    raise
                for module, key in known_as:
                    delattr(module, key)
            else:
                for module, key in known_as:
                    setattr(module, key, meant)

    def lose(self, gone: CandidateGone) -> None:
        """Remember how the candidate was lost, even where a test swallows that."""
        self.gone = gone

    def disconnect(self) -> None:
        """Forget the candidate and everything that lived in it."""
        self._conversation = None
        self.gone = None
        self._handles.clear()
        self.methods.forget()
        self.life += 1

    def ask(self, operation: str, target: Any, args: Any, kwargs: Any) -> Any:
        """Put one request to the candidate, connecting to a fresh one where there is none."""
        conversation = self.connect()
        try:
            return conversation.call(operation, target, args, kwargs)
        except Malformed as nonsense:
            gone = CandidateGone("protocol", str(nonsense))
            self.lose(gone)
            raise gone from None
        except CandidateGone as gone:
            self.lose(gone)
            raise
        except MemoryError:
            self.out_of_memory = True
            self.methods.forget()  # an answer that could not be held was not heeded
            raise
        except BaseException as raised:
            if ends_loop(raised, operation, target):
                raise LoopEnded(raised) from raised
            raise
        finally:
            if operation == "call":
                self.calls.append((target, conversation.sent))

    def known_method(self, number: int, name: str) -> Callable[..., Any] | None:
        """Return an object's method that need not be fetched, None where it has to be.

        While another thread of the test's is in a call, nobody knows what that changed.
        """
        if self._conversation is None or not self._conversation.is_free():
            return None
        return self.methods.known(number, name)

    def name(self, name: str) -> Any:
        """Return what `solution.<name>` is to a test."""
        if name in self._functions:
            return self._functions[name]
        if name in self._classes:
            return self._classes[name]
        if name.startswith("__"):
            raise AttributeError(name)
        if self.collecting:
            return self.placeholders.setdefault(name, mirrored_class(name, (Exception,)))
        return self.resolve(name)

    def resolve(self, name: str) -> Any:
        """Ask the candidate what a name that the task does not declare stands for."""
        match self.ask("kind", [None, [name]], (), {}):
            case ["function"]:
                return function(self, None, [name])
            case ["value", value]:
                return value
            case ["exception", ancestry, class_name]:
                return self._exception(ancestry, class_name)
            case _:
                raise AttributeError(f"solution.{name} is a class that the task does not export")

    def _exception(self, ancestry: Node, name: Node) -> type[BaseException]:
        try:
            return class_of(ancestry, name, self.exception_class)
        except Malformed as nonsense:
            raise CandidateGone("protocol", str(nonsense)) from None

    def foreign_result(self, value: Any) -> Node | None:
        """Return what stands for what a callback gave back."""
        return self.foreign_argument(value)

    def foreign_argument(self, value: Any) -> Node | None:
        """Return what stands for a test's object that is not plain data."""
        kind: Any = type(value)
        if isinstance(kind, ProxyClass):
            return ["handle", number_of(value), kind.__name__]
        if isinstance(value, ProxyClass):
            return ["class", value.__name__]
        if kind is ProxyIterator:
            return ["iterator", value.number]
        target = target_of(value, self)
        if target is not None:
            return ["name", target] if target[1] else ["function", target[0]]
        return self._own_node(value)

    def _own_node(self, value: Any) -> Node | None:
        if isinstance(value, type):
            return ["type", value.__name__] if value.__module__ == "builtins" else None
        iterates = hasattr(type(value), "__next__")
        if iterates or callable(value):
            return ["theirs", self._number_of(value), iterates]
        return None

    def _number_of(self, value: Any) -> int:
        for number, known in enumerate(self._theirs):
            if known is value:
                return number
        self._theirs.append(value)
        return len(self._theirs) - 1

    def foreign_object(self, node: Node) -> Any:
        """Return the proxy or the test's own object behind what the candidate sent."""
        kind, key, *rest = node if type(node) is list and len(node) > 1 else (None, None)
        if type(key) is int:
            return self._numbered(kind, key, rest)
        if kind == "type":
            return builtin_type(key)
        if kind == "class" and type(key) is str and key in self._classes:
            return self._classes[key]
        raise Malformed("unknown object")

    def _numbered(self, kind: Node, key: int, rest: list[Node]) -> Any:
        if kind == "theirs" and 0 <= key < len(self._theirs):
            return self._theirs[key]
        if kind == "handle" and len(rest) == 1:
            return self._handle(key, rest[0])
        if kind == "iterator":
            return self._handles.setdefault(key, ProxyIterator(self, key))
        if kind == "function":
            return self._handles.setdefault(key, function(self, key, [], life=self.life))
        raise Malformed("unknown object")

    def _handle(self, number: int, class_name: Any) -> Any:
        kind = self._classes.get(class_name) if type(class_name) is str else None
        if kind is None:
            raise Malformed("a handle of a class that is not exported")
        known = self._handles.get(number)
        if known is None or type(known) is not kind:
            known = self._handles[number] = handle(kind, number, life=self.life)
        return known

    def exception_class(
        self, name: str, bases: tuple[type[BaseException], ...]
    ) -> type[BaseException]:
        """Return the one class that mirrors a submission's exception class."""
        if name in self._raised_by_tests:
            return self._raised_by_tests[name]
        key = (name, bases)
        if key not in self._exceptions:
            placeholder = self.placeholders.get(name)
            if placeholder is not None and bases != (Exception,):
                bases = (placeholder, *bases)
            elif placeholder is not None:
                bases = (placeholder,)
            self._exceptions[key] = mirrored_class(name, bases)
        return self._exceptions[key]

    def perform(self, operation: str, target: Node, args: list[Any], kwargs: Any) -> Any:
        """Run a test's callback, or take the next item of a test's iterator."""
        if type(target) is not int or not 0 <= target < len(self._theirs):
            raise CandidateGone("protocol", "a callback that no test passed")
        self.methods.forget()  # of a call that is not over nobody knows what it changed
        try:
            if operation == "callback":
                return self._theirs[target](*args, **kwargs)
            if operation == "next":
                return next(self._theirs[target])
        except BaseException as raised:
            if not passes_through(type(raised)):
                self._raised_by_tests[type(raised).__name__] = type(raised)
            raise
        raise CandidateGone("protocol", "unknown operation")

    def before_answer(self) -> None:
        """Nothing is held back on this side."""

    def told_version(self) -> int:
        """The candidate is told of no object here that it could remember."""
        return 0

    def heed_version(self, version: int) -> None:
        """Have methods fetched again where the candidate says so."""
        if version != self._version:
            self.methods.forget()
            self._version = version


class _SolutionModule(ModuleType):
    """What `import solution` gives a test."""

    def __init__(self, solution: Solution) -> None:
        super().__init__("solution")
        self._solution = solution

    def __getattr__(self, name: str) -> Any:
        return self._solution.name(name)
