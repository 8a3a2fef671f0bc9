"""Who a row is about: one person, or several when a name is joint or the row has a second person's columns."""

from datetime import date

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.fields import Read, read_field
from wardkeeper.sources.findings import find
from wardkeeper.sources.hidden import has_unseen, take_out
from wardkeeper.sources.names import PARTS, read_full, read_parts
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import ColumnTerm, Contract, Meaning

_NAMES = (Meaning.NAME, Meaning.TITLE, Meaning.GIVEN, Meaning.FAMILY)


def read_people(cells: pl.DataFrame, contract: Contract, *, on: date) -> Read:
    """Give a row per person: row, person (1, 2 …), name_original, title, given, middle, family and birth_date.

    A person with one name only has it as `given`. Findings are on birth dates, joint names, single names, and rows that
    name nobody.
    """
    people: list[pl.DataFrame] = []
    findings: list[pl.DataFrame] = []
    for person in sorted({term.person for term in contract.columns}):
        births, found = read_field(cells, contract.named(Meaning.BIRTH_DATE, person), meaning=Meaning.BIRTH_DATE, on=on)
        seen, unseen = _take_out_unseen(cells, contract, person)
        named, joint = _read_names(seen, cells, contract, births, person)
        people += named
        findings += [*found, joint, *unseen]
    named_at_all = pl.any_horizontal(pl.col("family", "given").is_not_null())
    together = pl.concat(people).filter(named_at_all).sort("row", maintain_order=True)
    nobody = ~cells["row"].is_in(together["row"].implode())
    column = (contract.named(Meaning.NAME) or contract.named(Meaning.FAMILY))[0].name
    findings.append(find(cells["row"], nobody, rule=Rule.NO_NAME, column=column))
    return together.with_columns(pl.int_range(1, pl.len() + 1).over("row").alias("person")), findings


def _take_out_unseen(cells: pl.DataFrame, contract: Contract, person: int) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Give one person's name columns without letters that cannot be seen, and where there were some."""
    names = [term.name for meaning in _NAMES for term in contract.named(meaning, person)]
    columns, findings = [cells["row"]], []
    for name in names:
        column = cells[name]
        found = column.to_frame("text").select(has_unseen(pl.col("text")).alias("found"))["found"]
        if found.any():
            findings.append(find(cells["row"], found, rule=Rule.UNSEEN_LETTERS, column=name))
            column = column.to_frame("text").select(take_out(pl.col("text")).alias(name))[name]
        columns.append(column)
    return pl.DataFrame(columns), findings


def _read_names(
    seen: pl.DataFrame, cells: pl.DataFrame, contract: Contract, births: pl.Series, person: int
) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Read one person's columns, with what to remark; a joint name gives a second frame, for the second person, whose birth is not known.

    `seen` has the name columns without letters that cannot be seen, `cells` as they came.
    """
    row, birth = cells["row"], births.alias("birth_date")
    whole = contract.named(Meaning.NAME, person)
    if not whole:
        read = _read_columns(seen, cells, contract, birth, person)
        lone = read["family"].is_null() & read["given"].is_not_null()
        column = ", ".join(term.name for term in contract.named(Meaning.FAMILY, person))
        return [read], find(row, lone, rule=Rule.ONE_NAME, column=column)
    original = cells.select(_as_came(pl.col(whole[0].name)).alias("name_original"))["name_original"]
    read = read_full(seen[whole[0].name])
    first = pl.DataFrame([row, original, *read.select(PARTS), birth])
    second = read.select(pl.col(f"second_{part}").alias(part) for part in PARTS)
    unknown = birth.clear(cells.height)
    joint = second["family"].is_not_null()
    return [first, pl.DataFrame([row, original, *second, unknown]).filter(joint)], find(
        row, joint, rule=Rule.JOINT_NAME, column=whole[0].name
    )


def _as_came(text: pl.Expr) -> pl.Expr:
    """Give a name as it came, but for runs of space; null when it is nothing else."""
    spaced = text.str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(spaced != "").then(spaced)


def _read_columns(
    seen: pl.DataFrame, cells: pl.DataFrame, contract: Contract, birth: pl.Series, person: int
) -> pl.DataFrame:
    parts = [contract.named(meaning, person) for meaning in (Meaning.TITLE, Meaning.GIVEN, Meaning.FAMILY)]
    title, given, family = (_take(seen, terms) for terms in parts)
    written = pl.DataFrame([_take(cells, terms).alias(f"{place}") for place, terms in enumerate(parts)])
    joined = pl.concat_str(
        [pl.col(name).replace("", None) for name in written.columns], separator=" ", ignore_nulls=True
    )
    original = written.select(_as_came(joined).alias("name_original"))
    # A forename by itself is a person's whole name; beside a word that stands for nobody it is not.
    alone = family.to_frame("text").select(tidy(pl.col("text")).is_null().alias("alone"))["alone"]
    read = read_parts(title, given, family).with_columns(
        pl.when(alone | pl.col("family").is_not_null()).then(pl.col("given", "middle"))
    )
    return pl.DataFrame([cells["row"], original["name_original"], *read.select(PARTS), birth])


def _take(cells: pl.DataFrame, terms: tuple[ColumnTerm, ...]) -> pl.Series:
    return cells[terms[0].name] if terms else pl.Series([None], dtype=pl.String).new_from_index(0, cells.height)
