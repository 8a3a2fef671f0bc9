"""The homes that records were matched to, described: address, position and areas."""

import polars as pl

from wardkeeper.places.addresses import AddressList
from wardkeeper.places.postcodes import PostcodeTable

_PLACE = ("longitude", "latitude", "output_area", "lsoa")


def describe(records: pl.DataFrame, addresses: AddressList, postcodes: PostcodeTable) -> pl.DataFrame:
    """Give a row per home that `records` (home_id, address_original, postcode) name, with HOME's columns but `special`.

    A home on the address list is described by it; one that is not has its first written address and its postcode's
    centre, so it still shows on a map. Homes with an unknown postcode have no position.
    """
    asked = (
        records.select("home_id", "address_original", "postcode").drop_nulls("home_id").unique("home_id", keep="first")
    )
    listed = asked.select("home_id", uprn=pl.col("home_id").str.strip_prefix("uprn:")).join(
        addresses.frame.select("uprn", "address", "postcode", *_PLACE, "kind"), on="uprn"
    )
    new = asked.join(listed, on="home_id", how="anti").with_columns(
        pl.lit(None, pl.String).alias("uprn"),
        pl.col("address_original").alias("address"),
        pl.lit("other").alias("kind"),
    )
    placed = pl.concat([new, postcodes.locate(new["postcode"]).select(_PLACE)], how="horizontal")
    return pl.concat([listed, placed.select(listed.columns)], how="vertical_relaxed").sort("home_id")
