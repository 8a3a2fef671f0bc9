"""A campaign's pages: what is put to the approver, the approval, sending, what became of it, its files and its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.errors import BadInput, NotFound
from wardkeeper.kernel.ids import Login
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import STATE_WORDS, Campaign, State, Step, Taken, can_close, can_follow
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.previews import Preview, preview
from wardkeeper.messages.wording import advise
from wardkeeper.usecases import (
    approve_campaign,
    campaign_files,
    close_campaign,
    decline_campaign,
    destroy_campaign,
    follow_campaign,
    list_campaigns,
    stop_campaign,
    submit_campaign,
)
from wardkeeper.usecases.alert_book import KeptAlert, load_alert
from wardkeeper.usecases.campaign_areas import drawn_comparison
from wardkeeper.usecases.compare_campaigns import can_compare, tell_parted
from wardkeeper.usecases.house import House
from wardkeeper.usecases.list_campaigns import CampaignView
from wardkeeper.usecases.name_people import name_people
from wardkeeper.web import campaign_tables, campaign_words
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.sheets import Sheet
from wardkeeper.web.ways import say_error

router = APIRouter(prefix="/messages/campaigns")

TABLES = frozenset({"outcomes", "messages", "lengths", "languages", "steps", "speakers", "statuses", "comparison"})
"""The tables that a campaign may have: what the activity record may say has left."""


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do with a campaign now. What they do is decided again."""

    submit: bool
    decide: bool
    send: bool
    settle: bool
    stop: bool
    close: bool
    destroy: bool
    compare: bool
    effect: bool
    is_author: bool


@router.get("/{campaign}")
def show_campaign(desk: AtDesk, campaign: str) -> Response:
    """Show a campaign: exactly what is approved, by whom, and what became of its messages."""
    return show_page(desk, campaign)


@router.get("/{campaign}/tables/{table}")
def export_table(desk: AtDesk, campaign: str, table: str, form: str = "csv") -> Response:
    """Give one of a campaign's tables as a file. It holds counts."""
    file = f"{campaign}-{table}" if table in TABLES else ""
    view = list_campaigns.view_campaign(desk.house, desk.actor, campaign, file=file)
    sheet = tables_of(desk.house, view).get(table)
    if sheet is None:
        raise NotFound("This campaign has no such table.", "Take one from the campaign's page.")
    return as_file(sheet.frame, form=form, name=f"{view.campaign.id}-{table}-{london_day(desk.house.clock.now())}")


@router.post("/{campaign}/submit")
def submit(desk: AtDesk, campaign: str) -> Response:
    """Put a draft before a public-health lead."""
    submit_campaign.submit(desk.house, desk.actor, campaign)
    return desk.go(address_of(campaign))


@router.post("/{campaign}/approve")
def approve(desk: AtDesk, campaign: str) -> Response:
    """Approve a campaign as it was shown, as a public-health lead who did not make it."""
    acknowledged, shown = desk.answers.many("acknowledged"), desk.answers.text("fingerprint")
    return _take(
        desk,
        campaign,
        "acknowledged",
        lambda: approve_campaign.approve(desk.house, desk.actor, campaign, acknowledged, shown=shown),
    )


@router.post("/{campaign}/decline")
def decline(desk: AtDesk, campaign: str) -> Response:
    """Decline a campaign, with a reason."""
    why = desk.answers.text("decline-reason")
    return _take(
        desk, campaign, "decline-reason", lambda: decline_campaign.decline(desk.house, desk.actor, campaign, why)
    )


@router.post("/{campaign}/stop")
def stop(desk: AtDesk, campaign: str) -> Response:
    """Stop a campaign, with a reason: nothing more of it is sent."""
    why = desk.answers.text("stop-reason")
    return _take(desk, campaign, "stop-reason", lambda: stop_campaign.stop(desk.house, desk.actor, campaign, why))


@router.post("/{campaign}/close")
def close(desk: AtDesk, campaign: str) -> Response:
    """Close a campaign, once it was confirmed: to whom it went can no longer be read."""
    faults = Faults()
    faults.require(desk.answers, {"confirm": "Tick that you have read what closing means."})
    if faults:
        close_campaign.look(desk.house, desk.actor, campaign)
        return show_page(desk, campaign, faults=faults)
    close_campaign.close(desk.house, desk.actor, campaign)
    return desk.go(address_of(campaign))


@router.post("/{campaign}/destroy")
def destroy(desk: AtDesk, campaign: str) -> Response:
    """Destroy to whom a closed campaign went, as a second person."""
    destroy_campaign.destroy(desk.house, desk.actor, campaign)
    return desk.go(address_of(campaign))


@router.post("/{campaign}/ask")
def ask(desk: AtDesk, campaign: str) -> Response:
    """Ask GOV.UK Notify what became of the messages."""
    return _take(desk, campaign, "ask", lambda: follow_campaign.ask(desk.house, desk.actor, campaign), "#statuses")


def address_of(campaign: str) -> str:
    """Give the address of a campaign's page."""
    return f"/messages/campaigns/{campaign}"


