"""`wardkeeper outbreak scan`: clusters in a user's own files of cases, areas and people."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from wardkeeper.adapters.clock import SystemClock
from wardkeeper.adapters.machine import cpu_seconds
from wardkeeper.adapters.scan_dates import Order, Precision, end_of, read_dates
from wardkeeper.adapters.scan_files import (
    Spans,
    parse_scan_areas,
    parse_scan_cases,
    parse_scan_population,
    read_scan_areas,
    read_scan_cases,
    read_scan_population,
)
from wardkeeper.cli.progress import Progress
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import BadInput, UsageError
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.cells import parse_hidden
from wardkeeper.outbreaks.space.clusters import Cluster
from wardkeeper.outbreaks.space.fitting import Fitted, fit_inputs
from wardkeeper.outbreaks.space.inputs import Coordinates
from wardkeeper.outbreaks.space.scans import Model, Scan
from wardkeeper.outbreaks.space.scans import scan as find_clusters
from wardkeeper.outbreaks.space.watching import Part, WatchAll

MOST_SHOWN = 20
MOST_NAMED = 4
"""Clusters, and areas of each, that the table shows; --json gives all."""

WARM_AREAS = b"a 0 0\nb 1 0\nc 0 1\nd 5 5\n"
WARM_PEOPLE = b"a 2020 9\nb 2020 9\nc 2020 9\nd 2020 9\n"
WARM_CASES = (
    b"a 9 2020/1/1\nb 1 2020/1/2\nc 1 2020/1/3\nd 1 2020/1/4\n",
    b"a 900 2020/1/1\nb 700 2020/1/2\nc 600 2020/1/3\nd 900 2020/1/4\n",
)
"""Few and many: the kernels keep small counts in fewer bytes."""

FINER: dict[Precision, tuple[str, ...]] = {
    Precision.DAY: (),
    Precision.MONTH: ("days",),
    Precision.YEAR: ("days", "months"),
}
"""The units that dates of a precision can't be put in."""


NAMES = {
    Part.NEIGHBOURS: "Finding each area's neighbours",
    Part.CASES: "Searching the cases",
    Part.CHANCE: "Searching {:,} data sets made by chance",
}
"""What each part of a scan is called while it is at work."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: the files, what `scan` is told, and the step (in the settings' own words, empty for any)."""

    files: tuple[Path, Path, Path | None]
    settings: dict[str, Any]
    step: dict[str, int]
    purely_spatial: bool
    spans: Spans | None = None


