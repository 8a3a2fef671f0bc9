"""Outbreaks: rates with their uncertainty for a chosen week, on a map and in a table."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import polars as pl
from fastapi import APIRouter, Query
from fastapi.responses import Response

from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.phrases import say_moment
from wardkeeper.kernel.spans import from_text, london_day
from wardkeeper.outbreaks.counts import ESTIMATES
from wardkeeper.outbreaks.course import Course, say_course
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.outbreaks.transmission import say_interval
from wardkeeper.usecases import view_outbreak
from wardkeeper.usecases.case_versions import Version, list_versions
from wardkeeper.usecases.view_outbreak import OutbreakView
from wardkeeper.web.course_table import course_frame, course_rows
from wardkeeper.web.desk import AtDesk, Desk
from wardkeeper.web.maps import rate_map
from wardkeeper.web.paging import turn_to
from wardkeeper.web.routes.incidents import as_file
from wardkeeper.web.week_chart import cases_in, draw_weeks, estimate_in
from wardkeeper.web.wording import Tag

router = APIRouter(prefix="/outbreaks")

PER_PAGE = 100
FIRST_ROWS = 5
"""How many areas are shown at once; the others of the page are folded away, for a phone shows one row as a card."""

MOST_ALARMS = 20
WEEKS_SHOWN = 26
RATES = ("rate", "rate_low", "rate_high")
ENDS = (pl.col("low").alias("cases_low"), pl.col("high").alias("cases_high"))
"""A count as it leaves."""

Row = dict[str, object]
Area = Annotated[str, Query(max_length=40)]

ALARM_TAGS: dict[Alarm, Tag] = {
    Alarm.RAISED: ("Unusual rise", "govuk-tag--red"),
    Alarm.POSSIBLE: ("May be an unusual rise", "govuk-tag--yellow"),
    Alarm.NONE: ("Within the usual", "govuk-tag--grey"),
    Alarm.NOT_ASSESSED: ("Not assessed", "govuk-tag--grey"),
}
"""What a finding is called on a screen, and its colour."""


@router.get("")
def show_outbreak(
    desk: AtDesk, week: date | None = None, area: Area = "", page: Annotated[int, Query(ge=1, le=10_000)] = 1
) -> Response:
    """Show a week: by default the newest that is complete, or whose late reports were estimated."""
    view = view_outbreak.view(desk.house, desk.actor, week, area=area)
    paper = turn_to(view.areas, page, size=PER_PAGE)
    raised = view.areas.filter(pl.col("alarm") == Alarm.RAISED)
    drawn = view.areas.filter(pl.col("code").is_in(list(view.outlines)))
    rates = [rate_of(row) for row in drawn.iter_rows(named=True)]
    return desk.show(
        "outbreaks.html",
        view=view,
        rows=[table_row(row) for row in paper.frame.iter_rows(named=True)],
        first=FIRST_ROWS,
        alarms=[table_row(row) for row in raised.head(MOST_ALARMS).iter_rows(named=True)],
        raised=raised.height,
        may_plan=desk.actor.has(*OPERATIONS[Operation.PLAN_MESSAGES].own),
        paper=paper,
        map=rate_map.draw(rates, view.outlines),
        may_follow=desk.actor.has(*OPERATIONS[Operation.VIEW_COINCIDENCES].own),
        **trend_of(view),
        versions=version_rows(view.versions),
        estimated="estimate" in view.areas.columns and view.areas["estimate"].count() > 0,
    )


def trend_of(view: OutbreakView) -> dict[str, Any]:
    """Give the chart of all areas together or of one, its table, how cases go in words, and the table of that."""
    if view.course is None:
        return {"chart": None, "weeks": [], "course": ""}
    weeks = view.course.weeks.tail(WEEKS_SHOWN).to_dicts()
    return {
        "chart": draw_weeks(weeks, added=view.course.added and view.place is None),
        "weeks": week_rows(weeks),
        "course": say_course(view.course.growth),
        "measures": course_rows(view.course),
        "assumed": say_interval(),
    }


def week_rows(weeks: list[Row]) -> list[Row]:
    """Give the rows of a course in words."""
    return [{**row, "cases": cases_in(row), "with_late": estimate_in(row)} for row in weeks]


def version_rows(versions: Iterable[Version]) -> list[Row]:
    """Give the loads in words: which, when, from whom, what it changed."""
    return [
        {
            "number": one.number,
            "at": say_moment(from_text(one.at)),
            "kind": one.kind,
            "source": one.source,
            "as_of": date.fromisoformat(one.as_of),
            "says": one.says,
            "in_force": one.in_force,
        }
        for one in versions
    ]


@router.get("/export")
def export(desk: AtDesk, week: date | None = None, form: str = "csv") -> Response:
    """Give the week's table as a file."""
    view = view_outbreak.view(desk.house, desk.actor, week, file="outbreak-week")
    return as_file(exported(view), form=form, name=f"outbreak-week-{view.week}")