def show_page(desk: Desk, campaign: str, *, faults: Faults | None = None) -> Response:
    """Show a campaign's page, with what was wrong with an answer."""
    view = list_campaigns.view_campaign(desk.house, desk.actor, campaign)
    found, draft = view.campaign, view.campaign.draft
    wording = draft.wording_in_full()
    advice = [
        one
        for one in advise(wording, {draft.channels[0], *(one.channel for one in draft.total.messages)})
        if not one.must_acknowledge
    ]
    return desk.show(
        "campaign.html",
        status=BAD_FORM if faults else 200,
        view=view,
        campaign=found,
        draft=draft,
        state=campaign_words.STATES[found.state],
        state_words=STATE_WORDS[found.state],
        title=campaign_tables.subject_of(found),
        names=names_of(desk.house, found),
        areas=area_names(desk.house),
        previews=_one_a_language(preview(wording)),
        advice=advice,
        prices_from=date.fromisoformat(draft.total.prices_from),
        alert=alert_of(desk.house, found),
        tables=tables_of(desk.house, view),
        out=files_out_of(found),
        file_notes=campaign_files.note_files(desk.house, desk.actor, found) if may_of(desk, found).send else {},
        words=campaign_words,
        may=may_of(desk, found),
        comparison=drawn_comparison(desk.house, campaign),
        parted=tell_parted(desk.house, campaign),
        receipt=destroy_campaign.receipt_of_campaign(desk.house, found),
        faults=faults,
        answers=desk.answers,
    )


def tables_of(house: House, view: CampaignView) -> dict[str, Sheet]:
    """Give a campaign's tables by their name."""
    found, draft = view.campaign, view.campaign.draft
    drawn, areas = drawn_comparison(house, found.id), area_names(house)
    tables = {
        "outcomes": campaign_tables.outcomes(draft.total),
        "messages": campaign_tables.messages(draft.total.messages),
        "lengths": campaign_tables.previews(preview(draft.wording_in_full()), priced=False),
        "languages": campaign_tables.languages(draft.total.languages, draft.total.unknown_language),
        "steps": campaign_tables.steps(found, names_of(house, found)),
    }
    if draft.speakers:
        tables["speakers"] = campaign_tables.speakers(draft.speakers, areas)
    if view.totals:
        tables["statuses"] = campaign_tables.statuses(view.totals)
    if drawn is not None and drawn.allocation:
        tables["comparison"] = campaign_tables.comparison(drawn, areas)
    return tables


def names_of(house: House, campaign: Campaign) -> dict[Login, str]:
    """Give the names of those who had a hand in a campaign."""
    return name_people(house, (Login(campaign.draft.made_by), *(one.by for one in campaign.steps)))


def area_names(house: House) -> Mapping[str, str]:
    """Give the areas' names by their codes."""
    return dict(house.places().areas.frame.select("area", "name").iter_rows())


def files_out_of(campaign: Campaign) -> list[tuple[Taken, str]]:
    """Give the files that are out, each with what it is called on a screen."""
    return [(one, campaign_words.name_file(name)) for name, one in campaign.open_files.items()]


def alert_of(house: House, campaign: Campaign) -> KeptAlert | None:
    """Give the alert behind a campaign, if there is one."""
    return load_alert(house, campaign.draft.alert) if campaign.draft.alert else None


def may_of(desk: Desk, campaign: Campaign) -> May:
    """Tell what is worth offering to this person."""
    state = campaign.state
    is_author = desk.actor.login in campaign.authors
    decides, ends = _has(desk, Operation.APPROVE_CAMPAIGN), _has(desk, Operation.END_CAMPAIGN)
    return May(
        submit=_has(desk, Operation.SUBMIT_CAMPAIGN) and can_follow(state, Step.SUBMIT),
        decide=decides and can_follow(state, Step.APPROVE),
        send=_has(desk, Operation.SEND_MESSAGES) and (can_follow(state, Step.SEND) or state is State.SENDING),
        settle=_has(desk, Operation.SEND_MESSAGES) and bool(campaign.open_files),
        stop=ends and can_follow(state, Step.STOP),
        close=ends and can_close(campaign),
        destroy=_has(desk, Operation.DESTROY) and can_follow(state, Step.DESTROY),
        compare=decides and can_compare(desk.house, desk.actor, campaign),
        effect=campaign.begun is not None,
        is_author=is_author,
    )


def _has(desk: Desk, operation: Operation) -> bool:
    return desk.actor.has(*OPERATIONS[operation].own)


def _one_a_language(found: tuple[Preview, ...]) -> list[Preview]:
    """Give each language's words once: as a letter, which has the subject too."""
    return [one for one in found if one.channel is Channel.LETTER]


def _take(desk: Desk, campaign: str, field: str, step: Callable[[], object], part: str = "") -> Response:
    """Take a step; what is wrong with the answer is told beside its field."""
    try:
        step()
    except BadInput as error:
        faults = Faults()
        faults.add(field, say_error(error))
        return show_page(desk, campaign, faults=faults)
    return desk.go(f"{address_of(campaign)}{part}")
