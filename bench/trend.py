"""Measure R for many series beside EpiEstim's time, and smoothing from 281 to 32,844 areas beside its reference answers.

usage: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python bench/trend.py [--data FOLDER] [--json FILE]

Each is run once before it is measured, so that what is compiled is compiled. Processor seconds of this process; the best of three
for R, one run for each map. Maps of 6,791 and 32,844 areas (as many as England's MSOAs and LSOAs) are drawn: neighbours of random
points, cases from a known field, and half of the small counts hidden, so that the share of intervals that hold the truth is known.
"""

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import polars as pl
from scipy.spatial import Delaunay

from wardkeeper.outbreaks import GammaInterval, estimate_growth, estimate_r, smooth_rates

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "outbreaks"
SERIES, DAYS, TIMES = 300, 200, 3
MAPS = (6_791, 32_844)
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = {
        **measure_series(),
        "EpiEstim, the same R (CPU s)": peer(asked.data),
        **measure_tracts(asked.data),
        **{f"bym2 of {size:,} areas": measure_map(size) for size in MAPS},
    }
    print(json.dumps(figures, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))


def timed(work) -> tuple[float, object]:
    started = time.process_time()
    answer = work()
    return time.process_time() - started, answer


def measure_series() -> dict[str, float]:
    cases = np.random.default_rng(SEED).poisson(50, (SERIES, DAYS))
    interval = GammaInterval(2.6, 1.5)
    estimate_r(cases, interval)
    return {
        f"R, {SERIES} series of {DAYS} days (CPU s)": min(
            timed(lambda: estimate_r(cases, interval))[0] for _ in range(TIMES)
        ),
        f"growth, {SERIES} series of {DAYS} days (CPU s)": timed(lambda: estimate_growth(cases))[0],
    }


def peer(data: Path) -> float | None:
    file = data / "reference" / "timings_epiestim.csv"
    if not file.is_file():
        return None
    return pl.read_csv(file).filter(pl.col("label").str.starts_with("300 series"))["cpu"][0]


def measure_tracts(data: Path) -> dict[str, object]:
    """Compare with a simulation of the same model on the 281 tracts of New York."""
    file = data / "reference" / "bym2_brms_NY.csv"
    if not file.is_file():
        return {}
    table, expected = pl.read_csv(data / "reference" / "spdep_EB_NY.csv"), pl.read_csv(file)
    areas = table.select(area=pl.col("id").cast(pl.String), cases="cases", population="pop")
    first, second = np.nonzero(pl.read_csv(data / "benchmarks" / "smerc_nyw.csv").drop("").to_numpy())
    pairs = pl.DataFrame({"area": areas["area"][first], "neighbour": areas["area"][second]})
    average = smooth_rates(areas, pairs).average
    seconds, found = timed(lambda: smooth_rates(areas, pairs, above=1.5 * average))
    risk = found.frame["relative_risk"] - expected["rr_mean"]
    chances = {
        "above average": (found.frame["p_above_average"] - expected["p_gt1"]).abs(),
        "half as much again": (found.frame["p_above"] - expected["p_gt15"]).abs(),
    }
    return {
        "bym2 of 281 tracts": {
            "cpu_seconds": seconds,
            "relative risk: correlation": float(np.corrcoef(found.frame["relative_risk"], expected["rr_mean"])[0, 1]),
            "relative risk: mean and greatest difference": [float(risk.abs().mean()), float(risk.abs().max())],
            **{
                f"chance {name}: mean difference, share within 0.03": [float(far.mean()), float((far < 0.03).mean())]
                for name, far in chances.items()
            },
            "strength and share": [found.strength, found.share],
        }
    }


def measure_map(size: int) -> dict[str, float]:
    chance = np.random.default_rng(SEED)
    places = chance.random((size, 2))
    sides = Delaunay(places).simplices
    pairs = np.concatenate([sides[:, [0, 1]], sides[:, [1, 2]], sides[:, [0, 2]]])
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    smooth = sum(np.sin(places @ chance.normal(0, 12, 2) + chance.uniform(0, 7)) for _ in range(12)) / 6
    people = chance.integers(1_000, 3_000, size)
    truth = 2e-3 * np.exp(smooth + chance.normal(0, 0.3, size))
    cases = chance.poisson(people * truth)
    hidden = (cases <= 2) & (chance.random(size) < 0.5)
    areas = pl.DataFrame(
        {
            "area": [str(place) for place in range(size)],
            "low": np.where(hidden, 0, cases),
            "high": np.where(hidden, 2, cases),
            "population": people,
        }
    )
    neighbours = pl.DataFrame({"area": pairs[:, 0].astype(str), "neighbour": pairs[:, 1].astype(str)})
    seconds, found = timed(lambda: smooth_rates(areas, neighbours))
    frame = found.frame
    held = (frame["rate_low"].to_numpy() < truth * 1e5) & (truth * 1e5 < frame["rate_high"].to_numpy())
    return {
        "cpu_seconds": seconds,
        "hidden": float(hidden.mean()),
        "correlation with the truth": float(np.corrcoef(frame["rate"], truth)[0, 1]),
        "95% intervals that hold the truth": float(held.mean()),
    }


if __name__ == "__main__":
    main()
