"""Where each row says its people live, and the home that is."""

import polars as pl

from wardkeeper.places import postcodes as postcode_form
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.lettering import tidy
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.sources.findings import find
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Meaning

TRAILING = r"([A-Za-z]{1,2}\d[A-Za-z\d]?\s*[\dOoIi][A-Za-z]{2})[\s.,]*$"
"""A postcode at the end of an address, where it has no column of its own."""


def find_homes(
    cells: pl.DataFrame, uprns: pl.Series, contract: Contract, *, postcodes: PostcodeTable, addresses: AddressList
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Give, per row in order, row, address_original, postcode, uprn, home_id and home_match; and findings."""
    written = cells.select("row", _address(contract).alias("address_original")).with_columns(uprns.alias("uprn"))
    read, bad = _read_postcodes(cells, written["address_original"], contract)
    asked = written.with_columns(read.alias("postcode"))
    found = addresses.match(asked)
    homes = pl.concat([asked.drop("uprn"), found.drop("uprn_fault")], how="horizontal")
    uprn_column = ", ".join(term.name for term in contract.named(Meaning.UPRN))
    column = _postcode_column(contract)
    rows, fault = cells["row"], found["uprn_fault"]
    return homes, [
        find(rows, bad, rule=Rule.BAD_POSTCODE, column=column),
        find(rows, read.is_not_null() & ~postcodes.is_known(read), rule=Rule.UNKNOWN_POSTCODE, column=column),
        find(rows, fault == "unknown", rule=Rule.UNKNOWN_UPRN, column=uprn_column),
        find(rows, fault == "disagrees", rule=Rule.UPRN_DISAGREES, column=uprn_column),
    ]


def _address(contract: Contract) -> pl.Expr:
    """Put the address columns on one line, as they came."""
    parts = [tidy(pl.col(term.name).str.replace_all(r"[\r\n]+", ", ")) for term in contract.named(Meaning.ADDRESS)]
    return tidy(pl.concat_str(parts, separator=", ", ignore_nulls=True)) if parts else pl.lit(None, pl.String)


def _postcode_column(contract: Contract) -> str:
    terms = contract.named(Meaning.POSTCODE) or contract.named(Meaning.ADDRESS)
    return ", ".join(term.name for term in terms)


def _read_postcodes(cells: pl.DataFrame, address: pl.Series, contract: Contract) -> tuple[pl.Series, pl.Series]:
    """Read each row's postcode from its column, else from the end of its address; and tell which columns were wrong."""
    given = [tidy(pl.col(term.name)) for term in contract.named(Meaning.POSTCODE)]
    column = pl.coalesce(given) if given else pl.lit(None, pl.String)
    written = cells.select("row", column.alias("written"))["written"]
    frame = pl.DataFrame([written, address.alias("address")])
    own = frame.with_columns(postcode_form.standardise(pl.col("written")).alias("own"))
    # Only where it is needed: addresses are long.
    tail = pl.when(pl.col("own").is_null()).then("address").str.extract(TRAILING)
    read = own.with_columns(postcode_form.standardise(tail).alias("behind"))
    return read.select(pl.coalesce("own", "behind"))["own"], written.is_not_null() & read["own"].is_null()
