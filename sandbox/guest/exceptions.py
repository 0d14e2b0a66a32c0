"""Exceptions across the wire: built-in ones as themselves, a submission's own as a mirror."""

import builtins
from collections.abc import Callable
from typing import Any, Final

from sandbox.guest.codec import Decoder, Encoder, Malformed, Node, Unsendable

_TEXT_CHARS: Final = 2000
_ATTRIBUTES: Final = 32


def _builtin_bases(kind: type) -> list[str]:
    """Return the names of the most derived built-in exception classes of `kind`."""
    found: list[type] = []
    for ancestor in kind.__mro__:
        is_builtin = getattr(builtins, ancestor.__name__, None) is ancestor
        if is_builtin and issubclass(ancestor, BaseException):
            if not any(issubclass(one, ancestor) for one in found):
                found.append(ancestor)
    return [one.__name__ for one in found]


def _plain(encoder: Encoder, value: Any) -> Node:
    try:
        return encoder.node(value)
    except Unsendable:
        return _text_of(value)


def _text_of(value: Any) -> str:
    try:
        text = str(value)
    except Exception as failed:  # the submission's own __str__
        return f"<{type(value).__name__}, whose str() raised {type(failed).__name__}>"
    return text[:_TEXT_CHARS].encode("utf-8", "backslashreplace").decode()


def _line_in_submission(exception: BaseException, file_name: str) -> int:
    line, traceback = 0, exception.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == file_name:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def describe(exception: BaseException, encoder: Encoder, file_name: str) -> list[Node]:
    """Return the node of an exception: name, built-in bases, own or not, args, text, line, facts.

    Args:
        file_name: Of the code whose line is worth telling.
    """
    kind = type(exception)
    bases = _builtin_bases(kind)
    own = bases != [kind.__name__] or getattr(builtins, kind.__name__, None) is not kind
    facts: dict[str, Node] = {}
    for name, value in list(vars(exception).items())[:_ATTRIBUTES]:
        if type(name) is str and name.isidentifier() and not name.startswith("__"):
            facts[name] = _plain(encoder, value)
    args = [_plain(encoder, one) for one in exception.args]
    line = _line_in_submission(exception, file_name)
    name = kind.__name__.encode("utf-8", "backslashreplace").decode()
    return [name, bases, own, args, _text_of(exception), line, facts]


def _bases_of(names: Any) -> tuple[type[BaseException], ...]:
    if type(names) is not list or not names:
        raise Malformed("an exception has built-in bases")
    found = tuple(getattr(builtins, name, None) for name in names if type(name) is str)
    kinds = tuple(k for k in found if isinstance(k, type) and issubclass(k, BaseException))
    if len(kinds) != len(names):
        raise Malformed("unknown exception base")
    return kinds


def _instance(kind: type[BaseException], args: list[Any]) -> BaseException:
    try:
        return kind(*args)
    except Exception:  # some built-in ones insist on the number and types of their arguments
        made = kind.__new__(kind)
        made.args = tuple(args)
        return made


Mirror = Callable[[str, tuple[type[BaseException], ...]], type[BaseException]]


def rebuild(node: Node, decoder: Decoder, mirror: Mirror) -> BaseException:
    """Return the exception a node describes.

    Args:
        mirror: Gives the class that stands for a submission's own one.

    Raises:
        Malformed: If the node describes none.
    """
    if type(node) is not list or len(node) != 7:
        raise Malformed("an exception has seven parts")
    name, bases, own, args, text, line, facts = node
    if type(name) is not str or type(text) is not str or type(line) is not int:
        raise Malformed("an exception's name, text and line")
    kinds = _bases_of(bases)
    kind = mirror(name, kinds) if own else kinds[0]
    plain = [decoder.value(one) for one in args]
    if type(facts) is not dict:
        raise Malformed("an exception's facts")
    made = _instance(kind, plain)
    if own:
        for key, one in facts.items():
            if type(key) is str and key.isidentifier() and not key.startswith("_"):
                made.__dict__[key] = decoder.value(one)
        made.__dict__["_text"] = text
    if line:
        made.__dict__["submission_line"] = line
    return made


def mirrored_class(
    name: str, bases: tuple[type[BaseException], ...]
) -> type[BaseException]:
    """Make the class that stands for a submission's own exception class."""
    return type(
        name,
        bases,
        {
            "__module__": "solution",
            "__init__": lambda self, *args, **_: None,
            "__new__": lambda cls, *args, **_: _bare(cls, args),
            "__str__": lambda self: self.__dict__.get("_text", ""),
        },
    )


def _bare(kind: type[BaseException], args: tuple[Any, ...]) -> BaseException:
    made = BaseException.__new__(kind)
    made.args = args
    return made
