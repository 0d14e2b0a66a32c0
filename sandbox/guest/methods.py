"""Methods of the submission's objects that may be called without being fetched first.

Theory of operation. `account.deposit(5)` is a fetch and a call, and the fetch has to come first: it
may find a value, nothing at all, or run the submission's code. But where the default rules of
lookup find a plain function in the object's class, the fetch does nothing and finds the same again
until somebody changes the object or its class. So the candidate tells the examiner once that the
attribute is a method, and looks with each answer whether all it told still holds. Every answer
carries a version; when it changes, the examiner forgets what it was told. What the examiner
remembers is always among what is looked after here.

Only a thread changes objects between two answers, so nothing is told while the submission has any.
"""

import threading
from collections.abc import Callable
from types import FunctionType, GetSetDescriptorType
from typing import Any, Final

_TOLD_AT_ONCE: Final = 8
"""How many are looked after: each costs a microsecond a call."""

_mro_of: Final = type.__dict__["__mro__"].__get__
_namespace_of: Final = type.__dict__["__dict__"].__get__


class ToldMethods:
    """What the candidate told, by the number of an object and the name of its method.

    Args:
        own_threads: How many there are besides those of the submission.

    Attributes:
        version: Changes when something told before may not hold any more.
    """

    def __init__(self, own_threads: int = 1) -> None:
        self.version = 0
        self.own_threads = own_threads
        self._told: dict[tuple[int, str], tuple[Any, FunctionType]] = {}

    def tell(self, number: int, owner: Any, name: str) -> bool:
        """Say whether the attribute is a method, and look after it from here on if it is.

        Args:
            number: Of the object, on the wire.
        """
        method = None if self._has_threads() else _method(owner, name)
        if method is None:
            return False
        if len(self._told) == _TOLD_AT_ONCE and (number, name) not in self._told:
            self._told.clear()
            self.version += 1
        self._told[number, name] = (owner, method)
        return True

    def look(self) -> None:
        """See whether all that was told still holds."""
        if self._told and self._has_threads():
            self._told.clear()
            self.version += 1
            return
        changed = [
            (number, name)
            for (number, name), (owner, told) in self._told.items()
            if _method(owner, name) is not told
        ]
        for key in changed:
            del self._told[key]
        self.version += bool(changed)

    def _has_threads(self) -> bool:
        return threading.active_count() > self.own_threads


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
    """Return the function of the class that the attribute is, running no code of the submission."""
    found = None
    for kind in _mro_of(type(owner))[:-1]:  # but for object
        namespace = _namespace_of(kind)
        own_fields = namespace.get("__dict__")
        if "__getattribute__" in namespace or not _is_plain(own_fields):
            return None
        if found is None:
            found = namespace.get(name)
    if type(found) is not FunctionType:
        return None
    return None if dict.__contains__(_fields_of(owner), name) else found


def _is_plain(own_fields: Any) -> bool:
    return own_fields is None or type(own_fields) is GetSetDescriptorType


def _fields_of(owner: Any) -> dict[str, Any]:
    try:
        fields: dict[str, Any] = object.__getattribute__(owner, "__dict__")
    except AttributeError:
        return {}
    return fields
