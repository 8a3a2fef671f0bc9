"""Reading what a scan needs: cases, places and people by area, as SaTScan's text files or as CSV with headings.

SaTScan's forms (user guide, "Input data"): `id cases [date] [groups …]`, `id x y` or `id latitude longitude`, and
`id date population [groups …]`. Every file may be gzipped, and ids stay text. What fits together is left to
`outbreaks.space.inputs`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.adapters.files import read_unpacked
from wardkeeper.adapters.scan_cells import Cells, part_cells
from wardkeeper.adapters.scan_dates import Dates, Order, Precision, could_be_dates, read_dates
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.cells import CellKind, Hidden, read_cells

HEADINGS: dict[str, str] = {
    "area": r"area|id|loc(ation)?[ _]?(id)?|code|county|zip|region|(area|oa|lsoa|msoa|ltla|utla|lad|ward|wd)[ _]?\d*[ _]?(cd|code|id)?",
    "cases": r"((num(ber)?|no\.?)[ _])?(of[ _])?cases?|cases7|counts?|n|observed",
    "date": r"(event|specimen|onset)?[ _]?date|day|year|month|time|week([ _]end(ing)?)?",
    "population": r"(total[ _])?pop(ulation)?|people|residents|all ages",
    "x": r"x([ _]?k?m)?|e|east(ing)?s?",
    "y": r"y([ _]?k?m)?|n|north(ing)?s?",
    "latitude": r"lat(itude)?",
    "longitude": r"lon(g|gitude)?",
}
"""How the columns of a file with headings may be called, whatever the letters' case."""

INSTEAD = {"x": "longitude", "y": "latitude", "latitude": "y", "longitude": "x"}
"""What an axis may be called where its own name is not there."""

FORMS = {
    "cases": ("area, cases and, for a scan in time, date", "id cases [date]"),
    "areas": ("area, x and y (or area, latitude and longitude)", "id x y"),
    "population": ("area, population and, if there are several days, date", "id year population"),
}
"""Each file's columns with headings, and its plain form: for an error's next step."""

MOST_LATITUDE, MOST_LONGITUDE = 90.0, 180.0
MOST_COORDINATE = 1e12
MOST_COUNTED = 1e12
"""Beyond these a number is a slip or a code, and sums and squares of such numbers can't be trusted."""

HIDDEN = r"^(|-|:|\.\.|n/?a|\*|\[?[cswxz]\]?|suppressed|([<≤]|(fewer|less) than|under).*|[-−]99(\.0)?|\d+ ?[-–] ?\d+)$"
"""How files hide a count, in small letters: marks of suppression, spans, and the marks of official tables ([c], [x], ..)."""


@dataclass(frozen=True, eq=False)
class ScanTable:
    """One file's rows as a frame, how exactly its dates are told (None without dates), and what was assumed."""

    frame: pl.DataFrame
    precision: Precision | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spans:
    """That hidden counts are taken as spans; `bare` is what a blank or a mark without numbers stands for, None if untold."""

    bare: Hidden | None = None


WITHHELD = "Give a number in each row, or --model negbin, which takes hidden counts as all they may be."
UNKNOWN = "Write the least and the greatest it may be, such as 0-9, or leave the area out of the file of areas."
"""What to do about a hidden count: where a model needs each count, and where it takes spans but no end is told."""

UNTOLD = 10**9
"""The greatest of a span that nobody told."""


@dataclass(frozen=True, eq=False)
class _Named:
    """Cells under names: the known columns, the others in the file's order, and where each row stands."""

    known: dict[str, pl.Series]
    others: dict[str, pl.Series]
    cells: Cells
    headed: bool


def read_scan_cases(path: Path, spans: Spans | None = None) -> ScanTable:
    """Read a file, plain or gzipped, as `parse_scan_cases` does. Raises NotFound, and BadInput as that does."""
    return parse_scan_cases(read_unpacked(path), path.name, spans)


