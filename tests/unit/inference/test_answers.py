import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answers import CODE_LIMIT_BYTES, NoCodeFound, code_in

STARTER = "def total(items):\n    return 0\n"
FIXED = "def total(items):\n    return sum(items)\n"


@pytest.mark.parametrize(
    "answer",
    [
        f"```python\n{FIXED}```",
        f"```Python\n{FIXED}```\n".replace("\n", "\r\n"),
        f"~~~py\n{FIXED}~~~",
        f"````python\n{FIXED}````",
        f"Here is the code: ```python\n{FIXED}```",
        f"1. Do this:\n   ```python\n   {FIXED.replace(chr(10), chr(10) + '   ')}\n   ```",
        f"Before:\n```python\nprint(1)\n```\nAfter:\n```python\n{FIXED}```",
        f"```text\nnot this\n```\n```\n{FIXED}```",
        f"<thinking>```python\n{STARTER}```</thinking>{FIXED}",
        f"```python\n{FIXED}",
        f"```python\n```\n{FIXED}",
        json.dumps({"code": FIXED}),
        json.dumps({"action_type": "edit_code", "arguments": {"code": FIXED}}),
        json.dumps({"solution": f"```python\n{FIXED}```"}),
        '{"code": "def total(items):\n    return sum(items)\n"}',
        f"The set {{1, 2}} matters. {json.dumps({'fixed_code': FIXED})}",
        f"```json\n{json.dumps({'code': FIXED})}\n```",
        f"It is fixed.\n\n{FIXED}\nNow it adds them.",
    ],
)
def test_the_code_is_found(answer: str) -> None:
    assert code_in(answer, replaces=STARTER) == FIXED


def test_a_fence_inside_a_docstring_ends_nothing() -> None:
    docstring = '    """Add.\n\n    ```\n    total([1])\n    ```\n    """'
    code = f"def total(items):\n{docstring}\n    return sum(items)\n"

    assert code_in(f"```python\n{code}```", replaces=STARTER) == code


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("<think>for ever", "empty"),
        ("I cannot do that.", "no code"),
        ("```python\n```", "no code"),
        ("```python\nprint(1)\n```", "defines total"),
        ("```bash\nrm -rf /\n```", "no code"),
        ('{"code": 5}', "no code"),
        ('{"code": null', "no code"),
        ("[" * 100_000, "no code"),
        ('{"a":' * 100_000, "no code"),
        (f"```python\ndef total(items):\n    x = '{'x' * CODE_LIMIT_BYTES}'\n```", "bytes"),
    ],
    ids=lambda value: value[:20],
)
def test_an_answer_without_usable_code_is_refused_with_a_reason(answer: str, reason: str) -> None:
    with pytest.raises(NoCodeFound, match=reason):
        code_in(answer, replaces=STARTER)


def test_a_starter_that_defines_nothing_takes_any_block() -> None:
    assert code_in("```python\nprint(1)\n```", replaces="print(0)") == "print(1)\n"


@given(st.text())
def test_any_text_is_code_or_refused(answer: str) -> None:
    try:
        code = code_in(answer, replaces=STARTER)
    except NoCodeFound:
        return

    assert code.endswith("\n")
    assert "def total" in code or "class total" in code


@given(st.text(alphabet='`~{}" \npythonjsdef:,[]\\', max_size=300))
def test_any_soup_of_fences_and_braces_is_code_or_refused(answer: str) -> None:
    try:
        code_in(answer, replaces="print(0)")
    except NoCodeFound:
        return
