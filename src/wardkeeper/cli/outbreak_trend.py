"""`wardkeeper outbreak trend`."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.growth import Direction, GrowthFit, estimate_growth, reproduction_from_growth
from wardkeeper.outbreaks.incidence import Incidence, from_table, interval_from_table
from wardkeeper.outbreaks.reproduction import Prior, estimate_r
from wardkeeper.outbreaks.serial_intervals import GammaInterval, SerialInterval, UncertainInterval

UNSURE = 0.3
"""Cori and others (2013): windows whose coefficient of variation is above this have too few cases."""
SHOWN = 14

SAYS = {
    Direction.GROWING: "Cases are growing",
    Direction.SHRINKING: "Cases are shrinking",
    Direction.NOT_CLEAR: "Whether cases grow or shrink is not clear",
    Direction.TOO_FEW: "There are too few cases to tell whether they grow or shrink",
}


def trend(
    incidence: Annotated[
        Path, typer.Option("--incidence", help="Cases by day: a column I or cases, and dates if known.")
    ],
    si_mean: Annotated[float | None, typer.Option("--si-mean", help="Mean of the serial interval, in days.")] = None,
    si_sd: Annotated[float | None, typer.Option("--si-sd", help="Its standard deviation, in days.")] = None,
    si: Annotated[
        Path | None, typer.Option("--si", help="The serial interval: a column si, by a column day, else from day 0.")
    ] = None,
    window: Annotated[int, typer.Option("--window", help="Days in a window.")] = 7,
    si_mean_sd: Annotated[
        float | None, typer.Option("--si-mean-sd", help="How uncertain the mean is, in days.")
    ] = None,
    si_mean_min: Annotated[float | None, typer.Option("--si-mean-min", help="The least the mean may be.")] = None,
    si_mean_max: Annotated[float | None, typer.Option("--si-mean-max", help="The most the mean may be.")] = None,
    si_sd_sd: Annotated[float, typer.Option("--si-sd-sd", help="How uncertain the deviation is, in days.")] = 0.0,
    si_sd_min: Annotated[float | None, typer.Option("--si-sd-min", help="The least the deviation may be.")] = None,
    si_sd_max: Annotated[float | None, typer.Option("--si-sd-max", help="The most the deviation may be.")] = None,
    draws: Annotated[int, typer.Option("--draws", help="Serial intervals drawn, where it is uncertain.")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Of those draws.")] = 1,
    prior_mean: Annotated[float, typer.Option("--prior-mean", help="Mean of R before any case.")] = 5.0,
    prior_sd: Annotated[float, typer.Option("--prior-sd", help="Its standard deviation.")] = 5.0,
    growth_window: Annotated[int, typer.Option("--growth-window", help="Days that growth is fitted to.")] = 21,
    as_json: JsonOption = False,
) -> None:
    """Estimate R and growth from cases by day, window by window.

    R is by the method of Cori and others (2013). Growth is fitted to the last days, each day of the week with its own level.
    """
    known = _interval(si, (si_mean, si_sd))
    ends = (si_mean_min, si_mean_max), (si_sd_min, si_sd_max)
    if isinstance(known, GammaInterval) and si_mean_sd is not None:
        known = UncertainInterval(known.mean, known.sd, si_mean_sd, si_sd_sd, *ends, draws)
    elif si_mean_sd is not None or si_sd_sd or any(end is not None for pair in ends for end in pair):
        raise UsageError(
            "How uncertain a serial interval is, is told of its mean and its deviation together.",
            "Give --si-mean, --si-sd and --si-mean-sd, and with them --si-sd-sd and the least and the most of each.",
        )
    today = london_day(SystemClock().now())
    cases = from_table(read_case_table(incidence), file=incidence.name, latest=today)
    windows = estimate_r(
        cases.middle, known, window=window, prior=Prior(prior_mean, prior_sd), imported=cases.imported, seed=seed
    ).drop("series")
    growth = _growth(cases, growth_window, known)
    notes = [*cases.notes, *_say(windows, growth, growth_window)]
    if as_json:
        answer_json(
            {
                "windows": _dated(windows, cases),
                "growth": _dated(growth, cases) if growth is not None else [],
                "notes": notes,
            }
        )
        return
    _show(windows, growth, cases)
    for note in notes:
        words.print(note, markup=False)


def _interval(si: Path | None, gamma: tuple[float | None, float | None]) -> SerialInterval:
    mean, sd = gamma
    if si is not None and mean is None and sd is None:
        return interval_from_table(read_case_table(si), file=si.name)
    if si is None and mean is not None and sd is not None:
        return GammaInterval(mean, sd)
    raise UsageError("The serial interval is needed, in one way.", "Give --si-mean and --si-sd, or --si with a file.")


def _growth(cases: Incidence, window: int, interval: SerialInterval) -> pl.DataFrame | None:
    """Give growth by window, and the R that it implies; nothing where the series is too short."""
    if len(cases.low) < window:
        return None
    found = estimate_growth(cases.low, GrowthFit(window=window), high=cases.high).drop("series")
    if isinstance(interval, UncertainInterval):
        interval = GammaInterval(interval.mean, interval.sd)
    rates = found["growth"].fill_null(float("nan")).to_numpy()
    return found.with_columns(r=pl.Series(reproduction_from_growth(rates, interval)).fill_nan(None))


def _say(windows: pl.DataFrame, growth: pl.DataFrame | None, growth_window: int) -> list[str]:
    notes = []
    early = windows["mean"].null_count()
    if early:
        notes.append(
            f"In {early:,} of {windows.height:,} windows it is too early for R: they end within a serial interval."
        )
    unsure = windows.filter(pl.col("sd") > UNSURE * pl.col("mean")).height
    if unsure:
        notes.append(f"In {unsure:,} of {windows.height:,} windows there are too few cases for a sure answer.")
    if growth is None:
        notes.append(f"Growth was not estimated: there are fewer than {growth_window} days.")
    return notes


def _dated(rows: pl.DataFrame, cases: Incidence) -> list[dict[str, object]]:
    if cases.first is None:
        return rows.to_dicts()
    return [
        row | {"start_date": str(cases.day(row["start"])), "end_date": str(cases.day(row["end"]))}
        for row in rows.to_dicts()
    ]


def _show(windows: pl.DataFrame, growth: pl.DataFrame | None, cases: Incidence) -> None:
    answer_table(
        f"R by window{f' (the last {SHOWN})' if windows.height > SHOWN else ''}",
        ("From", "To", "R", "95% interval"),
        (
            (
                cases.day(row["start"]) or row["start"],
                cases.day(row["end"]) or row["end"],
                "–" if row["mean"] is None else f"{row['mean']:.2f}",
                "too early" if row["mean"] is None else f"{row['q025']:.2f} to {row['q975']:.2f}",
            )
            for row in windows.tail(SHOWN).iter_rows(named=True)
        ),
    )
    if growth is None:
        return
    last = growth.row(-1, named=True)
    said = SAYS[Direction(last["direction"])]
    if last["growth"] is not None:
        said += (
            f": {100 * last['growth']:+.1f}% a day"
            f" ({100 * last['growth_low']:+.1f} to {100 * last['growth_high']:+.1f})"
        )
    words.print(f"{said}.", markup=False)
