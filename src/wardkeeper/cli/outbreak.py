"""`wardkeeper outbreak`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.case_files import read_case_table, read_population
from wardkeeper.adapters.place_files import read_areas
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, sit_down, words
from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.published import from_published
from wardkeeper.usecases import load_cases, view_outbreak

app = typer.Typer(add_completion=False, help="Where infection rises, and how sure we are.")

MOST_SHOWN = 30


@app.command()
def load(
    cases: Annotated[Path, typer.Argument(help="Counts by area and week: CSV, CSV.gz or Parquet, as published.")],
    population: Annotated[Path | None, typer.Option("--population", help="Residents by area, CSV or CSV.gz.")] = None,
    boundaries: Annotated[Path | None, typer.Option("--boundaries", help="Areas as GeoJSON, for the map.")] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="The day the figures were published, as 2020-11-30.")] = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Load published counts of cases, in place of all loaded before.

    Suppressed counts stay intervals; they are never read as zero.
    """
    desk = sit_down(folder, login)
    counts = from_published(
        read_case_table(cases),
        as_of=_day(as_of) if as_of else london_day(desk.house.clock.now()),
        population=read_population(population) if population else None,
    )
    areas = read_areas(boundaries, None) if boundaries else None
    loaded = load_cases.load_cases(
        desk.house, desk.actor, counts, source=f"Published counts: {cases.name}", areas=areas
    )
    if as_json:
        answer_json({"areas": loaded.areas, "weeks": loaded.weeks, "rows": loaded.rows, "notes": loaded.notes})
        return
    words.print(f"Loaded {loaded.rows:,} counts: {loaded.areas:,} areas, {loaded.weeks:,} weeks.")
    words.print("This replaces the figures loaded before.")
    for note in loaded.notes:
        words.print(note, markup=False)


@app.command()
def rates(
    week: Annotated[str, typer.Option("--week", help="The week's last day; by default the newest complete one.")] = "",
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show rates with intervals and unusual rises for a week."""
    desk = sit_down(folder, login)
    shown = view_outbreak.view(desk.house, desk.actor, _day(week) if week else None)
    if as_json:
        answer_json(
            {"week": shown.week, "source": shown.source, "alarms": shown.alarms, "areas": shown.areas.to_dicts()}
        )
        return
    answer_table(
        f"Week ending {shown.week}: {shown.alarms} unusual rises (first {MOST_SHOWN} areas)",
        ("Area", "Cases", "Rate", "95% interval", "Rise"),
        (
            (row["name"], _cases(row), _number(row["rate"]), _interval(row), row["alarm"])
            for row in shown.areas.head(MOST_SHOWN).iter_rows(named=True)
        ),
    )
    for line in (shown.source, *shown.missing):
        words.print(line, markup=False)


def _cases(row: dict[str, object]) -> str:
    return f"{row['low']} to {row['high']} (hidden)" if row["suppressed"] else str(row["low"])


def _interval(row: dict[str, object]) -> str:
    return f"{_number(row['rate_low'])} to {_number(row['rate_high'])}"


def _number(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "–"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is not a day.", "Write it as 2020-11-28.") from None
