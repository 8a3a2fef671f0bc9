"""To be found: people who are in one source and not in another."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.governance.operations import EMERGENCY_PHASES
from wardkeeper.governance.operations import Phase as GovernedPhase
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.usecases import find_missing, list_incidents, rulebook
from wardkeeper.usecases.find_missing import Question
from wardkeeper.web.desk import AtDesk, Desk
from wardkeeper.web.paging import turn_to
from wardkeeper.web.routes.incidents import as_file

router = APIRouter(prefix="/sources/missing")

PER_PAGE = 50
LONGEST_NAME = 80

Named = Annotated[str, Query(max_length=LONGEST_NAME)]


@router.get("")
def show_missing(
    desk: AtDesk,
    inside: Annotated[str, Query(alias="in", max_length=LONGEST_NAME)] = "",
    outside: Annotated[str, Query(alias="not-in", max_length=LONGEST_NAME)] = "",
    incident: Named = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show who is in one source and not in another; without an incident, how many."""
    if not (inside and outside):
        find_missing.check_may_compare(desk.house, desk.actor)
        return desk.show("missing.html", **_choices(desk))
    question = _question(inside, outside, incident)
    found = find_missing.find_missing(desk.house, desk.actor, question)
    paper = None if found.lines is None else turn_to(found.lines, page, size=PER_PAGE)
    return desk.show(
        "missing.html",
        found=found,
        paper=paper,
        people=[] if paper is None else paper.frame.to_dicts(),
        query=f"&in={inside}&not-in={outside}&incident={incident}",
        **_choices(desk),
    )


@router.post("/file")
def give_missing(desk: AtDesk) -> Response:
    """Give the people to be found as a file. It is written in the activity record as data taken out."""
    answers = desk.answers
    question = _question(answers.text("in"), answers.text("not-in"), answers.text("incident"))
    found = find_missing.export_missing(desk.house, desk.actor, question)
    assert found.lines is not None
    name = f"in-{question.inside}-not-in-{question.outside}"
    return as_file(found.lines, form=answers.text("format"), name=name)


def _question(inside: str, outside: str, incident: str) -> Question:
    return Question(inside, outside, IncidentId(incident) if incident else None)


def _choices(desk: Desk) -> dict[str, Any]:
    """Give what can be chosen: sources by title, and the incidents under way."""
    contracts = rulebook.rulebook(desk.house.store).contracts
    incidents = list_incidents.list_incidents(desk.house, desk.actor)
    return {
        "titles": dict(sorted(((name, one.title) for name, one in contracts.items()), key=lambda item: item[1])),
        "incidents": {one.id: one.name for one in incidents if GovernedPhase(one.phase) in EMERGENCY_PHASES},
    }