def parse_scan_cases(content: bytes, file: str, spans: Spans | None = None) -> ScanTable:
    """Read cases: area (text), cases (whole numbers), date where there is one, then groups to adjust for as text.

    With `spans`, a hidden count is taken as the span it may lie in: `cases` is its least, a column `most` its greatest.
    Raises BadInput for a file that is no table, lacks a column or has one twice, or has a count that is negative, hidden
    or no number.
    """
    named = _read(part_cells(content, file), "cases", ("area", "cases"), optional=("date",))
    named, most = _span(named, spans) if spans else (named, None)
    cases = _count(named, "cases", UNKNOWN if spans else WITHHELD).cast(pl.Int64)
    dates = _dates(named, middle=False)
    days = {"date": dates.days} if dates else {}
    hidden = {} if most is None else {"most": most.fill_null(cases)}
    said = () if most is None else (f"{file}: hidden counts were taken as all they may be: {most.count():,} rows.",)
    frame = pl.DataFrame({"area": _ids(named), "cases": cases, **hidden, **days, **named.others})
    notes = (*named.cells.notes, *said, *_say_dates(dates, file))
    return ScanTable(frame, dates.coarsest() if dates else None, notes)


def _span(named: _Named, spans: Spans) -> tuple[_Named, pl.Series | None]:
    """Put the least of each span in the place of its hidden count; give the greatest (null elsewhere), None when none is hidden."""
    bare = spans.bare or Hidden(0, UNTOLD)
    read = read_cells(pl.DataFrame({"cases": named.known["cases"]}), "cases", bare)
    blank = read["kind"] == CellKind.BLANK.value
    _refuse(
        named,
        "cases",
        (blank | (read["high"] == UNTOLD)) if spans.bare is None else blank & False,
        "The number of cases is missing or hidden, and nothing tells what it may be.",
        "Say what a blank or a mark stands for, such as --hidden 0-2: the publisher's notes tell.",
    )
    low, high = (read[end].set(blank, value) for end, value in (("low", bare.low), ("high", bare.high)))
    is_hidden = blank | (read["kind"] == CellKind.SUPPRESSED.value)
    if not is_hidden.any():
        return named, None
    written = named.known["cases"].zip_with(~is_hidden, low.cast(pl.String))
    return replace(named, known={**named.known, "cases": written}), high.set(~is_hidden, None)


def read_scan_areas(path: Path, *, latlong: bool = False) -> ScanTable:
    """Read a file, plain or gzipped, as `parse_scan_areas` does. Raises NotFound, and BadInput as that does."""
    return parse_scan_areas(read_unpacked(path), path.name, latlong=latlong)


def parse_scan_areas(content: bytes, file: str, *, latlong: bool = False) -> ScanTable:
    """Read places: area (text), x and y; with `latlong` area, latitude and longitude, in degrees.

    Raises BadInput for a file that is no table, lacks a column, or has a coordinate that is no number.
    """
    axes = ("latitude", "longitude") if latlong else ("x", "y")
    named = _read(part_cells(content, file), "areas", ("area", *axes))
    columns = {axis: _coordinate(named, axis) for axis in axes}
    if latlong:
        _check_degrees(named, columns)
    further = not named.headed and named.cells.width > len(columns) + 1
    unread = (f"{file}: what stands behind the first two coordinates is not looked at.",) if further else ()
    return ScanTable(pl.DataFrame({"area": _ids(named), **columns}), None, (*named.cells.notes, *unread))


def read_scan_population(path: Path) -> ScanTable:
    """Read a file, plain or gzipped, as `parse_scan_population` does. Raises NotFound, and BadInput as that does."""
    return parse_scan_population(read_unpacked(path), path.name)


def parse_scan_population(content: bytes, file: str) -> ScanTable:
    """Read people: area (text), population (float), date where there is one, then groups to adjust for as text.

    Raises BadInput for a file that is no table, lacks a column, or has a number of people that is negative or no number.
    """
    named = _read(part_cells(content, file), "population", ("area", "population"), optional=("date",))
    people = _count(named, "population", "Give a number in each row, 0 where nobody lives.", whole=False)
    dates = _dates(named, middle=True)
    days = {"date": dates.days} if dates else {}
    frame = pl.DataFrame({"area": _ids(named), "population": people, **days, **named.others})
    again = frame.height - frame.drop("population").unique().height
    twice = f"{file}: rows of people of one area, day and group were added up: {again:,} more rows than these."
    notes = (*named.cells.notes, *((twice,) if again else ()), *_say_dates(dates, file))
    return ScanTable(frame, dates.coarsest() if dates else None, notes)


