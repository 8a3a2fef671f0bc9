"""Closing an incident: two people answer five questions, then the data is destroyed or kept (rules G15, G18)."""

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.incidents.closing import QUESTIONS, ClosingAnswers
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.usecases import close_incident
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults

router = APIRouter(prefix="/incidents/{incident}/closing")

YES, NO = "yes", "no"


@router.get("")
def show_closing(desk: AtDesk, incident: str) -> Response:
    """Show who has confirmed, who is still needed, and the questions."""
    return _page(desk, incident)


@router.post("")
def confirm(desk: AtDesk, incident: str) -> Response:
    """Take one person's answers."""
    faults = Faults()
    for name in QUESTIONS:
        if desk.answers.text(name) not in (YES, NO):
            faults.add(name, f"Answer yes or no: {QUESTIONS[name].lower()}")
    if faults:
        return _page(desk, incident, faults=faults, status=BAD_FORM)
    answers = ClosingAnswers(**{name: desk.answers.text(name) == YES for name in QUESTIONS})
    close_incident.confirm(desk.house, desk.actor, IncidentId(incident), answers)
    return desk.go(f"/incidents/{incident}/closing")


def _page(desk: Desk, incident: str, *, faults: Faults | None = None, status: int = 200) -> Response:
    closing = close_incident.closing(desk.house, desk.actor, IncidentId(incident))
    return desk.show(
        "closing.html",
        status=status,
        closing=closing,
        heading=f"{closing.name} is closed" if closing.phase is Phase.CLOSED else f"Close {closing.name}",
        incident=incident,
        questions=QUESTIONS,
        answers=desk.answers,
        faults=faults,
        confirmed_already=desk.actor.login in closing.confirmed_by,
    )
