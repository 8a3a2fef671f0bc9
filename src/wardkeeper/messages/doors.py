"""One name for one door, however its address is written.

Two home ids can stand for one door (one with a UPRN, one without), so what must not be written to is compared by
door as well as by id, and a door gets one letter.
"""

import polars as pl

from wardkeeper.places.lines import take_apart


def add_doors(people: pl.DataFrame) -> pl.DataFrame:
    """Add `door` from address and postcode; null where there is no address."""
    parts = take_apart(people["address"]).select(
        pl.concat_str("unit", "number", pl.col("words").str.extract(r"^(\S+)").fill_null(""), separator="|")
    )
    postcode = pl.col("postcode").fill_null("").str.to_uppercase().str.replace_all(" ", "")
    written = pl.col("address").fill_null("").str.contains(r"[\p{L}\p{N}]")
    return people.with_columns(door=pl.when(written).then(pl.concat_str(postcode, parts.to_series(), separator="|")))
