"""The door: nobody gets past it without signing in, to any address that is not named here.

It runs before routing, so a page added later is closed until somebody opens it on purpose.
"""

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from wardkeeper.kernel.errors import WardkeeperError
from wardkeeper.usecases import sign_in
from wardkeeper.usecases.house import House
from wardkeeper.usecases.sign_in import SignedIn
from wardkeeper.web.problems import send_error
from wardkeeper.web.security import STATIC_PREFIX

TOKEN_PATHS = frozenset({"/notify/callback"})
"""Addresses that check a token of their own, for callers that are no browsers: no session and no form's token."""

OPEN_PATHS = frozenset({"/sign-in", "/healthz"}) | TOKEN_PATHS
SESSION_COOKIE = "wardkeeper-session"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Door:
    """Finds who is asking from the session cookie, and turns away everybody else."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app = app
        self.house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through to the application, or answer it here."""
        if scope["type"] != "http" or is_open(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            found = await run_in_threadpool(find_session, self.house, Request(scope))
        except WardkeeperError as error:
            await send_error(error, scope, receive, send)
            return
        scope.setdefault("state", {})["signed_in"] = found
        await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Tell whether an address may be seen without signing in."""
    return path in OPEN_PATHS or path.startswith(STATIC_PREFIX)


def session_token(request: Request) -> str:
    """Read the session's token from its cookie; empty when there is none."""
    return request.cookies.get(SESSION_COOKIE, "")


def find_session(house: House, request: Request) -> SignedIn:
    """Find the signed-in person behind a request. Raises NotSignedIn."""
    return sign_in.resume(house, session_token(request))


def needs_secure(request: Request) -> bool:
    """Tell whether a cookie must be kept to HTTPS: always, save on this machine over plain HTTP."""
    return request.url.scheme == "https" or request.url.hostname not in LOOPBACK


def set_cookie(response: Response, request: Request, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read and other sites cannot send. It ends with the browser."""
    response.set_cookie(name, value, httponly=True, samesite="lax", secure=needs_secure(request), path="/")
