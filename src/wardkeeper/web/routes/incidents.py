"""Incidents: the start page, declaring one, looking at one, exporting its list and standing it down."""

from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from wardkeeper.adapters import exports
from wardkeeper.governance.operations import ENTITLED_TO_DECLARE, OPERATIONS, Operation
from wardkeeper.incidents.checks import CheckStatus
from wardkeeper.kernel.errors import BadInput, Refused
from wardkeeper.kernel.hazards import HAZARD_TITLES, Hazard
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor, Role
from wardkeeper.kernel.spans import london_day
from wardkeeper.needs.coverage import IN_NO_SOURCE
from wardkeeper.usecases import (
    declare_incident,
    export_list,
    follow_incident,
    list_campaigns,
    list_incidents,
    rulebook,
    stand_down,
    view_incident,
)
from wardkeeper.usecases.follow_incident import LiveEvent
from wardkeeper.usecases.view_incident import IncidentView
from wardkeeper.web import live
from wardkeeper.web.campaign_tables import subject_of
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk, attachment
from wardkeeper.web.door import find_session
from wardkeeper.web.filters import RING_CONTROL, count_hidden, read_filter
from wardkeeper.web.forms import Answers, Faults
from wardkeeper.web.lines import CONTROL_FIRST, CREW_PER_PAGE, PER_PAGE, STATUS_WORDS, from_frame
from wardkeeper.web.maps import incident_map
from wardkeeper.web.paging import turn_to
from wardkeeper.web.ways import say_error

router = APIRouter()

CREW = frozenset({Role.RESPONDER, Role.VOLUNTEER})

LONGEST_NAME = 40
"""Letters in a door's name, with room to spare."""

NEEDED = {
    "hazard": "Choose what kind of emergency it is.",
    "name": "Enter a name that everybody will know it by, such as “Mersey flood, Sale”.",
    "necessity": "Say why names are needed. It is kept with the decision.",
    "stage": "Say whether it is expected or happening now.",
}


@router.get("/")
def show_start(desk: AtDesk) -> Response:
    """Show the incidents and what this person may do."""
    incidents = list_incidents.list_incidents(desk.house, desk.actor)
    return desk.show(
        "start.html",
        incidents=incidents,
        due=list_campaigns.list_due(desk.house, desk.actor),
        subject_of=subject_of,
        titles=HAZARD_TITLES,
        **start_offers(desk.actor),
    )


def start_offers(actor: Actor) -> dict[str, bool]:
    """Say which links are useful to a person. What they lead to decides for itself."""
    return {
        "may_declare": actor.has(*ENTITLED_TO_DECLARE),
        "may_close": actor.has(*OPERATIONS[Operation.CLOSE].own),
        # What shows a closed incident's receipt asks for the right to the activity record.
        "may_see_receipt": actor.has(*OPERATIONS[Operation.VIEW_ACTIVITY].own),
    }


@router.get("/incidents/declare")
def show_declare(desk: AtDesk) -> Response:
    """Show the form that declares an incident, to those who may."""
    declare_incident.check_may_declare(desk.house, desk.actor)
    return _declare_page(desk)


@router.post("/incidents/declare")
def declare(desk: AtDesk) -> Response:
    """Declare an incident and open it."""
    answers, faults = desk.answers, Faults()
    faults.require(answers, NEEDED)
    outline = _outline_text(desk, answers, faults)
    if faults:
        return _declare_page(desk, faults=faults, status=BAD_FORM)
    try:
        incident = declare_incident.declare(desk.house, desk.actor, _declaration(answers, outline))
    except BadInput as error:
        faults.add("outline", say_error(error))
        return _declare_page(desk, faults=faults, status=BAD_FORM)
    return desk.go(f"/incidents/{incident}")


def _declaration(answers: Answers, outline: str) -> declare_incident.Declaration:
    return declare_incident.Declaration(
        name=answers.text("name"),
        hazard=Hazard(answers.text("hazard")),
        outline_text=outline,
        necessity=answers.text("necessity"),
        expected=answers.text("stage") == "expected",
    )


def _outline_text(desk: Desk, answers: Answers, faults: Faults) -> str:
    """Give the outline's text from the way that was chosen: a file, pasted text or an example."""
    if answers.text("hazard") and answers.text("hazard") not in set(Hazard):
        faults.add("hazard", NEEDED["hazard"])
    match answers.text("area"):
        case "file":
            return _decode(answers.file("outline-file"), faults)
        case "text":
            faults.require(answers, {"outline-text": "Paste the outline as GeoJSON."})
            return answers.text("outline-text")
        case "example":
            outlines = desk.house.places().outlines
            chosen = answers.text("outline-example")
            if chosen not in outlines:
                faults.add("outline-example", "Choose an outline.")
            return outlines.get(chosen, "")
        case _:
            faults.add("area", "Choose how to give the area.")
            return ""


