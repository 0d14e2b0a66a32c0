"""Checks what callers send and says what is wrong in the words and shapes of pydantic 2.

OpenEnv's clients and validators know those shapes. Values are converted as leniently as pydantic's
default mode does it: `"7"` and `7.0` are integers. Source: openenv 0.10.0 with pydantic 2.14,
answers recorded in tests/contract/test_openenv_frames.py.
"""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct

from gateway.wire import FieldProblem

_URL: Final = "https://errors.pydantic.dev/2.14/v/"
_INTEGER: Final = re.compile(r"(?P<whole>[+-]?[0-9]+)(\.0*)?")
_DIGITS_LIMIT: Final = 4300
"""Longest integer that Python reads from text. Source: sys.int_info.default_max_str_digits."""


class NotJson(Exception):
    """A text is not JSON: `reason`, the character `position`, and both as one sentence."""

    def __init__(self, reason: str, *, position: int, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.position = position
        self.sentence = sentence


class NotText(Exception):
    """A body is in no encoding that JSON may have."""


class Wrong(Struct, frozen=True):
    """Why one value was refused: pydantic's error type, its words and their context."""

    type: str
    msg: str
    ctx: dict[str, Any] | None = None


Check: TypeAlias = Callable[[Any], Any]
"""Takes a decoded value, returns the converted one or a `Wrong`."""


class Rule(Struct, frozen=True, kw_only=True):
    """One field of a message; a missing one that is not required takes `default`."""

    name: str
    check: Check
    required: bool = False
    nullable: bool = False
    default: Any = None


class Shape(Struct, frozen=True, kw_only=True):
    """An object with known fields, in the order problems are reported.

    Other fields are `ignore`d or one problem each.
    """

    rules: tuple[Rule, ...]
    extra: Literal["ignore", "forbid"]


def decode_json(raw: bytes | str) -> Any:
    """Decode JSON as leniently as Python's own decoder, but refuse lone surrogates.

    Raises:
        NotJson: If it is not JSON or nested too deeply.
        NotText: If bytes are in none of JSON's encodings.
    """
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _decode_slowly(raw)


def _decode_slowly(raw: bytes | str) -> Any:
    try:
        value = json.loads(raw)
        msgspec.json.encode(value)
    except json.JSONDecodeError as error:
        raise NotJson(error.msg, position=error.pos, sentence=str(error)) from error
    except UnicodeDecodeError as error:
        raise NotText from error
    except (UnicodeEncodeError, OverflowError, ValueError) as error:
        raise NotJson(str(error), position=0, sentence=str(error)) from error
    except RecursionError as error:
        deep = "nested too deeply"
        raise NotJson(deep, position=0, sentence=deep) from error
    return value


def checked(
    shape: Shape, value: Mapping[str, Any], *, loc: Sequence[str | int] = (), url: bool = False
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Return the converted fields and everything that is wrong with them.

    Args:
        shape: What is expected.
        value: The decoded object.
        loc: Where the object sits in the message.
        url: Whether problems link to pydantic's documentation, as they do for actions and frames.
    """
    fields: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for rule in shape.rules:
        fields[rule.name] = found = _field(rule, value)
        if isinstance(found, Wrong):
            about = value.get(rule.name) if rule.name in value else value
            problems.append(problem_of(found, (*loc, rule.name), value=about, url=url))
    if shape.extra == "forbid":
        wrong = Wrong("extra_forbidden", "Extra inputs are not permitted")
        problems += [
            problem_of(wrong, (*loc, name), value=stranger, url=url)
            for name, stranger in value.items()
            if name not in fields
        ]
    return fields, problems


def _field(rule: Rule, value: Mapping[str, Any]) -> Any:
    if rule.name not in value:
        return Wrong("missing", "Field required") if rule.required else rule.default
    found = value[rule.name]
    return None if found is None and rule.nullable else rule.check(found)


def problem_of(
    wrong: Wrong, loc: tuple[str | int, ...], *, value: Any, url: bool = False
) -> FieldProblem:
    """Say what is wrong, where, and with which value."""
    return FieldProblem(
        type=wrong.type,
        loc=loc,
        msg=wrong.msg,
        input=value,
        ctx=UNSET if wrong.ctx is None else wrong.ctx,
        url=_URL + wrong.type if url else UNSET,
    )


def mapping(value: Any) -> Any:
    """Accept an object."""
    if isinstance(value, dict):
        return value
    return Wrong("dict_type", "Input should be a valid dictionary")


def anything(value: Any) -> Any:
    """Accept every value."""
    return value


def text(*, max_length: int | None = None) -> Check:
    """Accept a string of at most `max_length` characters."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            return Wrong("string_type", "Input should be a valid string")
        if max_length is not None and len(value) > max_length:
            return Wrong(
                "string_too_long",
                f"String should have at most {max_length} characters",
                {"max_length": max_length},
            )
        return value

    return check


def one_of(*choices: str) -> Check:
    """Accept one of a few strings."""
    quoted = [f"'{choice}'" for choice in choices]
    expected = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"

    def check(value: Any) -> Any:
        if isinstance(value, str) and value in choices:
            return value
        return Wrong("literal_error", f"Input should be {expected}", {"expected": expected})

    return check


def integer(*, at_least: int | None = None) -> Check:
    """Accept an integer, also as a string or a float without a fraction."""

    def check(value: Any) -> Any:
        number = _integer_of(value)
        if isinstance(number, int) and at_least is not None and number < at_least:
            return Wrong(
                "greater_than_equal",
                f"Input should be greater than or equal to {at_least}",
                {"ge": at_least},
            )
        return number

    return check


def _integer_of(value: Any) -> int | Wrong:
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return _integer_of_float(value)
    if not isinstance(value, str):
        return Wrong("int_type", "Input should be a valid integer")
    written = _INTEGER.fullmatch(value.strip())
    if written and len(written["whole"]) <= _DIGITS_LIMIT:
        return int(written["whole"])
    unparsed = "Input should be a valid integer, unable to parse string as an integer"
    return Wrong("int_parsing", unparsed)


def _integer_of_float(value: float) -> int | Wrong:
    if not math.isfinite(value):
        return Wrong("finite_number", "Input should be a finite number")
    if not value.is_integer():
        cut = "Input should be a valid integer, got a number with a fractional part"
        return Wrong("int_from_float", cut)
    return int(value)


def number(*, above: float) -> Check:
    """Accept a number greater than `above`, also as a string."""

    def check(value: Any) -> Any:
        if not isinstance(value, str | int | float):
            return Wrong("float_type", "Input should be a valid number")
        try:
            found = float(value)
        except OverflowError:
            found = math.inf
        except ValueError:
            unparsed = "Input should be a valid number, unable to parse string as a number"
            return Wrong("float_parsing", unparsed)
        if found > above:
            return found
        return Wrong("greater_than", f"Input should be greater than {above:g}", {"gt": above})

    return check
