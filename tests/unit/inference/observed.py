"""Observations for tests, with everything but what a test is about filled in."""

from typing import Any

from gateway.wire import ObservationFields, RewardComponents, RewardDetails, VisibleTest

STARTER = "def f():\n    return 0\n"
FIXED = "def f():\n    return 1\n"


def observed(**fields: Any) -> ObservationFields:
    blank: dict[str, Any] = {
        "task_id": "t",
        "title": "A task",
        "difficulty": "easy",
        "task_kind": "bug_fix",
        "task_description": "Return one.",
        "current_code": STARTER,
        "errors": "",
        "test_results": "",
        "visible_tests": (),
        "public_tests": "",
        "analysis": None,
        "history": (),
        "attempts_remaining": 10,
        "last_action_status": "ready",
        "last_action_error": None,
        "score": 0.2,
        "reward_details": RewardDetails(
            mode="level", components=RewardComponents(), before_clamping=0.0, reward=None
        ),
        "submitted": False,
        "success": False,
        "metadata": {},
    }
    return ObservationFields(**(blank | fields))


def visible(*, passed: int, failed: int) -> tuple[VisibleTest, ...]:
    return (
        *(VisibleTest(name=f"test_ok_{n}", status="passed", passed=True) for n in range(passed)),
        *(
            VisibleTest(
                name=f"test_bad_{n}",
                status="failed",
                passed=False,
                message="assert 0 == 1",
                call="f()",
                expected="1",
                actual="0",
            )
            for n in range(failed)
        ),
    )
