"""Sampling: which pairs of records a person should look at, and in what order.

Some are *drawn* by chance from each stratum of log odds, with a known probability: only these measure how good the joining is. The
others are *picked* because they are doubtful and much depends on them; labels of them mend the list and measure nothing.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from wardkeeper.residents.arrays import Ints, Reals
from wardkeeper.residents.constraints import Veto
from wardkeeper.residents.strata import EDGES, GROUPINGS, pair_groups, stratify, tally

DRAWN = 200
"""Pairs drawn to measure by."""
POWER = 0.35
"""Of a stratum's size: between 0 (the curve good everywhere) and 1 (the totals good)."""
FEWEST = 4
"""At least this many are drawn from each stratum that has them."""
CERTAIN = 0.1
"""Added to the variance of a yes or no, so that strata where the model claims to be sure are looked at too."""
MOST = 10_000
"""Pairs kept to be reviewed, at most."""
DOUBTFUL = 0.02
"""A pair less doubtful than this, between 0 and 1, is not picked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Pairs to review (PAIR columns but for the id), and how many pairs there are of each kind (PAIR_TALLY columns)."""

    pairs: pl.DataFrame
    tally: pl.DataFrame


def choose_pairs(
    pairs: pl.DataFrame, people: pl.DataFrame, labelled: pl.DataFrame, *, drawn: int = DRAWN, seed: int = 1
) -> Choice:
    """Choose from the compared pairs (as `Linked.pairs`).

    `people` has a row for each record: record_id, resident_id, home_id, matter (a number: how much is known that a list needs),
    withheld (never offered), and the columns of GROUPINGS. Pairs already in `labelled` (left, right) stay, so that their labels
    keep counting. The order of rows changes nothing, and a new linking draws mostly the same pairs again.
    """
    open_pairs = _offer(pairs, people)
    counted = tally(open_pairs)
    lots = _draw_lots(open_pairs, seed).with_columns(stratum=pl.Series(stratify(open_pairs["log_odds"].to_numpy())))
    sampled = _draw(lots, drawn)
    known = labelled.select("left", "right").unique().with_columns(known=pl.lit(value=True))
    others = _by_matter(
        sampled.filter(pl.col("sampling").is_null()).join(known, on=["left", "right"], how="left"), people
    )
    first = sampled.filter(pl.col("sampling").is_not_null()).sort("share", "left", "right")
    order = ["left", "right", *_KEPT]
    chosen = pl.concat([first.select(order), others.select(order)])
    return Choice(chosen.with_columns(turn=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)), counted)


_KEPT = ("pattern", "log_odds", "probability", "veto", "joined", "stratum", "sampling", *GROUPINGS)


def _offer(pairs: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Leave out what a rule keeps apart, and every pair with a record that is withheld."""
    allowed = people.filter(~pl.col("withheld")).select("record_id")
    free = (
        pairs.filter(pl.col("veto").is_in([Veto.NONE, Veto.REVIEWER]))
        .join(allowed, left_on="left", right_on="record_id", how="semi")
        .join(allowed, left_on="right", right_on="record_id", how="semi")
        .sort("left", "right")
    )
    stratum = pl.Series("stratum", stratify(free["log_odds"].to_numpy()))
    return pair_groups(free.with_columns(stratum), people.select("record_id", *GROUPINGS))


def _draw_lots(pairs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Give each pair its lot: a number from 0 to 1 made from its ids, so that it is the same next time (Ohlsson 1995)."""
    return pairs.with_columns(lot=pl.struct("left", "right").hash(seed) / 2.0**64)


def _draw(pairs: pl.DataFrame, drawn: int) -> pl.DataFrame:
    """Give the pairs with `sampling`, the probability of those with the lowest lots, and `share`, their place in the order.

    Sorted by `share`, each beginning of the sample has about the same part of every stratum, so a reviewer may stop anywhere.
    """
    sizes = np.bincount(pairs["stratum"].to_numpy(), minlength=len(EDGES) + 1)
    odds = np.bincount(pairs["stratum"].to_numpy(), pairs["log_odds"].to_numpy(), minlength=len(EDGES) + 1)
    wanted = allocate(sizes, odds / np.maximum(sizes, 1), drawn)
    place = pl.col("lot").rank("ordinal").over("stratum")
    take = pl.col("stratum").replace_strict(dict(enumerate(wanted.tolist())), return_dtype=pl.Int64)
    size = pl.col("stratum").replace_strict(dict(enumerate(sizes.tolist())), return_dtype=pl.Int64)
    return pairs.with_columns(
        sampling=pl.when(place <= take).then(take / size),
        share=(place - pl.col("lot")) / take,
    )


def allocate(sizes: Ints, log_odds: Reals, drawn: int) -> Ints:
    """Share out the sample: by a power of each stratum's size times the spread of its answers; never more than it has.

    Source: Bankier (1988), power allocation.
    """
    likely = expit(log_odds)
    weight = np.where(sizes > 0, sizes**POWER * np.sqrt(likely * (1 - likely) + CERTAIN), 0.0)
    taken = np.minimum(sizes, FEWEST)
    while taken.sum() < min(drawn, int(sizes.sum())):
        lacking = np.where(taken < sizes, weight * drawn / weight.sum() - taken, -np.inf)
        taken[int(np.argmax(lacking))] += 1
    return np.asarray(taken, dtype=np.int64)


def _by_matter(pairs: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Order the pairs that were not drawn by how much depends on them; keep one for each two residents, and all labelled ones."""
    facts = people.select(
        "record_id", "resident_id", "home_id", "matter", size=pl.len().over("resident_id").cast(pl.Float64)
    )
    told = pairs.join(facts, left_on="left", right_on="record_id").join(
        facts, left_on="right", right_on="record_id", suffix="_right"
    )
    doubt = 4 * pl.col("probability") * (1 - pl.col("probability"))
    moves = (pl.col("home_id") != pl.col("home_id_right")).fill_null(value=False).cast(pl.Float64)
    records = pl.when("joined").then(pl.col("size")).otherwise(pl.col("size") + pl.col("size_right"))
    change = 1 + records.log() + moves + pl.max_horizontal("matter", "matter_right").log1p()
    ranked = told.with_columns(doubt=doubt, worth=doubt * change).sort(
        "worth", "left", "right", descending=[True, False, False]
    )
    one = pl.min_horizontal("resident_id", "resident_id_right")
    other = pl.max_horizontal("resident_id", "resident_id_right")
    first = pl.struct(one, other.alias("other")).is_first_distinct()
    known = pl.col("known").fill_null(value=False)
    kept = ranked.filter(known | (first & (pl.col("doubt") >= DOUBTFUL)))
    return kept.sort(known, descending=True, maintain_order=True).head(MOST)
