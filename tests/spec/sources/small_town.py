"""A town of three homes, and a way to send it a small file. For the specs of this folder."""

from datetime import date
from pathlib import Path

import polars as pl

from wardkeeper.adapters.tables import read_table
from wardkeeper.places.addresses import COLUMNS, AddressList
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.sources import contract
from wardkeeper.sources.standardising import standardise

CONTRACTS = Path(__file__).parents[3] / "examples" / "trafford" / "sources"

EXTRACTED = date(2026, 11, 20)

POSTCODES = PostcodeTable(
    pl.DataFrame(
        {
            "postcode": ["M33 1AA", "M33 1AB"],
            "output_area": ["E00000001", "E00000002"],
            "lsoa": ["E01000001", "E01000001"],
            "msoa": ["E02000001", "E02000001"],
            "longitude": [-2.30, -2.31],
            "latitude": [53.41, 53.42],
        }
    )
)

_PLACE = (-2.3, 53.41, "E00000001", "E01000001", "house")

ADDRESSES = AddressList(
    pl.DataFrame(
        [
            ("9001", "1 High Street, Sale", "High Street", "1", "M33 1AA", *_PLACE),
            ("9002", "2 High Street, Sale", "High Street", "2", "M33 1AA", *_PLACE),
            ("9003", "Flat 1, 5 Mill Lane, Sale", "Mill Lane", "5", "M33 1AB", *_PLACE),
        ],
        schema=list(COLUMNS),
        orient="row",
    )
)


def read_contract(name):
    return contract.parse((CONTRACTS / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml")


def to_csv(terms, rows, *, delimiter=","):
    """Write rows (dicts of the columns that matter) as the file the contract describes."""
    lines = [terms.file.columns, *([row.get(name, "") for name in terms.file.columns] for row in rows)]
    cells = [[f'"{cell}"' if delimiter in cell or "\n" in cell else cell for cell in line] for line in lines]
    return "\n".join(delimiter.join(line) for line in cells) + "\n"


def send(name, rows, *, terms=None, extracted_on=EXTRACTED):
    """Send rows of a source through reading and standardising."""
    terms = terms or read_contract(name)
    content = to_csv(terms, rows, delimiter=terms.file.delimiter).encode(terms.file.encoding or "utf-8")
    return standardise_bytes(content, terms, extracted_on=extracted_on)


def standardise_bytes(content, terms, *, extracted_on=EXTRACTED):
    return standardise(
        read_table(content, terms.file),
        terms,
        delivery="dlv-1",
        postcodes=POSTCODES,
        addresses=ADDRESSES,
        extracted_on=extracted_on,
    )


def rules(done):
    return sorted(note.rule.value for note in done.notes)


def counts(done):
    return (done.rows, done.loaded, done.repaired, done.quarantined_rows)