def scan(
    cases: Annotated[Path, typer.Option("--cases", help="Cases by area (and day): SaTScan's .cas, or CSV; .gz too.")],
    areas: Annotated[Path, typer.Option("--areas", help="Where each area is: SaTScan's .geo, or CSV; .gz too.")],
    population: Annotated[
        Path | None, typer.Option("--population", help="People by area (and year): SaTScan's .pop, or CSV; .gz too.")
    ] = None,
    model: Annotated[Model, typer.Option("--model", help="What chance is taken to do.")] = Model.POISSON,
    max_population: Annotated[
        float, typer.Option("--max-population", help="Greatest share of people in a cluster; without people, of cases.")
    ] = 0.5,
    max_days: Annotated[
        int | None, typer.Option("--max-days", help="Longest cluster in days; by default half the study period.")
    ] = None,
    aggregate_days: Annotated[
        int | None, typer.Option("--aggregate-days", help="Days in a step of time: 7 for weeks; by default 1.")
    ] = None,
    aggregate_months: Annotated[
        int | None, typer.Option("--aggregate-months", help="Or months in a step; 1 where cases tell only the month.")
    ] = None,
    aggregate_years: Annotated[
        int | None, typer.Option("--aggregate-years", help="Or years in a step; 1 where the cases tell only the year.")
    ] = None,
    prospective: Annotated[bool, typer.Option("--prospective", help="Only clusters that are still going on.")] = False,
    study_from: Annotated[str, typer.Option("--study-from", help="First day; by default that of the first case.")] = "",
    study_to: Annotated[str, typer.Option("--study-to", help="Last day; by default that of the last case.")] = "",
    purely_spatial: Annotated[bool, typer.Option("--purely-spatial", help="Take all days together.")] = False,
    coordinates: Annotated[
        Coordinates, typer.Option("--coordinates", help="Plane coordinates, or degrees with the latitude first.")
    ] = Coordinates.CARTESIAN,
    hidden: Annotated[
        str, typer.Option("--hidden", help="For negbin: the counts a blank, * or -99 stands for, such as 0-2.")
    ] = "",
    replicates: Annotated[int, typer.Option("--replicates", help="Simulated data sets for the p-values.")] = 999,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same p-values.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Find clusters of cases in space, or in space and time, and how often chance alone makes one so strong.

    Needs no authority's folder: it reads the files you name, and keeps nothing.
    """
    settings = {
        "model": model,
        "max_population": max_population,
        "max_days": max_days,
        "prospective": prospective,
        "study_from": _day(study_from, "--study-from"),
        "study_to": _day(study_to, "--study-to", last=True),
        "coordinates": coordinates,
        "replicates": replicates,
        "seed": seed,
    }
    step = _choose_step(days=aggregate_days, months=aggregate_months, years=aggregate_years)
    asked = Asked((cases, areas, population), settings, step, purely_spatial, _spans(hidden, model))
    _load_kernels(asked)
    startup = cpu_seconds()
    with Progress() as progress:
        found = find(asked, london_day(SystemClock().now()), lambda part, share: progress(_name(part, asked), share))
    answer = tell(found, cpu=cpu_seconds() - startup, startup=startup)
    if as_json:
        answer_json(answer)
    else:
        _show(found)


def find(asked: Asked, today: date, watch: WatchAll | None = None) -> Scan:
    """Read the files and scan what they hold; the notes of both are the scan's. `watch` is told how far it has come."""
    fitted, precision = _read(asked, today)
    settings = {**asked.settings, **asked.step}
    if precision is not None:
        settings |= _fit_step(fitted.cases["date"], precision, settings)
    found = find_clusters(fitted.cases, fitted.areas, fitted.population, watch=watch, **settings)
    return replace(found, notes=tuple(dict.fromkeys((*fitted.notes, *found.notes))))


def _name(part: Part, asked: Asked) -> str:
    return NAMES[part].format(asked.settings["replicates"])


def tell(found: Scan, *, cpu: float, startup: float) -> dict[str, object]:
    """Give the answer as one JSON document."""
    return {
        "clusters": [_tell_cluster(one) for one in found.clusters],
        "null_q95": found.null_q95,
        "cpu_seconds": round(cpu, 3),
        "startup_cpu_seconds": round(startup, 3),
        "cases": found.cases,
        "areas": found.areas,
        "replicates": len(found.maxima),
        "notes": list(found.notes),
    }


def _tell_cluster(one: Cluster) -> dict[str, object]:
    told = ("areas", "observed", "expected", "relative_risk", "llr", "p", "recurrence_days", "start", "end")
    everything = asdict(one)
    return {name: everything[name] for name in (*told, *(more for more in everything if more not in told))}


def _read(asked: Asked, today: date) -> tuple[Fitted, Precision | None]:
    """Read the files and fit them together; give how exactly the cases' dates are told, None for a scan without time."""
    at_cases, at_areas, at_people = asked.files
    cases = read_scan_cases(at_cases, asked.spans)
    areas = read_scan_areas(at_areas, latlong=asked.settings["coordinates"] is Coordinates.LATLONG)
    people = read_scan_population(at_people) if at_people else None
    fitted = fit_inputs(
        cases.frame,
        areas.frame,
        people.frame if people else None,
        study=(asked.settings["study_from"], asked.settings["study_to"]),
        today=today,
    )
    read = (*cases.notes, *areas.notes, *(people.notes if people else ()))
    fitted = replace(fitted, notes=(*read, *fitted.notes))
    if asked.purely_spatial or cases.precision is None:
        return replace(fitted, cases=fitted.cases.drop("date", strict=False)), None
    return fitted, cases.precision


def _fit_step(dates: pl.Series, precision: Precision, settings: dict[str, Any]) -> dict[str, Any]:
    """Make steps of whole months or years where the cases tell only those; the study then ends with the last of them."""
    finer = FINER[precision]
    too_fine = next((unit for unit in finer if f"aggregate_{unit}" in settings), None)
    if too_fine:
        raise UsageError(
            f"Some cases tell only their {precision}, so they can't be put in steps of {too_fine}.",
            f"Give days such as 2020-05-30, or leave out --aggregate-{too_fine}: steps are of a {precision} then.",
        )
    if not finer:
        return {}
    newest = dates.max()
    assert isinstance(newest, date)
    last = settings["study_to"] or end_of(newest, precision)
    first = settings["study_from"] or dates.min()
    study = {"study_from": first, "study_to": last}
    return study if {"aggregate_months", "aggregate_years"} & set(settings) else {f"aggregate_{precision}s": 1, **study}


def _choose_step(**given: int | None) -> dict[str, int]:
    chosen = {unit: number for unit, number in given.items() if number is not None}
    if len(chosen) > 1:
        options = " or ".join(f"--aggregate-{unit}" for unit in given)
        raise UsageError("A step has days, months or years.", f"Give one of {options}.")
    for unit, number in chosen.items():
        if number < 1:
            raise UsageError(f"--aggregate-{unit} is not 1 or more.", "Give a whole number such as 7.")
    return {f"aggregate_{unit}": number for unit, number in chosen.items()}


def _spans(hidden: str, model: Model) -> Spans | None:
    """Tell how hidden counts are taken: as spans where the model can, not at all elsewhere."""
    if model is not Model.NEGBIN:
        if hidden:
            raise UsageError("--hidden is for --model negbin alone.", "The other models need each count itself.")
        return None
    return Spans(parse_hidden(hidden)) if hidden else Spans()


def _day(text: str, option: str, *, last: bool = False) -> date | None:
    """Read an option's day; a bare year or month means its first day or, with `last`, its last."""
    if not text:
        return None
    read = read_dates(pl.Series([text.strip()]))
    day = read.days[0]
    if day is None or read.order is Order.EITHER:
        raise BadInput(f"{option}: “{text}” is not a day.", "Write it as 2020-05-30.")
    return end_of(day, Precision(read.precisions[0])) if last else day


def _load_kernels(asked: Asked) -> None:
    """Scan a few cases of no file, so that what is compiled or loaded at first use counts as start-up."""
    areas, people = parse_scan_areas(WARM_AREAS, "").frame, parse_scan_population(WARM_PEOPLE, "").frame
    settings = {"model": asked.settings["model"], "prospective": asked.settings["prospective"], "replicates": 19}
    timed = settings["prospective"] or settings["model"] is Model.PERMUTATION
    for content in WARM_CASES:
        fitted = fit_inputs(parse_scan_cases(content, "").frame, areas, people)
        find_clusters(fitted.cases, fitted.areas, fitted.population, **settings)
        if not timed:
            find_clusters(fitted.cases.drop("date"), fitted.areas, fitted.population, **settings)


def _show(found: Scan) -> None:
    number = len(found.clusters)
    answer_table(
        f"Clusters: {number:,}{f' (first {MOST_SHOWN})' if number > MOST_SHOWN else ''}; "
        f"chance alone stays below {found.null_q95:.3f} in 95 of 100",
        ("Areas", "From", "To", "Cases", "Expected", "Risk", "Log likelihood ratio", "p"),
        (_row(one) for one in found.clusters[:MOST_SHOWN]),
    )
    for note in found.notes:
        words.print(note, markup=False)


def _row(one: Cluster) -> Iterator[str]:
    more = len(one.areas) - MOST_NAMED
    yield ", ".join(one.areas[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    yield str(one.start or "–")
    yield str(one.end or "–")
    yield f"{one.observed:,}"
    yield f"{one.expected:,.2f}"
    yield "–" if one.relative_risk is None else f"{one.relative_risk:.2f}"
    yield f"{one.llr:.6f}"
    yield f"{one.p:.4g}"
