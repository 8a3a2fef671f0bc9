"""Fail when a room whose every branch must be tested has one that is not.

usage: check_coverage.py COVERAGE.json
"""

import json
import sys
from pathlib import Path

WHOLE = ("wardkeeper/governance/", "wardkeeper/ledger/", "wardkeeper/kernel/")


def find_gaps(report: dict) -> list[str]:
    """Give a line for each file of those rooms with an untested line or branch."""
    gaps = []
    for path, file in sorted(report["files"].items()):
        if any(room in path for room in WHOLE) and file["summary"]["percent_covered"] < 100:
            branches = ", ".join(f"{start}→{end}" for start, end in file.get("missing_branches", []))
            gaps.append(f"{path}: lines {file['missing_lines']}, branches {branches or 'none'}")
    return gaps


def main() -> None:
    gaps = find_gaps(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    for gap in gaps:
        print(f"not covered: {gap}")
    if not gaps:
        print("every branch of governance, ledger and kernel is covered")
    sys.exit(bool(gaps))


if __name__ == "__main__":
    main()