def _decode(content: bytes, faults: Faults) -> str:
    if not content:
        faults.add("outline-file", "Choose a GeoJSON file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.add("outline-file", "The file is not text. Save the outline as GeoJSON and choose it again.")
        return ""


def _declare_page(desk: Desk, *, faults: Faults | None = None, status: int = 200) -> Response:
    hazards = sorted(rulebook.rulebook(desk.house.store).hazards)
    outlines = sorted(desk.house.places().outlines)
    return desk.show(
        "declare.html",
        status=status,
        faults=faults,
        answers=desk.answers,
        hazards=[{"value": hazard, "text": HAZARD_TITLES[hazard]} for hazard in hazards],
        example_items=[
            {"value": "", "text": "Choose an outline"},
            *({"value": name, "text": name} for name in outlines),
        ],
    )


@router.get("/incidents/{incident}")
def show_incident(
    desk: AtDesk,
    incident: str,
    status: str = "",
    door: Annotated[str, Query(max_length=LONGEST_NAME)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show an incident: to a crew its doors, to a planner the whole picture."""
    view = view_incident.view(desk.house, desk.actor, IncidentId(incident))
    chosen = read_filter(status, door)
    template, size = ("incident_crew.html", CREW_PER_PAGE) if is_crew(desk.actor) else ("incident.html", PER_PAGE)
    paper = turn_to(chosen.keep(view.lines), page, size=size)
    return desk.show(
        template,
        view=view,
        titles=HAZARD_TITLES,
        lines=from_frame(paper.frame),
        paper=paper,
        chosen=chosen,
        statuses=[(value, STATUS_WORDS[CheckStatus(value)], number) for value, number in view.counts.items()],
        ring_control=(RING_CONTROL, CONTROL_FIRST, count_hidden(view.lines)),
        longest_name=LONGEST_NAME,
        states=states_of(view.lines),
        map=_map(desk, view),
        in_no_source=IN_NO_SOURCE,
    )


def states_of(lines: pl.DataFrame) -> dict[str, str]:
    """Give the state of each check that is not to do: a live page needs it to keep its counts right."""
    return dict(lines.filter(pl.col("status") != CheckStatus.TO_DO.value).select("check_id", "status").iter_rows())


def is_crew(actor: Actor) -> bool:
    """Tell whether a person works at doors, and so gets the page made for a phone."""
    return not actor.roles.isdisjoint(CREW)


def _map(desk: Desk, view: IncidentView) -> incident_map.IncidentMap:
    areas = desk.house.places().areas
    outlines = areas.outlines()
    return incident_map.draw(view.outline, view.lines, [outlines[code] for code in areas.touching(view.outline)])


LONGEST_NUMBER = 18
"""Digits of an event's number that still fit 64 bits; a longer Last-Event-ID is not one of ours."""


@router.get("/incidents/{incident}/stream")
def follow(desk: AtDesk, incident: str, after: Annotated[int, Query(ge=0)] = 0) -> Response:
    """Send what changes, as it changes. A browser that was cut off says where it was by Last-Event-ID."""
    last = desk.request.headers.get("last-event-id", "")
    start = int(last) if last.isdecimal() and len(last) <= LONGEST_NUMBER else after

    def follow_again(number: int) -> list[LiveEvent]:
        # The session is looked up each time too: signing out, or a closed login, ends the stream.
        found = find_session(desk.house, desk.request)
        return follow_incident.follow(desk.house, found.actor, IncidentId(incident), number)

    changes: live.Changes = desk.request.app.state.changes
    organisations = rulebook.rulebook(desk.house.store).authority.organisations
    names = {slug: organisation.name for slug, organisation in organisations.items()}
    events = live.stream(follow_again, changes, after=start, names=names)
    return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/incidents/{incident}/export")
def export(desk: AtDesk, incident: str) -> Response:
    """Give the list as a file. It is a disclosure and is recorded as one."""
    frame = export_list.export(desk.house, desk.actor, IncidentId(incident))
    day = london_day(desk.house.clock.now())
    return as_file(frame, form=desk.answers.text("format"), name=f"list-{incident}-{day}")


def as_file(frame: pl.DataFrame, *, form: str, name: str) -> Response:
    """Answer with a frame as CSV or, when asked for, as an Excel workbook."""
    if form == "xlsx":
        return attachment(exports.to_xlsx(frame), file_name=f"{name}.xlsx", media_type=exports.XLSX)
    return attachment(exports.to_csv(frame), file_name=f"{name}.csv", media_type=exports.CSV)


@router.get("/incidents/{incident}/stand-down")
def show_stand_down(desk: AtDesk, incident: str) -> Response:
    """Ask before standing down, saying what will end."""
    return _stand_down_page(desk, incident)


@router.post("/incidents/{incident}/stand-down")
def end(desk: AtDesk, incident: str) -> Response:
    """Stand the incident down; access ends at once."""
    faults = Faults()
    faults.require(desk.answers, {"reason": "Say why the incident is over."})
    if not faults:
        try:
            stand_down.stand_down(desk.house, desk.actor, IncidentId(incident), desk.answers.text("reason"))
        except BadInput as error:
            faults.add("reason", say_error(error))
    if faults:
        return _stand_down_page(desk, incident, faults=faults, status=BAD_FORM)
    return desk.go(f"/incidents/{incident}/closing")


def _stand_down_page(desk: Desk, incident: str, *, status: int = 200, **values: Any) -> Response:
    view = view_incident.view(desk.house, desk.actor, IncidentId(incident))
    if "stand_down" not in view.may:
        raise Refused("Refused: you may not stand this incident down.", "Ask the emergency planner or a director.")
    return desk.show("stand_down.html", status=status, view=view, **values)
