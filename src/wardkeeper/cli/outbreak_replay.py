"""`wardkeeper outbreak replay`: what would we have been told each week."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.area_files import Given, read_area_files
from wardkeeper.adapters.case_files import read_received
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.cli.days import read_day
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import BadInput, Where, naming
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.alerting.finding import WeekAlerts
from wardkeeper.outbreaks.alerting.replaying import replay as replay_weeks
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.cells import parse_hidden
from wardkeeper.outbreaks.counts import say_odd
from wardkeeper.outbreaks.published import from_published, name_columns
from wardkeeper.outbreaks.roles import Role, is_line_list, parse_map

HEADINGS = ("", "Where", "Areas", "Cases", "Expected", "Growth", "Score", "New")
NAMED = 3


def replay(
    cases: Annotated[Path, typer.Option("--cases", help="Counts by area and week: CSV, CSV.gz or Parquet.")],
    first: Annotated[str, typer.Option("--from", help="The first week's last day, as 2020-05-02.")],
    last: Annotated[str, typer.Option("--to", help="The last week's last day.")],
    areas: Annotated[
        Path | None, typer.Option("--areas", help="Where areas are: area, x, y; by default found beside the cases.")
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option("--population", help="Residents: area, population; by default found beside the cases."),
    ] = None,
    names: Annotated[
        Path | None, typer.Option("--names", help="Names: area, name, place; by default found beside the cases.")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="The year of columns such as wk_10.")] = None,
    hidden: Annotated[str, typer.Option("--hidden", help="What a blank, * or -99 stands for; by default 0-2.")] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a column is: “Positives=cases”. May be repeated."),
    ] = None,
    most: Annotated[int, typer.Option("--most", help="The budget: alerts a week.")] = 15,
    as_json: JsonOption = False,
) -> None:
    """Tell what alerts would have been raised each week, each from the weeks up to it alone."""
    if most < 1:
        raise BadInput("A budget of no alerts tells nothing.", "Give --most as 1 or more.", Where(rule="most"))
    received = read_received(cases)
    roles = parse_map(mapping or [])
    _refuse_list(received.frame.columns, roles, cases.name)
    with naming(cases.name):
        table, unused = name_columns(received.frame, roles)
    files = read_area_files(cases, table, Given(areas, population, names))
    for line in files.used:
        words.print(f"Used {line}.", markup=False)
    today = london_day(SystemClock().now())
    span = parse_hidden(hidden) if hidden else None
    with naming(cases.name):
        read = from_published(table, as_of=today, hidden=span, year=year, population=files.population)
    counts = replace(read, notes=(*received.said, *unused, *read.notes, *say_odd(read)))
    told = replay_weeks(
        counts, files.areas, read_day(first, "--from"), read_day(last, "--to"), AlertSettings(most=most)
    )
    if as_json:
        weeks = [
            {"end": one.end, "alerts": [asdict(alert) for alert in one.alerts], "notes": one.notes}
            for one in told.weeks
        ]
        answer_json({"weeks": weeks, "notes": told.notes, "used": files.used})
        return
    for one in told.weeks:
        _show(one)
    for note in told.notes:
        words.print(note, markup=False)


def _refuse_list(columns: Sequence[str], roles: Mapping[str, Role], file: str) -> None:
    """Refuse a row for each case: where people live is looked up in an authority's own tables, that this has none of."""
    if is_line_list(columns, roles):
        raise BadInput(
            "This is a line list, a row for each case, and a replay takes counts by area and week.",
            "Count its cases by area code and week (area, week_end, cases) and give that file; or load the list in an "
            "authority's folder, wardkeeper outbreak load, and look at any week: wardkeeper outbreak alerts --week DAY.",
            Where(file=file, rule="counts"),
        )


def _show(week: WeekAlerts) -> None:
    answer_table(f"Week ending {week.end}", HEADINGS, (show_row(alert) for alert in week.alerts))
    for note in week.notes:
        words.print(note, markup=False)


def show_row(alert: Alert) -> tuple[object, ...]:
    """Give an alert as a row for a person."""
    where = ", ".join(alert.places[:NAMED]) + (" …" if len(alert.places) > NAMED else "")
    figures = (alert.observed, round(alert.expected), f"{alert.growth:.2f}", f"{alert.score:.1f}")
    return alert.rank, where, len(alert.areas), *figures, "new" if alert.new else f"since {alert.since}"
