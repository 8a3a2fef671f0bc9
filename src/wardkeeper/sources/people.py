"""Who a row is about: one person, or several when a name is joint or the row has a second person's columns."""

from datetime import date

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.fields import Read, read_field
from wardkeeper.sources.findings import SCHEMA, find
from wardkeeper.sources.names import PARTS, read_full, read_parts
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import ColumnTerm, Contract, Meaning


def read_people(cells: pl.DataFrame, contract: Contract, *, on: date) -> Read:
    """Give a row per person: row, person (1, 2 …), name_original, title, given, middle, family and birth_date.

    Findings are on birth dates, joint names, and rows that name nobody.
    """
    people: list[pl.DataFrame] = []
    findings: list[pl.DataFrame] = []
    for person in sorted({term.person for term in contract.columns}):
        births, found = read_field(cells, contract.named(Meaning.BIRTH_DATE, person), meaning=Meaning.BIRTH_DATE, on=on)
        named, joint = _read_names(cells, contract, births, person)
        people += named
        findings += [*found, joint]
    together = pl.concat(people).drop_nulls("family").sort("row", maintain_order=True)
    nobody = ~cells["row"].is_in(together["row"].implode())
    column = (contract.named(Meaning.NAME) or contract.named(Meaning.FAMILY))[0].name
    findings.append(find(cells["row"], nobody, rule=Rule.NO_NAME, column=column))
    return together.with_columns(pl.int_range(1, pl.len() + 1).over("row").alias("person")), findings


def _read_names(
    cells: pl.DataFrame, contract: Contract, births: pl.Series, person: int
) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Read one person's columns; a joint name gives a second frame, for the second person, whose birth is not known."""
    row, birth = cells["row"], births.alias("birth_date")
    whole = contract.named(Meaning.NAME, person)
    if not whole:
        return [_read_columns(cells, contract, birth, person)], pl.DataFrame(schema=SCHEMA)
    original = (
        cells[whole[0].name].to_frame("text").select(tidy(pl.col("text")).alias("name_original"))["name_original"]
    )
    read = read_full(original)
    first = pl.DataFrame([row, original, *read.select(PARTS), birth])
    second = read.select(pl.col(f"second_{part}").alias(part) for part in PARTS)
    unknown = birth.clear(cells.height)
    joint = second["family"].is_not_null()
    return [first, pl.DataFrame([row, original, *second, unknown])], find(
        row, joint, rule=Rule.JOINT_NAME, column=whole[0].name
    )


def _read_columns(cells: pl.DataFrame, contract: Contract, birth: pl.Series, person: int) -> pl.DataFrame:
    title, given, family = (
        _take(cells, contract.named(meaning, person)) for meaning in (Meaning.TITLE, Meaning.GIVEN, Meaning.FAMILY)
    )
    original = pl.DataFrame([title.alias("t"), given.alias("g"), family.alias("f")]).select(
        tidy(pl.concat_str("t", "g", "f", separator=" ", ignore_nulls=True)).alias("name_original")
    )
    parts = read_parts(title, given, family)
    return pl.DataFrame([cells["row"], original["name_original"], *parts.select(PARTS), birth])


def _take(cells: pl.DataFrame, terms: tuple[ColumnTerm, ...]) -> pl.Series:
    return cells[terms[0].name] if terms else pl.Series([None], dtype=pl.String).new_from_index(0, cells.height)
