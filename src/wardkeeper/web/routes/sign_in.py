"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from wardkeeper.kernel.errors import NotSignedIn
from wardkeeper.usecases import sign_in as use_case
from wardkeeper.usecases.house import House
from wardkeeper.web.door import SESSION_COOKIE, needs_secure, session_token, set_cookie
from wardkeeper.web.forms import FORM_COOKIE, Answers, Faults
from wardkeeper.web.limits import SignInTries
from wardkeeper.web.ways import say_error

router = APIRouter()

EMPTY = {"login": "Enter your login.", "password": "Enter your password."}


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


AtHouse = Annotated[House, Depends(_house)]


@router.get("/healthz")
def show_health() -> Response:
    """Say that the server answers. It tells nothing else."""
    return Response("ok\n", media_type="text/plain")


@router.get("/sign-in")
def show_sign_in(request: Request, house: AtHouse, next: str = "/") -> Response:  # noqa: A002 - the query's own name
    """Show the sign-in page, with a token that its form must send back."""
    token = request.cookies.get(FORM_COOKIE) or house.clock.entropy(32).hex()
    response = _page(request, token=token, next_page=safe_next(next))
    set_cookie(response, request, FORM_COOKIE, token)
    return response


@router.post("/sign-in")
def sign_in(request: Request, house: AtHouse) -> Response:
    """Sign in, then go to the page that was asked for."""
    answers: Answers = request.state.answers
    faults = Faults()
    faults.require(answers, EMPTY)
    next_page = safe_next(answers.text("next"))
    if faults:
        return _page(request, next_page=next_page, faults=faults, login=answers.text("login"), status=422)
    try:
        token = open_session(request, house, answers)
    except NotSignedIn as error:
        faults.add("login", say_error(error))
        return _page(request, next_page=next_page, faults=faults, login=answers.text("login"), status=401)
    response = RedirectResponse(next_page, 303)
    set_cookie(response, request, SESSION_COOKIE, token)
    return response


def open_session(request: Request, house: House, answers: Answers) -> str:
    """Open a session and give its token. Raises NotSignedIn, or TooManyTries after too many failures."""
    tries: SignInTries = request.app.state.tries
    login, address, now = answers.text("login").lower(), client_address(request), house.clock.now()
    tries.check(login, address, now)
    # Counted before the password is looked at: many guesses sent at once must not all slip through.
    tries.add_failure(login, address, now)
    signed_in = use_case.sign_in(house, login, answers.text("password"))
    tries.forget(login)
    return signed_in.token


@router.post("/sign-out")
def sign_out(request: Request, house: AtHouse) -> Response:
    """End the session."""
    use_case.sign_out(house, session_token(request))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=needs_secure(request))
    return response


def safe_next(address: str) -> str:
    """Give the page to go to after signing in: one of ours, else the start page."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours and "\\" not in address else "/"


def client_address(request: Request) -> str:
    """Give the network address a request came from."""
    return request.client.host if request.client else "unknown"


def _page(request: Request, *, status: int = 200, **values: object) -> HTMLResponse:
    token = values.pop("token", None) or request.cookies.get(FORM_COOKIE, "")
    page: str = request.app.state.pages.render(request, "sign_in.html", form_token=token, **values)
    return HTMLResponse(page, status)
