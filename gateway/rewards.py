"""What a step earned, with every component named. Pure.

Two modes. `level` pays the worth of the state a step leaves behind, less penalties, clamped to
[0.01, 0.99]; it suits trainers that look at single rewards. `delta` pays the change of the score,
so the rewards of an episode add up to its final score; it suits trainers that sum.

Laws, held by tests/property/test_reward_laws.py: the components add up to the value before
clamping; a state that is better in one respect and worse in none never earns less; a regression
earns less than standing still; nothing earned without a change of state grows by repeating it.
"""

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from gateway.standing import Potential, Standing
from gateway.wire import ActionType, RewardComponents, RewardDetails, RewardMode
from graders.grade import Grade, TestCount
from sandbox.outcome import TimedOut
from tasks.task import Task, TaskKind, Weights

LOWEST_LEVEL: Final = 0.01
HIGHEST_LEVEL: Final = 0.99

COMPILES: Final = 0.10
LOADS: Final = 0.04
"""Added to `COMPILES` once the submission can be imported."""
TESTS: Final = 0.66
RUNTIME: Final = 0.20
"""Taken out of `TESTS` for optimizations."""
QUALITY: Final = 0.06
COMPLETION: Final[dict[ActionType, float]] = {
    "analyze_code": 0.08,
    "edit_code": 0.08,
    "run_tests": 0.13,
    "submit_solution": 0.14,
}
"""What a solved state adds, the more the surer the action makes it."""

REGRESSION: Final = -0.12
INVALID_ACTION: Final = -0.10
TIMEOUT: Final = -0.03
STAGNATION_STEP: Final = -0.015
FREE_LOOKS: Final = 2
"""Steps in a row that may leave the state as it was without a penalty."""
STAGNATION_STEPS: Final = 3
"""Further such steps that are penalised more each time."""
_NOISE: Final = 1e-9


def standing_of(grade: Grade) -> Standing:
    """Return what a grade says of the state it graded."""
    compiles = grade.analysis.syntax_problem is None
    return Standing(
        compiles=compiles,
        loads=compiles and not grade.load_error,
        public=_share(grade.public),
        hidden=None if grade.hidden is None else _share(grade.hidden),
        runtime=grade.runtime or 0.0,
        quality=grade.quality if compiles else 0.0,
        passed=grade.passed,
        timed_out=isinstance(grade.outcome, TimedOut)
        or any(isinstance(test.outcome, TimedOut) for test in grade.visible_tests),
    )


def potential_of(task: Task, grade: Grade) -> Potential:
    """Return the score of a grade by respect: exactly the grade's own where hidden tests ran."""
    parts = grade.components
    known = 1.0 if grade.scope == "full" else _known_share(task)
    return Potential(
        tests=known * (parts.get("public", 0.0) + parts.get("hidden", 0.0)),
        runtime=known * parts.get("runtime", 0.0),
        quality=known * parts.get("quality", 0.0),
    )


def _share(count: TestCount | None) -> float:
    return count.passed / count.total if count is not None and count.total else 0.0


def _known_share(task: Task) -> float:
    """Return how much of the score can be known before hidden tests run."""
    weights = task.weights
    runtime = weights.runtime if _is_timed(task) else 0.0
    known = weights.public + weights.quality + runtime
    whole = known + weights.hidden
    return known / whole if whole else 1.0


class StepFacts(Struct, frozen=True, kw_only=True):
    """What a reward depends on besides the task: the state before and after, and the action."""

    action_type: ActionType
    before: Standing | None
    """None while nothing was graded yet."""
    after: Standing | None
    stagnant_steps: int = 0
    """How many steps in a row, this one included, left the state as it was."""
    invalid: bool = False
    potential_before: Potential = Potential()
    potential_after: Potential = Potential()


def reward_details(mode: RewardMode, task: Task, facts: StepFacts) -> RewardDetails:
    """Say what a step earned and how that came about."""
    if mode == "delta":
        components = _delta(facts.potential_before, facts.potential_after)
        total = total_of(components)
        return RewardDetails(mode=mode, components=components, before_clamping=total, reward=total)
    components = _level(task, facts)
    total = total_of(components)
    return RewardDetails(
        mode=mode,
        components=components,
        before_clamping=total,
        reward=min(HIGHEST_LEVEL, max(LOWEST_LEVEL, total)),
    )


def no_reward(mode: RewardMode) -> RewardDetails:
    """Return the details of a reset, which earns nothing."""
    return RewardDetails(mode=mode, components=RewardComponents(), before_clamping=0.0, reward=None)


def total_of(components: RewardComponents) -> float:
    """Add the components up, in their order on the wire."""
    return float(sum(getattr(components, name) for name in components.__struct_fields__))


def is_regression(task: Task, before: Standing, after: Standing) -> bool:
    """Say whether the code got worse, by everything public tests and the linter can tell.

    Slower code alone is none: it earns less by its own run time already, and a penalty on top would
    depend on the noise of two timings. Faster code may make up for what the linter finds.
    """
    after = replace(after, runtime=max(after.runtime, before.runtime))
    return _public_worth(task, after) < _public_worth(task, before) - _NOISE


def is_stagnation(task: Task, before: Standing, after: Standing) -> bool:
    """Say whether the code got neither better nor worse, by the same measure."""
    return abs(_public_worth(task, after) - _public_worth(task, before)) <= _NOISE


def _delta(before: Potential, after: Potential) -> RewardComponents:
    return RewardComponents(
        test_progress=after.tests - before.tests,
        runtime_progress=after.runtime - before.runtime,
        quality=after.quality - before.quality,
    )


def _level(task: Task, facts: StepFacts) -> RewardComponents:
    after = facts.after or Standing()
    solved = after.passed and not facts.invalid
    worse = facts.before is not None and is_regression(task, facts.before, after)
    return RewardComponents(
        error_removal=_error_removal(after),
        test_progress=_tests_weight(task) * _test_share(task.weights, after),
        runtime_progress=_runtime_weight(task) * after.runtime,
        quality=QUALITY * after.quality,
        completion=COMPLETION[facts.action_type] if solved else 0.0,
        regression_penalty=REGRESSION if worse else 0.0,
        stagnation_penalty=_stagnation(facts),
        invalid_action_penalty=INVALID_ACTION if facts.invalid else 0.0,
        timeout_penalty=TIMEOUT if after.timed_out else 0.0,
    )


def _stagnation(facts: StepFacts) -> float:
    if facts.action_type == "submit_solution" and not facts.invalid:
        return 0.0
    return STAGNATION_STEP * min(STAGNATION_STEPS, max(0, facts.stagnant_steps - FREE_LOOKS))


def _public_worth(task: Task, standing: Standing) -> float:
    return (
        _error_removal(standing)
        + _tests_weight(task) * standing.public
        + _runtime_weight(task) * standing.runtime
        + QUALITY * standing.quality
        + TIMEOUT * standing.timed_out
    )


def _error_removal(standing: Standing) -> float:
    return COMPILES * standing.compiles + LOADS * standing.loads


def _tests_weight(task: Task) -> float:
    return TESTS - _runtime_weight(task)


def _runtime_weight(task: Task) -> float:
    return RUNTIME if _is_timed(task) else 0.0


def _is_timed(task: Task) -> bool:
    return task.kind is TaskKind.OPTIMIZATION and bool(task.workload)


def _test_share(weights: Weights, standing: Standing) -> float:
    if standing.hidden is None:
        return standing.public
    whole = weights.public + weights.hidden
    if not whole:
        return (standing.public + standing.hidden) / 2
    return (weights.public * standing.public + weights.hidden * standing.hidden) / whole
