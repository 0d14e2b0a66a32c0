"""What the model is told: the code, what is wrong with it, and how to answer. Kept short."""

from collections.abc import Sequence

from gateway.wire import ObservationFields, VisibleTest

CODE_LIMIT_CHARS = 12_000
DESCRIPTION_LIMIT_CHARS = 2_000
ERRORS_LIMIT_CHARS = 800
FAILURES_LIMIT_CHARS = 1_600
CUT = "\n[... cut ...]\n"

SYSTEM = (
    "You repair Python code. Hidden tests judge the result. Use the standard library alone and "
    "keep every public name and signature. Answer with the whole corrected file in one ```python "
    "block and nothing else."
)
GOALS = {
    "syntax_fix": "The code does not compile. Make it compile and do what the task says.",
    "bug_fix": "The code runs but is wrong. Fix it, edge cases included.",
    "optimization": "The code is right but slow. Keep its results and make it much faster: "
    "use a better algorithm or data structure.",
    "program": "The program reads stdin and writes stdout. Make it do what the task says.",
}
ANSWER_AGAIN = (
    "That answer cannot be used: {reason}. Answer with the whole corrected file in one ```python "
    "block and nothing else."
)


def repair_prompt(observation: ObservationFields, *, earlier_attempts: Sequence[str]) -> str:
    """Ask for a repair of the current code.

    Args:
        observation: The newest one.
        earlier_attempts: One line for each code of the model's that was not good enough,
            oldest first.
    """
    sections = [
        f"Task: {observation.title or observation.task_id}",
        GOALS.get(observation.task_kind, "Repair the code so that it does what the task says."),
        clipped(observation.task_description, DESCRIPTION_LIMIT_CHARS),
        f"Current code:\n```python\n{clipped(observation.current_code, CODE_LIMIT_CHARS)}\n```",
    ]
    if observation.errors.strip():
        sections.append(f"Errors:\n{clipped(observation.errors, ERRORS_LIMIT_CHARS)}")
    failures = failing_tests(observation)
    if failures:
        sections.append(f"Failing tests:\n{clipped(failures, FAILURES_LIMIT_CHARS)}")
    if earlier_attempts:
        listed = "\n".join(f"- {attempt}" for attempt in earlier_attempts[-3:])
        sections.append(f"Your earlier attempts:\n{listed}")
    return "\n\n".join(section for section in sections if section.strip())


def answer_again_prompt(reason: str) -> str:
    """Ask again after an answer without usable code."""
    return ANSWER_AGAIN.format(reason=reason)


def failing_tests(observation: ObservationFields) -> str:
    """Return one paragraph for each public test that failed."""
    failed = [test for test in observation.visible_tests if test.status == "failed"]
    return "\n\n".join(_failure(test) for test in failed)


def _failure(test: VisibleTest) -> str:
    said = {
        "": test.message or test.outcome,
        "called": test.call,
        "expected": test.expected,
        "got": test.actual,
    }
    details = [f"{label} {text}".strip() for label, text in said.items() if text]
    return "\n  ".join([test.name, *details])


def clipped(text: str, limit_chars: int) -> str:
    """Return `text` with its middle cut out where it is over the limit."""
    text = text.strip("\n")
    if len(text) <= limit_chars:
        return text
    half = (limit_chars - len(CUT)) // 2
    return f"{text[:half]}{CUT}{text[-half:]}"
