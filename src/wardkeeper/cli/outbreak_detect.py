"""`wardkeeper outbreak detect`: unusual counts in a user's own series."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from wardkeeper import outbreaks
from wardkeeper.adapters.case_files import read_case_table
from wardkeeper.adapters.clock import SystemClock
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, naming, words
from wardkeeper.kernel.errors import UsageError
from wardkeeper.kernel.spans import london_day
from wardkeeper.outbreaks.series.calendars import name_dates
from wardkeeper.outbreaks.series.cusum import Transform
from wardkeeper.outbreaks.series.histories import INDEX, Histories, from_frame
from wardkeeper.outbreaks.series.settings import Farrington, PowerTransform, Threshold
from wardkeeper.outbreaks.series.years import Years, choose_years


class Detector(StrEnum):
    """The methods that can be asked for."""

    FARRINGTON_FLEXIBLE = "farrington-flexible"
    FARRINGTON = "farrington"
    EARS_C1 = "ears-c1"
    EARS_C2 = "ears-c2"
    EARS_C3 = "ears-c3"
    CUSUM = "cusum"


@dataclass(frozen=True, slots=True)
class Use:
    """How a method is called: its function in the library, what is fixed, and the options it takes.

    The function is named, not held: it is taken only when it is called, for it brings compiled code with it.
    """

    name: str
    fixed: dict[str, str]
    options: frozenset[str]


ORIGINAL = frozenset({"b", "w", "reweight", "alpha", "trend", "limit54", "power_trans", "pop_column", "years", "freq"})
FLEXIBLE = ORIGINAL | {
    "weights_threshold", "p_threshold_trend", "no_periods", "past_weeks_not_included", "threshold_method",
}  # fmt: skip
EARS = frozenset({"baseline", "min_sigma", "alpha"})

USES: dict[Detector, Use] = {
    Detector.FARRINGTON_FLEXIBLE: Use("farrington", {"method": "flexible"}, FLEXIBLE),
    Detector.FARRINGTON: Use("farrington", {"method": "original"}, ORIGINAL),
    Detector.EARS_C1: Use("ears", {"method": "C1"}, EARS),
    Detector.EARS_C2: Use("ears", {"method": "C2"}, EARS),
    Detector.EARS_C3: Use("ears", {"method": "C3"}, EARS),
    Detector.CUSUM: Use("cusum", {}, frozenset({"k", "h", "m", "trans", "alpha", "pop_column", "freq"})),
}

STEP = ("t", "date", "observed", "expected", "upper", "score", "p", "alarm", "possible")
HIDDEN = ("observed_low", "observed_high")


def detect(
    series: Annotated[Path, typer.Option("--series", help="Counts by day, week, month or quarter: CSV (.gz too).")],
    method: Annotated[Detector, typer.Option("--method", case_sensitive=False, help="How unusual counts are told.")],
    column: Annotated[
        list[str] | None, typer.Option("--column", help="The series; given again, the columns are added up.")
    ] = None,
    first: Annotated[str, typer.Option("--from", help="First row to look at: its number (1 the first), or date.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last row to look at; by default the last of all.")] = "",
    alpha: Annotated[float | None, typer.Option("--alpha", help="The chance of a false alarm a row.")] = None,
    b: Annotated[int | None, typer.Option("--b", help="Farrington: years back.")] = None,
    w: Annotated[int | None, typer.Option("--w", help="Farrington: rows to each side of the same time.")] = None,
    reweight: Annotated[
        bool | None, typer.Option("--reweight/--no-reweight", help="Farrington: past outbreaks count for less.")
    ] = None,
    weights_threshold: Annotated[
        float | None, typer.Option("--weights-threshold", help="Flexible: residual above which a row counts for less.")
    ] = None,
    trend: Annotated[bool | None, typer.Option("--trend/--no-trend", help="Farrington: try a trend.")] = None,
    p_threshold_trend: Annotated[
        float | None, typer.Option("--p-threshold-trend", help="Flexible: p-value below which a trend is kept.")
    ] = None,
    limit54: Annotated[
        str, typer.Option("--limit54", help="Farrington: no alarm with fewer cases than 5 in the last 4 rows: 5,4.")
    ] = "",
    power_trans: Annotated[
        PowerTransform | None, typer.Option("--power-trans", help="Farrington: the delta threshold's transformation.")
    ] = None,
    no_periods: Annotated[
        int | None, typer.Option("--no-periods", help="Flexible: parts of the year; 10 as by Noufaily et al.")
    ] = None,
    past_weeks_not_included: Annotated[
        int | None, typer.Option("--past-weeks-not-included", help="Flexible: rows just before that are left out.")
    ] = None,
    threshold_method: Annotated[
        Threshold | None,
        typer.Option("--threshold-method", case_sensitive=False, help="Flexible: how the bound is found."),
    ] = None,
    years: Annotated[
        Years | None, typer.Option("--years", help="Farrington: a year back by its dates, or by rows.")
    ] = None,
    pop_column: Annotated[
        str, typer.Option("--pop-column", help="Farrington, CUSUM: the column of people or tests to allow for.")
    ] = "",
    freq: Annotated[
        int | None,
        typer.Option("--freq", help="Farrington, CUSUM: rows a year of a file without dates; 52 if not given."),
    ] = None,
    baseline: Annotated[int | None, typer.Option("--baseline", help="EARS: rows before to compare with.")] = None,
    min_sigma: Annotated[float | None, typer.Option("--min-sigma", help="EARS: least standard deviation.")] = None,
    k: Annotated[float | None, typer.Option("--k", help="CUSUM: excess that is let pass at each row.")] = None,
    h: Annotated[float | None, typer.Option("--h", help="CUSUM: sum at which there is an alarm.")] = None,
    m: Annotated[
        str,
        typer.Option("--m", help="CUSUM: expected count, or one a row (4,5,6), or glm; by default the mean before."),
    ] = "",
    trans: Annotated[
        Transform | None, typer.Option("--trans", case_sensitive=False, help="CUSUM: how counts are made comparable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find unusual counts in a series, by the methods and settings of R's surveillance package.

    Needs no authority's folder: it reads the file you name, and keeps nothing. Settings not given are R's own.
    """
    given = {
        "alpha": alpha, "b": b, "w": w, "reweight": reweight, "weights_threshold": weights_threshold, "trend": trend,
        "p_threshold_trend": p_threshold_trend, "limit54": _limit(limit54), "power_trans": power_trans,
        "no_periods": no_periods, "past_weeks_not_included": past_weeks_not_included, "years": years, "freq": freq,
        "threshold_method": threshold_method, "pop_column": pop_column or None,
        "baseline": baseline, "min_sigma": min_sigma, "k": k, "h": h, "m": _mean(m), "trans": trans,
    }  # fmt: skip
    options = {name: value for name, value in given.items() if value is not None}
    use = _check_options(method, options)
    history = _read(series, column or [], pop_column, freq)
    for read in ("pop_column", "freq"):
        options.pop(read, None)
    if use.name == "farrington":
        options["population_offset"] = history.population is not None
    method_of = getattr(outbreaks, use.name)
    found: pl.DataFrame = method_of(
        history, first=_row(first, "--from"), last=_row(last, "--to"), **use.fixed, **options
    )
    notes = [*history.notes, *_tell_years(method, history, options)]
    if as_json:
        answer_json({"method": method.value, "steps": _tell(found), "series": history.names[0], "notes": notes})
        return
    _show(found, f"{history.names[0]}, {method.value}")
    for note in notes:
        words.print(note, markup=False)


