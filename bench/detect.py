"""Time the detectors of unusual counts, beside R's surveillance on the same series, and on a table as large as England's LSOAs.

usage: python bench/detect.py [--data FOLDER] [--json FILE]

A cell is one series at one week. CPU seconds of one thread, after one warm run (the first compiles). R's figures are
those in reference/timings_surveillance_R.csv, measured on the same machine; R has no time for all LSOAs, which is
reckoned from its time a cell. The LSOA table is simulated: 32,844 series of 300 weeks, gamma rates about 0.5 a week.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.outbreaks import cusum, ears, farrington
from wardkeeper.outbreaks.series.histories import Histories, from_frame

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "outbreaks"
RUNS = 3
AREAS, WEEKS, SEED = 32_844, 300, 1
YEAR = {"first": date(2011, 1, 3), "last": date(2011, 12, 26)}
FLEXIBLE = {"b": 4, "no_periods": 10, "past_weeks_not_included": 26, "p_threshold_trend": 1}

Job = tuple[str, str, int, Callable[[], pl.DataFrame]]
"""What it is, R's label for it (or empty), its cells, and the call."""


def main() -> None:
    """Measure, print the table, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    peers = dict(
        pl.read_csv(asked.data / "reference" / "timings_surveillance_R.csv").select("label", "cpu").iter_rows()
    )
    figures = [measure(job, peers) for job in (*published(asked.data / "benchmarks"), *simulated())]
    for one in figures:
        print(
            f"{one['job']:58} {one['cells']:>7,} cells  {one['seconds']:8.4f} s  {one['ms_a_cell']:8.4f} ms a cell"
            + (f"   R {one['r_ms_a_cell']:6.2f} ms: {one['times_faster']:,.0f} times" if one["r_seconds"] else "")
        )
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))


def measure(job: Job, peers: dict[str, float]) -> dict[str, object]:
    name, label, cells, call = job
    call()
    spent = []
    for _ in range(RUNS):
        started = time.process_time()
        call()
        spent.append(time.process_time() - started)
    seconds, theirs = min(spent), peers.get(label)
    return {
        "job": name,
        "cells": cells,
        "seconds": round(seconds, 5),
        "ms_a_cell": round(1000 * seconds / cells, 5),
        "r_seconds": theirs,
        "r_ms_a_cell": 1000 * theirs / cells if theirs else None,
        "times_faster": theirs / seconds if theirs else None,
    }


def published(folder: Path) -> Iterator[Job]:
    """The jobs that R was timed on."""
    frame = pl.read_csv(folder / "salmNewport.csv", try_parse_dates=True)
    states = from_frame(frame)
    newport = from_frame(frame, states.names, total="salmNewport")
    agona = from_frame(pl.read_csv(folder / "salmonella.agona.csv", try_parse_dates=True))
    original = {"b": 4, "weights_threshold": 1, **YEAR}
    label = "farringtonFlexible[original ctrl] salmNewport 2011 (52 wk)"
    yield "Farrington, original settings, Newport 2011", label, 52, lambda: farrington(newport, **original)
    for way in ("delta", "nbPlugin", "muan"):
        label = f"farringtonFlexible {way} alpha .01 limit54 salmNewport 2011"
        chosen = FLEXIBLE | {"threshold_method": way, "alpha": 0.01, **YEAR}
        yield f"Farrington flexible, {way}, Newport 2011", label, 52, lambda o=chosen: farrington(newport, **o)
    label = "farringtonFlexible muan salmNewport 16 states x 52 wk (832 fits x2)"
    every = FLEXIBLE | {"threshold_method": "muan", **YEAR}
    yield "Farrington flexible, muan, 16 states 2011", label, 832, lambda: farrington(states, **every)
    old = {"method": "original", "b": 4, "alpha": 0.01, "first": 290}
    yield "Farrington 1996, Agona", "farrington (1996) agona", 23, lambda: farrington(agona, **old)
    for method in ("C1", "C2", "C3"):
        label = f"earsC {method} salmNewport 2011"
        yield f"EARS {method}, Newport 2011", label, 52, lambda m=method: ears(newport, method=m, **YEAR)
    yield "CUSUM (Rossi), Agona", "algo.cusum rossi agona", 23, lambda: cusum(agona, trans="rossi", first=290)


def simulated() -> Iterator[Job]:
    """One week of a table as large as England's."""
    areas = simulate()
    for way, trend in (("nbPlugin", 1), ("muan", 0.05)):
        chosen = FLEXIBLE | {"b": 5, "threshold_method": way, "p_threshold_trend": trend, "first": WEEKS}
        name = f"All LSOAs, flexible, {way}, trend kept below p = {trend}"
        yield name, "", AREAS, lambda o=chosen: farrington(areas, **o)
    yield "All LSOAs, original settings", "", AREAS, lambda: farrington(areas, weights_threshold=1, first=WEEKS)
    yield "All LSOAs, EARS C2", "", AREAS, lambda: ears(areas, method="C2", min_sigma=1, first=WEEKS)


def simulate() -> Histories:
    random = np.random.default_rng(SEED)
    season = 1 + 0.5 * np.sin(2 * np.pi * np.arange(WEEKS) / 52)
    rates = random.gamma(0.8, 0.6, (AREAS, 1)) * season * random.gamma(5, 0.2, (AREAS, WEEKS))
    counts = random.poisson(rates).astype(np.int64)
    dates = tuple(date(2016, 1, 4) + timedelta(days=7 * at) for at in range(WEEKS))
    return Histories(tuple(f"E01{at:06}" for at in range(AREAS)), dates, counts, counts)


if __name__ == "__main__":
    main()
