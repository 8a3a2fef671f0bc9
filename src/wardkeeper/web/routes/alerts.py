"""Alerts: the week's short list, one alert on its own page, and what a public-health lead says of it."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel import reasons
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound
from wardkeeper.outbreaks.changes import compare
from wardkeeper.usecases import accept_alert, list_campaigns, raise_alerts, view_alert, view_alerts
from wardkeeper.usecases.alert_book import KeptAlert, Standing
from wardkeeper.usecases.view_alert import AlertView
from wardkeeper.usecases.view_alerts import AlertBoard
from wardkeeper.web.campaign_tables import subject_of
from wardkeeper.web.campaign_words import STATES
from wardkeeper.web.desk import BAD_FORM, AtDesk, Desk
from wardkeeper.web.forms import Faults
from wardkeeper.web.maps import alert_map
from wardkeeper.web.maps.alert_map import Patch
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.routes.outbreaks import Row, cases_words, rate_words, week_rows, weeks_table
from wardkeeper.web.ways import say_error
from wardkeeper.web.week_chart import draw_weeks
from wardkeeper.web.wording import Tag

router = APIRouter(prefix="/outbreaks/alerts")

NAMED = 6
"""How many of an alert's areas are named in the list; all are on its own page."""

STANDING_TAGS: dict[Standing, Tag] = {
    Standing.WAITING: ("Waiting", "govuk-tag--red"),
    Standing.ACCEPTED: ("Accepted", "govuk-tag--green"),
    Standing.DECLINED: ("Declined", "govuk-tag--grey"),
    Standing.ENDED: ("Ended", "govuk-tag--grey"),
}
"""What a standing is called on a screen, and its colour."""

DECISIONS = {"accept": accept_alert.accept, "decline": accept_alert.decline}
"""The buttons of the verdict, and what they do."""


@router.get("")
def show_alerts(desk: AtDesk, week: str = "") -> Response:
    """Show the short list of a week, by default the newest that somebody looked in, and all other alerts."""
    return _list_page(desk, _day(week))


@router.post("")
def look(desk: AtDesk) -> Response:
    """Look for alerts in a week, and keep them. Nothing is sent."""
    week = _day(desk.answers.text("week"))
    faults = Faults()
    if week is None:
        faults.add("week", "Choose a week.")
        return _list_page(desk, None, faults=faults, status=BAD_FORM)
    try:
        raise_alerts.raise_alerts(desk.house, desk.actor, week)
    except (BadInput, Conflict, NotFound) as error:
        faults.add("week", say_error(error))
        return _list_page(desk, week, faults=faults, status=BAD_FORM)
    return desk.go(f"/outbreaks/alerts?week={week}")


@router.get("/export")
def export_alerts(desk: AtDesk, form: str = "csv") -> Response:
    """Give all alerts that are kept as a file."""
    board = view_alerts.view_alerts(desk.house, desk.actor, file="outbreak-alerts")
    return as_file(alerts_table(board), form=form, name=f"outbreak-alerts-{board.newest}")


@router.get("/{alert}")
def show_alert(desk: AtDesk, alert: str) -> Response:
    """Show one alert: its areas, its weeks, why, how sure, and what was said of it."""
    return _page(desk, alert)


@router.post("/{alert}")
def decide(desk: AtDesk, alert: str) -> Response:
    """Accept or decline an alert, with a reason, as a named public-health lead."""
    decision = DECISIONS.get(desk.answers.text("verdict"))
    faults = Faults()
    if decision is None:
        faults.add("reason", "Press Accept or Decline.")
        return _page(desk, alert, faults=faults, status=BAD_FORM)
    try:
        decision(desk.house, desk.actor, alert, desk.answers.text("reason"))
    except BadInput as error:
        faults.add("reason", say_error(error))
        return _page(desk, alert, faults=faults, status=BAD_FORM)
    return desk.go(f"/outbreaks/alerts/{alert}#decision")


