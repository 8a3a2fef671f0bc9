"""Measure linking on the published sets, and beside it, in the same run, Splink on the same files (`make peers`).

usage: python bench/linkage.py [SET ...] [--data FOLDER] [--seeds N] [--no-peers] [--json FILE]

Every measurement is a process of its own, one after the other. CPU seconds are user and system time from opening the file to the
clusters; start-up (imports, loading what is compiled) is shown beside it, and `whole` is both. Splink's clusters are at 0.95, its
usual threshold; `best` is its cluster F1 at the threshold that the truth likes best, which favours it: ours never sees the truth.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WARDKEEPER_REFERENCE") or ROOT.parent / "shared" / "data") / "linkage"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
SPLINK = ROOT / "bench" / "peers" / "splink_linkage.py"
OURS = "wardkeeper"
SPLINK_SETTINGS = ("fast", "defaults")
SEEDS_ON = "council_100k"
STEADY = 0.005


@dataclass(frozen=True)
class Set:
    """One published set: its file, whose columns it has, and its truth."""

    file: str
    columns: str
    truth: str


SETS = {
    "council_1m": Set("council_1m.parquet", "council", "cluster"),
    "council_100k": Set("council_100k.parquet", "council", "cluster"),
    "historical_50k": Set("historical_figures_with_errors_50k.parquet", "historical", "cluster"),
    "febrl3": Set("febrl3.csv", "febrl3", "rec_id"),
}

COLUMNS = {
    "CPU s": lambda a: f"{a['cpu_seconds']:.1f}",
    "start": lambda a: f"{a['startup_cpu_seconds']:.1f}",
    "wall s": lambda a: f"{a['seconds']:.1f}",
    "peak MB": lambda a: f"{a['peak_mb']:,.0f}",
    "blocking": lambda a: f"{a['pairs']['blocking_recall']:.3f}",
    "pair F1": lambda a: f"{a['pairs']['f1']:.4f}",
    "precision": lambda a: f"{a['clusters']['precision']:.4f}",
    "recall": lambda a: f"{a['clusters']['recall']:.4f}",
    "cluster F1": lambda a: f"{a['clusters']['f1']:.4f}",
    "best": lambda a: f"{a['best']['clusters']['f1']:.4f}" if "best" in a else "",
    "B3 F1": lambda a: f"{a['clusters']['b3_f1']:.4f}",
    "largest": lambda a: f"{a['clusters']['largest']}",
}


def run(command: list) -> dict:
    """Run a measurement; give its JSON answer."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return json.loads(done.stdout)


def measure_ours(data: Path, one: Set, seeds: int = 1) -> dict:
    program = Path(sys.executable).with_name("wardkeeper")
    asked = ["--set", one.columns, "--truth", one.truth, "--seeds", seeds, "--json"]
    return {"tool": OURS, **run([program, "bench", "linkage", data / one.file, *asked])}


def measure_splink(data: Path, one: Set, settings: str) -> dict:
    return run([PEERS, SPLINK, data / one.file, "--set", one.columns, "--settings", settings, "--best"])


def measure_all(data: Path, names: list[str], *, peers: bool) -> dict:
    answers = {}
    for name in names:
        answers[name] = [measure_ours(data, SETS[name])]
        if peers:
            answers[name] += [measure_splink(data, SETS[name], settings) for settings in SPLINK_SETTINGS]
        show(name, answers[name])
    return answers


def show(name: str, answers: list[dict]) -> None:
    """Print one set's table: ours first, then the peers, each with how many times our CPU it took."""
    ours = answers[0]
    heading = "".join(f"{column:>11}" for column in COLUMNS)
    print(f"\n{name}, {ours['records']:,} records\n{'':<24}{heading}{'x CPU':>8}{'x whole':>8}")
    for answer in answers:
        cells = "".join(f"{shown(answer):>11}" for shown in COLUMNS.values())
        times = "".join(f"{of(answer) / of(ours):>8.1f}" for of in (alone, whole))
        print(f"{answer['tool']:<24}{cells}{times}", flush=True)


def alone(answer: dict) -> float:
    return answer["cpu_seconds"]


def whole(answer: dict) -> float:
    return answer["cpu_seconds"] + answer["startup_cpu_seconds"]


def show_seeds(answer: dict) -> None:
    spread = answer["spread"]
    found = spread["clusters_f1"]
    verdict = "steady" if found["spread"] < STEADY else "NOT STEADY"
    print(
        f"\n{SEEDS_ON}, {spread['seeds']} seeds: cluster F1 {found['lowest']:.4f} to {found['highest']:.4f}, "
        f"spread {found['spread']:.4f} ({verdict}; under {STEADY} is asked)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}; all by default")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if unknown := [name for name in asked.sets if name not in SETS]:
        sys.exit(f"There is no set {unknown[0]}. Sets: {', '.join(SETS)}.")
    if not asked.data.is_dir():
        sys.exit(f"The sets are not in {asked.data}: give --data, or set WARDKEEPER_REFERENCE.")
    peers = PEERS.exists() and not asked.no_peers
    if not peers and not asked.no_peers:
        print("Splink is not here: `make peers` sets it up. Only ours is measured.", file=sys.stderr)
    answers = measure_all(asked.data, asked.sets or list(SETS), peers=peers)
    if asked.seeds > 1 and SEEDS_ON in answers:
        answers["seeds"] = [measure_ours(asked.data, SETS[SEEDS_ON], asked.seeds)]
        show_seeds(answers["seeds"][0])
    if asked.json:
        asked.json.write_text(json.dumps(answers, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
