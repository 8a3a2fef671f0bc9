"""A desk: what a route works at. It holds the house, the person asking, and the ways to answer."""

from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from wardkeeper.kernel.ids import mint
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.house import House
from wardkeeper.web.forms import Answers

BAD_FORM = 422


class HasPages(Protocol):
    """The part of the application a desk needs."""

    def render(self, request: Request, template: str, **values: object) -> str:
        """Give a page as HTML."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One signed-in request. Made after the door has let it in."""

    house: House
    actor: Actor
    answers: Answers
    request: Request
    pages: HasPages

    def show(self, template: str, *, status: int = 200, **values: object) -> Response:
        """Answer with a page."""
        return HTMLResponse(self.pages.render(self.request, template, **values), status)

    def go(self, address: str) -> Response:
        """Answer a finished form with the page to look at next, so that a reload sends nothing again."""
        return RedirectResponse(address, 303)

    def mint_key(self) -> str:
        """Make an idempotency key for a form, so that a button pressed twice counts once."""
        return mint("key", self.house.clock.entropy(8))


def sit_down(request: Request) -> Desk:
    """Make the desk for a request that passed the door."""
    state = request.app.state
    answers = getattr(request.state, "answers", Answers())
    return Desk(state.house, request.state.signed_in.actor, answers, request, state.pages)


AtDesk = Annotated[Desk, Depends(sit_down)]


def attachment(content: bytes, *, file_name: str, media_type: str) -> Response:
    """Answer with a file to keep. Its name holds ids and dates only."""
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return Response(content, media_type=media_type, headers=headers)
