"""`wardkeeper outbreak replay`: what would we have been told each week."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.area_files import Given, read_area_files
from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.cli.days import read_day
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.alerting.alerts import Alert
from wardkeeper.outbreaks.alerting.finding import WeekAlerts
from wardkeeper.outbreaks.alerting.replaying import replay as replay_weeks
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.published import from_published

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
    most: Annotated[int, typer.Option("--most", help="The budget: alerts a week.")] = 15,
    as_json: JsonOption = False,
) -> None:
    """Tell what alerts would have been raised each week, each from the weeks up to it alone."""
    if most < 1:
        raise BadInput("A budget of no alerts tells nothing.", "Give --most as 1 or more.", Where(rule="most"))
    table = read_case_table(cases)
    files = read_area_files(cases, table, Given(areas, population, names))
    for line in files.used:
        words.print(f"Used {line}.", markup=False)
    today = london_day(SystemClock().now())
    counts = from_published(table, as_of=today, year=year, population=files.population)
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


def _show(week: WeekAlerts) -> None:
    answer_table(f"Week ending {week.end}", HEADINGS, (show_row(alert) for alert in week.alerts))
    for note in week.notes:
        words.print(note, markup=False)


def show_row(alert: Alert) -> tuple[object, ...]:
    """Give an alert as a row for a person."""
    where = ", ".join(alert.places[:NAMED]) + (" …" if len(alert.places) > NAMED else "")
    figures = (alert.observed, round(alert.expected), f"{alert.growth:.2f}", f"{alert.score:.1f}")
    return alert.rank, where, len(alert.areas), *figures, "new" if alert.new else f"since {alert.since}"