@router.get("/{alert}/export")
def export_alert(desk: AtDesk, alert: str, table: str = "areas", form: str = "csv") -> Response:
    """Give an alert's areas, or its weeks, as a file."""
    chosen = "weeks" if table == "weeks" else "areas"
    view = view_alert.view_alert(desk.house, desk.actor, alert, file=f"outbreak-{alert}-{chosen}")
    frame = weeks_table(view.weeks) if chosen == "weeks" else areas_table(view)
    return as_file(frame, form=form, name=f"outbreak-{view.kept.id}-{chosen}")


def _list_page(desk: Desk, week: date | None, *, faults: Faults | None = None, status: int = 200) -> Response:
    board = view_alerts.view_alerts(desk.house, desk.actor, week)
    current = board.current
    return desk.show(
        "alerts.html",
        status=status,
        board=board,
        current=[card_of(one, board.names) for one in current],
        others=[card_of(one, board.names) for one in board.others],
        waiting=sum(one.standing is Standing.WAITING for one in board.alerts),
        map=alert_map.draw_alerts([patch_of(one) for one in current], board.outlines),
        may_look=_may(desk, Operation.RAISE_ALERTS),
        may_decide=_may(desk, Operation.DECIDE_ALERT),
        may_follow=_may(desk, Operation.VIEW_COINCIDENCES),
        faults=faults,
    )


def _page(desk: Desk, alert: str, *, faults: Faults | None = None, status: int = 200) -> Response:
    view = view_alert.view_alert(desk.house, desk.actor, alert)
    weeks = view.weeks.to_dicts()
    names = dict(view.areas.select("code", "name").iter_rows())
    return desk.show(
        "alert.html",
        status=status,
        view=view,
        one=card_of(view.kept, names),
        rows=[area_row(row) for row in view.areas.iter_rows(named=True)],
        weeks=week_rows(weeks),
        chart=draw_weeks(weeks, expected=weekly_expected(view.kept), since=view.kept.alert.start),
        map=alert_map.draw_alerts([patch_of(view.kept)], {**view.around, **view.outlines}, near=True),
        tags=STANDING_TAGS,
        may_decide=_may(desk, Operation.DECIDE_ALERT) and view.kept.standing is not Standing.ENDED,
        is_lead=_may(desk, Operation.DECIDE_ALERT),
        may_follow=_may(desk, Operation.VIEW_COINCIDENCES),
        may_plan=_may(desk, Operation.PLAN_MESSAGES),
        may_see_campaigns=_may(desk, Operation.VIEW_CAMPAIGNS),
        campaigns=campaigns_of(desk, alert),
        plan=plan_address(view.kept),
        answers=desk.answers,
        most_reason=reasons.LONGEST,
        faults=faults,
    )


def _may(desk: Desk, operation: Operation) -> bool:
    return desk.actor.has(*OPERATIONS[operation].own)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def campaigns_of(desk: Desk, alert: str) -> list[Row]:
    """Give the campaigns that rest on an alert, the newest first; none to somebody who may not see campaigns."""
    if not _may(desk, Operation.VIEW_CAMPAIGNS):
        return []
    own = [
        one.campaign
        for one in list_campaigns.list_campaigns(desk.house, desk.actor)
        if one.campaign.draft.alert == alert
    ]
    return [
        {"id": one.id, "title": subject_of(one), "state": STATES[one.state][0], "colour": STATES[one.state][1]}
        for one in own
    ]


def plan_address(kept: KeptAlert) -> str:
    """Give the address of the form for messages with the alert and its areas chosen."""
    return f"/messages?alert={quote(kept.id)}{''.join(f'&area={quote(code)}' for code in kept.areas)}"


def card_of(kept: KeptAlert, names: Mapping[str, str]) -> Row:
    """Give an alert as the list and its own page show it, in words."""
    alert = kept.alert
    words, colour = STANDING_TAGS[kept.standing]
    areas = [names.get(code, code) for code in alert.areas]
    return {
        "kept": kept,
        "alert": alert,
        "standing": words,
        "colour": colour,
        "title": title_of(areas),
        "areas": ", ".join(areas[:NAMED]) + (f" and {len(areas) - NAMED} more" if len(areas) > NAMED else ""),
        "elsewhere": not set(alert.places) <= set(areas),
        "observed": observed_words(kept),
        "told_before": not alert.told and kept.told_on < alert.end,
        "growth": compare(alert.change, "in the week before", when="in the newest week"),
    }


