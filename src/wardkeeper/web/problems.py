"""Errors as a browser sees them: one shape in JSON, one plain page otherwise, and the status from one table."""

import logging
import traceback
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import HTTP_STATUSES, NotFound, NotSignedIn, Refused, UsageError, WardkeeperError
from wardkeeper.web.ways import WORDS, guide_of

log = logging.getLogger(__name__)


class TooManyTries(Refused):
    """Too many failed sign-ins; the answer does not say whether the login exists."""

    code = "too-many-tries"


STATUSES: dict[type[WardkeeperError], int] = {**HTTP_STATUSES, TooManyTries: 429}

TITLES: dict[int, str] = {
    400: "That did not work",
    401: "Sign in to see this page",
    403: "You cannot do this now",
    404: "There is no page here",
    405: "That did not work",
    409: "Something has changed",
    422: "There is a problem with what was sent",
    429: "Too many attempts",
    500: "Something is wrong on our side",
    502: "Another service did not answer",
    507: "It could not be saved",
}


class Unexpected(WardkeeperError):
    """A fault in Wardkeeper itself. What happened is in the server's own log, never on the page."""

    code = "fault"


def status_of(error: WardkeeperError) -> int:
    """Give the HTTP status of an error: its own, or that of the nearest class above it."""
    return next((STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES), 500)


def decision_of(error: WardkeeperError) -> Decision | None:
    """Give the decision behind a refusal, when there is one."""
    return error.decision if isinstance(error, Refused) else None


def wants_json(request: Request) -> bool:
    """Tell whether the caller asked for JSON rather than a page."""
    accept = request.headers.get("accept", "")
    return "application/json" in accept and "text/html" not in accept


def respond(request: Request, error: WardkeeperError, status: int | None = None) -> Response:
    """Answer an error in the form the caller reads. A page asked for without signing in leads to the sign-in page."""
    number = status or status_of(error)
    if wants_json(request) or "text/event-stream" in request.headers.get("accept", ""):
        return JSONResponse(error.to_dict(WORDS), number)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(sign_in_address(request), 303)
    title = TITLES.get(number, TITLES[500])
    page = request.app.state.pages.render(
        request,
        "problem.html",
        title=title,
        problem=error,
        decision=decision_of(error),
        guide=guide_of(error),
        # A rule's name is for those who read the code: its words are in the message.
        where=replace(error.where, rule=""),
        here=request.url.path,
    )
    return HTMLResponse(page, number)


def sign_in_address(request: Request) -> str:
    """Give the sign-in page's address, with the page to come back to. Paths here name no person."""
    path = request.url.path
    return "/sign-in" if path in ("/", "/sign-in") else f"/sign-in?next={path}"


async def send_error(error: WardkeeperError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer an error from a layer outside the routes."""
    await respond(Request(scope, receive), error)(scope, receive, send)


def add_error_handlers(app: FastAPI) -> None:
    """Make every error, ours or the framework's, take the one shape."""
    app.add_exception_handler(WardkeeperError, _answer_ours)
    app.add_exception_handler(HTTPException, _answer_framework)
    app.add_exception_handler(RequestValidationError, _answer_address)


def _answer_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, WardkeeperError)
    return respond(request, error)


def _answer_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        missing = NotFound("There is nothing at this address.", "Check the address, or go back to the incidents.")
        return respond(request, missing)
    wrong = UsageError("The page does not take that kind of request.", "Go back and use the page's own buttons.")
    return respond(request, wrong, error.status_code)


def _answer_address(request: Request, _error: Exception) -> Response:
    # The framework's own answer would repeat the value that was sent.
    wrong = UsageError("Part of the page's address is not understood.", "Go back and use the page's own links.")
    return respond(request, wrong)


class FaultBarrier:
    """Answers what nobody expected, so that it reaches neither a browser nor a log with what it may quote.

    A fault's text may hold a row. Only its type and the places in our own code are logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; answer a fault here, or cut the answer short when it had begun."""
        begun = False

        async def send_noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it must not be quoted
            log.error("%s at %s", type(error).__name__, places_of(error))  # noqa: TRY400 - not its text
            if not begun and scope["type"] == "http":
                await send_error(unexpected(), scope, receive, send)


def unexpected() -> Unexpected:
    """Make the error that says only that something went wrong."""
    return Unexpected("Something went wrong.", "Try again. If it goes on, tell whoever runs it.")


def places_of(error: BaseException) -> str:
    """Name the places in Wardkeeper's own code that a fault came through, the deepest last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames if "wardkeeper" in frame.filename]
    return " > ".join(ours)
