"""Which methods a path has: OpenEnv's server does not answer OPTIONS, and neither does this one."""

from typing import Final

from litestar.exceptions import MethodNotAllowedException
from litestar.types import ASGIApp, Receive, Scope, Send

OPTIONS: Final = "OPTIONS"
NOT_ALLOWED: Final = frozenset({OPTIONS, "websocket"})
"""What Litestar lists as methods of a path though no HTTP client can use them."""


def without_options(app: ASGIApp) -> ASGIApp:
    """Wrap an application so that OPTIONS, which Litestar adds to every path, is refused."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == OPTIONS:
            routes = scope["litestar_app"].routes
            served = [
                method
                for route in routes
                if route.path == scope["path_template"]
                for method in getattr(route, "methods", ())
            ]
            raise MethodNotAllowedException(headers={"allow": allowed(", ".join(sorted(served)))})
        await app(scope, receive, send)

    return middleware


def allowed(methods: str) -> str:
    """Return the value of an Allow header without what is not served."""
    return ", ".join(method for method in methods.split(", ") if method not in NOT_ALLOWED)
