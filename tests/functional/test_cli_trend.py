"""`wardkeeper outbreak trend` and `outbreak rates` on a person's own files: shapes, exit codes, and errors in words."""

import json

import numpy as np
import polars as pl
import pytest
from shapely.geometry import box, mapping

from command_line import run_here
from wardkeeper.cli.outbreak_trend import SAYS
from wardkeeper.outbreaks import GammaInterval, KnownInterval, UncertainInterval, estimate_r, smooth_rates
from wardkeeper.outbreaks.growth import Direction

COUNTS = [1, 1, 0, 2, 5, 3, 3, 3, 6, 2, 5, 9, 13, 12, 13, 11, 12, 6, 6, 6, 3, 1, 2, 2]
FIGURES = ["mean", "sd", "q025", "q25", "median", "q75", "q975"]


@pytest.fixture
def incidence(tmp_path):
    file = tmp_path / "incidence.csv"
    rows = [f"2026-10-{day:02},{count}" for day, count in enumerate(COUNTS, start=1)]
    file.write_text("dates,I\n" + "\n".join(rows) + "\n", "utf-8")
    return file


@pytest.fixture
def places(tmp_path):
    (tmp_path / "cases.csv").write_text("area,cases\nA,0\nB,3\nC,9\nD,*\n", "utf-8")
    (tmp_path / "people.csv").write_text("area,population\nA,900\nB,1100\nC,1000\nD,800\n", "utf-8")
    (tmp_path / "near.csv").write_text("area,neighbour\nA,B\nB,C\n", "utf-8")
    return [
        "--cases",
        tmp_path / "cases.csv",
        "--population",
        tmp_path / "people.csv",
        "--adjacency",
        tmp_path / "near.csv",
    ]


def test_trend_gives_every_window_with_its_days_and_growth_beside(incidence):
    ran = run_here("outbreak", "trend", "--incidence", incidence, "--si-mean", 2.6, "--si-sd", 1.5, "--json")
    assert ran.code == 0, ran.err
    windows = ran.answer["windows"]
    expected = estimate_r(COUNTS, GammaInterval(2.6, 1.5))
    assert len(windows) == len(COUNTS) - 7
    assert [windows[3][name] for name in FIGURES] == list(expected.select(FIGURES).row(3))
    first = windows[0]
    assert (first["start"], first["end"], first["start_date"], first["end_date"]) == (2, 8, "2026-10-02", "2026-10-08")
    assert [(one["start"], one["end"]) for one in ran.answer["growth"]] == [(1, 21), (2, 22), (3, 23), (4, 24)]
    assert {"growth", "growth_low", "doubling_days", "direction", "r"} <= set(ran.answer["growth"][0])


def test_trend_takes_a_serial_interval_from_a_file_or_an_uncertain_one(incidence, tmp_path):
    shares = tmp_path / "si.csv"
    shares.write_text("si\n0\n0.5\n0.3\n0.2\n", "utf-8")
    known = run_here("outbreak", "trend", "--incidence", incidence, "--si", shares, "--window", 5, "--json").answer
    expected = estimate_r(COUNTS, KnownInterval((0.0, 0.5, 0.3, 0.2)), window=5)
    assert [one["mean"] for one in known["windows"]] == expected["mean"].to_list()
    unsure = ["--si-mean", 2.6, "--si-sd", 1.5, "--si-mean-sd", 1, "--si-sd-sd", 0.5, "--seed", 4]
    limits = ["--si-mean-min", 1, "--si-mean-max", 4.2, "--si-sd-min", 0.5, "--si-sd-max", 2.5, "--draws", 200]
    answer = run_here("outbreak", "trend", "--incidence", incidence, *unsure, *limits, "--json").answer
    interval = UncertainInterval(2.6, 1.5, 1, 0.5, (1, 4.2), (0.5, 2.5), draws=200)
    assert [one["q975"] for one in answer["windows"]] == estimate_r(COUNTS, interval, seed=4)["q975"].to_list()


def test_trend_in_words(incidence):
    ran = run_here("outbreak", "trend", "--incidence", incidence, "--si-mean", 2.6, "--si-sd", 1.5)
    assert "95% interval" in ran.out
    assert "Whether cases grow or shrink is not clear: +0.3% a day" in ran.words
    incidence.write_text("I\n1\n0\n2\n1\n0\n1\n1\n0\n", "utf-8")
    ran = run_here("outbreak", "trend", "--incidence", incidence, "--si-mean", 2.6, "--si-sd", 1.5)
    assert "In 1 of 1 windows there are too few cases for a sure answer." in ran.words
    assert "Growth was not estimated: there are fewer than 21 days." in ran.words


def test_every_direction_has_words():
    assert set(SAYS) == set(Direction)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ([], 2, "The serial interval is needed"),
        (["--si-mean", "2.6"], 2, "The serial interval is needed"),
        (["--si-mean", "0.9", "--si-sd", "1"], 4, "cannot be used"),
        (["--si-mean", "2.6", "--si-sd", "1.5", "--window", "40"], 4, "too few for a window of 40"),
        (["--si-mean", "2.6", "--si-sd", "1.5", "--prior-mean", "0"], 4, "prior of R"),
        (["--si-mean", "2.6", "--si-sd", "1.5", "--si-sd-sd", "0.5"], 2, "How uncertain a serial interval is"),
        (["--si-mean", "2.6", "--si-sd", "1.5", "--si-mean-sd", "1", "--draws", "100000000"], 4, "1 to 10,000 draws"),
        (["--si-mean", "2.6", "--si-sd", "1.5", "--si-mean-max", "4"], 2, "How uncertain a serial interval is"),
    ],
)
def test_trend_refuses_in_words(incidence, options, code, says):
    ran = run_here("outbreak", "trend", "--incidence", incidence, *options, "--json")
    assert ran.code == code
    assert says in ran.answer["error"]["message"]


