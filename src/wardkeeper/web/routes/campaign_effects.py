"""What a campaign changed, and comparisons: two wordings or a start in steps, drawn by a named public-health lead."""

import polars as pl
from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.adapters.case_files import parse_case_table
from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.errors import BadInput, Refused, Where
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.comparisons import Unit, check_may_compare
from wardkeeper.messages.effect_tables import read_outcome
from wardkeeper.usecases import compare_campaigns, list_campaigns, measure_campaign
from wardkeeper.usecases.compare_campaigns import can_compare
from wardkeeper.usecases.measure_campaign import Measured
from wardkeeper.web import campaign_tables
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.effect_chart import effect_chart
from wardkeeper.web.forms import Answers, Faults
from wardkeeper.web.routes.campaigns import address_of
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.ways import say_error, say_error_in_table

router = APIRouter(prefix="/messages/campaigns")

OUTCOME = "outcome"

LONGEST_SEED = 18
"""Digits of a number to draw from."""

DRAWN_BY = {"wordings": Unit.AREA, "homes": Unit.HOUSEHOLD}
"""What chance decides by, for two wordings."""


@router.get("/{campaign}/effect")
def show_effect(desk: AtDesk, campaign: str) -> Response:
    """Ask for the figures that a campaign was to change."""
    return _effect_page(desk, campaign)


@router.post("/{campaign}/effect")
def measure(desk: AtDesk, campaign: str) -> Response:
    """Show what it changed, with its interval; or give that as a file."""
    faults = Faults()
    form = desk.answers.text("format")
    file = f"{campaign}-effect" if form in {"csv", "xlsx"} else ""
    try:
        outcome = read_outcome(_read_csv(desk.answers), desk.answers.file_name(OUTCOME))
        found = measure_campaign.measure(desk.house, desk.actor, campaign, outcome, file=file)
    except BadInput as error:
        faults.add(OUTCOME, say_error_in_table(error))
        return _effect_page(desk, campaign, faults=faults)
    if file:
        sheet = campaign_tables.effect(found.effect)
        return as_file(sheet.frame, form=form, name=f"{file}-{london_day(desk.house.clock.now())}")
    return _effect_page(desk, campaign, found=found)


@router.get("/{campaign}/compare")
def show_comparison(desk: AtDesk, campaign: str) -> Response:
    """Explain comparisons, and ask which, to a public-health lead."""
    return _compare_page(desk, campaign)


@router.post("/{campaign}/compare")
def compare(desk: AtDesk, campaign: str) -> Response:
    """Draw a comparison by area or by home. Safety messages are never compared."""
    answers = desk.answers
    faults = _comparison_faults(answers)
    if faults:
        return _compare_page(desk, campaign, faults=faults)
    days, seed = answers.text("days").split(), int(answers.text("seed"))
    try:
        if answers.text("design") in DRAWN_BY:
            unit = DRAWN_BY[answers.text("design")]
            other = answers.text("other")
            compare_campaigns.compare_wordings(desk.house, desk.actor, campaign, other, seed=seed, unit=unit)
        else:
            compare_campaigns.start_in_steps(desk.house, desk.actor, campaign, days, seed=seed)
    except BadInput as error:
        faults.add("design", say_error(error))
        return _compare_page(desk, campaign, faults=faults)
    return desk.go(f"{address_of(campaign)}#comparison")


def _read_csv(answers: Answers) -> pl.DataFrame:
    name = answers.file_name(OUTCOME)
    if not name.lower().endswith(".csv"):
        raise BadInput("No CSV file was chosen.", "Choose a file whose name ends in .csv.", Where(file=name or "file"))
    return parse_case_table(answers.file(OUTCOME), name)


def _effect_page(desk: Desk, campaign: str, *, found: Measured | None = None, faults: Faults | None = None) -> Response:
    view = list_campaigns.view_campaign(desk.house, desk.actor, campaign)
    return desk.show(
        "campaign_effect.html",
        status=BAD_FORM if faults else 200,
        campaign=view.campaign,
        title=campaign_tables.subject_of(view.campaign),
        effect=found.effect if found else None,
        sheet=campaign_tables.effect(found.effect) if found else None,
        chart=effect_chart(found.effect) if found else None,
        faults=faults,
    )


def _compare_page(desk: Desk, campaign: str, *, faults: Faults | None = None) -> Response:
    views = list_campaigns.list_campaigns(desk.house, desk.actor)
    found = list_campaigns.view_campaign(desk.house, desk.actor, campaign).campaign
    if not desk.actor.has(*OPERATIONS[Operation.APPROVE_CAMPAIGN].own):
        raise Refused(
            "Refused: a comparison is approved by a named public-health lead.", "Ask one of them.", Where(rule="role")
        )
    check_may_compare(found.draft.kind)
    others = [
        one.campaign
        for one in views
        if one.campaign.id != campaign
        and one.campaign.draft.areas == found.draft.areas
        and one.campaign.draft.kind is found.draft.kind
        and can_compare(desk.house, desk.actor, one.campaign)
    ]
    return desk.show(
        "campaign_compare.html",
        status=BAD_FORM if faults else 200,
        campaign=found,
        title=campaign_tables.subject_of(found),
        others=[(one.id, campaign_tables.subject_of(one)) for one in others],
        answers=desk.answers,
        faults=faults,
    )


def _comparison_faults(answers: Answers) -> Faults:
    faults = Faults()
    if answers.text("design") not in {*DRAWN_BY, "stepped"}:
        faults.add("design", "Choose what to compare.")
    if answers.text("design") in DRAWN_BY and not answers.text("other"):
        faults.add("other", "Choose the campaign with the other words.")
    if answers.text("design") == "stepped" and not answers.text("days"):
        faults.add("days", "Write two or more days, a line each, such as 2026-11-28.")
    if not answers.text("seed").isdecimal() or len(answers.text("seed")) > LONGEST_SEED:
        faults.add("seed", f"Give a whole number of at most {LONGEST_SEED} digits to draw from, such as 1.")
    if answers.text("approved") != "yes":
        faults.add("approved", "Tick the box to approve the comparison as a public-health lead.")
    return faults
