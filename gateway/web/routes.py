"""Routes for people and for scripts that know OpenEnv's web interface."""

from typing import Any, Final

from litestar import get, post
from litestar.response.base import ASGIResponse

from gateway import problems
from gateway.context import HttpRequest, gateway_of
from gateway.incoming import body_object, reset_request, step_request
from gateway.openenv import METADATA
from gateway.operations import operations_in
from gateway.replies import json_reply, page_reply, turn_reply
from gateway.web.page import docs_page, front_page

REDIRECT: Final = 307


@get(["/", "/web"], status_code=200)
async def front(request: HttpRequest) -> ASGIResponse:
    """Show the page at /web/; other spellings are sent there, so that its links hold."""
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    if not raw_path.partition(b"?")[0].endswith(b"/web/"):
        return ASGIResponse(status_code=REDIRECT, headers={"Location": "/web/"}, body=b"")
    gateway = gateway_of(request)
    try:
        url = str(request.base_url).rstrip("/")
    except ValueError as error:
        raise problems.host_unreadable() from error
    if request.headers.get("x-forwarded-proto") == "https":
        url = url.replace("http://", "https://", 1)
    return page_reply(front_page(gateway.tasks.values(), url=url))


@get(["/docs", "/redoc"])
async def docs(request: HttpRequest) -> ASGIResponse:
    """Show the API."""
    return page_reply(docs_page(operations_in(gateway_of(request).settings.openenv_mode)))


@get("/web/metadata")
async def web_metadata() -> ASGIResponse:
    """Say what the environment is."""
    return json_reply(METADATA)


@post("/web/reset", status_code=200)
async def web_reset(request: HttpRequest) -> ASGIResponse:
    """Begin an episode in the server's default session."""
    body = await _body(request, required=False)
    return turn_reply(await gateway_of(request).sessions.reset(reset_request(body)))


@post("/web/step", status_code=200)
async def web_step(request: HttpRequest) -> ASGIResponse:
    """Take one step in the server's default session."""
    wanted = step_request(await _body(request, required=True))
    sessions = gateway_of(request).sessions
    return turn_reply(
        await sessions.step(await sessions.default_session(), wanted, auto_start=True)
    )


@get("/web/state")
async def web_state(request: HttpRequest) -> ASGIResponse:
    """Say where the server's default session stands."""
    return json_reply(await gateway_of(request).sessions.default_state())


async def _body(request: HttpRequest, *, required: bool) -> dict[str, Any]:
    content_type = request.headers.get("content-type", "")
    return body_object(await request.body(), content_type=content_type, required=required)


ROUTES: Final = (front, docs, web_metadata, web_reset, web_step, web_state)
