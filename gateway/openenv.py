"""OpenEnv over HTTP: /reset, /step, /state, /health, /metadata, /schema, /openapi.json.

OpenEnv's own server makes a new environment for every request. Here a session goes on: /reset
answers its id (`metadata.session_id`, header `X-Session-Id`), and later requests name it by header,
query parameter or body field. A request that names none means the server's default session, the one
of the latest reset without an id, so that plain curl plays an episode.
"""

from typing import Final

from litestar import get, post
from litestar.response.base import ASGIResponse
from msgspec.structs import replace

from gateway.context import HttpRequest, gateway_of
from gateway.incoming import body_object, reset_request, step_request
from gateway.replies import json_reply, raw_reply, turn_reply
from gateway.wire import ENV_NAME, SESSION_HEADER, Metadata

DESCRIPTION: Final = (
    "Repair broken or slow Python code: analyse it, edit it, run the public tests, submit. "
    "Hidden tests decide, in a sandbox."
)
VERSION: Final = "0.1.0"
HEALTHY: Final = b'{"status":"healthy"}'
METADATA: Final = Metadata(name=ENV_NAME, description=DESCRIPTION, version=VERSION)


@post("/reset", status_code=200)
async def reset(request: HttpRequest) -> ASGIResponse:
    """Begin an episode, in the session named or in a new one."""
    body = body_object(await request.body(), content_type=_content_type(request), required=False)
    wanted = reset_request(body)
    named = named_session(request, wanted.session_id)
    return turn_reply(await gateway_of(request).sessions.reset(replace(wanted, session_id=named)))


@post("/step", status_code=200)
async def step(request: HttpRequest) -> ASGIResponse:
    """Take one step in the session named, or in the default one."""
    body = body_object(await request.body(), content_type=_content_type(request), required=True)
    wanted = step_request(body)
    sessions = gateway_of(request).sessions
    named = named_session(request, wanted.session_id)
    if named is None:
        named = await sessions.default_session()
        return turn_reply(await sessions.step(named, wanted, auto_start=True))
    return turn_reply(await sessions.step(named, wanted))


@get("/state")
async def state(request: HttpRequest) -> ASGIResponse:
    """Say where the session named stands, or the default one."""
    sessions = gateway_of(request).sessions
    named = named_session(request, None)
    if named is None:
        return json_reply(await sessions.default_state())
    return json_reply(await sessions.state(named))


@get("/health")
async def health() -> ASGIResponse:
    """Say that the process answers."""
    return raw_reply(HEALTHY)


@get("/metadata")
async def metadata() -> ASGIResponse:
    """Say what the environment is."""
    return json_reply(METADATA)


@get("/schema")
async def schema(request: HttpRequest) -> ASGIResponse:
    """Answer the JSON Schemas of actions, observations and states."""
    return raw_reply(gateway_of(request).schema)


@get("/openapi.json")
async def openapi(request: HttpRequest) -> ASGIResponse:
    """Answer the OpenAPI document."""
    return raw_reply(gateway_of(request).openapi)


def named_session(request: HttpRequest, in_body: str | None) -> str | None:
    """Return the session a request names: by header, query parameter or body field."""
    return (
        request.headers.get(SESSION_HEADER) or request.query_params.get("session_id") or in_body
    ) or None


def _content_type(request: HttpRequest) -> str:
    return request.headers.get("content-type", "")


SIMULATION_ROUTES: Final = (reset, step, state)
ROUTES: Final = (health, metadata, schema, openapi)
