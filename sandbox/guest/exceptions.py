"""Exceptions across the wire: built-in ones as themselves, a submission's own as a mirror."""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from sandbox.guest.decoding import Decoder
from sandbox.guest.encoding import Encoder
from sandbox.guest.loading import line_in
from sandbox.guest.nodes import Malformed, Node, Unsendable
from sandbox.guest.words import encodable

_TEXT_CHARS: Final = 2000
_ATTRIBUTES: Final = 32
_CLASSES: Final = 64
_CLASS_PARTS: Final = 3
_PARTS: Final = 6
_STDLIB: Final = sys.stdlib_module_names
_BUILTIN: Final = "builtins:"


def _home_of(kind: type) -> str | None:
    """Return `module:name` of a class of the standard library, None for a submission's own."""
    name, module = _real(kind, "__name__"), vars(kind).get("__module__", "builtins")
    if type(module) is not str or module.partition(".")[0] not in _STDLIB or name[:1] == "_":
        return None
    return f"{module}:{name}" if getattr(sys.modules.get(module), name, None) is kind else None


def _at_home(home: Node) -> type[BaseException] | None:
    """Return the exception class of the standard library at `module:name` where it is loaded.

    Private ones are none: a library may swallow its own, as unittest does, and a test would pass.
    """
    if type(home) is not str:
        return None
    module, _, name = home.partition(":")
    if module.partition(".")[0] not in _STDLIB or name.startswith("_"):
        return None
    found = getattr(sys.modules.get(module), name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _real(kind: type, name: str) -> Any:
    """Return a type's attribute past whatever its metaclass pretends."""
    return type.__dict__[name].__get__(kind)


def ancestry_of(kind: type) -> tuple[list[Node], Node]:
    """Return an exception's classes but for built-in ones, base first, and what names `kind`.

    A class is `[name, bases, home]`: its home is None, or where in the standard library it is,
    since the other side may have loaded that or not. A base is a class's index, or the home of a
    built-in one, and so is the second part of the answer.
    """
    listed: list[Node] = []
    names: dict[type, Node] = {}
    for one in reversed(_real(kind, "__mro__")):
        if BaseException not in _real(one, "__mro__"):
            continue
        home = _home_of(one)
        if home is not None and home.startswith(_BUILTIN):
            names[one] = home
        else:
            bases = [names[base] for base in _real(one, "__bases__") if base in names]
            names[one] = len(listed)
            listed.append([_text_of(_real(one, "__name__")), bases, home])
    return listed, names[kind]


def class_of(ancestry: Node, name: Node, mirror: "Mirror") -> type[BaseException]:
    """Return the class that `ancestry_of` described.

    Raises:
        Malformed: If it described none.
    """
    if type(ancestry) is not list or len(ancestry) > _CLASSES:
        raise Malformed("an exception's classes")
    made: list[type[BaseException]] = []
    for entry in ancestry:
        made.append(_made(entry, made, mirror))
    return _named(name, made)


def _made(entry: Node, known: list[type[BaseException]], mirror: "Mirror") -> type[BaseException]:
    if type(entry) is not list or len(entry) != _CLASS_PARTS:
        raise Malformed("an exception's class")
    name, bases, home = entry
    if type(name) is not str or type(bases) is not list or not bases:
        raise Malformed("an exception's name and bases")
    named = tuple(_named(base, known) for base in bases)
    try:
        return _at_home(home) or mirror(name, named)
    except (TypeError, ValueError) as wrong:
        raise Malformed(f"an exception class that can not be: {wrong}") from None


def _named(name: Node, made: list[type[BaseException]]) -> type[BaseException]:
    if type(name) is int and 0 <= name < len(made):
        return made[name]
    found = _at_home(name)
    if found is None:
        raise Malformed("an unknown exception class")
    return found


def _plain(encoder: Encoder, value: Any) -> Node:
    met_count = len(encoder.objects)
    try:
        return encoder.node(value)
    except Unsendable:
        encoder.forget(met_count)
        return _text_of(value)


def _text_of(value: Any) -> str:
    try:
        text = str(value)
    except Exception as failed:  # noqa: BLE001 - the submission's own __str__
        return f"<{type(value).__name__}, whose str() raised {type(failed).__name__}>"
    return encodable(text[:_TEXT_CHARS])


def describe(exception: BaseException, encoder: Encoder, file_name: str) -> list[Node]:
    """Return the node of an exception: own classes, its class, args, text, line, facts.

    Args:
        file_name: Of the code whose line is worth telling.
    """
    ancestry, name = ancestry_of(type(exception))
    facts: dict[str, Node] = {}
    for key, value in list(vars(exception).items())[:_ATTRIBUTES]:
        if type(key) is str and key.isidentifier() and not key.startswith("__"):
            facts[key] = _plain(encoder, value)
    args = [_plain(encoder, one) for one in exception.args]
    line = line_in(exception.__traceback__, file_name)
    return [ancestry, name, args, _text_of(exception), line, facts]


def _instance(kind: type[BaseException], args: list[Any]) -> BaseException:
    """Return an exception with these args, though its class may insist on others."""
    with suppress(Exception):
        return kind(*args)
    with suppress(Exception):
        made = kind.__new__(kind)
        made.args = tuple(args)
        return made
    return mirrored_class(kind.__name__, (Exception,))(*args)


Mirror = Callable[[str, tuple[type[BaseException], ...]], type[BaseException]]


def rebuild(node: Node, decoder: Decoder, mirror: Mirror) -> BaseException:
    """Return the exception a node describes.

    Args:
        mirror: Gives the class that stands for a submission's own one.

    Raises:
        Malformed: If the node describes none.
    """
    if type(node) is not list or len(node) != _PARTS:
        raise Malformed("an exception has six parts")
    ancestry, name, args, text, line, facts = node
    if type(args) is not list or type(facts) is not dict:
        raise Malformed("an exception's args and facts")
    if type(text) is not str or type(line) is not int:
        raise Malformed("an exception's text and line")
    kind = class_of(ancestry, name, mirror)
    made = _instance(kind, [decoder.value(one) for one in args])
    for key, one in facts.items():
        if type(key) is str and key.isidentifier() and not key.startswith("_"):
            made.__dict__[key] = decoder.value(one)
    if _is_mirrored(type(made)):
        made.__dict__["_text"] = text
    if line:
        made.__dict__["submission_line"] = line
    return made


def mirrored_class(name: str, bases: tuple[type[BaseException], ...]) -> type[BaseException]:
    """Make the class that stands for a submission's own exception class."""
    return type(
        name,
        bases,
        {"__module__": "solution", "__init__": _ignore, "__new__": _bare, "__str__": _told},
    )


def _ignore(_: BaseException, *_args: Any, **_named: Any) -> None:
    """Stand in for a constructor of the submission's, which has run already."""


def _bare(kind: type[BaseException], *args: Any, **_: Any) -> BaseException:
    real = next(one for one in kind.__mro__ if "__new__" in vars(one) and not _is_mirrored(one))
    made: BaseException = real.__new__(kind, *args)
    made.args = args
    return made


def _is_mirrored(kind: type) -> bool:
    return vars(kind).get("__str__") is _told


def _told(mirrored: BaseException) -> str:
    text: str = mirrored.__dict__.get("_text", "")
    return text