@router.get("/trend/export")
def export_trend(desk: AtDesk, area: Area = "", form: str = "csv") -> Response:
    """Give the cases of all areas together, or of one, by week as a file."""
    view, course = _course(desk, area, "outbreak-weeks")
    return as_file(weeks_table(course.weeks), form=form, name=f"outbreak-weeks-{view.week}")


@router.get("/growth/export")
def export_growth(desk: AtDesk, area: Area = "", form: str = "csv") -> Response:
    """Give growth, doubling time and R of all areas together, or of one, as a file."""
    view, course = _course(desk, area, "outbreak-growth")
    return as_file(course_frame(course), form=form, name=f"outbreak-growth-{view.week}")


def _course(desk: Desk, area: str, file: str) -> tuple[OutbreakView, Course]:
    view = view_outbreak.view(desk.house, desk.actor, None, area=area, file=file)
    if view.course is None:
        raise NotFound("There are no weeks to add up.", "Load cases first.")
    return view, view.course


@router.get("/versions/export")
def export_versions(desk: AtDesk, form: str = "csv") -> Response:
    """Give the loads of cases and what each changed as a file."""
    loads = list_versions(desk.house, desk.actor, file="outbreak-loads").versions
    rows = [{**row, "says": " ".join(one.says)} for row, one in zip(version_rows(loads), loads, strict=True)]
    day = london_day(desk.house.clock.now())
    return as_file(pl.DataFrame(rows, schema=VERSION_COLUMNS), form=form, name=f"outbreak-loads-{day}")


VERSION_COLUMNS = {
    "number": pl.Int64,
    **dict.fromkeys(("at", "kind", "source"), pl.String),
    "as_of": pl.Date,
    "says": pl.String,
    "in_force": pl.Boolean,
}
"""The columns of the file of loads."""


def weeks_table(weeks: pl.DataFrame) -> pl.DataFrame:
    """Give cases by week as a table that leaves: numbers, each count by its ends, which differ where some are withheld."""
    return weeks.select(
        "week_end", *ENDS, pl.col(ESTIMATES).round(1), "incomplete", "areas", pl.col("hidden").alias("hidden_counts")
    )


def exported(view: OutbreakView) -> pl.DataFrame:
    """Give the table as it leaves: numbers, each count by its ends, which differ where it is withheld."""
    findings = {alarm.value: words for alarm, (words, _) in ALARM_TAGS.items()}
    return view.areas.select(
        *("code", "name", "population", *ENDS, pl.col(RATES).round(1)),
        *(pl.col("alarm").replace_strict(findings, return_dtype=pl.String).alias("finding"), "why"),
    )


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
    return {
        **row,
        "cases": cases_words(row),
        "rate_words": rate_words(row),
        "with_late": estimate_in(row),
        "finding": words,
        "colour": colour,
    }


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
