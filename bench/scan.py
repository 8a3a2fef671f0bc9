"""Measure `wardkeeper outbreak scan` on the jobs that SaTScan was measured on, and print both side by side.

usage: python bench/scan.py [--data FOLDER] [--job NAME …] [--times N] [--json FILE]

Each job runs in a process of its own. CPU is user and system time, of all threads, from opening the first file to the
result; start-up (imports, loading compiled kernels) stands beside it. SaTScan's CPU is of its whole run.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "outbreaks"
ENTRY = "from wardkeeper.cli.main import run; run()"

NY = ("scans/ny.cas.gz", "scans/ny.geo.gz", "scans/ny.pop.gz")
WEEK = ("scans/msoa_1wk.cas.gz", "scans/msoa.geo.gz", "scans/msoa.pop.gz")
WEEKS = ("scans/msoa_thin20k.cas.gz", "scans/msoa.geo.gz", "")
MEXICO = ("benchmarks/rsatscan_NMcas.csv", "benchmarks/rsatscan_NMgeo.csv", "benchmarks/rsatscan_NMpop.csv")
STUDY = ["--study-from", "2020-03-15", "--study-to", "2020-11-28"]
PERMUTED = ["--model", "permutation", "--prospective", "--aggregate-days", "7", "--max-days", "28", *STUDY]


@dataclass(frozen=True)
class Job:
    """A job: its files, what is asked, SaTScan's greatest ratio, and the CPU seconds it may take here."""

    files: tuple[str, str, str]
    asked: list[str]
    llr: float | None
    target: float | None


JOBS = {
    "ny_poisson_circ_999_cpu1": Job(NY, ["--max-population", "0.5"], 15.005562, 0.08),
    "ny_poisson_circ_9999_cpu2": Job(NY, ["--max-population", "0.5", "--replicates", "9999"], 15.005562, None),
    "msoa_1wk_spatial_1pct_999": Job(WEEK, ["--max-population", "0.01"], 1512.873889, 1.0),
    "msoa_1wk_spatial_10pct_999": Job(WEEK, ["--max-population", "0.1"], 8353.457021, 1.5),
    "msoa37w_prosp_STPerm_20k_1pct_999": Job(WEEKS, ["--max-population", "0.01", *PERMUTED], 28.687572, 1.5),
    "msoa37w_prosp_STPerm_20k_10pct_999": Job(WEEKS, ["--max-population", "0.1", *PERMUTED], 51.708589, 5.0),
    # The counties' coordinates that SaTScan had are not in the reference: other ones, so another greatest ratio.
    "sample_NewMexico_ST_poisson": Job(MEXICO, ["--study-from", "1973", "--study-to", "1991"], None, None),
}


def main() -> None:
    """Run the jobs and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--job", action="append", choices=list(JOBS))
    parser.add_argument("--times", type=int, default=3, help="runs of each job; the least CPU counts")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    peers = read_peers(asked.data)
    rows = [measure(name, asked.data, asked.times, peers.get(name)) for name in asked.job or JOBS]
    show(rows)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2))


def read_peers(data: Path) -> dict[str, float]:
    """Give SaTScan's CPU seconds by job; the last run of each counts."""
    with (data / "reference" / "timings_satscan.csv").open(encoding="utf-8") as file:
        return {row["name"]: float(row["user_s"]) + float(row["sys_s"]) for row in csv.DictReader(file)}


def measure(name: str, data: Path, times: int, peer: float | None) -> dict[str, object]:
    """Run a job several times; give the run with the least CPU, and how far its greatest ratio is from SaTScan's."""
    job = JOBS[name]
    runs = [run(job, data) for _ in range(times)]
    answer, wall = min(runs, key=lambda one: one[0]["cpu_seconds"])
    llr = answer["clusters"][0]["llr"] if answer["clusters"] else 0.0
    return {
        "job": name,
        "llr": llr,
        "off": None if job.llr is None else abs(llr - job.llr),
        "cpu": answer["cpu_seconds"],
        "target": job.target,
        "satscan": peer,
        "times": None if peer is None else peer / max(answer["cpu_seconds"], 0.01),
        "startup": answer["startup_cpu_seconds"],
        "wall": wall,
        "clusters": len(answer["clusters"]),
    }


def run(job: Job, data: Path) -> tuple[dict, float]:
    options = [
        part
        for name, file in zip(("cases", "areas", "population"), job.files, strict=True)
        if file
        for part in (f"--{name}", str(data / file))
    ]
    line = [sys.executable, "-c", ENTRY, "outbreak", "scan", *options, *job.asked, "--json"]
    started = time.perf_counter()
    done = subprocess.run(
        line, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    return json.loads(done.stdout), time.perf_counter() - started


HEADINGS = ("job", "llr", "off", "cpu", "target", "satscan", "times", "startup", "wall", "clusters")


def show(rows: list[dict[str, object]]) -> None:
    print(f"{'job':<36}" + "".join(f"{name:>12}" for name in HEADINGS[1:]))
    for row in rows:
        print(f"{row['job']:<36}" + "".join(f"{_figure(name, row[name]):>12}" for name in HEADINGS[1:]))


def _figure(name: str, value: object) -> str:
    if not isinstance(value, float):
        return "–" if value is None else str(value)
    return {"llr": f"{value:.6f}", "off": f"{value:.1e}", "times": f"{value:.1f}×"}.get(name, f"{value:.2f}")


if __name__ == "__main__":
    main()
