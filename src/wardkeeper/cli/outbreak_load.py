"""`wardkeeper outbreak load` and `versions`: cases in, as a line list or as published counts."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from wardkeeper.adapters.case_files import read_case_table, read_population, read_received
from wardkeeper.adapters.place_files import read_areas
from wardkeeper.adapters.unpromised_tables import FoundTable
from wardkeeper.cli.days import read_day
from wardkeeper.cli.desk import Desk, sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import BadInput, UsageError, naming
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.boundaries import read_area_lookup, rebase
from wardkeeper.outbreaks.cells import Hidden, parse_hidden
from wardkeeper.outbreaks.published import from_published, name_columns
from wardkeeper.outbreaks.roles import Role, is_line_list, parse_map
from wardkeeper.places.areas import AreaTable
from wardkeeper.usecases.case_versions import list_versions
from wardkeeper.usecases.load_cases import CasesLoaded, Figures, load_figures
from wardkeeper.usecases.load_line_list import ReceivedList, load_line_list

OF_LISTS = ("--lookup",)
OF_COUNTS = ("--areas-lookup", "--split", "--year", "--hidden")
"""Options that are for one kind of file alone."""

WEEKDAYS = {name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), start=1)}


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a person gave with the file, read."""

    file: FoundTable
    source: str
    as_of: date
    areas: AreaTable | None
    population: pl.DataFrame | None
    ends_on: int
    older: bool
    restated: bool


