"""What a detector found, in plain words: why, how sure, and what may be missing."""

from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.outbreaks.counts import in_words


class Alarm(StrEnum):
    """What was found for one area and week."""

    RAISED = "raised"
    POSSIBLE = "possible"
    NONE = "none"
    NOT_ASSESSED = "not assessed"


def add_reasons(frame: pl.DataFrame, *, week: date, weeks: int, alpha: float) -> pl.DataFrame:
    """Add `why`: a few short sentences for each row of a detector's frame (its columns as in `detectors.detect`).

    `weeks` is the number of earlier weeks compared with and `alpha` the chance of an alarm in a steady area.
    """
    return frame.with_columns(
        why=pl.when(pl.col("alarm") == Alarm.NOT_ASSESSED)
        .then(_not_assessed(weeks))
        .otherwise(pl.concat_str(_seen(week), _usual(weeks), _verdict(alpha), _hidden(), _late(), separator=""))
    )


def _count(low: str, high: str) -> pl.Expr:
    ends = pl.format("{} to {}", low, high)
    return pl.when(pl.col(low) == pl.col(high)).then(pl.col(low).cast(pl.String)).otherwise(ends)


def _number(column: str) -> pl.Expr:
    return pl.col(column).round(1).cast(pl.String).str.replace(r"\.0$", "")


def _seen(week: date) -> pl.Expr:
    cases = _count("observed_low", "observed_high")
    noun = pl.when((pl.col("observed_low") == 1) & (pl.col("observed_high") == 1)).then(pl.lit("case"))
    return pl.format(f"{{}} {{}} in the week to {in_words(week)}. ", cases, noun.otherwise(pl.lit("cases")))


def _usual(weeks: int) -> pl.Expr:
    low, high, bound = _number("expected_low"), _number("expected_high"), _number("upper")
    ends = pl.when(low == high).then(low).otherwise(pl.format("{} to {}", low, high))
    return pl.format(f"{weeks} earlier weeks here averaged {{}} a week; more than {{}} would be unusual. ", ends, bound)


def _verdict(alpha: float) -> pl.Expr:
    words = {
        Alarm.RAISED: (
            f"This is an unusual rise. Chance alone would do this in about 1 steady week in {round(1 / alpha):,}, "
            "and more often where numbers are small."
        ),
        Alarm.POSSIBLE: "This may be an unusual rise: it depends on counts that were hidden.",
        Alarm.NONE: "This is not an unusual rise.",
        Alarm.NOT_ASSESSED: "",
    }
    return pl.col("alarm").replace_strict({alarm.value: said for alarm, said in words.items()})


def _hidden() -> pl.Expr:
    baseline = pl.col("expected_low") < pl.col("expected_high")
    return (
        pl.when(baseline & (pl.col("alarm") == Alarm.RAISED))
        .then(pl.lit(" Some earlier counts were hidden because they are small; it is a rise whatever they were."))
        .when(baseline | (pl.col("observed_low") < pl.col("observed_high")))
        .then(pl.lit(" Some counts were hidden because they are small; they are not read as zero."))
        .otherwise(pl.lit(""))
    )


def _late() -> pl.Expr:
    return pl.when("incomplete").then(pl.lit(" Late reports may still add cases to this week.")).otherwise(pl.lit(""))


def _not_assessed(weeks: int) -> pl.Expr:
    return (
        pl.when(pl.col("observed_low").is_null())
        .then(pl.lit("Not assessed: no count was published for this week."))
        .otherwise(pl.lit(f"Not assessed: it needs {weeks} earlier weeks with published counts."))
    )
