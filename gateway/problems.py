"""Every refusal, in one list: what the caller asked for in vain and what to do instead.

A fault of our own machinery is in the list too where a caller has to be told of it; those say that
no step was consumed. HTTP answers them as `{"detail": ...}`, a socket as an error frame.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal, TypeAlias

from gateway.wire import ENV_NAME, FieldProblem

FrameCode: TypeAlias = Literal[
    "INVALID_JSON",
    "UNKNOWN_TYPE",
    "VALIDATION_ERROR",
    "EXECUTION_ERROR",
    "CAPACITY_REACHED",
    "FACTORY_ERROR",
    "SESSION_ERROR",
]

_MESSAGE_CHARS: Final = 4000


class Refusal(Exception):
    """A request that is answered with a refusal.

    Attributes:
        status: HTTP status.
        code: OpenEnv's code for the same refusal on a socket.
        message: What is wrong and what to do instead; safe to show. Where OpenEnv's own server
            has words for it on a socket, these are the words.
        advice: What to do instead, where `message` is only the words of OpenEnv's server.
        problems: One entry per wrong field; the HTTP detail is this list where there is one.
        extra: Further keys of the error frame.
        retry_after_s: When asking again makes sense, whole seconds; 0 where it never does.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: FrameCode = "EXECUTION_ERROR",
        advice: str = "",
        problems: Sequence[FieldProblem] = (),
        extra: dict[str, Any] | None = None,
        retry_after_s: int = 0,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code: FrameCode = code
        self.message = message
        self.advice = advice
        self.problems = tuple(problems)
        self.extra = extra or {}
        self.retry_after_s = retry_after_s


class StoreUnavailable(Refusal):
    """Sessions can not be reached; our machinery is to blame."""

    def __init__(self) -> None:
        super().__init__(
            "The server can not reach its sessions; no step was taken. Send the same request again",
            status=503,
            retry_after_s=1,
        )