def _read(cells: Cells, form: str, needed: tuple[str, ...], *, optional: tuple[str, ...] = ()) -> _Named:
    first = [(cell or "").lower() for cell in cells.first()]
    known = _match(first, (*needed, *optional))
    if set(needed) <= set(known):
        return _by_heading(cells, known)
    if not any(map(_is_figure, first)):
        raise _missing(cells, form, set(needed) - set(known))
    return _by_place(cells, form, needed)


def _match(first: Sequence[str], wanted: tuple[str, ...]) -> dict[str, int]:
    """Find which place each wanted column has, by its heading."""
    found: dict[str, int] = {}
    for name in wanted:
        for pattern in (HEADINGS[name], HEADINGS[INSTEAD.get(name, name)]):
            places = [at for at, cell in enumerate(first) if re.fullmatch(pattern, cell) and at not in found.values()]
            if places:
                found[name] = places[0]
                break
    return found


def _is_figure(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d+([./,-]\d+)*(e[-+]?\d+)?|[-+]?(nan|inf(inity)?)", cell))


def _missing(cells: Cells, form: str, lacking: set[str]) -> BadInput:
    columns, plain = FORMS[form]
    named = ", ".join(sorted(lacking))
    return BadInput(
        f"There is no column for: {named}.",
        f"Name the columns {columns}, or write rows without headings as SaTScan does: {plain}.",
        Where(file=cells.file, column=named, rule="known columns"),
    )


def _by_heading(cells: Cells, known: dict[str, int]) -> _Named:
    names = [cell or f"column {at + 1}" for at, cell in enumerate(cells.first())]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        next_step = "Rename or take out one of them: nobody can tell which is meant."
        raise BadInput("Two columns have the same heading.", next_step, Where(file=cells.file, row=1, column=twice))
    below = cells.below()
    if not len(below.lines):
        raise BadInput("The file has headings and no rows.", "Ask for it again.", Where(file=cells.file))
    columns = {name: below.columns[at] for name, at in known.items()}
    others = {
        name.lower(): below.columns[at]
        for at, name in enumerate(names)
        if at not in known.values() and name.lower() not in columns
    }
    if "x" in known and re.fullmatch(HEADINGS["longitude"], names[known["x"]].lower()):
        note = f"{cells.file}: latitude and longitude were taken as plane coordinates; for degrees give --coordinates latlong."
        below = Cells(below.columns, below.lines, below.file, (*below.notes, note))
    return _Named(columns, others, below, headed=True)


def _by_place(cells: Cells, form: str, needed: tuple[str, ...]) -> _Named:
    """Name the cells of a file without headings by their place, as SaTScan's user guide has them."""
    names = [*needed]
    if form == "population" and cells.width > len(needed):
        names = ["area", "date", "population"]
    elif form == "cases" and cells.width > len(needed) and could_be_dates(cells.columns[len(needed)]):
        names = ["area", "cases", "date"]
    if cells.width < len(names):
        raise _missing(cells, form, set(names[cells.width :]))
    others = {} if form == "areas" else {f"group {at}": one for at, one in enumerate(cells.columns[len(names) :], 1)}
    return _Named(dict(zip(names, cells.columns, strict=False)), others, cells, headed=False)


def _ids(named: _Named) -> pl.Series:
    ids = named.known["area"]
    _refuse(named, "area", ids.is_null(), "The area has no id.", "Give each row the id of its area.")
    return ids


def _numbers(written: pl.Series) -> pl.Series:
    """Read numbers; commas between thousands are passed over. Null where it is none."""
    plain = written.str.replace_all(r"^(\d{1,3}(?:,\d{3})+)(\.\d+)?$", "${1}${2}")
    commas = plain.str.contains(r"^\d{1,3}(,\d{3})+(\.\d+)?$").fill_null(value=False)
    return plain.set(commas, None).fill_null(written.str.replace_all(",", "")).cast(pl.Float64, strict=False)


def _count(named: _Named, column: str, if_hidden: str, *, whole: bool = True) -> pl.Series:
    """Read numbers that count something: finite, not negative, and whole where they must be.

    `if_hidden` is what to do next where one is missing or hidden.
    """
    written = named.known[column]
    number = _numbers(written)
    what = "number of cases" if column == "cases" else "number of people"
    hidden = written.fill_null("").str.to_lowercase().str.contains(HIDDEN)
    _refuse(
        named,
        column,
        hidden & (number.is_null() | (number < 0)),
        f"The {what} is missing or hidden.",
        if_hidden,
    )
    readable = number.is_finite().fill_null(value=False)
    _refuse(named, column, ~readable, f"The {what} is not a number.", "Correct it.")
    negative = "Take corrections off the count that they correct, then run it again."
    _refuse(named, column, number < 0, f"The {what} is negative.", negative)
    _refuse(named, column, number > MOST_COUNTED, f"The {what} is above {MOST_COUNTED:,.0f}.", "Correct it.")
    if whole:
        _refuse(named, column, number != number.round(), f"The {what} is not a whole number.", "Correct it.")
    return number


def _coordinate(named: _Named, column: str) -> pl.Series:
    number = named.known[column].cast(pl.Float64, strict=False)
    broken = ~number.is_finite().fill_null(value=False)
    _refuse(named, column, broken, "The coordinate is not a number.", "Give each area two finite coordinates.")
    far = f"The coordinate is beyond {MOST_COORDINATE:,.0f}."
    _refuse(named, column, number.abs() > MOST_COORDINATE, far, "Correct it; metres or kilometres will do.")
    return number


def _check_degrees(named: _Named, columns: dict[str, pl.Series]) -> None:
    for word, most in (("latitude", MOST_LATITUDE), ("longitude", MOST_LONGITUDE)):
        message = f"The {word} is beyond {most:.0f} degrees."
        next_step = (
            "Give the latitude first, then the longitude; for metres or kilometres give --coordinates cartesian."
        )
        _refuse(named, word, columns[word].abs() > most, message, next_step)


def _dates(named: _Named, *, middle: bool) -> Dates | None:
    if "date" not in named.known:
        return None
    dates = read_dates(named.known["date"], middle=middle)
    wrong = "The date can't be read."
    _refuse(named, "date", dates.days.is_null(), wrong, "Write dates as 2020-05-30, 2020/05/30, 2020/05 or 2020.")
    if named.headed and dates.order is Order.EITHER:
        raise BadInput(
            "The dates may have the day or the month first: no day after the twelfth tells which.",
            "Write dates with the year first, as 2020-05-30.",
            Where(file=named.cells.file, column="date", rule="dates"),
        )
    return dates


def _say_dates(dates: Dates | None, file: str) -> tuple[str, ...]:
    """Say what was assumed of dates: the century, and what stands first."""
    if dates is None:
        return ()
    said = (
        (dates.short, f"{file}: years of two digits were read as 1950 to 2049: {dates.short:,} rows."),
        (dates.order in ORDERS, f"{file}: dates were read with {ORDERS.get(dates.order)}."),
    )
    return tuple(words for told, words in said if told)


ORDERS = {
    Order.DAY: "the day first: some days are after the twelfth",
    Order.MONTH: "the month first: some days are after the twelfth",
    Order.EITHER: "the month first, as SaTScan does; nothing in them tells",
}


def _refuse(named: _Named, column: str, wrong: pl.Series, message: str, next_step: str) -> None:
    """Refuse the first wrong row, by its line in the file."""
    at = np.flatnonzero(wrong.fill_null(value=False).to_numpy())
    if len(at):
        where = Where(file=named.cells.file, row=int(named.cells.lines[at[0]]), column=column)
        more = f" More such rows: {len(at) - 1:,}." if len(at) > 1 else ""
        raise BadInput(f"{message}{more}", next_step, where)
