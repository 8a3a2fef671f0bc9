"""Measure looking one record up among a million, and linking again after a delivery (one part in a hundred new, as much gone).

usage: python bench/search.py [--data FOLDER] [--records N] [--queries N] [--json FILE]

Each query is a record that was held out of the linking, or one that was linked with a letter of its name and a digit of its telephone
changed. Wall time is what a person waits; thread time leaves out what other programs did meanwhile. Truth is only read to score.
"""

import argparse
import json
import os
import random
import resource
import time
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.cli.bench_sets import COLUMNS, LinkageSet
from wardkeeper.residents.relinking import relink, stand
from wardkeeper.residents.resolving import resolve
from wardkeeper.residents.roles import Role
from wardkeeper.residents.searching import prepare

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "linkage"
ROLES = {column: Role(role) for column, role in COLUMNS[LinkageSet.COUNCIL].items()}
TRUTH = "cluster"
CHANGED = 100
"""One record in so many is new in a delivery, and as many are gone."""
TIMES = 5
"""Times that the delivery is linked; the middle one counts."""


def main() -> None:
    """Measure, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--records", type=int, default=0)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    records = pl.read_parquet(asked.data / "council_1m.parquet").sample(fraction=1, shuffle=True, seed=1)
    records = records.head(asked.records) if asked.records else records
    figures = measure(records, asked.queries)
    print(json.dumps(figures, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2))


def measure(records: pl.DataFrame, queries: int) -> dict[str, object]:
    """Link all but what is held out and what a delivery will bring, then look up and link again."""
    delivered = records.height // CHANGED
    held, later, rest = (
        records.head(queries // 2),
        records.slice(queries // 2, delivered),
        records.slice(queries // 2 + delivered),
    )
    frame = rest.select(list(ROLES))
    resolve(frame.head(2_000), ROLES)
    start = time.process_time()
    found = resolve(frame, ROLES)
    linked, peak = time.process_time() - start, _peak()
    start = time.process_time()
    index = prepare(frame, ROLES, found)
    prepared = time.process_time() - start
    figures: dict[str, object] = {"records": rest.height, "linking_cpu_seconds": linked, "linking_peak_mb": peak}
    figures |= {"prepare_cpu_seconds": prepared, "index_mb": _size(index), "peak_mb": _peak()}
    figures["search"] = look_up(index, rest, [*held.iter_rows(named=True), *_changed(rest, queries // 2)])
    standing, gone = stand(index, found), np.random.default_rng(1).choice(rest.height, delivered, replace=False)
    relink(standing, gone[:10], later.head(10).select(list(ROLES)))
    again = []
    for _ in range(TIMES):
        start = time.process_time()
        done = relink(standing, gone, later.select(list(ROLES)))
        again.append(time.process_time() - start)
    figures["relink"] = {
        "new": later.height,
        "gone": len(gone),
        "compared": done.compared,
        "touched": len(done.touched),
        "cpu_seconds": again,
        "share_of_linking": float(np.median(again)) / linked,
    }
    return figures


def look_up(index, rest: pl.DataFrame, asked: list[dict]) -> dict[str, float]:
    """Look records up one by one; an answer is right when its resident's likest record is the same person's, or nobody is."""
    truth = rest[TRUTH].to_numpy()
    known = set(truth.tolist())
    index.search(asked[0])
    wall, thread, right = [], [], 0
    for record in asked:
        started, busy = time.perf_counter(), time.thread_time()
        matches = index.search(record)
        wall.append(1000 * (time.perf_counter() - started))
        thread.append(1000 * (time.thread_time() - busy))
        person = truth[matches[0].rows[0]] if matches and matches[0].joins else None
        right += person == record[TRUTH] if person is not None else record[TRUTH] not in known
    return {
        "queries": len(asked),
        "right": right / len(asked),
        **{f"p{part}_ms": float(np.percentile(wall, part)) for part in (50, 99)},
        **{f"p{part}_thread_ms": float(np.percentile(thread, part)) for part in (50, 99)},
    }


def _changed(rest: pl.DataFrame, count: int) -> list[dict]:
    chance = random.Random(1)
    return [
        {**record, "surname": _slip(chance, record["surname"]), "phone": _slip(chance, record["phone"], "0123456789")}
        for record in rest.sample(count, seed=1).iter_rows(named=True)
    ]


def _slip(chance: random.Random, text: str | None, letters: str = "abcdefghijklmnopqrstuvwxyz") -> str | None:
    if not text:
        return text
    place = chance.randrange(len(text))
    return text[:place] + chance.choice(letters) + text[place + 1 :]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _size(index) -> float:
    encoded = index.encoded
    arrays = [encoded.cells, encoded.order, encoded.related, *encoded.texts, *index.crowds]
    arrays += [part for table in index.keys for part in (table.groups, table.finer)]
    arrays += [part for one in index.vocabulary.lookups.values() for part in (one.hashes, one.codes)]
    return sum(array.nbytes for array in [*arrays, index.groups.of, index.groups.members, index.groups.first]) / 1024**2


if __name__ == "__main__":
    main()
