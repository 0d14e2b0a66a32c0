import pytest

from agents.cast import Cast
from agents.model_policy import ModelPolicy
from agents.policies import NoopPolicy, NoReference, Policy, ReferencePolicy, Turn
from gateway.wire import ActionType, ObservationFields
from tests.unit.inference.observed import FIXED, observed
from tests.unit.inference.scripted_model import ScriptedModel


async def actions(
    policy: Policy, observation: ObservationFields, *, steps: int
) -> list[tuple[ActionType, str | None]]:
    """Play on a server that takes every code and judges nothing."""
    taken: list[tuple[ActionType, str | None]] = []
    last_action: ActionType | None = None
    while len(taken) < steps:
        turn = Turn(observation=observation, steps_left=steps - len(taken), last_action=last_action)
        action = (await policy.next_move(turn)).action
        taken.append((action.action_type, action.code))
        last_action = action.action_type
        if last_action == "submit_solution":
            break
        observation = observed(current_code=action.code or observation.current_code)
    return taken


async def test_the_reference_is_tested_applied_tested_and_handed_in() -> None:
    policy = ReferencePolicy(lambda: {"t": FIXED})

    assert await actions(policy, observed(), steps=10) == [
        ("run_tests", None),
        ("edit_code", FIXED),
        ("run_tests", None),
        ("submit_solution", None),
    ]


@pytest.mark.parametrize("steps", [1, 2, 3])
async def test_with_few_steps_the_reference_is_still_handed_in(steps: int) -> None:
    taken = await actions(ReferencePolicy(lambda: {"t": FIXED}), observed(), steps=steps)

    assert len(taken) == steps
    assert taken[-1][0] == "submit_solution"
    assert FIXED in [code for _, code in taken]


async def test_the_reference_takes_over_after_somebody_elses_edit() -> None:
    turn = Turn(observation=observed(current_code="x = 1"), steps_left=5, last_action="edit_code")

    move = await ReferencePolicy(lambda: {"t": FIXED}).next_move(turn)

    assert (move.action.action_type, move.action.code) == ("edit_code", FIXED)


async def test_a_task_the_local_catalogue_lacks_is_said() -> None:
    with pytest.raises(NoReference, match="no task 't'"):
        await actions(ReferencePolicy(dict), observed(), steps=4)


async def test_noop_hands_in_what_there_is() -> None:
    assert await actions(NoopPolicy(), observed(), steps=4) == [("submit_solution", None)]


@pytest.mark.parametrize(
    ("policy", "has_model", "name", "kind"),
    [
        ("llm", True, "m", ModelPolicy),
        ("llm", False, "reference", ReferencePolicy),
        ("reference", True, "reference", ReferencePolicy),
        ("noop", True, "noop", NoopPolicy),
    ],
)
def test_the_transcript_names_who_really_plays(
    policy: str, has_model: bool, name: str, kind: type
) -> None:
    cast = Cast(
        policy=policy,  # type: ignore[arg-type]  # pytest's parameters are text
        fallback="reference",
        model=ScriptedModel([]) if has_model else None,
        model_name="m",
        max_tokens=100,
        read_references=dict,
    )

    shown, lead = cast.lead()

    assert (shown, type(lead)) == (name, kind)
