"""Exceptions across the wire: built-in ones as themselves, a submission's own as a mirror."""

import builtins
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
_CLASS_PARTS: Final = 2
_PARTS: Final = 6
_STDLIB: Final = sys.stdlib_module_names


def _shared_name(kind: type) -> str | None:
    """Return `module:name` of a class that both sides have, None for a submission's own."""
    name, module = _real(kind, "__name__"), vars(kind).get("__module__", "builtins")
    home = sys.modules.get(module) if isinstance(module, str) else None
    if module == "builtins":
        home = builtins
    elif not isinstance(module, str) or module.partition(".")[0] not in _STDLIB:
        return None
    return f"{module}:{name}" if getattr(home, name, None) is kind else None


def _real(kind: type, name: str) -> Any:
    """Return a type's attribute past whatever its metaclass pretends."""
    return type.__dict__[name].__get__(kind)


def ancestry_of(kind: type) -> tuple[list[Node], Node]:
    """Return a submission's own exception classes from the base up, and what names `kind`.

    An own class is `[name, bases]`; a base is an own class's index or the name of a shared one.
    """
    own: list[Node] = []
    names: dict[type, Node] = {}
    for one in reversed(_real(kind, "__mro__")):
        if BaseException not in _real(one, "__mro__"):
            continue
        shared = _shared_name(one)
        if shared is not None:
            names[one] = shared
        else:
            bases = [names[base] for base in _real(one, "__bases__") if base in names]
            names[one] = len(own)
            own.append([_text_of(_real(one, "__name__")), bases])
    return own, names[kind]


def class_of(ancestry: Node, name: Node, mirror: "Mirror") -> type[BaseException]:
    """Return the class that `ancestry_of` described.

    Raises:
        Malformed: If it described none.
    """
    if type(ancestry) is not list or len(ancestry) > _CLASSES:
        raise Malformed("an exception's classes")
    made: list[type[BaseException]] = []
    for entry in ancestry:
        if type(entry) is not list or len(entry) != _CLASS_PARTS or type(entry[0]) is not str:
            raise Malformed("an exception's class")
        bases = tuple(_named(base, made) for base in entry[1])
        if not bases:
            raise Malformed("an exception class without a base")
        made.append(mirror(entry[0], bases))
    return _named(name, made)


def _named(name: Node, made: list[type[BaseException]]) -> type[BaseException]:
    if type(name) is int and 0 <= name < len(made):
        return made[name]
    if type(name) is not str:
        raise Malformed("an exception's name")
    module, _, attribute = name.partition(":")
    known = module == "builtins" or module.partition(".")[0] in _STDLIB
    found = getattr(sys.modules.get(module), attribute, None) if known else None
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        raise Malformed("an unknown exception class")
    return found


def _plain(encoder: Encoder, value: Any) -> Node:
    try:
        return encoder.node(value)
    except Unsendable:
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
    if type(text) is not str or type(line) is not int or type(facts) is not dict:
        raise Malformed("an exception's text, line and facts")
    kind = class_of(ancestry, name, mirror)
    made = _instance(kind, [decoder.value(one) for one in args])
    for key, one in facts.items():
        if type(key) is str and key.isidentifier() and not key.startswith("_"):
            made.__dict__[key] = decoder.value(one)
    if type(name) is int:
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
