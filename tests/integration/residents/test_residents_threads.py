"""The number of threads changes nothing: each count needs a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PROGRAM = """
import hashlib
import polars as pl
from resident_tables import steady_entropy
from resident_village import build_village
from wardkeeper.residents import link

records, _ = build_village(400)
linked = link(records, None, entropy=steady_entropy)
assert linked.report.model != "first guesses"
frames = (linked.residents, linked.membership, linked.households, linked.pairs)
print(pl.thread_pool_size(), hashlib.sha256("".join(frame.write_csv() for frame in frames).encode()).hexdigest())
"""


def run_with(threads):
    counts = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads))
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**counts, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    used, answer = ran.stdout.split()
    return int(used), answer


@pytest.fixture(scope="module")
def alone():
    return run_with(1)


def test_two_threads_link_as_one_does(alone):
    two = run_with(2)
    assert (alone[0], two[0]) == (1, 2)
    assert alone[1] == two[1]
