"""The profile of a delivery: how full, how sound and how varied each column is. Counts alone, so that files can be compared.

Facts about people are rare, and a small count of them may point at somebody. Counts from such columns are given as NHS
England publishes hospital figures (*HES analysis guide*, disclosure control): 1 to 7 is hidden, others are rounded
to 5; here downwards, so that no count is above that of the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.rules import WORDING, Effect, Rule
from wardkeeper.sources.terms import Contract, Meaning

Count = int | None
"""A count; None is hidden, and means from 1 to 7."""

LARGEST_HIDDEN = 7
ROUNDED_TO = 5
HIDDEN_WORDS = f"1 to {LARGEST_HIDDEN}"

EMPTY, OTHER = "(empty)", "(not in the contract)"
"""The codes of cells that hold nothing, and of values that the contract does not list."""

MOST_MONTHS = 24

_STILL_USED = (Rule.NO_KEY, Rule.SHARED_KEY, Rule.LOST_ZERO, Rule.UNKNOWN_POSTCODE)
"""Rules that repair a row and yet use the value as it was written, or put back what it had lost."""

AT_FAULT = tuple(
    rule for rule, told in WORDING.items() if told.effect is not Effect.REMARKS and rule not in _STILL_USED
)
"""Rules whose finding means that the value was not used: it was left empty, or its row is held back."""

_SPECIAL = frozenset(
    {
        *(Meaning.FACT, Meaning.CAUTION, Meaning.OBJECTED_ON, Meaning.DIED_ON),
        *(Meaning.SAFE_CONTACT, Meaning.SAFE_PHONE, Meaning.UNUSED),
    }
)
"""Meanings of special facts; what a column that nobody reads holds is not known, so it is taken for one."""


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """One column of the file: cells that are filled, filled cells whose value was used, different values.

    `codes` counts the values that the contract lists, in its order; none for a column of free values.
    """

    column: str
    filled: Count
    valid: Count
    distinct: Count = 0
    codes: tuple[tuple[str, Count], ...] = ()


def hide_small(count: int) -> Count:
    """Give a count of a special fact as it may be told."""
    if count == 0:
        return 0
    return None if count <= LARGEST_HIDDEN else ROUNDED_TO * (count // ROUNDED_TO)


def say_count(count: Count) -> str:
    """Write a count for a reader."""
    return HIDDEN_WORDS if count is None else f"{count:,}"


def find_special(contract: Contract) -> frozenset[str]:
    """Give the columns whose counts are about special facts: needs, markings, objections and deaths."""
    read = {*(term.column for term in contract.factors), *(term.column for term in contract.markings)}
    return frozenset(term.name for term in contract.columns if term.name in read or term.meaning in _SPECIAL)


def measure_columns(cells: pl.DataFrame, findings: pl.DataFrame, contract: Contract) -> tuple[ColumnQuality, ...]:
    """Count each column's filled, valid and different values, exactly. `cells` has `row`, and the contract's columns as text."""
    names = contract.file.columns
    filled = cells.select((pl.col(name).str.strip_chars() != "").sum() for name in names).row(0)
    # One column at a time: the set of a column's different values may be as large as the column.
    distinct = [cells[name].n_unique() - bool((cells[name] == "").any()) for name in names]
    at_fault = findings.filter(pl.col("rule").is_in(AT_FAULT))
    faulty = {name: _count_faulty(cells, name, at_fault) for name in at_fault["column"].unique() if name in names}
    codes = count_codes(cells, contract)
    return tuple(
        ColumnQuality(name, full, full - faulty.get(name, 0), different, codes.get(name, ()))
        for name, full, different in zip(names, filled, distinct, strict=True)
    )


def _count_faulty(cells: pl.DataFrame, name: str, at_fault: pl.DataFrame) -> int:
    """Count the filled cells of a column with a finding: one on an empty cell takes no value away."""
    rows = at_fault.filter(pl.col("column") == name)["row"].unique()
    return cells.filter((pl.col(name).str.strip_chars() != "") & pl.col("row").is_in(rows.implode())).height


def guard(columns: Sequence[ColumnQuality], contract: Contract) -> tuple[ColumnQuality, ...]:
    """Hide the small counts of columns about special facts."""
    special = find_special(contract)
    return tuple(_hide(column) if column.column in special else column for column in columns)


def _hide(column: ColumnQuality) -> ColumnQuality:
    codes = tuple((code, hide_small(count or 0)) for code, count in column.codes)
    filled, valid = hide_small(column.filled or 0), hide_small(column.valid or 0)
    # Codes are the contract's own words; other values are as many as there are people, when there are few.
    distinct = column.distinct if codes else hide_small(column.distinct or 0)
    return ColumnQuality(column.column, filled, valid, distinct, codes)


def count_codes(cells: pl.DataFrame, contract: Contract) -> dict[str, tuple[tuple[str, Count], ...]]:
    """Count the listed values of each column that holds codes, blank cells and unlisted values last."""
    return {
        column: _count_values(cells[column], listed, split)
        for column, (listed, split) in _code_columns(contract).items()
        if listed
    }


def _code_columns(contract: Contract) -> dict[str, tuple[dict[str, str], str]]:
    """Give each column of codes: its listed values by their folded form, and what parts a cell with several."""
    found: dict[str, tuple[dict[str, str], str]] = {}
    for term in contract.factors:
        if term.column:
            listed, _ = found.setdefault(term.column, ({}, term.split))
            listed |= {value.casefold(): value for value in (*(value for value, _ in term.when), *term.known)}
    for marking in contract.markings:
        listed, _ = found.setdefault(marking.column, ({}, ""))
        listed |= {value.casefold(): value for value in (*marking.when, *marking.known)}
    return found


def _count_values(text: pl.Series, listed: dict[str, str], split: str) -> tuple[tuple[str, Count], ...]:
    """Count by different text first: codes repeat themselves."""
    counted = text.alias("text").value_counts()
    parts = pl.col("text").str.split(split) if split else pl.concat_list("text")
    values = counted.select(parts.alias("value"), "count").explode("value")
    code = (
        tidy(pl.col("value"))
        .str.to_lowercase()
        .fill_null("")
        .replace_strict({**listed, "": EMPTY}, default=OTHER, return_dtype=pl.String)
    )
    sums = dict(values.group_by(code.alias("code")).agg(pl.col("count").sum()).iter_rows())
    return tuple((name, int(sums.get(name, 0))) for name in (*dict.fromkeys(listed.values()), EMPTY, OTHER))


def count_months(records: pl.DataFrame, contract: Contract) -> tuple[tuple[str, int], ...]:
    """Count the records by the month their row is about, the last two years; none where rows have no date of their own."""
    if not contract.named(Meaning.SEEN_ON):
        return ()
    month = pl.col("seen_on").dt.strftime("%Y-%m").alias("month")
    counted = records.drop_nulls("seen_on").group_by(month).len().sort("month")
    return tuple(counted.tail(MOST_MONTHS).iter_rows())
