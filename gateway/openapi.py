"""The OpenAPI document.

`info.version` is OpenEnv's "standard version", not this project's.
"""

from typing import Any, Final

from gateway.bodies import ProblemsBody
from gateway.operations import Operation, operations_in
from gateway.readiness import ReadyReport
from gateway.schema import components_of
from gateway.settings import Mode
from gateway.task_api import TaskSummary
from gateway.wire import ENV_NAME

STANDARD_VERSION: Final = "1.0.0"


def document(mode: Mode, *, description: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of a mode."""
    operations = operations_in(mode)
    kinds = {
        kind for operation in operations for kind in (operation.body, operation.answer) if kind
    }
    ordered = sorted(kinds | {ProblemsBody, TaskSummary}, key=lambda kind: kind.__name__)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OpenEnv Environment HTTP API",
            "version": STANDARD_VERSION,
            "description": description,
        },
        "paths": paths,
        "components": {"schemas": components_of(ordered)},
    }


def _described(operation: Operation) -> dict[str, Any]:
    name = operation.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
    described: dict[str, Any] = {
        "operationId": f"{operation.method}_{name}",
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": _responses(operation),
    }
    if parameters := _parameters(operation):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {
            "required": operation.body_required,
            "content": _content(operation.body),
        }
    return described


def _responses(operation: Operation) -> dict[str, Any]:
    content = _content(operation.answer, operation.media_type)
    responses: dict[str, Any] = {"200": {"description": operation.summary, "content": content}}
    for status in sorted(operation.refusals):
        kind = ReadyReport if operation.answer is ReadyReport else ProblemsBody
        responses[str(status)] = {"description": _REFUSED[status], "content": _content(kind)}
    return responses


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    named = [step[1:-1] for step in operation.path.split("/") if step.startswith("{")]
    text = {"type": "string"}
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {**text, "enum": [ENV_NAME]} if name == "env" else text,
        }
        for name in named
    ]
    if operation.session:
        parameters += [
            {"name": "session_id", "in": "query", "required": False, "schema": text},
            {"name": "X-Session-Id", "in": "header", "required": False, "schema": text},
        ]
    return parameters


def _content(kind: type[Any] | None, media_type: str = "application/json") -> dict[str, Any]:
    schema = {} if kind is None else {"$ref": f"#/components/schemas/{kind.__name__}"}
    return {media_type: {"schema": schema}}


_REFUSED: Final = {
    400: "The body is no text, or the index is beyond the last task",
    404: "No such task, session or environment; the message says what exists",
    409: "The session can not take this step now; the message says what to do",
    413: "The body is larger than MAX_BODY_BYTES allows",
    422: "The body is not what was asked for, field by field",
    503: "No room, or grading failed; no step was taken. Retry-After says when to ask again",
}
