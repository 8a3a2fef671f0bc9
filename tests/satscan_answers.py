"""SaTScan's answers as its files tell them: a table of clusters (.col.txt) and the areas of each (.txt)."""

import gzip
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

CUT_SHORT = "..."
"""SaTScan's text ends a very long list of areas so."""


@dataclass(frozen=True)
class Answer:
    """One cluster. `areas` are the first `len(areas)` of `number`; figures are rounded as they were printed."""

    areas: tuple[str, ...]
    number: int
    observed: int
    expected: float
    llr: float
    p: float
    radius: float
    start: date
    end: date
    relative_risk: float | None
    population: float | None


def read_answers(folder: Path, name: str) -> list[Answer]:
    """Read the clusters of a run, the likeliest first."""
    heading, *rows = [line.split() for line in read_text(folder, f"{name}.col.txt").splitlines() if line.strip()]
    lists = read_lists(read_text(folder, f"{name}.txt"))
    return [_answer(dict(zip(heading, row, strict=False)), lists[at]) for at, row in enumerate(rows)]


def read_lists(text: str) -> list[tuple[str, ...]]:
    """Read each cluster's areas, the centre first, from the text for people."""
    found = re.findall(r"Location IDs included\.: (.*?)\n\s+(?:Overlap|Coordinates)", text, re.DOTALL)
    return [tuple(one.strip() for one in ids.removesuffix(CUT_SHORT).split(",") if one.strip()) for ids in found]


def read_text(folder: Path, name: str) -> str:
    packed = folder / f"{name}.gz"
    return gzip.decompress(packed.read_bytes()).decode() if packed.exists() else (folder / name).read_text("utf-8")


def _answer(row: dict[str, str], areas: tuple[str, ...]) -> Answer:
    return Answer(
        areas=areas,
        number=int(row["NUMBER_LOC"]),
        observed=int(row["OBSERVED"]),
        expected=float(row["EXPECTED"]),
        llr=float(row.get("LLR") or row["TEST_STAT"]),
        p=float(row["P_VALUE"]),
        radius=float(row["RADIUS"]),
        start=_day(row["START_DATE"]),
        end=_day(row["END_DATE"]),
        relative_risk=float(row["REL_RISK"]) if "REL_RISK" in row else None,
        population=float(row["POPULATION"]) if "POPULATION" in row else None,
    )


def _day(text: str) -> date:
    return date(*map(int, text.split("/")))
