"""The detectors and readers against real figures and another program's answers. Skipped, with a reason, where absent."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.detectors import EarsMethod, EarsSettings, detect, find_bounds
from wardkeeper.outbreaks.findings import Alarm
from wardkeeper.outbreaks.published import from_published
from wardkeeper.outbreaks.rates import add_rates

AGONA, NEWPORT = "salmonella.agona", "salmNewport"


def read_series(reference: Path, name: str) -> pl.DataFrame:
    """Give date and cases, summed over regions where there are several."""
    frame = pl.read_csv(reference / "benchmarks" / f"{name}.csv", try_parse_dates=True)
    return frame.select("date", cases=pl.sum_horizontal(pl.all().exclude("t", "date")))


@pytest.mark.parametrize(
    ("answers", "series", "method", "min_sigma"),
    [
        ("ears_C1_minSigma1_agona.csv", AGONA, EarsMethod.C1, 1.0),
        ("ears_C2_minSigma1_agona.csv", AGONA, EarsMethod.C2, 1.0),
        ("ears_C1_salmNewport_2011.csv", NEWPORT, EarsMethod.C1, 0.0),
        ("ears_C2_salmNewport_2011.csv", NEWPORT, EarsMethod.C2, 0.0),
    ],
)
def test_bounds_and_alarms_are_those_of_r_surveillance(reference, answers, series, method, min_sigma):
    cases = read_series(reference, series)
    expected = pl.read_csv(reference / "reference" / answers, null_values="NA", try_parse_dates=True)
    settings = EarsSettings(method=method, min_sigma=min_sigma)
    rows = cases.with_row_index("at").join(expected, on="date", how="inner")["at"].to_numpy()
    assert len(rows) == expected.height
    counts = cases["cases"].to_numpy()
    baselines = np.stack([counts[at - settings.gap - 7 : at - settings.gap] for at in rows])

    bounds = find_bounds(baselines, baselines, settings)

    assert np.abs(bounds.greatest - expected["upperbound"].to_numpy()).max() < 1e-9
    assert np.abs(bounds.least - expected["upperbound"].to_numpy()).max() < 1e-9
    assert ((counts[rows] > bounds.greatest) == expected["alarm"].cast(pl.Boolean).to_numpy()).all()


def test_detecting_a_week_gives_the_same_alarm_as_r_surveillance(reference):
    cases = read_series(reference, AGONA)
    expected = pl.read_csv(
        reference / "reference" / "ears_C2_minSigma1_agona.csv", null_values="NA", try_parse_dates=True
    )
    counts = Counts(
        cases.select(
            area=pl.lit("E02000001"),
            week_end="date",
            low="cases",
            high="cases",
            population=pl.lit(None, pl.Int64),
            incomplete=pl.lit(value=False),
        ),
        delay_days=0,
    )
    for week, upper, alarm in expected.select("date", "upperbound", "alarm").head(60).iter_rows():
        row = detect(counts, week).row(0, named=True)
        assert row["upper"] == pytest.approx(upper, abs=1e-9)
        assert (row["alarm"] == Alarm.RAISED) == bool(alarm)


def read_gzipped(path: Path) -> pl.DataFrame:
    return pl.read_csv(gzip.decompress(path.read_bytes()), infer_schema=False)


@pytest.fixture(scope="module")
def england(reference) -> Counts:
    folder = reference / "england"
    published = pl.read_parquet(folder / "msoa_weekly_cases_2020-03-21_2020-11-28.parquet").cast(pl.String)
    people = read_gzipped(folder / "population20_msoa11.csv.gz")
    population = people.select(area="msoa11_code", population=pl.col("total_population").cast(pl.Int64))
    return from_published(published, as_of=date(2020, 11, 30), population=population)


def test_the_england_file_is_read_whole_with_suppressed_cells_as_intervals(england):
    frame = england.frame
    assert (len(england.areas), len(england.weeks), frame.height) == (6791, 37, 251_267)
    hidden = frame.filter(pl.col("low") < pl.col("high"))
    assert hidden.height == 147_533
    assert hidden.select("low", "high").unique().rows() == [(0, 2)]
    assert frame["population"].null_count() == 0
    assert frame.filter("incomplete")["week_end"].unique().to_list() == [date(2020, 11, 28)]


def test_the_weekly_wide_file_is_read_without_the_cases_that_could_not_be_placed(reference):
    wide = read_gzipped(reference / "england" / "published_msoa_weekly_wide_2020-10-27.csv.gz")
    counts = from_published(wide, as_of=date(2020, 10, 27), year=2020)
    assert (len(counts.areas), counts.weeks[-1]) == (6791, date(2020, 10, 18))
    assert counts.notes == (
        "Columns that count the same cases again were not used: latest_7_days.",
        "Rows without an area, such as cases that could not be placed, were left out: 1.",
    )
    assert counts.of_week(date(2020, 10, 18)).row(0)[:4] == ("E02000001", date(2020, 10, 18), 4, 4)


def test_the_rolling_file_keeps_whole_weeks_and_reads_s_as_suppressed(reference):
    rolling = read_gzipped(reference / "england" / "published_msoa_rolling_2020-11-30.csv.gz")
    counts = from_published(rolling, as_of=date(2020, 11, 30))
    assert counts.notes == (
        (
            "Seven-day totals overlap, so only weeks ending on a Wednesday were kept; "
            "totals of other days were left out: 1,487,229."
        ),
    )
    assert (counts.frame.height, counts.weeks[-1]) == (251_267, date(2020, 11, 25))
    assert counts.of_week(date(2020, 11, 25)).row(0)[:4] == ("E02000001", date(2020, 11, 25), 12, 12)


def test_every_area_of_england_is_assessed_and_each_alarm_agrees_with_its_figures(england):
    found = detect(england, date(2020, 10, 17))
    assert found["area"].to_list() == england.areas
    assert set(found["alarm"]) == {Alarm.RAISED, Alarm.POSSIBLE, Alarm.NONE}
    raised = found.filter(pl.col("alarm") == Alarm.RAISED)
    assert (raised["observed_low"] > raised["upper"]).all()
    assert found["why"].null_count() == 0


def test_rates_of_england_are_null_where_suppressed_and_their_interval_is_not(england):
    rated = add_rates(england.frame)
    hidden = rated.filter(pl.col("low") < pl.col("high"))
    assert hidden["rate"].null_count() == hidden.height
    assert (hidden["rate_low"] == 0).all()
    assert (hidden["rate_high"] > 0).all()
