"""Score nowcasts of seven-day totals on the real triangle, beside three ways of doing without.

usage: python bench/nowcast.py [--data FOLDER] [--json FILE]

The days before 15 January 2021 and those from then on were printed side by side, as here, while the shape of the method
was settled: neither part is unseen. Only the widening of the intervals was picked on the early part alone, where it
reached 90 %. CPU seconds are of one thread where OMP_NUM_THREADS=1.
"""

import argparse
import json
import os
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path

import polars as pl

from wardkeeper.outbreaks.delays.nowcasting import make_nowcast
from wardkeeper.outbreaks.delays.scoring import Method, make_nowcasts, score_rows
from wardkeeper.outbreaks.delays.triangle import clean_triangle

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "outbreaks" / "england"
FILE = "utla_reporting_triangle_2020-09-10_2021-06-22.parquet"
FIRST, LATER_FROM, LAST = date(2020, 10, 20), date(2021, 1, 15), date(2021, 5, 15)
SIZES = ((0, 50), (50, 150), (150, 400), (400, 1000), (1000, 10**9))
ONE_DAY = date(2021, 3, 20)


def main() -> None:
    """Measure, print the table, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    figures = measure(pl.read_parquet(asked.data / FILE))
    show(figures)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))


def measure(rows: pl.DataFrame) -> dict[str, object]:
    started = time.process_time()
    triangle = clean_triangle(rows)
    cleaned = time.process_time() - started
    scores, seconds = {}, {}
    for method in Method:
        started = time.process_time()
        found = make_nowcasts(triangle, FIRST, LAST, method=method)
        seconds[method.value] = round(time.process_time() - started, 2)
        scores |= {f"{method}, {part}": asdict(score_rows(rows)) for part, rows in parts(found)}
        if method is Method.WARDKEEPER:
            scores |= {f"{method}, {part}": asdict(score_rows(rows)) for part, rows in sizes(found)}
    started = time.process_time()
    make_nowcast(triangle, ONE_DAY)
    one = round(time.process_time() - started, 3)
    return {"scores": scores, "cpu_seconds": {"clean": round(cleaned, 2), **seconds, "one nowcast": one}}


def parts(found: pl.DataFrame):
    yield "all", found
    yield f"before {LATER_FROM}", found.filter(pl.col("report") < LATER_FROM)
    yield f"from {LATER_FROM}", found.filter(pl.col("report") >= LATER_FROM)


def sizes(found: pl.DataFrame):
    for least, most in SIZES:
        yield f"estimates from {least}", found.filter(pl.col("estimate").is_between(least, most, closed="left"))


def show(figures: dict) -> None:
    print(f"{'':36}{'area-days':>10}{'WAPE':>8}{'median':>8}{'bias':>8}{'in 50%':>8}{'in 90%':>8}")
    for name, score in figures["scores"].items():
        shares = (score[key] for key in ("wape", "median_ape", "bias", "coverage50", "coverage90"))
        cells = "".join(f"{'–' if share is None else f'{share:.1%}':>8}" for share in shares)
        print(f"{name:36}{score['area_days']:>10,}{cells}")
    print("CPU seconds:", ", ".join(f"{name} {value}" for name, value in figures["cpu_seconds"].items()))


if __name__ == "__main__":
    main()
