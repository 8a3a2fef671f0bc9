"""From a raw table to records, factors and rows to fix, by the contract.

Each row of the file is loaded, repaired with a note, or held back with a reason; the three add up to the file.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

import polars as pl

from wardkeeper.kernel.columns import FACTOR, QUARANTINED, RECORD
from wardkeeper.kernel.ids import DeliveryId
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.sources.decoding import UNREADABLE
from wardkeeper.sources.facts import read_factors, read_markings
from wardkeeper.sources.fields import read_field, read_fields
from wardkeeper.sources.findings import BY_EFFECT, REASONS, SCHEMA, find, gather, rows_with, to_notes
from wardkeeper.sources.keys import key_columns, key_rows
from wardkeeper.sources.people import read_people
from wardkeeper.sources.quality import QualityReport, report
from wardkeeper.sources.removing import part_removals
from wardkeeper.sources.rules import Effect, Note, Rule
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import Contract, Meaning
from wardkeeper.sources.whereabouts import find_homes

KINDS: dict[str, type[pl.DataType]] = {"text": pl.String, "int": pl.Int64, "date": pl.Date, "flag": pl.Boolean}

WHOLE_ROW, PARTED_BY = "row", "parted by"
"""The keys of a row that could not be parted into cells, in the JSON of a held row, and of the delimiter that was found."""

RECORD_SCHEMA = {column.name: KINDS[column.kind] for column in RECORD}
FACTOR_SCHEMA = {column.name: KINDS[column.kind] for column in FACTOR}
QUARANTINED_SCHEMA = {column.name: KINDS[column.kind] for column in QUARANTINED}


_HYPHENED = (
    Meaning.NHS_NUMBER,
    Meaning.NI_NUMBER,
    Meaning.SEEN_ON,
    Meaning.ENDED_ON,
    Meaning.OBJECTED_ON,
    Meaning.DIED_ON,
    Meaning.SAFE_CONTACT,
    Meaning.SAFE_PHONE,
)
_ONE_PERSONS = ("nhs_number", "ni_number", "sex", "email", "language", "objected_on", "died_on")
_MARKINGS = ("caution", "objected_on", "died_on", "safe_contact", "safe_phone", "special")


class _Counts(TypedDict):
    rows: int
    loaded: int
    repaired: int
    quarantined_rows: int


@dataclass(frozen=True, slots=True, eq=False)
class Standardised:
    """What a delivery became.

    `records` has kernel.columns.RECORD, `factors` FACTOR, `quarantined` QUARANTINED, `removed` REMOVED. `rows` = `loaded` + `repaired` + `quarantined_rows`, all counted in rows of the file.
    """

    records: pl.DataFrame
    factors: pl.DataFrame
    quarantined: pl.DataFrame
    removed: pl.DataFrame
    notes: list[Note]
    rows: int
    loaded: int
    repaired: int
    quarantined_rows: int
    report: QualityReport


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What the rows became, before their source and delivery are written beside: `held` are the rows held back."""

    records: pl.DataFrame
    factors: pl.DataFrame
    findings: pl.DataFrame
    held: pl.Series
    removed: pl.DataFrame


def standardise(
    raw: RawTable,
    contract: Contract,
    *,
    delivery: DeliveryId,
    postcodes: PostcodeTable,
    addresses: AddressList,
    extracted_on: date,
) -> Standardised:
    """Read a raw table by its contract. `extracted_on` is the day the file is about."""
    cells = pl.DataFrame([raw.rows.cast(pl.Int64).alias("row"), *raw.frame])
    made = _make_records(cells, raw, contract, postcodes=postcodes, addresses=addresses, on=extracted_on)
    records = made.records.with_columns(source=pl.lit(contract.name), delivery=pl.lit(delivery)).select(
        pl.col(name).cast(kind) for name, kind in RECORD_SCHEMA.items()
    )
    findings, held = made.findings, made.held
    return Standardised(
        records=records,
        factors=made.factors.with_columns(source=pl.lit(contract.name)).select(FACTOR_SCHEMA.keys()),
        quarantined=_to_quarantined(findings, raw, cells)
        .with_columns(source=pl.lit(contract.name), delivery=pl.lit(delivery))
        .select(QUARANTINED_SCHEMA.keys()),
        removed=made.removed.select(
            pl.format("{}:{}", pl.lit(contract.name), "key").alias("record_id"),
            pl.lit(contract.name).alias("source"),
            pl.lit(delivery).alias("delivery"),
            "row",
            pl.lit(extracted_on).alias("seen_on"),
        ),
        notes=to_notes(findings, held),
        report=report(cells, records, findings, contract, extracted_on=extracted_on, assumed=raw.assumed),
        **_count(raw, findings, held),
    )


def _make_records(
    cells: pl.DataFrame,
    raw: RawTable,
    contract: Contract,
    *,
    postcodes: PostcodeTable,
    addresses: AddressList,
    on: date,
) -> _Made:
    """Read every part of each row and put the parts together. What is made on the way is let go on return."""
    parted = part_removals(cells, contract)
    cells = parted.cells
    # Addresses first: finding them needs most room, and least is held yet.
    uprns, on_uprns = read_field(cells, contract.named(Meaning.UPRN), meaning=Meaning.UPRN, on=on)
    homes, on_homes = find_homes(cells, uprns, contract, postcodes=postcodes, addresses=addresses)
    people, on_people = read_people(cells, contract, on=on)
    fields, on_fields = read_fields(cells, contract, on=on)
    marked, on_marks = read_markings(cells, contract)
    # Each part is let go as soon as its values stand beside the people they are about.
    parts = [fields, homes, marked]
    del fields, homes, marked
    factors, on_factors = read_factors(cells, contract)
    found = gather(
        [*on_people, *on_fields, *on_uprns, *on_homes, *on_factors, *on_marks, *_find_unreadable(cells, raw)]
    )
    found = gather([*parted.findings, found])
    held = rows_with(found, Effect.HOLDS)
    keyed = key_rows(_without(cells.select("row", *key_columns(contract)), held), contract, people)
    joined = _join_rows(_name_records(keyed.entries, people, contract.name), parts, cells["row"], on)
    return _Made(
        records=_merge_repeats(joined),
        factors=_to_factors(factors, joined),
        findings=gather([found, *keyed.findings]),
        held=held,
        removed=parted.removed,
    )


