"""Households: the living residents of one home; where a home is communal, those of one family name."""

import polars as pl

from wardkeeper.residents.folding import fold_name

COMMUNAL_FROM = 13
"""A home with this many residents is a care home, hostel or house in multiple occupation, not one household."""


def build_households(residents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give residents with their household, and the households (HOUSEHOLD columns).

    The dead and those without a known home have none. A household's id is made from its lowest resident id, so it tells nothing
    about the home and stays while that resident does.
    """
    living = residents.with_columns(name=fold_name(pl.col("family"))).filter(
        pl.col("home_id").is_not_null() & pl.col("died_on").is_null()
    )
    communal = pl.len().over("home_id") >= COMMUNAL_FROM
    unit = pl.when(communal).then(pl.coalesce("name", "resident_id")).otherwise(pl.lit(""))
    first = pl.col("resident_id").min().over("home_id", unit)
    named = living.select("resident_id", "home_id", household_id=pl.lit("hh-") + first.str.strip_prefix("res-"))
    households = named.group_by("household_id", "home_id").agg(size=pl.len().cast(pl.Int64)).sort("household_id")
    placed = residents.drop("household_id").join(
        named.select("resident_id", "household_id"), on="resident_id", how="left", maintain_order="left"
    )
    return placed.select(residents.columns), households
