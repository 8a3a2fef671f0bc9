"""Messages: the campaigns there are; choose areas, write the words, see the plan, save it as a campaign."""

from datetime import date

import polars as pl
from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.errors import BadInput, NotFound, Refused
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaigns import Format, Messenger
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.messengers import suggest
from wardkeeper.messages.plan import Outcome
from wardkeeper.messages.previews import preview
from wardkeeper.messages.prices import Postage
from wardkeeper.messages.scripts import ENGLISH, LANGUAGES
from wardkeeper.messages.translations import to_sheet
from wardkeeper.usecases import list_campaigns, plan_messages, save_campaign, view_outbreak
from wardkeeper.usecases.alert_book import KeptAlert, load_alert
from wardkeeper.usecases.name_people import name_people
from wardkeeper.usecases.plan_messages import CampaignRequest, Drafted
from wardkeeper.web import campaign_tables, campaign_words
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Answers, Faults
from wardkeeper.web.message_form import (
    carry,
    chosen_messengers,
    field_of,
    find_faults,
    read_request,
    read_wording,
    typed_translations,
)
from wardkeeper.web.paging import turn_to
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.sheets import Sheet
from wardkeeper.web.ways import say_error_in_table

router = APIRouter(prefix="/messages")

PER_PAGE = 50

ROW_NOUNS: dict[Channel, tuple[str, str]] = {
    Channel.TEXT: ("number", "numbers"),
    Channel.EMAIL: ("email address", "email addresses"),
    Channel.LETTER: ("letter", "letters"),
}
"""What one message goes to. It goes there once, however many people share it."""


@router.get("")
def show_messages(desk: AtDesk, page: int = 1) -> Response:
    """Show the campaigns with their standing, or the form when areas or an alert came with the address."""
    query = desk.request.query_params
    if query.get("alert") or query.getlist("area"):
        return show_form(desk)
    found = list_campaigns.list_campaigns(desk.house, desk.actor)
    names = name_people(desk.house, (Login(one.campaign.draft.made_by) for one in found))
    part = turn_to(campaign_tables.campaigns(found, names).frame, page, size=PER_PAGE)
    return desk.show(
        "messages.html",
        page=part,
        campaigns=found[max(0, part.first - 1) : part.last],
        names=names,
        states=campaign_words.STATES,
        subject_of=campaign_tables.subject_of,
        may_plan=_may_plan(desk),
    )


@router.get("/export")
def export_list(desk: AtDesk, form: str = "csv") -> Response:
    """Give the list of campaigns as a file. It holds counts."""
    found = list_campaigns.list_campaigns(desk.house, desk.actor, file="campaigns")
    names = name_people(desk.house, (Login(one.campaign.draft.made_by) for one in found))
    return as_file(campaign_tables.campaigns(found, names).frame, form=form, name=f"campaigns-{_today(desk)}")


@router.get("/plan")
def show_form(desk: AtDesk) -> Response:
    """Show the form, with the areas of an alert, or areas that rose, already chosen when they came with the address."""
    _check_may_plan(desk)
    query = desk.request.query_params
    alert, areas = query.get("alert", ""), query.getlist("area")
    if alert and not areas:
        areas = plan_messages.areas_of_alert(desk.house, alert)
    return _form(desk, Answers((("alert", alert), *(("area", area) for area in areas))))


@router.post("/change")
def change(desk: AtDesk) -> Response:
    """Show the form again with everything that was written, to change it."""
    return _form(desk, desk.answers)


@router.post("")
def show_plan(desk: AtDesk) -> Response:
    """Show who would be reached how, who would not and why. Nothing is sent."""
    faults = find_faults(desk.answers)
    if faults:
        return _form(desk, desk.answers, faults=faults)
    try:
        request = read_request(desk.answers)
        made = plan_messages.draft(desk.house, desk.actor, request)
    except BadInput as error:
        return _refuse(desk, error)
    return _plan_page(desk, made, request)


@router.post("/save")
def save(desk: AtDesk) -> Response:
    """Keep the plan as a campaign, to be submitted."""
    faults = find_faults(desk.answers)
    if faults:
        return _form(desk, desk.answers, faults=faults)
    try:
        made = plan_messages.draft(desk.house, desk.actor, read_request(desk.answers))
    except BadInput as error:
        return _refuse(desk, error)
    kept = save_campaign.save(desk.house, desk.actor, made.draft)
    return desk.go(f"/messages/campaigns/{kept.id}")


@router.post("/tables")
def export_table(desk: AtDesk) -> Response:
    """Give one of the plan's tables as a file. It holds counts."""
    request = read_request(desk.answers)
    made = plan_messages.draft(desk.house, desk.actor, request)
    name = desk.answers.text("table")
    sheet = _tables(made, request).get(name)
    if sheet is None:
        raise NotFound("There is no such table.", "Take one from the page of the plan.")
    return as_file(sheet.frame, form=desk.answers.text("format"), name=f"plan-{name}-{_today(desk)}")


@router.post("/translations")
def give_sheet(desk: AtDesk) -> Response:
    """Give the sheet that translators fill, with what is translated already."""
    answers = desk.answers
    _check_may_plan(desk)
    try:
        wording = read_wording(answers)
        named = [*answers.many("language"), *answers.text("other-languages").split(","), *wording.translations]
        sheet = to_sheet(wording, [name for name in named if name.strip()])
    except BadInput as error:
        return _refuse(desk, error)
    return as_file(sheet, form=answers.text("format"), name=f"translations-{_today(desk)}")


