"""Outbreaks: rates with their uncertainty for a chosen week, on a map and in a table."""

from datetime import date
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.usecases import view_outbreak
from wardkeeper.usecases.view_outbreak import OutbreakView
from wardkeeper.web.desk import AtDesk
from wardkeeper.web.maps import rate_map
from wardkeeper.web.paging import turn_to
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.wording import Tag

router = APIRouter(prefix="/outbreaks")

PER_PAGE = 100
MOST_ALARMS = 20
EXPORTED = ("code", "name", "population", "cases", "rate", "rate_low", "rate_high", "finding", "why")

ALARM_TAGS: dict[Alarm, Tag] = {
    Alarm.RAISED: ("Unusual rise", "govuk-tag--red"),
    Alarm.POSSIBLE: ("May be an unusual rise", "govuk-tag--yellow"),
    Alarm.NONE: ("Within the usual", "govuk-tag--grey"),
    Alarm.NOT_ASSESSED: ("Not assessed", "govuk-tag--grey"),
}
"""What a finding is called on a screen, and its colour."""


@router.get("")
def show_outbreak(desk: AtDesk, week: date | None = None, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """Show a week: by default the newest."""
    view = view_outbreak.view(desk.house, desk.actor, week)
    paper = turn_to(view.areas, page, size=PER_PAGE)
    raised = view.areas.filter(pl.col("alarm") == Alarm.RAISED)
    drawn = view.areas.filter(pl.col("code").is_in(list(view.outlines)))
    rates = [rate_of(row) for row in drawn.iter_rows(named=True)]
    return desk.show(
        "outbreaks.html",
        view=view,
        rows=[table_row(row) for row in paper.frame.iter_rows(named=True)],
        alarms=[table_row(row) for row in raised.head(MOST_ALARMS).iter_rows(named=True)],
        raised=raised.height,
        may_plan=desk.actor.has(*OPERATIONS[Operation.PLAN_MESSAGES].own),
        paper=paper,
        map=rate_map.draw(rates, view.outlines),
    )


@router.get("/export")
def export(desk: AtDesk, week: date | None = None, form: str = "csv") -> Response:
    """Give the week's table as a file, with withheld counts in words."""
    view = view_outbreak.view(desk.house, desk.actor, week)
    return as_file(exported(view), form=form, name=f"outbreak-week-{view.week}")


def exported(view: OutbreakView) -> pl.DataFrame:
    """Give the table as it leaves: the counts as shown, so that a withheld one never reads as a number."""
    rows = view.areas.to_dicts()
    return view.areas.with_columns(
        pl.Series("cases", [cases_words(row) for row in rows], dtype=pl.String),
        pl.Series("finding", [ALARM_TAGS[Alarm(row["alarm"])][0] for row in rows], dtype=pl.String),
    ).select(EXPORTED)


Row = dict[str, object]


def cases_words(row: Row) -> str:
    """Write a count: a number, a range where it is withheld, or that it was not reported."""
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return "not reported"
    return f"{low}" if low == high else f"{low} to {high}"


def rate_words(row: Row) -> str:
    """Write a rate with its interval; a withheld count has only the interval."""
    if row["rate_low"] is None or row["rate_high"] is None:
        return "not known"
    interval = f"{row['rate_low']:,.0f} to {row['rate_high']:,.0f}"
    return interval if row["rate"] is None else f"{row['rate']:,.0f} ({interval})"


def table_row(row: Row) -> Row:
    """Give a row of the table in words."""
    words, colour = ALARM_TAGS[Alarm(str(row["alarm"]))]
    return {**row, "cases": cases_words(row), "rate_words": rate_words(row), "finding": words, "colour": colour}


def rate_of(row: Row) -> rate_map.Rate:
    """Give what the map shows of one area."""
    rate = row["rate"]
    words = f"{cases_words(row)} cases, {rate_words(row)} per 100,000"
    return rate_map.Rate(
        code=str(row["code"]),
        name=str(row["name"]),
        rate=float(rate) if isinstance(rate, int | float) else None,
        suppressed=bool(row["suppressed"]),
        alarm=row["alarm"] == Alarm.RAISED,
        words=words,
    )
