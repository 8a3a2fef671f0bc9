"""`wardkeeper outbreak rates`: of the house's own counts for a week, or smoothed from a person's own files."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.adapters.place_files import read_areas
from wardkeeper.cli.days import read_day
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.outbreaks.area_tables import Received, join_tables
from wardkeeper.outbreaks.smoothing import SmoothedRates, Smoothing, smooth_rates
from wardkeeper.usecases import view_outbreak

MOST_SHOWN = 30


def rates(
    week: Annotated[str, typer.Option("--week", help="The week's last day; by default the newest complete one.")] = "",
    cases: Annotated[Path | None, typer.Option("--cases", help="Your own file of cases by area.")] = None,
    population: Annotated[Path | None, typer.Option("--population", help="With --cases: people by area.")] = None,
    areas: Annotated[Path | None, typer.Option("--areas", help="The areas; by default those that have people.")] = None,
    adjacency: Annotated[
        Path | None,
        typer.Option(
            "--adjacency",
            help="Neighbours: pairs (area, neighbour), a square table of 0 and 1, or outlines (.geojson).",
        ),
    ] = None,
    method: Annotated[
        Smoothing | None,
        typer.Option("--method", help="How rates are smoothed; by default bym2, or marshall without neighbours."),
    ] = None,
    above: Annotated[float | None, typer.Option("--above", help="A rate per 100,000: how likely is more?")] = None,
    protect: Annotated[
        int | None, typer.Option("--protect", help="For publishing: hide counts below this, before smoothing.")
    ] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show rates with intervals: of the counts loaded, for a week, or smoothed from your own files.

    With --cases and --population nothing of the house is read. Hidden counts are intervals. With --protect every figure
    is made from what may be published, so that no rate or total gives a small count away.
    """
    if week and cases is not None:
        raise UsageError("--week is for the counts loaded, and --cases is your own file.", "Leave one of them out.")
    if cases is not None and population is not None:
        _answer_smoothed(
            _smooth(cases, population, areas, adjacency, method, above=above, protect=protect), as_json=as_json
        )
        return
    if any(one is not None for one in (cases, population, areas, adjacency, method, above, protect)):
        raise UsageError("Smoothing needs cases and people.", "Give --cases and --population, both by area.")
    _answer_week(week, folder, login, as_json=as_json)


def _smooth(
    cases: Path,
    population: Path,
    areas: Path | None,
    adjacency: Path | None,
    method: Smoothing | None,
    *,
    above: float | None,
    protect: int | None,
) -> SmoothedRates:
    tables = join_tables(
        _received(cases),
        _received(population),
        _received(areas) if areas else None,
        _neighbours(adjacency) if adjacency else None,
    )
    way = method or (Smoothing.BYM2 if adjacency else Smoothing.MARSHALL)
    found = smooth_rates(tables.areas, tables.neighbours, method=way, above=above, protect=protect)
    if protect is not None:
        # How many areas had no row may give a hidden count away: it is told to whoever asks, and is no part of the answer.
        for note in tables.notes:
            words.print(note, markup=False)
        return found
    return replace(found, notes=(*tables.notes, *found.notes))


def _neighbours(path: Path) -> Received:
    """Read who borders whom: from a table, or from the areas' outlines."""
    if ".geojson" in path.suffixes:
        return Received(read_areas(path, None).bordering(), path.name, wider=True)
    return _received(path)


def _received(path: Path) -> Received:
    return Received(read_case_table(path), path.name)


def _answer_smoothed(found: SmoothedRates, *, as_json: bool) -> None:
    if as_json:
        answer_json(
            {
                "method": found.method,
                "average": found.average,
                "strength": found.strength,
                "share": found.share,
                "areas": found.frame.to_dicts(),
                "notes": found.notes,
            }
        )
        return
    shown = found.frame.sort("rate", descending=True, nulls_last=True).head(MOST_SHOWN)
    answer_table(
        f"Smoothed rates per 100,000 by {found.method} (the highest {shown.height} of {found.frame.height:,} areas)",
        ("Area", "Cases", "Raw", "Smoothed", "95% interval", "Above average", "Above the rate given"),
        (
            (
                row["area"],
                _cases(row | {"suppressed": row["low"] < row["high"]}),
                _number(row["raw"]),
                _number(row["rate"]),
                _interval(row),
                _chance(row["p_above_average"]),
                _chance(row["p_above"]),
            )
            for row in shown.iter_rows(named=True)
        ),
    )
    for note in found.notes:
        words.print(note, markup=False)


def _answer_week(week: str, folder: Path, login: str, *, as_json: bool) -> None:
    desk = sit_down(folder, login)
    shown = view_outbreak.view(desk.house, desk.actor, read_day(week, "--week") if week else None)
    if as_json:
        answer_json(
            {
                "week": shown.week,
                "source": shown.source,
                "alarms": shown.alarms,
                "areas": shown.areas.rename({"code": "area"}).to_dicts(),
                "missing": shown.missing,
            }
        )
        return
    awaited = shown.areas["estimate"].is_not_null().any()
    answer_table(
        f"Week ending {shown.week}: {shown.alarms} unusual rise{'' if shown.alarms == 1 else 's'}{_first(shown.areas)}",
        ("Area", "Cases known", *(("With late reports",) if awaited else ()), "Rate", "95% interval", "Rise"),
        (
            (
                row["name"],
                _cases(row),
                *((_number(row["estimate"]),) if awaited else ()),
                _number(row["rate"]),
                _interval(row),
                row["alarm"],
            )
            for row in shown.areas.head(MOST_SHOWN).iter_rows(named=True)
        ),
    )
    late = ("Rates and rises are of the cases with late reports, not of those known so far.",) if awaited else ()
    for line in (shown.source, *late, *shown.missing):
        words.print(line, markup=False)


def _first(areas: pl.DataFrame) -> str:
    return f" (first {MOST_SHOWN} areas)" if areas.height > MOST_SHOWN else ""


def _cases(row: dict[str, object]) -> str:
    return f"{row['low']} to {row['high']} (hidden)" if row["suppressed"] else str(row["low"])


def _interval(row: dict[str, object]) -> str:
    return f"{_number(row['rate_low'])} to {_number(row['rate_high'])}"


def _number(value: object) -> str:
    return f"{value:.1f}" if isinstance(value, float) else "–"


def _chance(value: object) -> str:
    return f"{100 * value:.0f}%" if isinstance(value, float) else "–"
