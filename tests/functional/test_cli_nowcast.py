"""`wardkeeper outbreak nowcast` and `nowcast-score`, run as a shell runs them."""

import gzip
from datetime import date, timedelta

import polars as pl
import pytest

from command_line import run_here

FIRST, DAYS = date(2020, 9, 1), 80
LAST = FIRST + timedelta(DAYS - 1)
SHARES = (0.0, 0.5, 0.8, 1.0)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return pl.DataFrame(
        [
            (FIRST + timedelta(day), FIRST + timedelta(day - delay), area, round(cases * SHARES[min(delay, 3)]))
            for day in range(DAYS)
            for delay in range(1, 36)
            for area, cases in (("E06000001", 20), ("E06000002", 100))
        ],
        schema=["report", "specimen", "areaCode", "cases"],
        orient="row",
    )


@pytest.fixture(scope="module", params=["parquet", "csv", "csv.gz"])
def file(request, rows, tmp_path_factory):
    path = tmp_path_factory.mktemp("triangle") / f"triangle.{request.param}"
    if request.param == "parquet":
        rows.write_parquet(path)
    else:
        text = rows.write_csv().encode()
        path.write_bytes(gzip.compress(text) if request.param == "csv.gz" else text)
    return path


def test_each_area_is_answered_with_estimate_and_intervals(file):
    ran = run_here("outbreak", "nowcast", "--triangle", file, "--report", LAST, "--horizon", 7, "--json")
    assert ran.code == 0
    assert ran.answer["report"] == str(LAST)
    first = ran.answer["areas"][0]
    assert (first["area"], first["observed"], first["estimate"]) == ("E06000001", 126, 140.0)
    assert list(first) == ["area", "observed", "estimate", "low50", "high50", "low90", "high90"]


def test_all_areas_together_have_an_interval_of_their_own(file):
    ran = run_here("outbreak", "nowcast", "--triangle", file, "--report", LAST, "--json")
    assert list(ran.answer["all"]) == ["observed", "estimate", "low50", "high50", "low90", "high90"]
    assert (ran.answer["all"]["observed"], ran.answer["all"]["estimate"]) == (756, 840.0)
    ran = run_here("outbreak", "nowcast", "--triangle", file, "--report", LAST)
    assert "All areas together" in ran.out


def test_a_missing_feed_is_said(file):
    ran = run_here(
        "outbreak", "nowcast", "--triangle", file, "--report", LAST, "--missing", "community tests", "--json"
    )
    assert ran.answer["missing"] == ["community tests not included"]
    ran = run_here("outbreak", "nowcast", "--triangle", file, "--report", LAST, "--missing", "community tests")
    assert "community tests not included" in ran.words


def test_estimates_are_scored(file):
    span = ("--from", FIRST + timedelta(40), "--to", FIRST + timedelta(45))
    ran = run_here("outbreak", "nowcast-score", "--triangle", file, *span, "--json")
    assert ran.code == 0
    assert {"area_days": 12, "wape": 0.0, "bias": 0.0, "coverage90": 1.0}.items() <= ran.answer.items()
    assert {"median_ape", "coverage50"} <= set(ran.answer)
    assert "Estimating 2 areas on each day" in ran.words


def test_another_method_is_scored(file):
    span = ("--from", FIRST + timedelta(40), "--to", FIRST + timedelta(45))
    ran = run_here("outbreak", "nowcast-score", "--triangle", file, *span, "--method", "raw", "--json")
    assert (ran.answer["wape"], ran.answer["coverage90"]) == (pytest.approx(0.1), None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--report", "2020-08-01"], "The first report is of 2020-09-01, after 2020-08-01."),
        (["--report", "2021-08-01"], "There is no report of 2021-08-01."),
        (["--report", "yesterday"], "--report: “yesterday” is not a day."),
        (["--report", LAST, "--horizon", 99], "The horizon is 99 days, but each report reaches back 35 days."),
    ],
)
def test_what_cannot_be_answered_is_bad_input(file, arguments, message):
    ran = run_here("outbreak", "nowcast", "--triangle", file, *arguments, "--json")
    assert (ran.code, ran.answer["error"]["message"]) == (4, message)


@pytest.mark.parametrize("content", [b"", b"report,specimen\n2020-09-01,2020-08-31\n", b"PAR1 but not really"])
def test_what_is_no_triangle_is_bad_input(tmp_path, content):
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    ran = run_here("outbreak", "nowcast", "--triangle", path, "--report", LAST, "--json")
    assert ran.code == 4
    assert ran.answer["error"]["where"]["file"] == "odd.csv"


def test_a_file_that_is_not_there_is_said(tmp_path):
    ran = run_here("outbreak", "nowcast", "--triangle", tmp_path / "none.csv", "--report", LAST, "--json")
    assert ran.code == 4
