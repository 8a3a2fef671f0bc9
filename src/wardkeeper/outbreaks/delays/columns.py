"""The columns of a reporting triangle as they come: other headings, dates as text, counts hidden or left blank."""

import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some
from wardkeeper.outbreaks.cells import GREATEST, TOO_LARGE, CellKind, Hidden, read_cells
from wardkeeper.outbreaks.days import Days, read_days, tell_order
from wardkeeper.outbreaks.given import take_frame

HEADINGS = {
    "report": (
        *("report", "reportdate", "reportday", "reported", "published", "publishdate", "releasedate", "asof"),
        *("dateofreport", "datereported", "reporteddate", "reportingdate", "publicationdate", "datepublished"),
        *("publisheddate", "dateofpublication", "released", "vintage", "vintagedate", "snapshot", "snapshotdate"),
        *("extractdate", "asofdate", "issue", "issuedate", "notificationdate"),
    ),
    "specimen": (
        *("specimen", "specimendate", "specimenday", "event", "eventdate", "referencedate", "onset", "date"),
        *("dateofspecimen", "specimendt", "eventday", "dateofevent", "onsetdate", "dateofonset", "testdate"),
        *("dateoftest", "sampledate", "swabdate", "dateofswab", "occurrencedate"),
    ),
    "area": (
        *("area", "areacode", "code", "utla", "ltla", "msoa", "lsoa", "utlacode", "ltlacode", "location"),
        *("areacd", "onscode", "gsscode", "geographycode", "localauthoritycode", "localauthority", "authority"),
        *(
            f"{level}{end}"
            for level in ("utla", "ltla", "lad", "msoa", "lsoa", "ward", "wd")
            for end in ("cd", "code", "")
        ),
    ),
    "cases": (
        *("cases", "count", "counts", "cumulative", "cumulativecases", "newcases", "confirm", "value"),
        *("noofcases", "numberofcases", "casecount", "totalcases", "positivecases", "confirmedcases", "cumcases"),
        *("cumcasesbyspecimendate", "newcasesbyspecimendate", "knowncases", "casesknown", "positives"),
    ),
}
"""Each column's usual headings, without capitals, blanks, dashes or underscores; the first one found is taken."""

SUPPRESSION_NUMBER = -99


@dataclass(frozen=True, eq=False)
class Typed:
    """`rows`: row (from 1), report and specimen (dates), area (text), cases (whole numbers), delay (days); and notes."""

    rows: pl.DataFrame
    notes: tuple[str, ...]


def type_columns(frame: pl.DataFrame, *, until: date | None = None, incremental: bool = False) -> Typed:
    """Find and type the four columns, leaving out rows reported after `until`. Raises BadInput with row and rule.

    A negative count is a correction where counts are `incremental`, and an error where they are cumulative.
    """
    take_frame(frame, "reports")
    if frame.is_empty():
        raise BadInput(
            "The triangle has no rows.", "Give a file with at least two weeks of reports.", Where(rule="triangle")
        )
    named = _named(frame)
    dated, turned = _dates(named)
    every = dated["report"]
    if until is not None:
        dated = dated.filter(pl.col("report") <= until)
        if dated.is_empty():
            first = str(every.min())
            raise BadInput(
                f"The first report is of {first}, after {until}.",
                f"Choose {first} or later.",
                Where(column="report", rule="known report day"),
            )
    rows, notes = _counts(_areas(dated), incremental=incremental)
    if rows.is_empty():
        raise BadInput(
            "No row has a count that can be read.", "Give a file with counts.", Where(column="cases", rule="triangle")
        )
    return Typed(rows.with_columns(delay=(pl.col("report") - pl.col("specimen")).dt.total_days()), (*turned, *notes))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    plain = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(frame.columns)}
    found = {role: next((plain[one] for one in names if one in plain), "") for role, names in HEADINGS.items()}
    lacking = [role for role, name in found.items() if not name]
    if lacking:
        raise BadInput(
            f"The triangle has no column for: {', '.join(lacking)}.",
            f"Name the columns {', '.join(HEADINGS)}. These were found: {name_some(frame.columns)}.",
            Where(column=", ".join(lacking), rule="known columns"),
        )
    return frame.select(pl.col(name).alias(role) for role, name in found.items()).with_row_index("row", offset=1)


