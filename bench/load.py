"""Measure loading: a large register, as CSV, through the real use case with a real vault and database.

usage: python bench/load.py [ROWS ...]      (default: 1000000)

Prints, for each size, seconds, processor seconds and the peak of memory of a process that does nothing else, from
before the file is read until it is sealed and recorded. The register is random and seeded: no person in it exists.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wardkeeper.bootstrap import open_house
from wardkeeper.demo import cast
from wardkeeper.usecases.load_source import Received, load_source

SIZES = (1_000_000,)
SOURCE = "register"
COLUMNS = 25


def load(folder: Path) -> dict:
    """Load the register in this process; give what it took."""
    file = folder / f"{SOURCE}.csv"
    house = open_house(folder)
    before = time.perf_counter(), time.process_time()
    started_with = peak_mb()
    loaded = load_source(house, cast.ANALYST, SOURCE, Received(file.name, file.read_bytes()))
    seconds, cpu = time.perf_counter() - before[0], time.process_time() - before[1]
    house.store.close()
    delivery = loaded.delivery
    return {
        "rows": delivery.rows,
        "columns": COLUMNS,
        "megabytes": round(file.stat().st_size / 1e6),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(cpu, 1),
        "peak_mb": peak_mb(),
        "peak_mb_before": started_with,
        "loaded": delivery.loaded,
        "repaired": delivery.repaired,
        "quarantined": delivery.quarantined,
        "records": delivery.records,
    }


def peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def measure(rows: int, folder: Path) -> dict:
    """Make a register and load it in a process of its own."""
    maker = Path(__file__).with_name("large_register.py")
    subprocess.run([sys.executable, maker, folder, str(rows)], check=True)
    done = subprocess.run([sys.executable, __file__, "--load", folder], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--load"]:
        print(json.dumps(load(Path(arguments[1]))))
        return
    for rows in map(int, arguments or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(measure(rows, Path(folder) / "authority")), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