def _today(desk: Desk) -> date:
    return london_day(desk.house.clock.now())


def _may_plan(desk: Desk) -> bool:
    return desk.actor.has(*OPERATIONS[Operation.PLAN_MESSAGES].own)


def _check_may_plan(desk: Desk) -> None:
    if not _may_plan(desk):
        raise Refused(
            "Refused: messages are planned by communications and public health.",
            "Ask one of them, or look at the campaigns there are.",
        )


def _refuse(desk: Desk, error: BadInput) -> Response:
    """Show the form again with what was wrong, beside its field."""
    faults = Faults()
    faults.add(field_of(error), say_error_in_table(error))
    return _form(desk, desk.answers, faults=faults)


def _plan_page(desk: Desk, made: Drafted, request: CampaignRequest) -> Response:
    plan = made.plan
    rows = dict(plan.recipients["channel"].value_counts().iter_rows())
    tables = _tables(made, request)
    # Beside a withheld count of messages, the sum of a way would give it away.
    merged = {Outcome(way): rows.get(way.value, 0) for way in Channel if tables["messages"].exact}
    found = preview(request.wording, prices=request.prices, postage=request.postage)
    return desk.show(
        "message_plan.html",
        plan=plan,
        draft=made.draft,
        answers=desk.answers,
        carried=carry(desk.answers, request.wording),
        channel_words=campaign_words.CHANNELS[plan.channel],
        prices=request.prices.source,
        nouns=ROW_NOUNS,
        merged={outcome: count for outcome, count in merged.items() if plan.of(outcome).homes != count},
        population=_population(desk, request.areas),
        previews=[one for one in found if one.channel is Channel.LETTER],
        tables=tables,
        formats=made.formats,
        untranslated=[one for one in plan.languages.needed if one not in request.wording.translations],
        kinds=campaign_words.KINDS,
        alert=_alert(desk, request.alert),
    )


def _tables(made: Drafted, request: CampaignRequest) -> dict[str, Sheet]:
    """Give the plan's tables by their name."""
    found = preview(request.wording, prices=request.prices, postage=request.postage)
    needed = made.plan.languages.needed
    return {
        "outcomes": campaign_tables.outcomes(made.draft.total),
        "messages": campaign_tables.messages(made.draft.total.messages),
        "lengths": campaign_tables.previews(found),
        "languages": campaign_tables.languages_of(made.plan.languages),
        "forms": campaign_tables.formats(made.formats),
        "messengers": campaign_tables.suggestions(suggest(request.areas, needed)),
    }


def _population(desk: Desk, areas: list[str]) -> int | None:
    """Give how many people live in the chosen areas, going by the census; None when that is not known."""
    places = desk.house.places()
    small = plan_messages.small_areas(desk.house, areas)
    found = places.areas.frame.filter(pl.col("area").is_in(small))["population"]
    return int(found.sum()) if found.len() == len(small) and not found.null_count() else None


def _alert(desk: Desk, alert: str) -> KeptAlert | None:
    return load_alert(desk.house, alert) if alert else None


def _form(desk: Desk, answers: Answers, *, faults: Faults | None = None) -> Response:
    _check_may_plan(desk)
    week, risen, others = _areas(desk)
    chosen, alert = answers.many("area"), _alert(desk, answers.text("alert"))
    named = {str(area["code"]): area for area in (*risen, *others)}
    own = [named.get(code, _by_code(code)) for code in plan_messages.areas_here(desk.house, alert)] if alert else []
    risen, others = ([area for area in ones if area not in own] for ones in (risen, others))
    return desk.show(
        "message_form.html",
        status=BAD_FORM if faults else 200,
        own=own,
        larger=[_by_code(code) for code in chosen if code not in named and _by_code(code) not in own],
        week=week,
        risen=risen,
        # The chosen come first, so that nobody has to look for them in a long list.
        others=sorted(others, key=lambda area: area["code"] not in chosen),
        chosen=chosen,
        alert=alert,
        answers=answers,
        translations=typed_translations(answers),
        others_speak=chosen_messengers(answers),
        faults=faults,
        words=campaign_words,
        choices={"messenger": list(Messenger), "made": list(Format), "postage": list(Postage)},
        languages=sorted(LANGUAGES - {ENGLISH}),
        suggested=campaign_words.first_words(alert.alert.growth if alert and alert.open else None),
        carried=carry(answers),
    )


Choice = dict[str, object]


def _by_code(code: str) -> Choice:
    """Give a larger area as a choice: it has no name but its code."""
    return {"code": code, "name": code}


def _areas(desk: Desk) -> tuple[date | None, list[Choice], list[Choice]]:
    """Give the newest week, the areas with an unusual rise in it, and all other areas.

    Cases may be counted in larger areas than homes are known by, and elsewhere; only areas here can be chosen.
    """
    places = desk.house.places()
    names = places.areas.frame.select(code="area", name="name").sort("name").to_dicts()
    known = {*(area["code"] for area in names), *places.postcodes.frame["msoa"].unique()}
    try:
        week, raised = view_outbreak.find_rises(desk.house, desk.actor)
    except NotFound:
        return None, [], names
    risen = raised.filter(pl.col("code").is_in(list(known))).to_dicts()
    codes = {area["code"] for area in risen}
    return week, risen, [area for area in names if area["code"] not in codes]
