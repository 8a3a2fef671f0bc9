"""Communal homes: care homes, hostels and the like, where people live side by side and are not one household.

A death in a household closes the home; in a communal home it closes the one who died (docs/decisions/0017).
"""

from datetime import date

import polars as pl

ADULT_AGE = 16
"""Nobody younger is written to by name or phone."""

CARE_HOME = "care home"
"""The kind of a home, on the list of addresses, that is communal whoever is known to live there."""

MOST_IN_A_HOUSEHOLD = 9
"""Living adults above which a home can be communal."""

FEWEST_NAMES = 5
"""Family names among the adults of a home that is communal by its numbers: a large family has fewer."""


def is_adult(today: date) -> pl.Expr:
    """Tell who is grown up; somebody without a date of birth counts as it."""
    of_age = pl.col("birth_date").cast(pl.Date).dt.offset_by(f"{ADULT_AGE}y") <= today
    return of_age.fill_null(value=True)


def add_communal(people: pl.DataFrame, today: date) -> pl.DataFrame:
    """Add `communal`: whether the person's home is a care home, or has ten or more living adults of five family names.

    `people` has home, door, resident_id, family, birth_date, died_on and kind. Homes are looked at by their id and by their
    door, which may have two ids.
    """
    living = people.filter(pl.col("died_on").is_null() & is_adult(today))
    communal = pl.lit(value=False)
    for place in ("home", "door"):
        care = people.filter(pl.col("kind").str.to_lowercase() == CARE_HOME)[place]
        communal |= pl.col(place).is_in([*care.drop_nulls().unique(), *_crowded(living, place)])
    return people.with_columns(communal=communal.fill_null(value=False))


def _crowded(living: pl.DataFrame, place: str) -> list[str]:
    counted = (
        living.filter(pl.col(place).is_not_null())
        .group_by(place)
        .agg(
            adults=pl.col("resident_id").n_unique(),
            names=pl.col("family").str.strip_chars().str.to_uppercase().drop_nulls().n_unique(),
        )
    )
    crowded = counted.filter((pl.col("adults") > MOST_IN_A_HOUSEHOLD) & (pl.col("names") >= FEWEST_NAMES))
    return crowded[place].to_list()
