"""Where each row says its people live, and the home that is."""

import polars as pl

from wardkeeper.places import postcodes as postcode_form
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.lettering import tidy
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.sources.findings import find
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import Contract, Meaning
from wardkeeper.sources.values import through_distinct

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
    return (
        pl.concat_str(parts, separator=", ", ignore_nulls=True).replace("", None) if parts else pl.lit(None, pl.String)
    )


def _postcode_column(contract: Contract) -> str:
    terms = contract.named(Meaning.POSTCODE) or contract.named(Meaning.ADDRESS)
    return ", ".join(term.name for term in terms)


def _read_postcodes(cells: pl.DataFrame, address: pl.Series, contract: Contract) -> tuple[pl.Series, pl.Series]:
    """Read each row's postcode from its column, else from the end of its address; and tell which columns were wrong."""
    given = [pl.col(term.name).replace("", None) for term in contract.named(Meaning.POSTCODE)]
    column = pl.coalesce(tidy(text) for text in given) if len(given) > 1 else (*given, pl.lit(None, pl.String))[0]
    written = through_distinct(cells.select("row", column.alias("written"))["written"], _read_postcode)
    # Only where it is needed: addresses are long.
    tail = pl.DataFrame([address.alias("address"), written["own"]]).select(
        pl.when(pl.col("own").is_null()).then("address").str.extract(TRAILING).alias("tail")
    )["tail"]
    behind = through_distinct(tail, _read_postcode)["own"]
    return written.select(pl.coalesce("own", behind))["own"], written["given"] & written["own"].is_null()


def _read_postcode(text: pl.Series) -> pl.DataFrame:
    """Give the postcode that a text is (`own`, else null), and whether it is anything at all (`given`)."""
    return (
        text.alias("text")
        .to_frame()
        .select(
            postcode_form.standardise(pl.col("text")).alias("own"), tidy(pl.col("text")).is_not_null().alias("given")
        )
    )
