"""Methods of the submission's objects that may be called without being fetched first.

Theory of operation. `account.deposit(5)` is a fetch and a call, and the fetch has to come first: it
may find a value, nothing at all, or run the submission's code. But where the default rules of
lookup find a plain function in the object's class, the fetch does nothing and finds the same again
until somebody changes the object or its class. So the candidate tells the examiner once that the
attribute is a method, and looks after each call whether all it told still holds. Where it does not,
the answer to that call says so, and the examiner fetches again.
"""

from types import FunctionType, GetSetDescriptorType
from typing import Any, Final

_TOLD_AT_ONCE: Final = 8
"""How many are looked after: each costs a microsecond a call."""

_mro_of: Final = type.__dict__["__mro__"].__get__
_namespace_of: Final = type.__dict__["__dict__"].__get__


class ToldMethods:
    """What the candidate told the examiner of the methods its objects have."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, str], tuple[Any, FunctionType]] = {}
        self._is_outdated = False

    def tell(self, number: int, owner: Any, name: str) -> bool:
        """Say whether the attribute is a method, and look after it from here on if it is.

        Args:
            number: Of the object, on the wire.
        """
        method = _method(owner, name)
        if method is None:
            return False
        if len(self._told) == _TOLD_AT_ONCE and (number, name) not in self._told:
            self._forget()
        self._told[number, name] = (owner, method)
        return True

    def are_outdated(self) -> bool:
        """Say whether anything told before does not hold any more; then it all has to be forgotten.

        To be asked once for each answer.
        """
        if any(_method(owner, name) is not told for (_, name), (owner, told) in self._told.items()):
            self._forget()
        is_outdated, self._is_outdated = self._is_outdated, False
        return is_outdated

    def _forget(self) -> None:
        self._told.clear()
        self._is_outdated = True


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