def _dates(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read both columns of days, and say which way round they were read. Raises BadInput for one that can't be read."""
    days = ("report", "specimen")
    told, mixed = tell_order([frame[name] for name in days])
    read = {name: _date_cells(frame[name], frame[other]) for name, other in zip(days, reversed(days), strict=True)}
    typed = frame.with_columns(column.days.alias(name) for name, column in read.items())
    for name in days:
        bad = typed.filter(pl.col(name).is_null())
        if mixed or not bad.is_empty():
            row = None if bad.is_empty() else int(bad["row"][0])
            message = "Some dates have the day first and some the month first." if mixed else "A date can't be read."
            raise BadInput(message, "Write dates as 2020-10-30.", Where(row=row, column=name, rule="triangle"))
    if not told:
        raise BadInput(
            "The dates may have the day or the month first: no day after the twelfth tells which.",
            "Write dates with the year first, as 2020-10-30.",
            Where(column="report", rule="triangle"),
        )
    return typed, tuple(note for column in read.values() for note in column.notes)


def _date_cells(column: pl.Series, beside: pl.Series) -> Days:
    if column.dtype == pl.Date:
        return Days(column)
    if isinstance(column.dtype, pl.Datetime):
        return Days(column.dt.date())
    return read_days(column, column.name, beside=[beside] if beside.dtype == pl.String else [])


def _areas(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.with_columns(pl.col("area").cast(pl.String).str.strip_chars())
    bad = named.filter(pl.col("area").fill_null("") == "")
    if not bad.is_empty():
        where = Where(row=int(bad["row"][0]), column="area", rule="triangle")
        raise BadInput("A row names no area.", "Give each row the code of its area.", where)
    return named


def _counts(rows: pl.DataFrame, *, incremental: bool) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the counts. Hidden and blank cells are unknown, never zero; anything else unreadable is refused."""
    read = _number_cells(rows) if rows["cases"].dtype.is_numeric() else read_cells(rows, "cases", Hidden())
    if incremental:
        read = _with_corrections(read)
    large = read.filter(pl.col("kind") == CellKind.LARGE.value)
    if not large.is_empty():
        raise BadInput(*TOO_LARGE, Where(row=int(large["row"][0]), column="cases", rule="whole number"))
    bad = read.filter(pl.col("kind").is_in([CellKind.NEGATIVE.value, CellKind.UNREADABLE.value]))
    if not bad.is_empty():
        raise BadInput(
            "The count of cases is not a whole number of people.",
            "Correct it. If each row is what a report added or took off, say that the counts are incremental.",
            Where(row=int(bad["row"][0]), column="cases", rule="whole number"),
        )
    kinds = dict(read.group_by("kind").len().rows())
    said = {CellKind.SUPPRESSED: "Hidden counts", CellKind.BLANK: "Blank counts"}
    notes = tuple(
        f"{words} were taken as not known, never as zero: {kinds[kind.value]:,}."
        for kind, words in said.items()
        if kind.value in kinds
    )
    kept = read.filter(pl.col("kind") == CellKind.COUNT.value)
    return kept.select("row", "report", "specimen", "area", pl.col("low").cast(pl.Int64).alias("cases")), notes


def _with_corrections(read: pl.DataFrame) -> pl.DataFrame:
    """Take whole negative numbers as cases taken off; refuse a hidden count, which can't be added to others."""
    number = pl.col("cases").cast(pl.Float64, strict=False)
    off = ((number < 0) & (number % 1 == 0)).fill_null(value=False)
    done = read.with_columns(
        kind=pl.when(off).then(pl.lit(CellKind.COUNT.value)).otherwise("kind"),
        low=pl.when(off)
        .then(number.cast(pl.Int64, strict=False))
        .otherwise(pl.col("low").cast(pl.Int64, strict=False)),
    )
    hidden = done.filter(pl.col("kind") == CellKind.SUPPRESSED.value)
    if not hidden.is_empty():
        raise BadInput(
            "A count that a report added is hidden, so the counts can't be added up.",
            "Give what was known so far on each report day instead.",
            Where(row=int(hidden["row"][0]), column="cases", rule="whole number"),
        )
    return done


def _number_cells(rows: pl.DataFrame) -> pl.DataFrame:
    count = pl.col("cases")
    kind = (
        pl.when(count.is_null() | count.cast(pl.Float64).is_nan())
        .then(pl.lit(CellKind.BLANK.value))
        .when(count > GREATEST)
        .then(pl.lit(CellKind.LARGE.value))
        .when(count == SUPPRESSION_NUMBER)
        .then(pl.lit(CellKind.SUPPRESSED.value))
        .when(count < 0)
        .then(pl.lit(CellKind.NEGATIVE.value))
        .when(count.cast(pl.Float64) % 1 != 0)
        .then(pl.lit(CellKind.UNREADABLE.value))
        .otherwise(pl.lit(CellKind.COUNT.value))
    )
    return rows.with_columns(kind=kind, low=count)
