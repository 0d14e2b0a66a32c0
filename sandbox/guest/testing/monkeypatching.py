"""`monkeypatch`: change attributes, items and the environment until the test ends."""

import importlib
import os
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final

_ABSENT: Final = object()
_ENVIRONMENT: Final = os.environ  # noqa: TID251 - changed for a test alone, in a guest


class MonkeyPatch:
    """Notes every change it makes and takes them back in the opposite order."""

    def __init__(self) -> None:
        self._undoing: list[Callable[[], object]] = []

    @classmethod
    @contextmanager
    def context(cls) -> Iterator["MonkeyPatch"]:
        """Yield a MonkeyPatch that is undone when the block ends."""
        patch = cls()
        try:
            yield patch
        finally:
            patch.undo()

    def setattr(self, target: Any, name: Any, value: Any = _ABSENT, raising: bool = True) -> None:
        """Set an attribute; `target` may be a dotted path when `value` is left out.

        Raises:
            AttributeError: If the attribute does not exist and `raising` is true.
        """
        if value is _ABSENT:
            value = name
            target, name = _resolved(target)
        if raising and not hasattr(target, name):
            message = f"{target!r} has no attribute {name!r}"
            raise AttributeError(message)
        self._note_attribute(target, name)
        setattr(target, name, value)

    def delattr(self, target: Any, name: Any = _ABSENT, raising: bool = True) -> None:
        """Delete an attribute; `target` may be a dotted path when `name` is left out."""
        if name is _ABSENT:
            target, name = _resolved(target)
        if not hasattr(target, name):
            if raising:
                raise AttributeError(name)
            return
        self._note_attribute(target, name)
        delattr(target, name)

    def setitem(self, dic: MutableMapping[Any, Any], name: Any, value: Any) -> None:
        """Set an item of a mapping."""
        self._note_item(dic, name)
        dic[name] = value

    def delitem(self, dic: MutableMapping[Any, Any], name: Any, raising: bool = True) -> None:
        """Delete an item of a mapping.

        Raises:
            KeyError: If there is none and `raising` is true.
        """
        if name not in dic:
            if raising:
                raise KeyError(name)
            return
        self._note_item(dic, name)
        del dic[name]

    def setenv(self, name: str, value: str, prepend: str | None = None) -> None:
        """Set a variable of this process's environment, before the old value if `prepend`."""
        if prepend and name in _ENVIRONMENT:
            value = f"{value}{prepend}{_ENVIRONMENT[name]}"
        self.setitem(_ENVIRONMENT, name, str(value))

    def delenv(self, name: str, raising: bool = True) -> None:
        """Delete a variable of this process's environment."""
        self.delitem(_ENVIRONMENT, name, raising)

    def syspath_prepend(self, path: object) -> None:
        """Look for modules in `path` first."""
        former = sys.path[:]
        self._undoing.append(lambda: sys.path.__setitem__(slice(None), former))
        sys.path.insert(0, str(path))

    def chdir(self, path: str | os.PathLike[str]) -> None:
        """Change the working directory."""
        former = os.getcwd()
        self._undoing.append(lambda: os.chdir(former))
        os.chdir(path)

    def undo(self) -> None:
        """Take back every change."""
        while self._undoing:
            self._undoing.pop()()

    def _note_attribute(self, target: Any, name: str) -> None:
        former = getattr(target, name, _ABSENT)
        own = getattr(target, "__dict__", None)
        if own is not None and (isinstance(target, type) or not _is_data(type(target), name)):
            former = own.get(name, _ABSENT)
        if former is _ABSENT:
            self._undoing.append(lambda: _without(target, name))
        else:
            self._undoing.append(lambda: setattr(target, name, former))

    def _note_item(self, dic: MutableMapping[Any, Any], name: Any) -> None:
        if name in dic:
            former = dic[name]
            self._undoing.append(lambda: dic.__setitem__(name, former))
        else:
            self._undoing.append(lambda: dic.pop(name, None))


def _without(target: object, name: str) -> None:
    if hasattr(target, name):
        delattr(target, name)


def _is_data(kind: type, name: str) -> bool:
    """Say whether setting `name` on an instance goes through a descriptor of its class."""
    for ancestor in kind.__mro__:
        if name in vars(ancestor):
            descriptor = type(vars(ancestor)[name])
            return hasattr(descriptor, "__set__") or hasattr(descriptor, "__delete__")
    return False


def _resolved(path: Any) -> tuple[Any, str]:
    if not isinstance(path, str) or "." not in path:
        message = f"name the attribute, or give a dotted path; got {path!r}"
        raise TypeError(message)
    holder, _, name = path.rpartition(".")
    parts = holder.split(".")
    target: Any = importlib.import_module(parts[0])
    for index, part in enumerate(parts[1:], start=2):
        if not hasattr(target, part):
            importlib.import_module(".".join(parts[:index]))
        target = getattr(target, part)
    return target, name