def load(
    cases: Annotated[
        Path,
        typer.Argument(
            help="A line list, or counts by area and week or day as published: CSV, a spreadsheet or Parquet."
        ),
    ],
    population: Annotated[Path | None, typer.Option("--population", help="Residents by area, CSV or CSV.gz.")] = None,
    boundaries: Annotated[Path | None, typer.Option("--boundaries", help="Areas as GeoJSON, for the map.")] = None,
    as_of: Annotated[
        str, typer.Option("--as-of", help="The day the figures were known or published, as 2020-11-30; else today.")
    ] = "",
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", help="What a column is: “Date of swab=event-date”, “Positives=cases”. May be repeated."),
    ] = None,
    lookup: Annotated[
        Path | None,
        typer.Option("--lookup", help="Line list: postcodes to areas, the ONS Postcode Directory or NSPL, as CSV."),
    ] = None,
    areas_lookup: Annotated[
        Path | None,
        typer.Option(
            "--areas-lookup", help="Published counts: area codes of two years (msoa11cd, msoa21cd …), as CSV."
        ),
    ] = None,
    split: Annotated[
        bool, typer.Option("--split", help="With --areas-lookup: share out counts of divided areas by population.")
    ] = False,
    year: Annotated[
        int | None, typer.Option("--year", help="Published counts: the year of columns such as wk_10.")
    ] = None,
    hidden: Annotated[
        str, typer.Option("--hidden", help="Published counts: what a blank, * or -99 stands for; by default 0-2.")
    ] = "",
    week_ends: Annotated[
        str, typer.Option("--week-ends", help="Line list, daily counts: the day weeks end on, mon to sun.")
    ] = "sat",
    older: Annotated[bool, typer.Option("--older", help="Go back to figures older than those in force.")] = False,
    restated: Annotated[
        bool, typer.Option("--restated", help="The figures did change so: corrections, a late batch, other areas.")
    ] = False,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Load cases of infection, as a new version that replaces the one in force.

    A line list has a row for each report of a case, with a postcode, a UPRN or an area code; it is sealed beside its
    counts. Published counts keep what is suppressed as intervals, never as zero. A load that is older than what is in
    force, or changes much of it, stops with a question.
    """
    desk = sit_down(folder, login)
    file = read_received(cases)
    roles = parse_map(mapping or [])
    listed = is_line_list(file.frame.columns, roles)
    given = Given(
        file=file,
        source=f"{'Line list' if listed else 'Published counts'}: {cases.name}",
        as_of=read_day(as_of, "--as-of") if as_of else london_day(desk.house.clock.now()),
        areas=read_areas(boundaries, None) if boundaries else None,
        population=read_population(population) if population else None,
        ends_on=_weekday(week_ends),
        older=older,
        restated=restated,
    )
    _check_options(
        OF_COUNTS if listed else OF_LISTS,
        {"--lookup": lookup, "--areas-lookup": areas_lookup, "--split": split, "--year": year, "--hidden": hidden},
    )
    if split and not areas_lookup:
        raise UsageError("--split shares out counts of areas of another year.", "Give --areas-lookup with it.")
    if listed:
        loaded = _load_list(desk, given, mapping=roles, lookup=lookup)
    else:
        loaded = _load_published(
            desk,
            given,
            mapping=roles,
            year=year,
            hidden=parse_hidden(hidden) if hidden else None,
            lookup=areas_lookup,
            split=split,
        )
    _show(loaded, as_json=as_json)


def _load_list(desk: Desk, given: Given, *, mapping: dict[str, Role], lookup: Path | None) -> CasesLoaded:
    received = ReceivedList(
        given.file.frame,
        given.source,
        given.as_of,
        said=given.file.said,
        mapping=mapping,
        lookup=read_case_table(lookup) if lookup else None,
        areas=given.areas,
        population=given.population,
        ends_on=given.ends_on,
        older=given.older,
        restated=given.restated,
    )
    return load_line_list(desk.house, desk.actor, received)


def _load_published(
    desk: Desk,
    given: Given,
    *,
    mapping: dict[str, Role],
    year: int | None,
    hidden: Hidden | None,
    lookup: Path | None,
    split: bool,
) -> CasesLoaded:
    areas = given.areas or desk.house.places().areas
    population = areas.people if given.population is None else given.population
    with naming(given.source):
        frame, unused = name_columns(given.file.frame, mapping)
        read = from_published(
            frame,
            as_of=given.as_of,
            hidden=hidden,
            year=year,
            population=population,
            ends_on=given.ends_on,
        )
    counts = replace(read, notes=(*given.file.said, *unused, *read.notes))
    if lookup:
        pairs = read_area_lookup(read_case_table(lookup))
        counts = rebase(counts, pairs, areas.codes, split=split, population=given.population)
    figures = Figures(counts, given.source, given.areas, as_of=given.as_of, older=given.older, restated=given.restated)
    return load_figures(desk.house, desk.actor, figures)


def _show(loaded: CasesLoaded, *, as_json: bool) -> None:
    if as_json:
        answer_json(
            {
                "version": loaded.version,
                "areas": loaded.areas,
                "weeks": loaded.weeks,
                "rows": loaded.rows,
                "cases": loaded.cases,
                "unplaced": loaded.unplaced,
                "set_aside": loaded.set_aside,
                "changes": asdict(loaded.change) if loaded.change else None,
                "notes": loaded.notes,
            }
        )
        return
    if loaded.cases is not None:
        words.print(f"Read {loaded.cases:,} cases; {loaded.unplaced:,} could not be placed in an area.")
    words.print(f"Loaded {loaded.rows:,} counts, by area and week. Areas: {loaded.areas:,}. Weeks: {loaded.weeks:,}.")
    words.print("This replaces the figures loaded before.")
    for note in loaded.notes:
        words.print(note, markup=False)


def show_versions(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List the loads of cases, the newest first: what each changed, and whether one waits with a question."""
    desk = sit_down(folder, login)
    listed = list_versions(desk.house, desk.actor)
    if as_json:
        answer_json(
            {
                "versions": [asdict(one) for one in listed.versions],
                "question": asdict(listed.question) if listed.question else None,
            }
        )
        return
    answer_table(
        "Loads of cases, the newest first",
        ("No.", "When", "By", "Source", "As of", "Areas", "Weeks", "Cases", "In force"),
        (
            (
                one.number,
                one.at[:16].replace("T", " "),
                one.by,
                one.source,
                one.as_of,
                f"{one.areas:,}",
                f"{one.first_week} to {one.last_week}",
                f"{one.least:,}" if one.least == one.most else f"{one.least:,} to {one.most:,}",
                "yes" if one.in_force else "",
            )
            for one in listed.versions
        ),
    )
    for one in listed.versions:
        for text in one.says:
            words.print(f"{one.number}: {text}", markup=False)
    if listed.question:
        words.print(f"A load waits for an answer: {listed.question.says} {listed.question.answer}", markup=False)


def _check_options(of_others: tuple[str, ...], given: dict[str, object]) -> None:
    """Refuse an option that is for the other kind of file: it would do nothing."""
    spare = next((option for option in of_others if given[option] not in (None, False, "")), None)
    if spare is None:
        return
    if spare in OF_COUNTS:
        raise UsageError(f"{spare} is for published counts, and this is a line list.", f"Leave out {spare}.")
    raise UsageError(
        f"{spare} is for a line list, and these are published counts.",
        f"Leave out {spare}; or, if it is a line list, say what its columns are: --map COLUMN=event-date.",
    )


def _weekday(text: str) -> int:
    number = WEEKDAYS.get(text.strip().lower()[:3])
    if number is None:
        raise BadInput(f"“{text}” is not a day of the week.", f"Write one of {', '.join(WEEKDAYS)}.")
    return number
