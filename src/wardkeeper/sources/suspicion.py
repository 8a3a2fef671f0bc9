"""What looks suspicious in one delivery: values that stand for "not known", and values that too many people share."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import polars as pl

from wardkeeper.sources.concerns import Concern, Doubt
from wardkeeper.sources.profiles import ColumnQuality
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Meaning

FEWEST_ROWS = 50
"""Rows below which a share says nothing."""

MOST_FAULTS = 0.2
"""Share of a column's values with a fault above which the column itself has changed."""

MOST_FIRST_OF_JANUARY = 0.02
"""Share of birth dates on 1 January above which many are stand-ins; 1 in 365 is expected."""

MOST_ON_ONE_BIRTH_DATE = 0.02
"""Share of records on one birth date above which it is a stand-in; 1 in 36,500 is expected."""

FEWEST_ON_ONE_BIRTH_DATE = 10
"""People below whom one birth date may be chance, twins, or one person entered twice."""

MOST_WITH_ONE_SURNAME = 0.15
"""Share of records with one surname; the most frequent in any part of Britain is under a tenth."""

MOST_ON_ONE_PHONE = 10
"""Records on one telephone number or e-mail above which it is an office's, not a person's."""

MOST_AT_ONE_ADDRESS = 200
"""Records at one address above which it is no home: the largest care homes have under 200 beds."""

OLDEST_AGE = 110

LAST_MONTH = 12
"""A day of birth after this cannot be a month."""

TEST_NHS_PREFIX = "999"
"""NHS numbers that begin so are kept for tests (NHS Data Dictionary)."""

_STAND_IN_NAMES = r"(?i)\b(?:TEST|TESTING|DUMMY|ASDF\w*|X{3,}|Z{3,})\b|DO NOT USE|DUPLICATE|\bDELETED?\b"
_STAND_IN_WORDS = (
    r"(?i)^\s*(?:TEST|TESTING|DUMMY|ASDF\w*|X{2,}|Z{3,}|N/?A|NONE|NULL|NIL|TBC|TBA|UNKNOWN|NOT KNOWN|NOT STATED"
    r"|NOT APPLICABLE|[-.?*]+|0{2,}|9{5,})\s*$"
)
STAND_INS: dict[Meaning, str] = {
    **dict.fromkeys((Meaning.NAME, Meaning.GIVEN, Meaning.FAMILY), _STAND_IN_NAMES),
    **dict.fromkeys(
        (Meaning.ADDRESS, Meaning.POSTCODE, Meaning.UPRN, Meaning.PHONE, Meaning.EMAIL, Meaning.KEY), _STAND_IN_WORDS
    ),
}
"""What systems and testers write where nothing is known. Na, Null and None are people's names, so names have fewer."""

_SPOILT = r"Ã[\x{80}-\x{BF}]|â€|Â[\x{A0}-\x{BF}]"
"""UTF-8 that was read as Windows-1252 and written again: “ZoÃ«”."""


def find_suspicious(
    cells: pl.DataFrame,
    records: pl.DataFrame,
    findings: pl.DataFrame,
    contract: Contract,
    *,
    columns: Sequence[ColumnQuality],
    on: date,
) -> tuple[Concern, ...]:
    """Give what looks suspicious. `records` has kernel.columns.RECORD, `columns` exact counts, `on` is the file's day."""
    return (
        *_about_columns(columns, cells.height),
        *_about_births(records, findings, contract, on),
        *_about_numbers(records),
        *_about_people(records),
        *_about_text(cells, contract),
    )


def _about_columns(columns: Sequence[ColumnQuality], rows: int) -> Iterator[Concern]:
    for column in columns:
        filled, valid = column.filled or 0, column.valid or 0
        if filled >= FEWEST_ROWS and valid < (1 - MOST_FAULTS) * filled:
            says = f"{1 - valid / filled:.0%} of the values in {column.column} cannot be used."
            yield Concern(Doubt.FORM_CHANGED, says, column.column)
        if rows >= FEWEST_ROWS and filled == 0:
            yield Concern(Doubt.EMPTY_COLUMN, f"{column.column} is empty in every row.", column.column)


def _about_births(records: pl.DataFrame, findings: pl.DataFrame, contract: Contract, on: date) -> Iterator[Concern]:
    named = {term.name for person in (1, 2) for term in contract.named(Meaning.BIRTH_DATE, person)}
    stand_ins = findings.filter((pl.col("rule") == Rule.STAND_IN_DATE) & pl.col("column").is_in(list(named))).height
    if stand_ins:
        noun = "birth date is one" if stand_ins == 1 else "birth dates are ones"
        says = f"{stand_ins:,} {noun} that systems write when none is known, such as 01/01/1900."
        yield Concern(Doubt.STAND_IN_BIRTHS, says)
    births = records["birth_date"].drop_nulls()
    old = int((births.dt.offset_by(f"{OLDEST_AGE}y") <= on).sum())
    if old:
        people = "1 person would be" if old == 1 else f"{old:,} people would be"
        yield Concern(Doubt.VERY_OLD, f"{people} {OLDEST_AGE} or older.")
    if births.len() >= FEWEST_ROWS:
        yield from _about_many_births(births)