def title_of(areas: list[str]) -> str:
    """Name an alert by the area in its middle."""
    others = len(areas) - 1
    return f"{areas[0]} and {others} {'area' if others == 1 else 'areas'} around it" if others else areas[0]


def observed_words(kept: KeptAlert) -> str:
    """Write an alert's cases: about how many, and the range where some were withheld."""
    alert = kept.alert
    if alert.observed_low == alert.observed_high:
        return f"{alert.observed:,}"
    return f"about {alert.observed:,} ({alert.observed_low:,} to {alert.observed_high:,})"


def weekly_expected(kept: KeptAlert) -> float:
    """Give the cases a week that were expected over the alert's days."""
    days = (kept.alert.end - kept.alert.start).days + 1
    return kept.alert.expected * 7 / days


def patch_of(kept: KeptAlert) -> Patch:
    """Give what the map shows of an alert."""
    alert = kept.alert
    words = f"Alert {alert.rank}: {observed_words(kept)} cases, {alert.expected:,.0f} expected"
    return Patch(alert.areas, words, str(alert.rank), kept.standing is Standing.ACCEPTED)


def area_row(row: Row) -> Row:
    """Give a row of an alert's areas in words."""
    return {
        **row,
        "cases": cases_words(row),
        "week": cases_words({"low": row["week_low"], "high": row["week_high"]}),
        "before": cases_words({"low": row["before_low"], "high": row["before_high"]}),
        "rate_words": rate_words(row),
    }


def alerts_table(board: AlertBoard) -> pl.DataFrame:
    """Give all alerts as a table that leaves: a row each, the current ones first."""
    ordered = [*board.current, *board.others]
    rows = [
        {
            "alert": one.id,
            "week_end": one.alert.end,
            "rank": one.alert.rank,
            "standing": STANDING_TAGS[one.standing][0],
            "places": ", ".join(one.alert.places),
            "areas": ", ".join(board.names.get(code, code) for code in one.alert.areas),
            "codes": ", ".join(one.alert.areas),
            "from": one.alert.start,
            "cases": one.alert.observed,
            "cases_low": one.alert.observed_low,
            "cases_high": one.alert.observed_high,
            "expected": one.alert.expected,
            "more_a_week_at_least": one.alert.excess,
            "growth": one.alert.growth,
            "chance_of_growing_faster": one.alert.growing,
            "going_on_since": one.alert.since,
            "why": one.alert.why,
            "how_sure": one.alert.sure,
            "what_may_be_missing": " ".join(one.alert.missing),
            "decided_by": one.verdict.name if one.verdict else None,
            "reason": one.verdict.reason if one.verdict else None,
        }
        for one in ordered
    ]
    return pl.DataFrame(rows, schema=ALERT_COLUMNS)


ALERT_COLUMNS = {
    **dict.fromkeys(("alert",), pl.String),
    "week_end": pl.Date,
    "rank": pl.Int64,
    **dict.fromkeys(("standing", "places", "areas", "codes"), pl.String),
    "from": pl.Date,
    **dict.fromkeys(("cases", "cases_low", "cases_high"), pl.Int64),
    **dict.fromkeys(("expected", "more_a_week_at_least", "growth", "chance_of_growing_faster"), pl.Float64),
    "going_on_since": pl.Date,
    **dict.fromkeys(("why", "how_sure", "what_may_be_missing", "decided_by", "reason"), pl.String),
}
"""The columns of the file of alerts."""


def areas_table(view: AlertView) -> pl.DataFrame:
    """Give an alert's areas as a table that leaves: numbers, each count by its ends, which differ where it is withheld."""
    return view.areas.select(
        *("code", "name", "population", "rate", "rate_low", "rate_high"),
        *(pl.col(end).alias(f"cases_{end}") for end in ("low", "high")),
        *(pl.col(f"week_{end}").alias(f"newest_week_{end}") for end in ("low", "high")),
        *(pl.col(f"before_{end}").alias(f"week_before_{end}") for end in ("low", "high")),
    ).with_columns(pl.col("rate", "rate_low", "rate_high").round(1))
