"""Errors as a browser sees them: one shape in JSON, one plain page otherwise, and the status from one table."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from wardkeeper.kernel.decisions import Decision
from wardkeeper.kernel.errors import HTTP_STATUSES, NotFound, NotSignedIn, Refused, UsageError, WardkeeperError

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
        return JSONResponse(error.to_dict(), number)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return RedirectResponse(sign_in_address(request), 303)
    title = TITLES.get(number, TITLES[500])
    page = request.app.state.pages.render(
        request, "problem.html", title=title, problem=error, decision=decision_of(error)
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
    app.add_exception_handler(Exception, _answer_fault)


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


def _answer_fault(request: Request, error: Exception) -> Response:
    # The type alone is logged: an unexpected error's text may quote a row.
    log.error("fault at %s: %s", request.scope.get("route", "unknown route"), type(error).__name__)
    return respond(request, Unexpected("Something went wrong.", "Try again. If it goes on, tell whoever runs it."), 500)
