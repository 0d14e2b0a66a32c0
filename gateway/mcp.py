"""The MCP-like JSON-RPC of OpenEnv: POST /mcp, WS /mcp and the socket's `mcp` frames.

It is not MCP's Streamable HTTP: HTTP always answers 200, and a notification is answered too.
`initialize` and `ping`, which OpenEnv's own server does not know, are answered as MCP would.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from gateway import problems
from gateway.context import Gateway
from gateway.incoming import StepRequest, action_of
from gateway.problems import Refusal
from gateway.validation import Rule, Shape, Wrong, checked, mapping, one_of, text
from gateway.wire import ENV_NAME, Envelope

PARSE_ERROR: Final = -32700
INVALID_REQUEST: Final = -32600
METHOD_NOT_FOUND: Final = -32601
INVALID_PARAMS: Final = -32602
INTERNAL_ERROR: Final = -32603
SERVER_ERROR: Final = -32000
MCP_VERSION: Final = "2025-06-18"
SERVER_VERSION: Final = "0.1.0"

_CODE: Final = {"type": "string", "description": "The complete new source."}
TOOLS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "analyze_code",
        "description": "Look at the current code: compile error, lint findings, complexity.",
        "inputSchema": {"type": "object", "properties": {}, "additionalProperties": False},
    },
    {
        "name": "edit_code",
        "description": "Replace the code and run the public tests at once.",
        "inputSchema": {
            "type": "object",
            "properties": {"code": _CODE},
            "required": ["code"],
            "additionalProperties": False,
        },
    },
    {
        "name": "run_tests",
        "description": "Run the public tests against the current code.",
        "inputSchema": {"type": "object", "properties": {}, "additionalProperties": False},
    },
    {
        "name": "submit_solution",
        "description": "Hand in the current code, or the code given. Ends the episode.",
        "inputSchema": {
            "type": "object",
            "properties": {"code": _CODE},
            "additionalProperties": False,
        },
    },
)
_TOOL_NAMES: Final = frozenset(tool["name"] for tool in TOOLS)


def _id(value: Any) -> Any:
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return Wrong("string_type", "Input should be a valid string or integer")


_REQUEST: Final = Shape(
    rules=(
        Rule(name="jsonrpc", check=one_of("2.0"), required=True),
        Rule(name="method", check=text(), required=True),
        Rule(name="params", check=mapping, default={}),
        Rule(name="id", check=_id, nullable=True),
    ),
    extra="forbid",
)


class RpcError(Exception):
    """A call that failed, as JSON-RPC says it."""

    def __init__(self, code: int, message: str, *, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.data = data


class Call(Struct, frozen=True, kw_only=True):
    """One call: its parameters, and the session of the socket it came by, if any."""

    params: Mapping[str, Any]
    socket_session_id: str | None


async def answer_rpc(
    gateway: Gateway, request: Any, *, session_id: str | None = None
) -> dict[str, Any]:
    """Answer one decoded JSON-RPC request.

    Args:
        gateway: The collaborators.
        request: Whatever was sent.
        session_id: Of the socket it came by; None over HTTP.
    """
    fields, wrong = checked(_REQUEST, request) if isinstance(request, dict) else ({}, None)
    if wrong is None:
        return failure(None, PARSE_ERROR, "Parse error")
    if wrong:
        return failure(None, INVALID_REQUEST, f"Invalid request: {problems.told(wrong)}")
    method = _METHODS.get(fields["method"])
    if method is None:
        return failure(fields["id"], METHOD_NOT_FOUND, f"Method not found: {fields['method']}")
    call = Call(params=fields["params"], socket_session_id=session_id)
    try:
        return {"jsonrpc": "2.0", "id": fields["id"], "result": await method(gateway, call)}
    except RpcError as error:
        return failure(fields["id"], error.code, error.message, data=error.data)
    except Refusal as refusal:
        return refused(fields["id"], refusal)


def failure(request_id: Any, code: int, message: str, *, data: Any = None) -> dict[str, Any]:
    """Return an error response."""
    error = {"code": code, "message": message, "data": data}
    return {"jsonrpc": "2.0", "id": request_id, "error": error}


def refused(request_id: Any, refusal: Refusal) -> dict[str, Any]:
    """Return the error response for a refusal."""
    if refusal.code == "CAPACITY_REACHED":
        return failure(request_id, SERVER_ERROR, refusal.message, data=refusal.extra)
    if refusal.code == "SESSION_ERROR":
        return failure(request_id, INVALID_PARAMS, refusal.message)
    words = problems.told(refusal.problems) or refusal.message
    return failure(request_id, INTERNAL_ERROR, words)


async def _initialize(_: Gateway, call: Call) -> dict[str, Any]:
    version = call.params.get("protocolVersion")
    return {
        "protocolVersion": version if isinstance(version, str) else MCP_VERSION,
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": ENV_NAME, "version": SERVER_VERSION},
    }


async def _ping(_gateway: Gateway, _call: Call) -> dict[str, Any]:
    return {}


async def _create_session(gateway: Gateway, call: Call) -> dict[str, Any]:
    session_id = call.socket_session_id or await gateway.sessions.open()
    return {"session_id": session_id}


async def _close_session(gateway: Gateway, call: Call) -> dict[str, Any]:
    session_id = call.params.get("session_id")
    if not isinstance(session_id, str) or not session_id:
        raise RpcError(INVALID_PARAMS, "Invalid params - 'session_id' is required")
    if not await gateway.sessions.close(session_id):
        return {"session_id": session_id, "closed": False, "closing": True}
    return {"session_id": session_id, "closed": True}


async def _list_tools(gateway: Gateway, call: Call) -> dict[str, Any]:
    if _named(call) is not None:
        await _session_of(gateway, call)
    return {"tools": TOOLS}


async def _call_tool(gateway: Gateway, call: Call) -> dict[str, Any]:
    name = call.params.get("name")
    if not name:
        raise RpcError(INVALID_PARAMS, "Missing 'name' in params")
    session_id = await _session_of(gateway, call)
    if not isinstance(name, str) or name not in _TOOL_NAMES:
        raise RpcError(INTERNAL_ERROR, f"Unknown tool: {name}; call tools/list")
    arguments = call.params.get("arguments") or {}
    if not isinstance(arguments, dict):
        raise RpcError(INTERNAL_ERROR, "arguments must be an object")
    wanted = StepRequest(action=action_of({**arguments, "action_type": name}))
    answer = await gateway.sessions.step(session_id, wanted, auto_start=True)
    turn = answer.turn
    data = msgspec.to_builtins(
        Envelope(observation=turn.observation, reward=turn.reward, done=turn.done)
    )
    words = turn.observation.last_action_error or _told(data["observation"])
    return {
        "content": [{"type": "text", "text": words, "annotations": None, "meta": None}],
        "structured_content": data,
        "meta": None,
        "data": data,
        "is_error": turn.observation.last_action_status == "invalid",
    }


def _told(observation: Mapping[str, Any]) -> str:
    parts = [observation["errors"], observation["test_results"]]
    return "\n".join(part for part in parts if part) or "Nothing to complain about."


async def _session_of(gateway: Gateway, call: Call) -> str:
    """Return the session a call is for: the one it names, the socket's, or the default one."""
    named = _named(call)
    if named is not None:
        await gateway.sessions.state(named)
        return named
    return call.socket_session_id or await gateway.sessions.default_session()


def _named(call: Call) -> str | None:
    session_id = call.params.get("session_id")
    if session_id is None:
        return None
    if not isinstance(session_id, str):
        raise RpcError(INVALID_PARAMS, "session_id must be a string")
    return session_id


_METHODS: Final[dict[str, Callable[[Gateway, Call], Awaitable[dict[str, Any]]]]] = {
    "initialize": _initialize,
    "ping": _ping,
    "tools/list": _list_tools,
    "tools/call": _call_tool,
    "openenv/session/create": _create_session,
    "openenv/session/close": _close_session,
}
