"""Leaflets through every door, by postcode sector: how many to print. No names and no records of people, only addresses.

A sector is the postcode without its last two letters; Royal Mail's door to door takes whole sectors.
"""

import polars as pl


def count_doors(addresses: pl.DataFrame, areas: list[str]) -> pl.DataFrame:
    """Give sector, homes_in_areas and homes_in_sector for each sector with a home in the areas (LSOA codes).

    `addresses` is the list of addresses: postcode and lsoa. A leaflet for the whole sector goes to homes elsewhere too.
    """
    placed = addresses.select("lsoa", sector=pl.col("postcode").str.extract(r"^(\S+ \d)[A-Z]{2}$")).drop_nulls("sector")
    inside = pl.col("lsoa").is_in(areas).fill_null(value=False)
    return (
        placed.group_by("sector")
        .agg(homes_in_areas=inside.sum().cast(pl.Int64), homes_in_sector=pl.len().cast(pl.Int64))
        .filter(pl.col("homes_in_areas") > 0)
        .sort("sector")
    )
