"""OpenEnv messages as they are on the wire. Imports nothing first-party."""

from typing import Annotated, Any, Final, Literal, TypeAlias, get_args

from msgspec import UNSET, Meta, Struct, UnsetType

ENV_NAME: Final = "python_code_review_env"
SESSION_HEADER: Final = "X-Session-Id"

ActionType: TypeAlias = Literal["analyze_code", "edit_code", "run_tests", "submit_solution"]
ACTION_TYPES: Final[tuple[str, ...]] = get_args(ActionType)
RewardMode: TypeAlias = Literal["level", "delta"]
REWARD_MODES: Final[tuple[str, ...]] = get_args(RewardMode)
ActionStatus: TypeAlias = Literal["ready", "ok", "invalid"]


class PythonCodeReviewAction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One move of the agent.

    `code` is the complete new source: needed by `edit_code`, optional with `submit_solution`.
    """

    action_type: ActionType
    code: str | None = None
    metadata: dict[str, Any] = {}


class VisibleTest(Struct, frozen=True, kw_only=True):
    """How one public test stands. Texts are empty where there is nothing to say."""

    name: str
    status: Literal["not_run", "passed", "failed"]
    passed: bool
    message: str = ""
    call: str = ""
    expected: str = ""
    actual: str = ""
    output: str = ""
    outcome: str = ""
    """What cut the test short, in words; empty when it ran to its end."""


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """One step of the past."""

    step: int
    action_type: ActionType
    status: ActionStatus
    reward: float
    score: float


class SyntaxFault(Struct, frozen=True, kw_only=True):
    """Where compiling stopped; line and column count from 1."""

    message: str
    line: int
    column: int
    text: str


class LintFinding(Struct, frozen=True, kw_only=True):
    """One finding of the linter; line and column count from 1."""

    code: str
    line: int
    column: int
    message: str


class CodeAnalysis(Struct, frozen=True, kw_only=True):
    """What `analyze_code` says of the current code by reading it."""

    syntax_problem: SyntaxFault | None
    findings: tuple[LintFinding, ...]
    complexity: int
    loop_depth: int
    function_count: int
    line_count: int


class RewardComponents(Struct, frozen=True, kw_only=True):
    """What a step earned, part by part; the penalties are 0 or negative."""

    error_removal: float = 0.0
    test_progress: float = 0.0
    runtime_progress: float = 0.0
    quality: float = 0.0
    completion: float = 0.0
    regression_penalty: float = 0.0
    stagnation_penalty: float = 0.0
    invalid_action_penalty: float = 0.0
    timeout_penalty: float = 0.0


class RewardDetails(Struct, frozen=True, kw_only=True):
    """How a reward came about. `before_clamping` is the sum of the components."""

    mode: RewardMode
    components: RewardComponents
    before_clamping: float
    reward: float | None


class ObservationFields(Struct, frozen=True, kw_only=True):
    """What the agent sees. `score` lies in [0, 1]; hidden tests count once submit has run them."""

    task_id: str
    title: str
    difficulty: str
    task_kind: str
    task_description: str
    current_code: str
    errors: str
    """Compile, import and lint problems as text; empty when none is known."""
    test_results: str
    """The last test run of the current code as text; empty before there was one."""
    visible_tests: tuple[VisibleTest, ...]
    public_tests: str
    """Source of the public tests."""
    analysis: CodeAnalysis | None
    """Set by `analyze_code`."""
    history: tuple[HistoryEntry, ...]
    """The latest steps, oldest first."""
    attempts_remaining: int
    last_action_status: ActionStatus
    last_action_error: str | None
    score: float
    reward_details: RewardDetails
    submitted: bool
    success: bool
    """Submitted, every public and hidden test passed, and an optimization reached its bar."""
    metadata: dict[str, Any]


class PythonCodeReviewObservation(ObservationFields, frozen=True, kw_only=True):
    """An observation with what its envelope says beside it."""

    done: bool
    reward: bool | int | float | None


class PythonCodeReviewState(Struct, frozen=True, kw_only=True):
    """Where a session stands. Everything but `step_count` is null before the first reset."""

    episode_id: str | None = None
    step_count: Annotated[int, Meta(ge=0)] = 0
    task_id: str | None = None
    session_id: str | None = None
    max_steps: int | None = None
    done: bool = False
    submitted: bool = False
    success: bool = False
    score: float | None = None
    reward_mode: RewardMode | None = None


class Envelope(Struct, frozen=True, kw_only=True):
    """The answer to a reset or a step. HTTP always has `metadata`, a frame only when not empty."""

    observation: ObservationFields
    reward: float | None
    done: bool
    metadata: dict[str, Any] | UnsetType | None = UNSET


class ObservationFrame(Struct, frozen=True, kw_only=True, tag_field="type", tag="observation"):
    """A socket's answer to a reset or a step."""

    data: Envelope


class StateFrame(Struct, frozen=True, kw_only=True, tag_field="type", tag="state"):
    """A socket's answer to a state frame."""

    data: PythonCodeReviewState


class ErrorFrame(Struct, frozen=True, kw_only=True, tag_field="type", tag="error"):
    """A socket's refusal: `message`, `code` and what the code calls for."""

    data: dict[str, Any]


class RpcFrame(Struct, frozen=True, kw_only=True, tag_field="type", tag="mcp"):
    """A socket's answer to an MCP frame."""

    data: dict[str, Any]


class FieldProblem(Struct, frozen=True, kw_only=True):
    """One thing wrong with what was sent, shaped as pydantic 2 would."""

    type: str
    loc: tuple[str | int, ...]
    msg: str
    input: Any
    ctx: dict[str, Any] | UnsetType = UNSET
    url: str | UnsetType = UNSET


class Metadata(Struct, frozen=True, kw_only=True):
    """What the environment is."""

    name: str
    description: str
    readme_content: str | None = None
    version: str | None = None
    author: str | None = None
    documentation_url: str | None = None
