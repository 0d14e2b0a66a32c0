"""Methods of the submission's objects that may be called without being fetched first.

Theory of operation. `account.deposit(5)` is a fetch and a call, and the fetch has to come first: it
may find a value, nothing at all, or run the submission's code. But where the default rules of
lookup find a plain function in the object's class, the fetch does nothing and finds the same again
until somebody changes the object or its class. So the candidate tells the examiner once that the
attribute is a method, and looks with each answer whether all it told still holds. Every answer
carries a version; when it changes, the examiner forgets what it was told. What the examiner
remembers is always among what is looked after here.

Between two answers nothing may change, so nothing is told while the submission has threads or
handles alarms. What a finalizer changes in between, or a thread started past `threading`, would go
unnoticed until the next answer.
"""

import signal
import threading
from collections.abc import Callable
from types import FunctionType, GetSetDescriptorType
from typing import Any, Final, NamedTuple

_TOLD_AT_ONCE: Final = 8
"""How many are looked after: each costs a microsecond a call."""
_KEPT: Final = 8
"""How many fetched functions are called as they were found, besides methods told of."""
_ABSENT: Final = object()

_mro_of: Final = type.__dict__["__mro__"].__get__
_namespace_of: Final = type.__dict__["__dict__"].__get__


class _Told(NamedTuple):
    owner: Any
    method: Any
    """The function of the owner's class."""
    number: int
    """Of what was fetched."""


class FetchedFunctions:
    """What the candidate found for the examiner, and told of methods.

    Attributes:
        may_change_by_themselves: Says whether objects may change between two answers.
        version: Changes when something told before may not hold any more.
    """

    def __init__(self) -> None:
        self.may_change_by_themselves = has_threads_or_alarms
        self.version = 0
        self._told: dict[tuple[int, str], _Told] = {}
        self._kept: dict[int, Any] = {}
        self._fetches = 0

    def keep(self, found: Any) -> int:
        """Return the number by which a function can be called, at least for some more fetches."""
        self._fetches += 1
        self._kept[self._fetches] = found
        needed = {told.number for told in self._told.values()}
        for number in [*self._kept]:
            if number <= self._fetches - _KEPT and number not in needed:
                del self._kept[number]
        return self._fetches

    def get(self, number: int | None) -> Any:
        """Return what is kept by that number, None where nothing is."""
        return self._kept.get(number) if number is not None else None

    def tell(self, root: int, owner: Any, name: str, number: int) -> bool:
        """Say whether the attribute is a method, and look after it from here on if it is.

        Args:
            root: Number of the object that has it.
            number: Of the fetched function.
        """
        method = None if self.may_change_by_themselves() else _method(owner, name)
        if method is None:
            return False
        if len(self._told) == _TOLD_AT_ONCE and (root, name) not in self._told:
            self._forget()
        self._told[root, name] = _Told(owner, method, number)
        return True

    def look(self) -> None:
        """See whether all that was told still holds."""
        if self._told and (self.may_change_by_themselves() or self._has_changed()):
            self._forget()

    def _has_changed(self) -> bool:
        return any(
            _method(told.owner, name) is not told.method for (_, name), told in self._told.items()
        )

    def _forget(self) -> None:
        self.version += 1
        self._told.clear()


def has_threads_or_alarms() -> bool:
    """Say whether code of this process may run though nobody asks for it."""
    return threading.active_count() > 1 or callable(signal.getsignal(signal.SIGALRM))


class RememberedMethods:
    """What the examiner was told, by the number of an object and the name of its method.

    Attributes:
        generation: How often all was forgotten.
    """

    def __init__(self) -> None:
        self.generation = 0
        self._found: dict[tuple[int, str], tuple[int, Callable[..., Any]]] = {}

    def remember(self, root: int, name: str, found: Callable[..., Any], asked_in: int) -> None:
        """Keep a method until all is forgotten, which may have come to pass since it was asked."""
        self._found[root, name] = (asked_in, found)

    def known(self, root: int, name: str) -> Callable[..., Any] | None:
        """Return a method that need not be fetched."""
        asked_in, found = self._found.get((root, name), (None, None))
        return found if asked_in == self.generation else None

    def forget(self) -> None:
        """Have all methods fetched anew."""
        self.generation += 1
        self._found.clear()


def _method(owner: Any, name: str) -> FunctionType | None:
    """Return the function of the class that the attribute is, None where it is anything else."""
    try:
        return _plain_method(owner, name)
    except Exception:  # noqa: BLE001 - a name among the object's fields that fails when compared
        return None


def _plain_method(owner: Any, name: str) -> FunctionType | None:
    found: Any = _ABSENT
    for kind in _mro_of(type(owner))[:-1]:  # but for object
        namespace = _namespace_of(kind)
        fields = namespace.get("__dict__", _ABSENT)
        has_own_fields = fields is not _ABSENT and type(fields) is not GetSetDescriptorType
        if has_own_fields or "__getattribute__" in namespace:
            return None
        if found is _ABSENT:
            found = namespace.get(name, _ABSENT)
    if type(found) is not FunctionType:
        return None
    return None if dict.__contains__(_fields_of(owner), name) else found


def _fields_of(owner: Any) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    return fields