def _about_many_births(births: pl.Series) -> Iterator[Concern]:
    first = _share((births.dt.month() == 1) & (births.dt.day() == 1))
    if first > MOST_FIRST_OF_JANUARY:
        says = f"{first:.0%} of birth dates are 1 January; by chance it would be 0.3%."
        yield Concern(Doubt.FIRST_OF_JANUARY, says)
    largest = _largest(births)
    if largest >= FEWEST_ON_ONE_BIRTH_DATE and largest > MOST_ON_ONE_BIRTH_DATE * births.len():
        share = largest / births.len()
        yield Concern(Doubt.ONE_BIRTH_DATE, f"{share:.0%} of the people have one and the same birth date.")
    if bool((births.dt.day() <= LAST_MONTH).all()) and births.n_unique() > LAST_MONTH:
        yield Concern(Doubt.DAYS_AND_MONTHS, f"No birth date has a day after the {LAST_MONTH}th.")


def _about_numbers(records: pl.DataFrame) -> Iterator[Concern]:
    for column, noun, doubt in (
        ("phone", "phone number", Doubt.SHARED_PHONE),
        ("email", "e-mail address", Doubt.SHARED_EMAIL),
    ):
        yield from _shared(records, column, noun, doubt)
    # Only what is needed: leaving out rows copies every column.
    known = records.select("nhs_number", "birth_date").drop_nulls("nhs_number")
    several = known.filter(known["nhs_number"].is_duplicated())
    numbered = several.group_by("nhs_number").agg(pl.col("birth_date").drop_nulls().n_unique())
    shared = numbered.filter(pl.col("birth_date") > 1).height
    if shared:
        are = "NHS number is" if shared == 1 else "NHS numbers are"
        yield Concern(Doubt.SHARED_NHS_NUMBER, f"{shared:,} {are} on records with different birth dates.")
    tests = int(records["nhs_number"].str.starts_with(TEST_NHS_PREFIX).sum())
    if tests:
        are = "NHS number is" if tests == 1 else "NHS numbers are"
        yield Concern(Doubt.TEST_NHS_NUMBER, f"{tests:,} {are} of the range kept for tests.")


def _shared(records: pl.DataFrame, column: str, noun: str, doubt: Doubt) -> Iterator[Concern]:
    counted = records.select(column).drop_nulls().group_by(column).len().filter(pl.col("len") > MOST_ON_ONE_PHONE)
    if counted.height == 1:
        yield Concern(doubt, f"One {noun} is on {counted['len'][0]:,} records.")
    elif counted.height:
        plural = f"{noun}es" if noun.endswith("s") else f"{noun}s"
        most = int(counted["len"].max() or 0)  # type: ignore[arg-type]
        yield Concern(
            doubt, f"{counted.height:,} {plural} are each on more than {MOST_ON_ONE_PHONE} records; one is on {most:,}."
        )


def _about_people(records: pl.DataFrame) -> Iterator[Concern]:
    families = records["family"].drop_nulls()
    share = _largest(families) / max(families.len(), 1)
    if families.len() >= FEWEST_ROWS and share > MOST_WITH_ONE_SURNAME:
        yield Concern(Doubt.ONE_SURNAME, f"{share:.0%} of the people have one and the same surname.")
    place = pl.coalesce("home_id", pl.concat_str("address_original", "postcode", separator=" ", ignore_nulls=True))
    crowd = _largest(records.select(place.alias("place"))["place"].replace("", None).drop_nulls())
    if crowd > MOST_AT_ONE_ADDRESS:
        yield Concern(Doubt.CROWDED_ADDRESS, f"{crowd:,} people are at one address.")
    twice = _count_twice(records)
    if twice:
        are = "record has" if twice == 1 else "records have"
        yield Concern(Doubt.TWICE, f"{twice:,} {are} the name and birth date of another one under a different key.")


def _count_twice(records: pl.DataFrame) -> int:
    named = records.select("given", "family", "birth_date").drop_nulls()
    known = named.filter(pl.col("given").str.len_chars() > 1)
    return known.height - known.n_unique()


def _about_text(cells: pl.DataFrame, contract: Contract) -> Iterator[Concern]:
    held = {term.name: STAND_INS[term.meaning] for term in contract.columns if term.meaning in STAND_INS}
    if not held:
        return
    counted = cells.select(
        *(pl.col(name).str.contains(pattern).sum().alias(f"stand-in {name}") for name, pattern in held.items()),
        *(pl.col(name).str.contains(_SPOILT).sum().alias(f"spoilt {name}") for name in held),
    ).row(0, named=True)
    wordings: tuple[tuple[str, Doubt, Callable[[str, str], str]], ...] = (
        ("stand-in", Doubt.PLACEHOLDER, _say_placeholder),
        ("spoilt", Doubt.WRONG_LETTERS, _say_spoilt),
    )
    for prefix, doubt, say in wordings:
        for name in held:
            found = int(counted[f"{prefix} {name}"] or 0)
            if found:
                cells_hold = "1 cell" if found == 1 else f"{found:,} cells"
                yield Concern(doubt, say(cells_hold, name), name)


def _say_placeholder(cells: str, column: str) -> str:
    return f"{cells} of {column} {'holds' if cells == '1 cell' else 'hold'} a stand-in such as TEST, XXX or N/A."


def _say_spoilt(cells: str, column: str) -> str:
    return f"{cells} of {column} {'holds' if cells == '1 cell' else 'hold'} spoilt letters, such as Ã© for é."


def _share(flags: pl.Series) -> float:
    return float(flags.sum()) / max(flags.len(), 1)


def _largest(values: pl.Series) -> int:
    """Give how many times the most frequent value is there; 0 when there is none."""
    return int(values.alias("value").value_counts()["count"].max() or 0)  # type: ignore[arg-type]