def _check_options(method: Detector, options: dict[str, Any]) -> Use:
    use = USES[method]
    strange = sorted(set(options) - use.options)
    if strange:
        first, *known = (f"--{name.replace('_', '-')}" for name in (strange[0], *sorted(use.options)))
        raise UsageError(f"{first} is not for the method {method.value}.", f"Its options are {', '.join(known)}.")
    return use


def _read(path: Path, columns: list[str], population: str, freq: int | None) -> Histories:
    """Read the one series asked for: a column, the only one, or several added up."""
    table = name_dates(read_case_table(path))
    counts = [name for name in table.columns if name not in {*INDEX, population}]
    if not columns and len(counts) > 1:
        message = f"The file has {len(counts)} series: {', '.join(counts[:12])}{' …' if len(counts) > 12 else ''}."
        raise UsageError(message, "Choose one with --column; give it again to add columns up.")
    total = " + ".join(columns) if len(columns) > 1 else ""
    today = london_day(SystemClock().now())
    with naming(path):
        return from_frame(table, columns, total=total, population=population, freq=freq, today=today)


def _row(text: str, option: str) -> int | date | None:
    """Read a row's number or a date."""
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} “{text}” is no row and no day.", "Write 366, or 2011-01-03.") from None


def _limit(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    parts = text.replace(",", " ").split()
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        raise UsageError(f"--limit54 “{text}” is not two whole numbers.", "Write cases and rows, such as 5,4.")
    return int(parts[0]), int(parts[1])


def _mean(text: str) -> float | tuple[float, ...] | str | None:
    if not text:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        return text
    return numbers if len(numbers) > 1 else numbers[0]


def _tell_years(method: Detector, history: Histories, options: dict[str, Any]) -> list[str]:
    """Say how years were counted, where it was settled by the file."""
    if USES[method].name != "farrington" or not history.even:
        return []
    rows = choose_years(history, options.get("years") or Farrington().years) == Years.ROWS
    if rows and "years" not in options:
        says = "The file has just 52 rows for each year from a year's first week on, so a year back is 52 rows"
        return [f"{says} (--years dates goes by the dates)."]
    return []


def _tell(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Give the steps, the issue's figures first; the ends of a count only where one was suppressed."""
    hidden = HIDDEN if found["observed"].null_count() else ()
    more = [name for name in found.columns if name not in {"series", *STEP, *HIDDEN}]
    return found.select(*STEP, *hidden, *more).to_dicts()


def _show(found: pl.DataFrame, title: str) -> None:
    alarms = found.filter(pl.col("alarm") | pl.col("possible"))
    answer_table(
        f"{title}: {int(found['alarm'].sum())} alarms in {found.height} rows",
        ("Row", "Date", "Observed", "Expected", "Upper", "Alarm"),
        (
            (
                row["t"],
                row["date"] or "–",
                row["observed"] if row["observed"] is not None else f"{row['observed_low']} to {row['observed_high']}",
                _figure(row["expected"]),
                _figure(row["upper"]),
                "raised" if row["alarm"] else "possible",
            )
            for row in alarms.iter_rows(named=True)
        ),
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
