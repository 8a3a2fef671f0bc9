"""Checks: taking one and recording what was found at the door."""

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.incidents.checks import WORDING
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.kernel.ids import CheckId, IncidentId
from wardkeeper.usecases import record_check, reveal_door, view_incident
from wardkeeper.usecases.record_check import CheckReport
from wardkeeper.usecases.reveal_door import Door
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.lines import from_frame
from wardkeeper.web.routes.incidents import is_crew

router = APIRouter(prefix="/incidents/{incident}/checks/{check}")

MAX_NOTE = 500

HINTS: dict[CheckOutcome, str] = {
    CheckOutcome.NEEDS_HELP: "The check stays open until somebody helps.",
    CheckOutcome.REFUSED_CAPACITY_DOUBTED: "The check stays open. Tell Control now.",
    CheckOutcome.NO_REPLY: "The check stays open, to be tried again.",
    CheckOutcome.DIED: "Tell Control before you leave. No message will go to this home.",
}
"""What follows from an outcome, beside its radio button."""


@router.get("")
def show_check(desk: AtDesk, incident: str, check: str) -> Response:
    """Show one door and the form for what was found there."""
    return _page(desk, incident, check)


@router.post("/take")
def take(desk: AtDesk, incident: str, check: str) -> Response:
    """Take a check, so that no two crews knock at one door."""
    record_check.take(desk.house, desk.actor, IncidentId(incident), CheckId(check))
    return desk.go(f"/incidents/{incident}/checks/{check}")


@router.post("/done")
def record(desk: AtDesk, incident: str, check: str) -> Response:
    """Record what was found."""
    faults = _faults(desk)
    if faults:
        return _page(desk, incident, check, faults=faults, status=BAD_FORM)
    answers = desk.answers
    report = CheckReport(CheckOutcome(answers.text("outcome")), answers.text("note"), answers.text("key"))
    record_check.done(desk.house, desk.actor, IncidentId(incident), CheckId(check), report)
    # A crew goes on to its next door; a planner goes back to the row.
    return desk.go(f"/incidents/{incident}#line-{check}")


@router.post("/reveal")
def show_hidden_door(desk: AtDesk, incident: str, check: str) -> Response:
    """Show Control the address of one door, once, for a stated reason: on no other page is it ever shown."""
    faults = Faults()
    faults.require(desk.answers, {"reason": "Say why the address is needed now."})
    if faults:
        return _page(desk, incident, check, faults=faults, status=BAD_FORM)
    door = reveal_door.reveal(desk.house, desk.actor, IncidentId(incident), CheckId(check), desk.answers.text("reason"))
    return _page(desk, incident, check, door=door)


def _faults(desk: Desk) -> Faults:
    faults = Faults()
    if desk.answers.text("outcome") not in set(CheckOutcome):
        faults.add("outcome", "Choose what you found.")
    if len(desk.answers.text("note")) > MAX_NOTE:
        faults.add("note", f"The note must be {MAX_NOTE} characters or fewer.")
    faults.require(desk.answers, {"key": "Open the page again: the form was not complete."})
    return faults


def _page(
    desk: Desk, incident: str, check: str, *, faults: Faults | None = None, door: Door | None = None, status: int = 200
) -> Response:
    view = view_incident.line(desk.house, desk.actor, IncidentId(incident), CheckId(check))
    return desk.show(
        "check.html",
        status=status,
        view=view,
        line=from_frame(view.lines)[0],
        crew=is_crew(desk.actor),
        faults=faults,
        door=door,
        answers=desk.answers,
        max_note=MAX_NOTE,
        key=desk.answers.text("key") or desk.mint_key(),
        outcomes=[{"value": one.value, "text": WORDING[one], "hint": HINTS.get(one, "")} for one in CheckOutcome],
    )
