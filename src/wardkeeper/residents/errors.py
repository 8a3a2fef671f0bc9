"""Errors: how often joining is wrong or misses, with intervals, from labels of drawn pairs; for all people and by group.

Pairs are put into cells by stratum of log odds and by whether they were joined. In each cell the share of pairs that are one
person's is drawn from a Beta distribution: the labels of that cell, and a few pairs' worth of what the calibration expects there.
Sums over the cells then give precision and recall, and their spread the interval (Marchant and Rubinstein 2017 use strata alike).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import beta

from wardkeeper.residents.arrays import Reals
from wardkeeper.residents.calibrating import DRAWS, Calibration, calibrate
from wardkeeper.residents.strata import GROUPINGS
from wardkeeper.residents.verdicts import Verdict

PRIOR = 2.0
"""What the calibration expects counts as this many labels in each cell; how unsure it is goes into the interval."""
GROUP_PRIOR = 6.0
"""What is found in the cell for all people counts as this many labels for a group."""
FEWEST = 30
"""A group with fewer labels than this is not told."""
WIDEST = 0.2
"""A group whose interval is wider than this is not told either."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share between 0 and 1, and the interval that holds it with 95 % probability."""

    value: float
    low: float
    high: float

    @property
    def complement(self) -> "Estimate":
        """Give the share of the rest."""
        return Estimate(1 - self.value, 1 - self.high, 1 - self.low)


@dataclass(frozen=True, slots=True)
class Errors:
    """How good the joining is for some group of people, over pairs that were compared.

    `precision`: of the joined pairs, those that are one person's. `recall`: of one person's pairs, those that were joined. The
    false match rate and the missed match rate are their complements. Both are None, and `told` is False, where labels are too few.
    """

    grouping: str
    group: str
    pairs: int
    joined: int
    labels: int
    precision: Estimate | None
    recall: Estimate | None

    @property
    def told(self) -> bool:
        """Tell whether there are labels enough to say anything."""
        return self.precision is not None


def interval(right: float, labels: float) -> Estimate:
    """Give a share with its exact interval (Clopper and Pearson 1934); everything is possible without labels."""
    if labels <= 0:
        return Estimate(0.5, 0.0, 1.0)
    low = float(beta.ppf(0.025, right, labels - right + 1)) if right > 0 else 0.0
    high = float(beta.ppf(0.975, right + 1, labels - right)) if right < labels else 1.0
    return Estimate(right / labels, low, high)


def usable(labels: pl.DataFrame) -> pl.DataFrame:
    """Keep what may be measured by: pairs that chance drew and people were sure of."""
    return labels.filter(pl.col("sampling").is_not_null() & (pl.col("verdict") != Verdict.UNSURE)).with_columns(
        same=pl.col("verdict") == Verdict.SAME
    )


def learn(labels: pl.DataFrame) -> Calibration:
    """Calibrate from labelled pairs (log_odds, stratum, verdict, sampling).

    Within a stratum a pair that was less likely to be drawn stands for more; between strata only the log odds decided who was
    drawn, and the map is a function of those, so no weight is needed (and none is lost to noise).
    """
    drawn = usable(labels).with_columns(worth=1 / pl.col("sampling"))
    weights = drawn.select(pl.col("worth") / pl.col("worth").mean().over("stratum")).to_series()
    return calibrate(drawn["log_odds"].to_numpy(), drawn["same"].to_numpy(), weights.to_numpy())


def estimate(counted: pl.DataFrame, labels: pl.DataFrame, calibration: Calibration) -> list[Errors]:
    """Give the errors for all people, then for each group. `counted` has PAIR_TALLY columns.

    `labels` needs log_odds, stratum, joined, verdict, sampling and the columns of GROUPINGS. `joined` is what the machine had done
    before anybody labelled the pair: a linking that has heard the label no longer errs there, and would look better than it is.
    """
    drawn = usable(labels)
    whole = counted.filter(pl.col("grouping") == "all")
    cells = _cells(whole, drawn, _expected(whole, calibration), PRIOR)
    found = [_errors("all", "all", cells, drawn.height)]
    overall = cells.select("stratum", "joined", expected="shares")
    for name in GROUPINGS:
        for (group,), part in counted.filter(pl.col("grouping") == name).group_by("grouped", maintain_order=True):
            theirs = drawn.filter(pl.col(name) == group)
            cells = _cells(part, theirs, overall, GROUP_PRIOR)
            found.append(_withhold(_errors(name, str(group), cells, theirs.height)))
    return found


