"""`wardkeeper outbreak nowcast` and `nowcast-score`: the newest days with late reports allowed for."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from wardkeeper.adapters.clock import SystemClock
from wardkeeper.adapters.triangle_files import read_triangle
from wardkeeper.cli.days import read_day
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, naming, words
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.delays.nowcasting import FIGURES, Nowcast, make_nowcast
from wardkeeper.outbreaks.delays.scoring import Method, Score, score_nowcasts
from wardkeeper.outbreaks.delays.settings import SETTINGS
from wardkeeper.outbreaks.delays.triangle import Triangle, clean_triangle

MOST_SHOWN = 30

TriangleOption = Annotated[
    Path,
    typer.Option(
        "--triangle", help="What each report said of each day: report, specimen, area, cases. CSV or Parquet."
    ),
]
HorizonOption = Annotated[int, typer.Option("--horizon", help="Days in the total, ending the day before the report.")]
IncrementalOption = Annotated[
    bool, typer.Option("--incremental", help="Each row is what a report added or took off, not what was known so far.")
]


def nowcast(
    triangle: TriangleOption,
    report: Annotated[str, typer.Option("--report", help="The report day to stand on, as 2020-10-30.")],
    horizon: HorizonOption = 7,
    missing: Annotated[
        list[str] | None,
        typer.Option("--missing", help="A feed that is not in the figures, such as “community tests”."),
    ] = None,
    incremental: IncrementalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Estimate each area's newest total as it will be when all is reported. Later rows of the file are not looked at.

    Needs no authority's folder: it reads the file you name, and keeps nothing.
    """
    day = read_day(report, "--report")
    with naming(triangle):
        rows = read_triangle(triangle)
        held = _known_by(rows, day, incremental=incremental)
        found = make_nowcast(held, day, horizon=horizon, missing=tuple(missing or ()))
    if as_json:
        answer_json(tell(found, horizon))
        return
    _show(found, horizon)


def nowcast_score(
    triangle: TriangleOption,
    first: Annotated[str, typer.Option("--from", help="The first report day to score.")],
    last: Annotated[str, typer.Option("--to", help="The last report day to score.")],
    method: Annotated[Method, typer.Option("--method", help="Whose estimates to score.")] = Method.WARDKEEPER,
    horizon: HorizonOption = 7,
    incremental: IncrementalOption = False,
    as_json: JsonOption = False,
) -> None:
    """Score estimates made day by day, each from what was known on its day, against what was known 30 days later.

    Errors and coverages are shares of 1. Needs no authority's folder.
    """
    span = read_day(first, "--from"), read_day(last, "--to")
    with naming(triangle):
        words.print(f"Reading {triangle.name}.", markup=False)
        held = clean_triangle(read_triangle(triangle), as_of=_today(), incremental=incremental)
        words.print(f"Estimating {len(held.areas):,} areas on each day from {span[0]} to {span[1]}.")
        score = score_nowcasts(held, *span, method=method, horizon=horizon)
    for note in held.notes:
        words.print(note, markup=False)
    words.print(f"Area-days without a full report then, or 30 days later, set aside: {score.set_aside:,}.")
    if as_json:
        answer_json({"method": method.value, "from": span[0], "to": span[1], **asdict(score)})
        return
    answer_table("Estimates against the figures 30 days later", ("Measure", "Value"), _measures(score))


def tell(found: Nowcast, horizon: int) -> dict[str, object]:
    """Give the answer as one JSON document."""
    return {
        "report": found.report,
        "horizon": horizon,
        "areas": found.frame.drop("missing").to_dicts(),
        "all": found.whole.row(0, named=True),
        "missing": found.missing,
        "notes": found.notes,
    }


def _known_by(rows: pl.DataFrame, day: date, *, incremental: bool) -> Triangle:
    since = day - timedelta(days=SETTINGS.memory)
    held = clean_triangle(rows, until=day, since=since, as_of=_today(), incremental=incremental)
    # Only an error has use for later report days: it names the nearest ones.
    return held if held.last == day else clean_triangle(rows, as_of=_today(), incremental=incremental)


def _show(found: Nowcast, horizon: int) -> None:
    shown = found.frame.sort("estimate", "area", descending=[True, False]).head(MOST_SHOWN)
    whole = found.whole.select(pl.lit("All areas together").alias("area"), *FIGURES)
    rows = pl.concat([whole, shown.select("area", *FIGURES)])
    answer_table(
        f"Cases in the {horizon} days before {found.report}, estimated with late reports "
        f"({shown.height:,} of {found.frame.height:,} areas, the most cases first)",
        ("Area", "Known", "Estimate", "Half the time", "Nine times in ten"),
        (
            (row["area"], row["observed"], row["estimate"], _span(row, 50), _span(row, 90))
            for row in rows.iter_rows(named=True)
        ),
    )
    for note in (*found.missing, *found.notes):
        words.print(note, markup=False)


def _measures(score: Score) -> Iterator[tuple[str, object]]:
    named = {"area_days": "Area-days", "wape": "Absolute error over the total", "median_ape": "Middle area-day's error"}
    named |= {"bias": "Bias", "coverage50": "Inside the 50% interval", "coverage90": "Inside the 90% interval"}
    for name, title in named.items():
        value = getattr(score, name)
        yield title, f"{value:.1%}" if isinstance(value, float) else value


def _span(row: dict[str, object], level: int) -> str:
    return f"{row[f'low{level}']} to {row[f'high{level}']}"


def _today() -> date:
    return london_day(SystemClock().now())