def _without(cells: pl.DataFrame, held: pl.Series) -> pl.DataFrame:
    return cells.filter(~cells["row"].is_in(held.implode())) if held.len() else cells


def _find_unreadable(cells: pl.DataFrame, raw: RawTable) -> list[pl.DataFrame]:
    """Find the rows with letters from another encoding, and those that could not be parted into cells."""
    strange = cells.select(pl.any_horizontal(pl.col(pl.String).str.contains(UNREADABLE, literal=True)).alias("s"))["s"]
    faults = pl.DataFrame([(fault.row, "", fault.rule.value) for fault in raw.faults], schema=SCHEMA, orient="row")
    return [find(cells["row"], strange, rule=Rule.UNREADABLE_LETTERS), faults]


def _count(raw: RawTable, findings: pl.DataFrame, held: pl.Series) -> _Counts:
    """Count the rows of the file: each is held, else repaired, else loaded."""
    mended = rows_with(findings, Effect.REPAIRS)
    repaired = mended.filter(~mended.is_in(held.implode())).len()
    return _Counts(
        rows=raw.height,
        loaded=raw.height - repaired - held.len(),
        repaired=repaired,
        quarantined_rows=held.len(),
    )


def _name_records(entries: pl.DataFrame, people: pl.DataFrame, source: str) -> pl.DataFrame:
    """Name each person's record by the source and its entry; `:2` and so on for a row's further people."""
    further = pl.when(pl.col("person") > 1).then(pl.format(":{}", "person")).otherwise(pl.lit(""))
    return entries.join(people, on="row", maintain_order="left").with_columns(
        record_id=pl.concat_str(pl.lit(f"{source}:"), "entry", further)
    )


def _join_rows(named: pl.DataFrame, parts: list[pl.DataFrame], rows: pl.Series, extracted_on: date) -> pl.DataFrame:
    """Put the parts of each row beside each of its people, under the names that records have; `parts` is emptied.

    Parts have one row for each of `rows`, in that order.
    """
    place = rows.search_sorted(named["row"])
    every = named.height == rows.len() and bool((named["row"] == rows).all())
    columns = named.get_columns()
    while parts:
        part = parts.pop().drop("row")
        columns += part.get_columns() if every else part[place].get_columns()
    renamed = pl.DataFrame(columns).rename({meaning.value: meaning.value.replace("-", "_") for meaning in _HYPHENED})
    # What is one person's alone isn't the other's: only the address, telephone and caution are shared.
    first = pl.col("person") == 1
    alone = [pl.when(first).then(name).alias(name) for name in _ONE_PERSONS] if (named["person"] > 1).any() else []
    over = pl.when(pl.col("ended_on") < extracted_on).then("ended_on")
    return renamed.with_columns(*alone, seen_on=pl.coalesce(over, "seen_on", pl.lit(extracted_on)))


def _merge_repeats(joined: pl.DataFrame) -> pl.DataFrame:
    """Make one record of repeated rows: the first one's values, and every row's markings."""
    repeated = joined["record_id"].is_duplicated()
    if not repeated.any():
        return joined
    marked = (
        joined.filter(repeated)
        .group_by("record_id")
        .agg(pl.col("protected").any(), pl.col(_MARKINGS).drop_nulls().first())
    )
    firsts = joined.filter(~repeated | joined["record_id"].is_first_distinct())
    both = firsts.join(marked, on="record_id", how="left", maintain_order="left", suffix="_any")
    return both.with_columns(pl.coalesce(f"{name}_any", name).alias(name) for name in ("protected", *_MARKINGS))


def _to_factors(factors: pl.DataFrame, joined: pl.DataFrame) -> pl.DataFrame:
    asserted = joined.select("row", "person", "record_id", "seen_on").join(factors, on="row", maintain_order="left")
    if (factors["whose"] > 0).any():
        asserted = asserted.filter((pl.col("whose") == 0) | (pl.col("whose") == pl.col("person")))
    return asserted.unique(["record_id", "factor"], keep="first", maintain_order=True)


def _to_quarantined(findings: pl.DataFrame, raw: RawTable, cells: pl.DataFrame) -> pl.DataFrame:
    """Give each reason a row is held back for, with the row as it came."""
    held = findings.filter(pl.col("rule").is_in(BY_EFFECT[Effect.HOLDS]))
    whole = cells.filter(pl.col("row").is_in(held["row"].implode())).select(
        "row", pl.struct(pl.exclude("row")).struct.json_encode().alias("content")
    )
    found = {PARTED_BY: raw.parted_by} if raw.parted_by else {}
    parted = pl.DataFrame(
        [(fault.row, json.dumps({WHOLE_ROW: fault.content, **found}, ensure_ascii=False)) for fault in raw.faults],
        schema={"row": pl.Int64, "content": pl.String},
        orient="row",
    )
    return held.join(pl.concat([whole, parted]), on="row", how="left", maintain_order="left").with_columns(
        reason=pl.col("rule").replace_strict(REASONS, return_dtype=pl.String)
    )