class SessionTooLarge(Refusal):
    """A session has grown beyond what is kept."""

    def __init__(self, *, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(
            f"The episode has grown to {size_bytes} bytes, at most {limit_bytes} are kept; "
            "no step was taken. Send less code, or reset",
            status=413,
        )


def invalid_fields(problems: Sequence[FieldProblem]) -> Refusal:
    """Something decoded but is not what was asked for."""
    return Refusal("Invalid message", status=422, code="VALIDATION_ERROR", problems=problems)


def told(problems: Sequence[FieldProblem]) -> str:
    """Say in one line what is wrong with which field."""
    return "; ".join(
        f"{'.'.join(map(str, problem.loc)) or 'body'}: {problem.msg}" for problem in problems
    )


def invalid_field(loc: tuple[str | int, ...], *, kind: str, message: str, value: Any) -> Refusal:
    """One field holds something that can not be used."""
    return invalid_fields([FieldProblem(type=kind, loc=loc, msg=message, input=value)])


def undecodable_body() -> Refusal:
    """The body is not text in any encoding of JSON."""
    return Refusal("There was an error parsing the body", status=400, code="INVALID_JSON")


def invalid_json_frame(words: str) -> Refusal:
    """A frame is not JSON."""
    return Refusal(f"Invalid JSON: {words}", status=422, code="INVALID_JSON")


def unknown_frame_type(kind: object) -> Refusal:
    """A frame of no known type."""
    return Refusal(f"Unknown message type: {kind}", status=422, code="UNKNOWN_TYPE")


def frame_too_large(size_bytes: int, limit_bytes: int) -> Refusal:
    """A frame beyond the limit."""
    return Refusal(
        f"Invalid message: the frame has {size_bytes} bytes, at most {limit_bytes} are allowed",
        status=413,
        code="VALIDATION_ERROR",
        extra={"errors": []},
    )


def frame_is_no_object(type_name: str) -> Refusal:
    """A frame is JSON but no object; the socket is closed as OpenEnv's server does."""
    words = f"'{type_name}' object has no attribute 'get'"
    return Refusal(words, status=422, code="SESSION_ERROR")


def binary_frame() -> Refusal:
    """A frame is not text; the socket is closed as OpenEnv's server does."""
    return Refusal("'text'", status=422, code="SESSION_ERROR")


def internal_error(request_id: str) -> Refusal:
    """A bug; the log tells more under the id."""
    return Refusal(
        f"Internal error {request_id}; no step was taken and the session goes on", status=500
    )


def unknown_session(session_id: str) -> Refusal:
    """There is no such session, or it has expired."""
    return Refusal(
        f"Unknown session_id: {session_id[:64]}",
        advice="Sessions end when they are closed or idle; POST /reset without a session_id "
        "starts a new one",
        status=404,
        code="SESSION_ERROR",
    )


def session_attached(session_id: str) -> Refusal:
    """Another socket holds the session."""
    return Refusal(
        f"Session {session_id} already has an attached WebSocket",
        status=409,
        code="SESSION_ERROR",
    )


def at_capacity(active_sessions: int, max_sessions: int, *, retry_after_s: int) -> Refusal:
    """Every session slot is taken."""
    return Refusal(
        f"Server at capacity: {active_sessions}/{max_sessions} sessions active. "
        "Cannot accept new connections.",
        advice="Close sessions that are not needed, come back later, or raise MAX_CONCURRENT_ENVS",
        status=503,
        code="CAPACITY_REACHED",
        extra={"active_sessions": active_sessions, "max_sessions": max_sessions},
        retry_after_s=retry_after_s,
    )


def step_in_progress() -> Refusal:
    """Two steps of one session at once."""
    return Refusal(
        "Another step of this session is being graded; nothing was done. "
        "Wait for its answer, then send this step again",
        status=409,
        retry_after_s=1,
    )


def host_unreadable() -> Refusal:
    """A Host header that names no host."""
    return Refusal("The Host header names no host; send name or name:port", status=400)


def not_made(fault: StoreUnavailable) -> Refusal:
    """A socket's session could not be made; our machinery is to blame."""
    return Refusal(
        "The server can not reach its sessions; connect again",
        status=fault.status,
        code="FACTORY_ERROR",
        extra={"factory_name": ENV_NAME},
        retry_after_s=fault.retry_after_s,
    )


def step_unsure() -> Refusal:
    """The store did not say whether it kept a step; our machinery is to blame."""
    return Refusal(
        "The server can not reach its sessions and does not know whether this step was taken. "
        "Send the same request again: it acts once",
        status=503,
        retry_after_s=1,
    )


def step_overtaken() -> Refusal:
    """The session moved on while this step was graded."""
    return Refusal(
        "The session was reset or closed while this step was graded; its result was dropped",
        status=409,
    )


def not_started() -> Refusal:
    """A step before any reset."""
    return Refusal("Environment not initialized. Call reset() first.", status=409)


def episode_ended() -> Refusal:
    """A step after the last one."""
    return Refusal(
        "The episode is over; no step was taken. Call reset to start another one", status=409
    )


def unknown_task(message: str) -> Refusal:
    """No task is what the caller asked for; `message` lists what exists."""
    return Refusal(message[:_MESSAGE_CHARS], status=404)


def unknown_task_id(task_id: str, known: Iterable[str]) -> Refusal:
    """There is no task of this id."""
    return unknown_task(f"unknown task_id {task_id[:64]!r}; the tasks are {', '.join(known)}")


def unknown_environment(name: str) -> Refusal:
    """A path names an environment that is not this one."""
    return Refusal(f"unknown environment '{name[:64]}'", status=404)


def invalid_task_index() -> Refusal:
    """The Task API was asked for a task beyond the last."""
    return Refusal("Invalid task index", status=400)


def queue_full(retry_after_s: float) -> Refusal:
    """The bounded grading queue has no room; a socket that is told so stays open."""
    whole_s = max(1, math.ceil(retry_after_s))
    return Refusal(
        "All graders are busy and the queue is full; no step was taken. "
        f"Send the same request again in {whole_s} s",
        status=503,
        code="CAPACITY_REACHED",
        extra={"retry_after_s": whole_s},
        retry_after_s=whole_s,
    )


def grading_failed() -> Refusal:
    """Our machinery failed; the reason is in the log under the request's id."""
    return Refusal(
        "Grading failed on the server's side; no step was taken. Send the same request again",
        status=503,
        retry_after_s=1,
    )


def tests_broken(reason: str) -> Refusal:
    """The tests of an inline task could not be collected."""
    return invalid_field(
        ("body", "task"),
        kind="tests_broken",
        message=f"The tests could not be collected: {reason}",
        value=None,
    )
