"""The number of threads changes nothing: each count needs a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
PROGRAM = """
import hashlib
import sys
import polars as pl
from resident_tables import steady_entropy
from generated_households import generate
from resident_village import build_village
from wardkeeper.residents import link

records = {"village": lambda: build_village(400)[0], "households": lambda: generate(7, 600).records}[sys.argv[1]]()
linked = link(records, None, entropy=steady_entropy)
assert linked.report.model != "first guesses"
frames = (linked.residents, linked.membership, linked.households, linked.pairs)
print(pl.thread_pool_size(), hashlib.sha256("".join(frame.write_csv() for frame in frames).encode()).hexdigest())
"""


SETTINGS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def run_with(threads, place):
    counts = dict.fromkeys(SETTINGS, str(threads))
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, place],
        env={**counts, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    used, answer = ran.stdout.split()
    return int(used), answer


@pytest.mark.parametrize("place", ["village", "households"])
def test_two_threads_link_as_one_does(place):
    alone, two = run_with(1, place), run_with(2, place)
    assert (alone[0], two[0]) == (1, 2)
    assert alone[1] == two[1]
