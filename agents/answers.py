"""Finds the code in what a model answered. The text is only read, never compiled or run."""

import json
import re
import textwrap
from collections.abc import Iterator, Sequence

CODE_LIMIT_BYTES = 100 * 1024
CODE_KEYS = ("code", "fixed_code", "solution", "current_code", "python", "answer", "content")
NESTED_KEYS = ("action", "arguments", "edit_code", "parameters")
BRACES_TRIED = 20
PYTHON_TAGS = ("", "python", "py", "python3")

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^(.*?)(`{3,}|~{3,})[ \t]*([\w+.-]*)[ \t]*$")
_DEFINITION = re.compile(r"^(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_FIRST_CODE_LINE = re.compile(
    r"^(?:from [\w.]+ import |import \w|def \w+\(|async def \w+\(|class \w+|@\w"
    r"|\"\"\"|'''|[A-Z][A-Z_]+ = )",
    re.MULTILINE,
)
_CODE_LINE = re.compile(
    r"^(?:\s|[@#)\]}]|from |import |def |async |class |if |elif |else:|for |while |with |try:"
    r"|except|finally:|return\b|raise\b|assert |\"\"\"|'''|\w[\w.\[\]\"', ]*(?: = |: |\())"
)


class NoCodeFound(Exception):
    """The model's answer holds no code that could be handed in; the model is to blame."""


def code_in(answer: str, *, replaces: str) -> str:
    """Return the code that the answer offers, ending in a newline.

    Fenced blocks are preferred, then JSON with a `code` field, then bare code with prose around.
    Of several candidates the one that defines most of what `replaces` defines is taken.

    Args:
        answer: The model's text as it came.
        replaces: The code that the answer is to replace as a whole.

    Raises:
        NoCodeFound: If there is none, or more than `CODE_LIMIT_BYTES`.
    """
    text = _THINKING.sub("", answer).replace("\r\n", "\n").strip()
    if not text:
        raise NoCodeFound("the answer is empty")
    marked = [code for code in (*_json_codes(text), *_fenced_codes(text)) if code.strip()]
    candidates = marked or list(_bare_codes(text))
    code = _best(candidates, wanted=_defined_names(replaces))
    if len(code.encode("utf-8", "replace")) > CODE_LIMIT_BYTES:
        raise NoCodeFound(f"the code in the answer is over {CODE_LIMIT_BYTES} bytes")
    return code


def _best(candidates: Sequence[str], *, wanted: frozenset[str]) -> str:
    if not candidates:
        raise NoCodeFound("the answer holds no code")
    codes = [textwrap.dedent(code).strip("\n").rstrip() for code in candidates]
    best = max(codes, key=lambda code: len(wanted & _defined_names(code)))
    if wanted and not wanted & _defined_names(best):
        raise NoCodeFound(f"no code in the answer defines {', '.join(sorted(wanted))}")
    return f"{best}\n"


def _defined_names(code: str) -> frozenset[str]:
    return frozenset(_DEFINITION.findall(code))


def _fenced_codes(text: str) -> Iterator[str]:
    """Yield the blocks between fences; the last may lack its end, as a cut answer does."""
    opening: tuple[str, str] | None = None
    tag = ""
    block: list[str] = []
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        if opening is None and fence is not None:
            indent = "" if fence[1].strip() else fence[1]
            opening, tag, block = (indent, fence[2]), fence[3].lower(), []
        elif opening is not None and _closes(line, opening):
            yield from _codes_of_block("\n".join(block), tag)
            opening = None
        else:
            block.append(line)
    if opening is not None:
        yield from _codes_of_block("\n".join(block), tag)


def _closes(line: str, opening: tuple[str, str]) -> bool:
    """Say whether a line ends the block: a bare fence as long as, and no deeper than, its start."""
    indent, fence = opening
    bare = line.strip()
    return (
        len(bare) >= len(fence)
        and set(bare) == {fence[0]}
        and len(line) - len(line.lstrip()) <= len(indent)
    )


def _codes_of_block(block: str, tag: str) -> Iterator[str]:
    if tag == "json" or (not tag and block.lstrip().startswith("{")):
        yield from _json_codes(block)
    elif tag in PYTHON_TAGS:
        yield block


def _json_codes(text: str) -> Iterator[str]:
    """Yield the code fields of the objects in the text, be there prose around them or not."""
    decoder = json.JSONDecoder(strict=False)  # models write newlines into strings as they are
    position = 0
    for _ in range(BRACES_TRIED):
        position = text.find("{", position)
        if position < 0:
            return
        try:
            answer, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            position += 1
        else:
            yield from _codes_of_object(answer)


def _codes_of_object(answer: dict[str, object]) -> Iterator[str]:
    inner = (answer.get(key) for key in NESTED_KEYS)
    for fields in (answer, *(value for value in inner if isinstance(value, dict))):
        for key in CODE_KEYS:
            value = fields.get(key)
            if isinstance(value, str):
                fenced = list(_fenced_codes(value))
                yield from fenced or [value]


def _bare_codes(text: str) -> Iterator[str]:
    """Yield code that stands in the text without fences, from its first to its last code line."""
    start = _FIRST_CODE_LINE.search(text)
    if start is None:
        return
    lines = text[start.start() :].split("\n")
    kept = 0
    for number, line in enumerate(lines, start=1):
        if line.strip() and _CODE_LINE.match(line) is None:
            break
        kept = number
    yield "\n".join(lines[:kept])
