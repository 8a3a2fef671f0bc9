"""Strata: bands of log odds that pairs are drawn from, and groups of people that errors are counted by."""

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import Ints, Reals

EDGES = (-9.0, -7.0, -5.5, -4.5, -3.0, -1.5, -0.5, 0.5, 1.5, 3.0, 5.0)
"""Between these log odds lie the strata: narrow where a pair is doubtful, wide where it is hardly ever."""

STEP = 0.25
"""Log odds are counted to the nearest multiple of this."""

GROUPINGS: dict[str, str] = {
    "family_class": "How common the family name is",
    "writing": "How the names are written",
    "age_band": "Age",
    "district": "Postcode district",
}
"""What errors are counted by, and its heading. Where a name comes from cannot be read from its letters: these stand in for it."""

NOT_KNOWN = "not known"
PLAIN, MARKED, OTHER = "letters A to Z only", "with a hyphen, apostrophe or space", "with other letters or accents"
BANDS: tuple[tuple[int, str], ...] = ((18, "under 18"), (40, "18 to 39"), (65, "40 to 64"), (200, "65 and over"))


def stratify(log_odds: Reals) -> Ints:
    """Give each log odds the number of its stratum, 0 being the lowest."""
    return np.digitize(log_odds, EDGES).astype(np.int64)


def group_people(records: pl.DataFrame) -> pl.DataFrame:
    """Give record_id and, for each of GROUPINGS, the group that a record's person belongs to.

    Records need record_id, given, family, birth_date, postcode and seen_on. Age is counted at the newest day that any record is
    about. Family names are split in three so that each class has about a third of the records.
    """
    letters = pl.concat_str(pl.col("given").fill_null(""), pl.lit(" "), pl.col("family").fill_null(""))
    years = (pl.col("seen_on").max() - pl.col("birth_date")).dt.total_days() // 365
    return records.select(
        "record_id",
        family_class=_family_class(),
        writing=pl.when(letters.str.contains(r"[^\x00-\x7F]"))
        .then(pl.lit(OTHER))
        .when(letters.str.strip_chars().str.contains(r"[-'’]|\S \S+ \S"))
        .then(pl.lit(MARKED))
        .otherwise(pl.lit(PLAIN)),
        age_band=pl.coalesce(
            pl.when(years.is_null()).then(pl.lit(NOT_KNOWN)),
            *(pl.when(years < end).then(pl.lit(words)) for end, words in BANDS),
        ),
        district=pl.col("postcode").str.extract(r"^(\S+) ").fill_null(NOT_KNOWN),
    )


def _family_class() -> pl.Expr:
    """A third of the records have the commonest names, a third the next, a third the rarest."""
    times = pl.len().over("family")
    share = times.rank("max", descending=True) / pl.len()
    return (
        pl.when(pl.col("family").is_null())
        .then(pl.lit(NOT_KNOWN))
        .when(share <= 1 / 3)
        .then(pl.lit("common"))
        .when(share <= 2 / 3)
        .then(pl.lit("less common"))
        .otherwise(pl.lit("rare"))
    )


def pair_groups(pairs: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs (left, right …) with the group columns: the left record's, or where that is not known the right one's."""
    named = pairs.join(groups, left_on="left", right_on="record_id", how="left", maintain_order="left").join(
        groups, left_on="right", right_on="record_id", how="left", suffix="_right", maintain_order="left"
    )
    return named.with_columns(
        pl.when(pl.col(name).fill_null(NOT_KNOWN) == NOT_KNOWN)
        .then(pl.col(f"{name}_right"))
        .otherwise(pl.col(name))
        .fill_null(NOT_KNOWN)
        .alias(name)
        for name in GROUPINGS
    ).drop(f"{name}_right" for name in GROUPINGS)


def tally(pairs: pl.DataFrame) -> pl.DataFrame:
    """Count pairs that no rule forbids, by log odds and outcome, for all and for each group (PAIR_TALLY columns).

    Pairs need log_odds, stratum, joined and the columns of GROUPINGS.
    """
    rounded = pairs.with_columns((pl.col("log_odds") / STEP).round() * STEP)
    keys = ("log_odds", "stratum", "joined")
    parts = [rounded.group_by(keys).len("pairs").with_columns(grouping=pl.lit("all"), grouped=pl.lit("all"))]
    parts += [
        rounded.group_by(name, *keys).len("pairs").rename({name: "grouped"}).with_columns(grouping=pl.lit(name))
        for name in GROUPINGS
    ]
    columns = ("grouping", "grouped", *keys, "pairs")
    whole = pl.concat(part.select(columns) for part in parts)
    return whole.with_columns(pl.col("pairs").cast(pl.Int64)).sort(columns)
