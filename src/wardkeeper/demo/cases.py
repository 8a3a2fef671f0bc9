"""Simulated cases of an infection over the demo's areas, with reporting delay and two planted clusters.

Weekly counts are negative binomial (gamma-mixed Poisson) around a district-wide wave times each area's own level; a
case is reported some days after it happens, so the newest weeks are not complete yet, as in real figures.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.demo.draws import Floats, Ints, draw_share, stage
from wardkeeper.demo.pack import Pack

WEEKS = 40
LEVEL = 160.0
"""Cases a week per 100,000 people about which the wave goes up and down."""
WAVE = 0.55
"""How far the wave takes the logarithm of the level either way."""
AREA_SPREAD = 12.0
"""Shape of the gamma for areas' own levels: a coefficient of variation of about 0.29."""
WEEK_SPREAD = 20.0
"""Shape of the gamma for one area's week: a little more variation than Poisson."""
DELAY_SHAPE, DELAY_SCALE = 2.2, 1.5
"""Gamma of the days from event to report: mean 3.3, 95 % within 8 (like England's in autumn 2020)."""
REPEATED = 0.03
"""Share of cases reported a second time."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A planted cluster: its areas, its weeks (counted back from the newest, both included) and how many times the rate."""

    areas: tuple[str, ...]
    first_week_back: int
    last_week_back: int
    times: float


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """line_list: case, event_date, report_date, lsoa, a row a report known on `as_of`. clusters: the truth."""

    line_list: pl.DataFrame
    clusters: tuple[Cluster, ...]
    as_of: date


def simulate(pack: Pack, population: pl.DataFrame, *, seed: int, today: date) -> Cases:
    """Simulate `WEEKS` weeks up to `today` over the LSOAs of `population` (area, population)."""
    random = stage(seed, "cases")
    ordered = population.sort("area")
    clusters = _plant_clusters(random, pack, ordered)
    expected = _expect(random, ordered, clusters)
    counts = random.poisson(expected * random.gamma(WEEK_SPREAD, 1 / WEEK_SPREAD, expected.shape))
    return Cases(_report(random, ordered["area"], counts, today), clusters, today)


def _plant_clusters(random: np.random.Generator, pack: Pack, population: pl.DataFrame) -> tuple[Cluster, ...]:
    """Choose a current cluster of neighbouring areas and an earlier one elsewhere."""
    centres = pack.postcodes.group_by(pl.col("lsoa").alias("area")).agg(pl.col("longitude", "latitude").mean())
    placed = population.join(centres, on="area", how="left", maintain_order="left")
    points = placed.select(pl.col("longitude") * 0.6, "latitude").to_numpy()
    first = int(random.integers(len(points)))
    second = int(((points - points[first]) ** 2).sum(axis=1).argmax())
    most = 1 + len(points) // 6
    areas = [
        _take_nearest(placed["area"], points, centre, min(count, most)) for centre, count in ((first, 4), (second, 3))
    ]
    return Cluster(areas[0], 3, 0, 6.0), Cluster(areas[1], 15, 12, 5.0)


def _take_nearest(areas: pl.Series, points: Floats, centre: int, count: int) -> tuple[str, ...]:
    nearest = ((points - points[centre]) ** 2).sum(axis=1).argsort(kind="stable")[:count]
    return tuple(areas[nearest.tolist()].to_list())


def _expect(random: np.random.Generator, population: pl.DataFrame, clusters: tuple[Cluster, ...]) -> Floats:
    """Give the expected cases by area (rows) and week back (columns, 0 the newest)."""
    back = np.arange(WEEKS)
    wave = np.exp(WAVE * np.sin(2 * np.pi * (back / 26 + random.random())))
    own = random.gamma(AREA_SPREAD, 1 / AREA_SPREAD, len(population))
    expected = np.outer(population["population"].to_numpy() / 100_000 * own, LEVEL * wave)
    for cluster in clusters:
        rows = population["area"].is_in(cluster.areas).to_numpy()
        weeks = (back >= cluster.last_week_back) & (back <= cluster.first_week_back)
        expected[np.ix_(rows, weeks)] *= cluster.times
    return np.asarray(expected)


def _report(random: np.random.Generator, areas: pl.Series, counts: Ints, today: date) -> pl.DataFrame:
    """Make a row a report: cases with a day in their week and a delay, some reported twice; none from the future."""
    area, back = (np.repeat(index, counts.ravel()) for index in np.divmod(np.arange(counts.size), WEEKS))
    days_back = back * 7 + random.integers(0, 7, len(back))
    delay = random.gamma(DELAY_SHAPE, DELAY_SCALE, len(back)).astype(np.int64)
    again = np.flatnonzero(draw_share(random, REPEATED, len(back)))
    row = np.concatenate([np.arange(len(back)), again])
    late = np.concatenate([delay, delay[again] + random.integers(1, 10, len(again))])
    day = np.datetime64(today, "D")
    event = day - days_back[row].astype("timedelta64[D]")
    reports = pl.DataFrame(
        {
            "case": np.strings.add("C", np.strings.zfill(row.astype(str), 6)),
            "event_date": event,
            "report_date": event + late.astype("timedelta64[D]"),
            "lsoa": areas.to_numpy()[area[row]],
        }
    )
    known = reports.filter(pl.col("report_date") <= today)
    return known.sort("report_date", "case")
