"""Records written as small tables, for the tests of residents; and groups read back as plain sets."""

import hashlib
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.kernel.columns import RECORD
from wardkeeper.residents.cells import Column, Encoded
from wardkeeper.residents.comparing import compare, unpack
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.linking import ROLES

TYPES = {"text": pl.String, "int": pl.Int64, "date": pl.Date, "flag": pl.Boolean}
DEFAULTS = {
    "delivery": "d1",
    "row": 1,
    "seen_on": date(2026, 6, 1),
    "home_match": "uprn",
    "protected": False,
}
HEADINGS = {
    "id": "record_id",
    "born": "birth_date",
    "home": "home_id",
    "address": "address_original",
    "nhs": "nhs_number",
    "ni": "ni_number",
}


def record_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Give RECORD columns from rows that name only what matters; the source is what stands before the colon."""
    filled = [
        {**DEFAULTS, **row, "source": str(row["record_id"]).split(":")[0], "name_original": row.get("family")}
        for row in rows
    ]
    schema = {column.name: TYPES[column.kind] for column in RECORD}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in filled], schema=schema)


def read_records(table: str) -> pl.DataFrame:
    """Read a table with a heading line, columns parted by `|`; a dash or nothing is missing."""
    heading, *lines = [line for line in table.strip().splitlines() if line.strip()]
    names = [HEADINGS.get(name.strip(), name.strip()) for name in heading.split("|")]
    rows = []
    for line in lines:
        cells = (cell.strip() for cell in line.split("|"))
        rows.append(
            {name: _parse(name, cell) for name, cell in zip(names, cells, strict=True) if cell not in {"", "-"}}
        )
    return record_frame(rows)


def _parse(name: str, cell: str) -> object:
    if name == "protected":
        return cell == "yes"
    return date.fromisoformat(cell) if name in {"birth_date", "seen_on", "objected_on", "died_on"} else cell


def encode_table(table: str) -> Encoded:
    """Read a table and encode it as linking does."""
    return encode(read_records(table), ROLES)


def encode_in_order(rows: list[dict[str, object]]) -> Encoded:
    """Encode rows as linking does, but leave them in the order in which they are named."""
    made = encode(record_frame(rows), ROLES)
    return replace(
        made, cells=made.cells[made.rank()], order=np.arange(made.size), tiebreaks=made.tiebreaks[made.rank()]
    )


def codes_of(encoded: Encoded, column: Column) -> list[int]:
    """Give one column of encoded records, in the order of the table they came from."""
    return encoded.column(column)[encoded.rank()].tolist()


def levels_of(encoded: Encoded) -> list[int]:
    """Give the codes, one for each feature, that comparing the first two records finds."""
    left, right = encoded.rank()[:1], encoded.rank()[1:2]
    return unpack(compare(encoded, left, right))[0].tolist()


def findings(table: str) -> dict[str, str]:
    """Say what comparing the table's first two records finds: words by feature."""
    codes = levels_of(encode_table(table))
    return {feature.name: feature.levels[code - 1].words for feature, code in zip(FEATURES, codes, strict=True) if code}


def groups_of(membership: pl.DataFrame) -> set[frozenset[str]]:
    """Give the residents as sets of record ids."""
    return {frozenset(ids) for ids in membership.group_by("resident_id").agg("record_id")["record_id"].to_list()}


def read_groups(text: str) -> set[frozenset[str]]:
    """Read groups written as `asc:1 tax:1 / tax:2`."""
    return {frozenset(part.split()) for part in text.split("/")}


def steady_entropy(size: int) -> bytes:
    """Bytes that look random and are the same each time."""
    return hashlib.shake_256(b"residents").digest(size)