def tabulate(counted: pl.DataFrame, labels: pl.DataFrame, calibration: Calibration) -> pl.DataFrame:
    """Give the reliability table: per stratum its pairs, labels, predicted and found share, and the interval of the latter."""
    drawn = usable(labels).group_by("stratum").agg(labels=pl.len(), right=pl.col("same").sum())
    whole = counted.filter(pl.col("grouping") == "all").with_columns(
        likely=pl.Series(calibration.probability(counted.filter(pl.col("grouping") == "all")["log_odds"].to_numpy()))
    )
    bands = (
        whole.group_by("stratum")
        .agg(
            lowest=pl.col("log_odds").min(),
            highest=pl.col("log_odds").max(),
            pairs=pl.col("pairs").sum(),
            predicted=(pl.col("likely") * pl.col("pairs")).sum() / pl.col("pairs").sum(),
        )
        .join(drawn, on="stratum", how="left")
        .with_columns(pl.col("labels", "right").fill_null(0).cast(pl.Int64))
        .sort("stratum")
    )
    told = [interval(right, labels) for right, labels in bands.select("right", "labels").iter_rows()]
    return bands.drop("right").with_columns(
        found=pl.when(pl.col("labels") > 0).then(pl.Series([one.value for one in told], dtype=pl.Float64)),
        low=pl.Series([one.low for one in told], dtype=pl.Float64),
        high=pl.Series([one.high for one in told], dtype=pl.Float64),
    )


def _expected(whole: pl.DataFrame, calibration: Calibration) -> pl.DataFrame:
    """Give, for each cell, the share of one person's pairs that each likely map of the calibration expects: first the best map."""
    odds, pairs = whole["log_odds"].to_numpy(), whole["pairs"].to_numpy()
    likely = np.vstack([calibration.probability(odds), calibration.sample(odds)]) * pairs
    cells = whole.select("stratum", "joined").unique(maintain_order=True)
    place = whole.join(cells.with_row_index("cell"), on=["stratum", "joined"], maintain_order="left")["cell"].to_numpy()
    sums = np.zeros((cells.height, DRAWS + 1))
    np.add.at(sums, place, likely.T)
    sizes = np.bincount(place, pairs, minlength=cells.height)
    shares = sums / np.maximum(sizes, 1)[:, None]
    return cells.with_columns(expected=pl.Series(shares.tolist(), dtype=pl.List(pl.Float64)))


def _cells(part: pl.DataFrame, drawn: pl.DataFrame, expected: pl.DataFrame, prior: float) -> pl.DataFrame:
    """Give each cell its pairs and likely shares of one person's pairs: the mean first, then draws for the interval."""
    worth = 1 / pl.col("sampling")
    labelled = drawn.group_by("stratum", "joined").agg(
        labels=worth.sum() ** 2 / (worth**2).sum(), share=(worth * pl.col("same")).sum() / worth.sum()
    )
    cells = (
        part.group_by("stratum", "joined")
        .agg(pl.col("pairs").sum())
        .join(labelled, on=["stratum", "joined"], how="left")
        .join(expected, on=["stratum", "joined"])
        .with_columns(pl.col("labels", "share").fill_null(0.0))
        .sort("stratum", "joined")
    )
    likely = np.array(cells["expected"].to_list()).reshape(cells.height, DRAWS + 1).clip(1e-6, 1 - 1e-6)
    labels, share = cells["labels"].to_numpy()[:, None], cells["share"].to_numpy()[:, None]
    yes, no = labels * share + prior * likely, labels * (1 - share) + prior * (1 - likely)
    shares = np.random.default_rng(cells.height).beta(yes, no)
    shares[:, 0] = (yes / (yes + no))[:, 0]
    return cells.with_columns(shares=pl.Series(shares.tolist(), dtype=pl.List(pl.Float64)))


def _errors(grouping: str, group: str, cells: pl.DataFrame, labels: int) -> Errors:
    pairs, joined = cells["pairs"].to_numpy(), cells["joined"].to_numpy()
    ones = np.array(cells["shares"].to_list()).reshape(cells.height, DRAWS + 1).T * pairs
    right = ones[:, joined].sum(axis=1)
    total = int(pairs[joined].sum())
    return Errors(
        grouping=grouping,
        group=group,
        pairs=int(pairs.sum()),
        joined=total,
        labels=labels,
        precision=_summarise(right / total) if total else None,
        recall=_summarise(right / ones.sum(axis=1)) if total else None,
    )


def _summarise(draws: Reals) -> Estimate:
    """The first draw is the mean of each cell; the others give the interval."""
    low, high = np.quantile(draws[1:], [0.025, 0.975])
    return Estimate(float(draws[0]), float(low), float(high))


def _withhold(errors: Errors) -> Errors:
    """Say nothing of a group with too few labels, or an interval too wide to be of use."""
    ends = [one.high - one.low for one in (errors.precision, errors.recall) if one]
    if errors.labels >= FEWEST and ends and max(ends) <= WIDEST:
        return errors
    return Errors(errors.grouping, errors.group, errors.pairs, errors.joined, errors.labels, None, None)
