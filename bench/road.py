"""Measure the road: seconds for each step, at the sizes given.

usage: python bench/road.py [RESIDENTS ...]      (default: 5000 60000)
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (5_000, 60_000)


def measure(residents: int) -> dict:
    """Walk the road once in a new folder; give its answer, with the whole process's seconds."""
    with tempfile.TemporaryDirectory() as folder:
        command = [Path(sys.executable).with_name("wardkeeper"), "demo", "--no-serve", "--json"]
        started = time.perf_counter()
        done = subprocess.run(
            [*command, "--folder", f"{folder}/demo", "--residents", str(residents)], capture_output=True, check=True
        )
        answer = json.loads(done.stdout)
        answer["seconds"]["whole process"] = round(time.perf_counter() - started, 1)
        return answer


def main() -> None:
    answers = [measure(residents) for residents in map(int, sys.argv[1:] or SIZES)]
    heading = "".join(f"{answer['residents_true']:>12,}" for answer in answers)
    print(f"{'seconds, by residents':<24}{heading}")
    for step in answers[0]["seconds"]:
        print(f"{step:<24}" + "".join(f"{answer['seconds'][step]:>12.2f}" for answer in answers))
    rows = {
        "records": lambda answer: f"{answer['records']:,}",
        "homes found": lambda answer: f"{answer['find']['homes']:,}",
        "linkage cluster F1": lambda answer: f"{answer['linkage']['clusters']['f1']:.4f}",
        "outcome heard after, ms": lambda answer: f"{answer['incident']['delivered_ms']:.0f}",
    }
    for name, show in rows.items():
        print(f"{name:<24}" + "".join(f"{show(answer):>12}" for answer in answers))


if __name__ == "__main__":
    main()
