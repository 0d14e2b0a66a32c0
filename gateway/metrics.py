"""What a gateway counts and times, for Prometheus.

Everything here is counted in this process and only grows, so that sums over processes and gateways
are right. What is a fact of the whole cluster is not counted but read when asked for, in
`exposition`. A label never holds what a caller wrote: its values are from lists of ours.
"""

from collections.abc import Mapping
from itertools import product
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

from gateway.episode import Episode, Turn
from gateway.wire import ActionType
from sandbox.outcome import Outcome, TimedOut
from tasks.task import Task, TaskKind
from worker.messages import Graded, GradeJob, GradeReport, Scope, Verdict, verdict_of

NAMESPACE: Final = "code_review"
SECONDS: Final = (
    *(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5),
    *(1.0, 2.5, 5.0, 10.0, 30.0, 60.0),
)
"""Upper bounds of the latency buckets, seconds; a grading may take 55."""
REWARDS: Final = (
    *(-0.5, -0.25, -0.1, 0.0, 0.01, 0.1, 0.2, 0.3, 0.4),
    *(0.5, 0.6, 0.7, 0.8, 0.9, 0.99),
)
"""Upper bounds of the reward buckets; 0.01 and 0.99 are the ends of `level`, `delta` may be < 0."""
PHASES: Final = ("queue", "sandbox", "judge", "gateway")
RESULTS: Final = ("success", "failure", "out_of_steps", "reset")
STATUSES: Final = ("ok", "invalid")
OUTCOMES: Final = (
    *("finished", "crashed", "exited_early", "timed_out_wall", "timed_out_cpu"),
    *("memory_exceeded", "output_exceeded", "protocol_violation"),
)


class Metrics:
    """The counters of one process.

    Args:
        tasks: The catalogue, for the kinds of its tasks.
    """

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        # A series more for each counter, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._tasks = tasks
        self.registry = CollectorRegistry()
        self._requests = self._counter(
            "http_requests", "Answers over HTTP.", "method", "route", "status"
        )
        self._request_s = self._seconds("http_request", "From request to answer.", "route")
        self._sockets = self._counter("sockets_opened", "Sockets accepted.", "socket")
        self._frames = self._counter(
            "socket_frames",
            "Frames answered; `answer` is ok or the error's code.",
            "type",
            "answer",
        )
        self._frame_s = self._seconds("socket_frame", "From a frame to its answer.", "type")
        self._sessions = self._counter("sessions_started", "Sessions made.")
        self._expired = self._counter("sessions_expired", "Sessions dropped for idleness.")
        self._begun = self._counter("episodes_started", "Episodes begun.", "kind")
        self._ended = self._counter(
            "episodes_ended", "Episodes that ended; the rest were left.", "kind", "result"
        )
        self._steps = self._counter("steps", "Steps taken.", "action", "status")
        self._reward = self._histogram("step_reward", "Rewards of steps.", "mode", buckets=REWARDS)
        self._grades = self._counter(
            "grades", "Gradings answered to this gateway.", "kind", "scope", "verdict"
        )
        self._outcomes = self._counter(
            "sandbox_outcomes", "What happened to submissions that were run.", "outcome"
        )
        self._phase_s = self._seconds("grading_phase", "Where the time of a grading went.", "phase")
        self._full = self._counter("queue_refusals", "Gradings refused as the queue was full.")
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Show what has not happened yet as 0: Prometheus sees no rise from nothing to 1."""
        for phase in PHASES:
            self._phase_s.labels(phase)
        for outcome in OUTCOMES:
            self._outcomes.labels(outcome)
        for action, status in product(get_args(ActionType), STATUSES):
            self._steps.labels(action, status)
        for kind in TaskKind:
            self._begun.labels(kind.value)
            for result in RESULTS:
                self._ended.labels(kind.value, result)
            for scope, verdict in product(get_args(Scope), get_args(Verdict)):
                self._grades.labels(kind.value, scope, verdict)

    def answered(self, *, method: str, route: str, status: int) -> None:
        """Count an answer over HTTP; method and route are from lists of ours."""
        self._requests.labels(method, route, status).inc()

    def took(self, route: str, took_s: float) -> None:
        """Time an answer over HTTP."""
        self._request_s.labels(route).observe(took_s)

    def socket_opened(self, path: str) -> None:
        """Count a socket."""
        self._sockets.labels(path).inc()

    def frame_answered(self, *, kind: str, answer: str, took_s: float) -> None:
        """Count a frame's answer: `ok` or the code of an error."""
        self._frames.labels(kind, answer).inc()
        self._frame_s.labels(kind).observe(took_s)

    def session_started(self) -> None:
        """Count a session."""
        self._sessions.inc()

    def sessions_expired(self, count: int) -> None:
        """Count sessions dropped for idleness."""
        self._expired.inc(count)

    def episode_started(self, episode: Episode, *, instead_of: Episode | None = None) -> None:
        """Count an episode's beginning, and that a reset ended the one before it."""
        self._begun.labels(self._kind(episode)).inc()
        if instead_of is not None and not instead_of.done:
            self._ended.labels(self._kind(instead_of), "reset").inc()

    def stepped(self, action: ActionType, episode: Episode, turn: Turn) -> None:
        """Count a step, its reward, and the end of its episode if it was the last."""
        self._steps.labels(action, turn.observation.last_action_status).inc()
        if turn.reward is not None:
            self._reward.labels(episode.reward_mode).observe(turn.reward)
        if episode.done:
            self._ended.labels(self._kind(episode), _result(episode)).inc()

    def graded(self, job: GradeJob, report: GradeReport, *, took_s: float | None) -> None:
        """Count a grading that took so long, as the gateway sees it; None for one of a batch."""
        task = job.inline_task or self._tasks[job.task_id or ""]
        self._grades.labels(task.kind.value, job.scope, verdict_of(report)).inc()
        if not isinstance(report, Graded):
            return
        if job.scope != "analysis":
            self._outcomes.labels(outcome_label(report.grade.outcome)).inc()
        phases = report.phases
        self._phase_s.labels("queue").observe(phases.queue_s)
        self._phase_s.labels("sandbox").observe(phases.sandbox_s)
        self._phase_s.labels("judge").observe(phases.judge_s)
        if took_s is not None:
            accounted_s = phases.queue_s + phases.sandbox_s + phases.judge_s
            self._phase_s.labels("gateway").observe(max(0.0, took_s - accounted_s))

    def queue_was_full(self) -> None:
        """Count a grading that was refused."""
        self._full.inc()

    def _kind(self, episode: Episode) -> str:
        return self._tasks[episode.task_id].kind.value

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, namespace=NAMESPACE, registry=self.registry)

    def _seconds(self, name: str, told: str, *labels: str) -> Histogram:
        return self._histogram(name, told, *labels, unit="seconds", buckets=SECONDS)

    def _histogram(
        self, name: str, told: str, *labels: str, buckets: tuple[float, ...], unit: str = ""
    ) -> Histogram:
        return Histogram(
            name,
            told,
            labels,
            namespace=NAMESPACE,
            unit=unit,
            buckets=buckets,
            registry=self.registry,
        )


def outcome_label(outcome: Outcome) -> str:
    """Return an outcome's name, and of which clock where it is a timeout."""
    name = str(type(outcome).__struct_config__.tag)
    return f"{name}_{outcome.clock}" if isinstance(outcome, TimedOut) else name


def _result(episode: Episode) -> str:
    if episode.success:
        return "success"
    return "failure" if episode.submitted else "out_of_steps"