def test_a_negative_correction_is_refused_by_its_row(tmp_path):
    file = tmp_path / "i.csv"
    file.write_text("I\n3\n-1\n4\n", "utf-8")
    ran = run_here("outbreak", "trend", "--incidence", file, "--si-mean", 2.6, "--si-sd", 1.5, "--json")
    assert (ran.code, ran.answer["error"]["where"]) == (4, {"file": "i.csv", "row": 2, "column": "I"})


@pytest.mark.parametrize("method", ["marshall", "local", "bym2"])
def test_rates_of_own_files_are_smoothed_without_an_authoritys_folder(places, tmp_path, monkeypatch, method):
    monkeypatch.chdir(tmp_path)
    ran = run_here("outbreak", "rates", *places, "--method", method, "--above", 300, "--json")
    assert ran.code == 0, ran.err
    areas = pl.DataFrame(
        {"area": list("ABCD"), "low": [0, 3, 9, 0], "high": [0, 3, 9, 2], "population": [900, 1100, 1000, 800]}
    )
    pairs = pl.DataFrame({"area": ["A", "B"], "neighbour": ["B", "C"]})
    expected = smooth_rates(areas, pairs, method=method, above=300).frame
    assert ran.answer["areas"] == expected.to_dicts()
    assert "Areas without a neighbour: 1." in " ".join(ran.answer["notes"])


def test_neighbours_can_be_those_whose_outlines_touch(tmp_path):
    """Three squares in a row, and one apart that nobody asked about."""
    codes = {"E02000001": 0, "E02000002": 1, "E02000003": 2, "E02000009": 7}
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": mapping(box(left, 50, left + 1, 51))}
        for code, left in codes.items()
    ]
    (tmp_path / "map.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    (tmp_path / "cases.csv").write_text("area,cases\nE02000001,2\nE02000003,9\n", "utf-8")
    (tmp_path / "people.csv").write_text("area,population\nE02000001,900\nE02000002,800\nE02000003,850\n", "utf-8")
    files = ["--cases", tmp_path / "cases.csv", "--population", tmp_path / "people.csv"]
    ran = run_here("outbreak", "rates", *files, "--adjacency", tmp_path / "map.geojson", "--json")
    assert ran.code == 0, ran.err
    assert [row["neighbours"] for row in ran.answer["areas"]] == [1, 2, 1]
    assert ran.answer["method"] == "bym2"


def test_rates_in_words(places):
    ran = run_here("outbreak", "rates", *places)
    assert "Smoothed rates per 100,000 by bym2" in ran.out
    assert "0 to 2 (hidden)" in ran.out


def test_what_is_published_is_the_same_whatever_the_small_counts_are(places, tmp_path):
    """Totals, averages and notes are made from the protected counts too."""
    one = run_here("outbreak", "rates", *places, "--protect", 5, "--json")
    (tmp_path / "cases.csv").write_text("area,cases\nA,4\nC,9\nD,1\n", "utf-8")
    other = run_here("outbreak", "rates", *places, "--protect", 5, "--json")
    assert one.code == 0, one.err
    assert one.out == other.out
    assert [row["low"] for row in one.answer["areas"]] == [0, 0, 9, 0]
    assert np.isfinite([row["rate"] for row in one.answer["areas"]]).all()


@pytest.mark.parametrize(
    ("file", "text", "code", "says"),
    [
        ("cases.csv", "area,cases\nX,1\n", 4, "not in the list of areas: X"),
        ("cases.csv", "area,cases\nA,0\n", 4, "no case in any area"),
        ("cases.csv", "area,cases\nA,-4\n", 4, "below 0"),
        ("people.csv", "area,population\nA,0\nB,1100\nC,1000\nD,800\n", 0, ""),
        ("people.csv", "area,population\nA,900\nB,0\nC,1000\nD,800\n", 4, "has cases, and no population: B"),
        ("people.csv", "area,population\nA,900\nA,800\n", 4, "given twice"),
        ("near.csv", "area,neighbour\nA,Q\n", 4, "not in the list of areas: Q"),
    ],
)
def test_rates_refuse_in_words(places, tmp_path, file, text, code, says):
    (tmp_path / file).write_text(text, "utf-8")
    ran = run_here("outbreak", "rates", *places, "--json")
    assert ran.code == code, ran.err
    assert says in ran.out


def test_rates_need_cases_and_people_together(places):
    ran = run_here("outbreak", "rates", *places[:2], "--json")
    assert (ran.code, ran.answer["error"]["code"]) == (2, "usage")


def test_a_week_of_the_loaded_counts_is_not_of_ones_own_files(places):
    ran = run_here("outbreak", "rates", *places, "--week", "2026-11-14", "--json")
    assert (ran.code, ran.answer["error"]["code"]) == (2, "usage")
    assert ran.answer["error"]["message"].startswith("--week is for the counts loaded")
