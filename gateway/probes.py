"""Probes for whoever runs the server: /livez and /readyz."""

from typing import Final

from litestar import get
from litestar.response.base import ASGIResponse

from gateway.context import HttpRequest, gateway_of
from gateway.replies import json_reply, raw_reply

ALIVE: Final = b'{"status":"alive"}'
READY_STATUS: Final = {True: 200, False: 503}


@get("/livez")
async def livez() -> ASGIResponse:
    """Say that the process answers."""
    return raw_reply(ALIVE)


@get("/readyz")
async def readyz(request: HttpRequest) -> ASGIResponse:
    """Say whether gradings can be done, how submissions are confined, and why not."""
    report = await gateway_of(request).readiness.report()
    return json_reply(report, status=READY_STATUS[report.ready])


ROUTES: Final = (livez, readyz)
