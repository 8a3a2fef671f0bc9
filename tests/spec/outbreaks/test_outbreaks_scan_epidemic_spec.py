"""The negative binomial scan: against each area's own past, where a wave makes every Poisson p-value nought."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from command_line import run_here
from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks import scan

WEEKS = 8
LAST = date(2020, 11, 28)
SIDE = 12
RISEN = {"5-5", "5-6", "6-5", "6-6"}


def wave(risen: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A town of 12 by 12 areas in a wave that grows by a tenth each week; in four areas the last week has `risen` times as many."""
    rng = np.random.default_rng(1)
    names = [f"{x}-{y}" for x in range(SIDE) for y in range(SIDE)]
    # Some areas always have four times as many as others: that is no outbreak.
    level = dict(zip(names, rng.choice([5.0, 20.0], len(names)), strict=True))
    rows = []
    for week in range(WEEKS):
        for name in names:
            times = risen if week == WEEKS - 1 and name in RISEN else 1.0
            rows.append(
                (name, int(rng.poisson(level[name] * 1.1**week * times)), LAST - timedelta(7 * (WEEKS - 1 - week)))
            )
    cases = pl.DataFrame(rows, schema=["area", "cases", "date"], orient="row")
    places = [(name, *map(float, name.split("-"))) for name in names]
    return cases, pl.DataFrame(places, schema=["area", "x", "y"], orient="row")


SETTINGS = {
    "model": "negbin", "max_population": 0.1, "aggregate_days": 7, "max_days": 14, "prospective": True,
    "study_from": LAST - timedelta(7 * WEEKS - 1), "study_to": LAST, "replicates": 99,
}  # fmt: skip


def test_areas_that_rise_beyond_their_own_past_are_found():
    found = scan(*wave(risen=3.0), **SETTINGS).clusters[0]
    assert len(RISEN & set(found.areas)) >= 3
    assert found.p <= 0.02
    assert found.end == LAST
    assert found.observed > 1.5 * found.expected
    assert found.recurrence_days > 350


def test_a_wave_that_rises_everywhere_is_no_cluster():
    clusters = scan(*wave(risen=1.0), **SETTINGS).clusters
    assert all(one.p > 0.05 for one in clusters)


def test_without_dates_the_people_tell_what_is_expected():
    areas = pl.DataFrame({"area": ["a", "b", "c", "d"], "x": [0.0, 1, 9, 10], "y": [0.0, 0, 0, 0]})
    cases = pl.DataFrame({"area": ["a", "b", "c", "d"], "cases": [60, 60, 20, 20]})
    people = pl.DataFrame({"area": ["a", "b", "c", "d"], "population": [100] * 4})
    found = scan(cases, areas, people, model="negbin", max_population=0.5, replicates=99).clusters[0]
    assert set(found.areas) <= {"a", "b"}
    assert found.expected == 40 * len(found.areas)


def test_hidden_counts_are_all_they_may_be_and_an_outbreak_is_found_all_the_same():
    cases, areas = wave(risen=3.0)
    hidden = pl.col("cases").is_between(0, 9)
    spans = cases.with_columns(
        cases=pl.when(hidden).then(0).otherwise("cases"), most=pl.when(hidden).then(9).otherwise("cases")
    )
    assert 0.2 < spans.select(hidden.mean()).item() < 0.8
    found = scan(spans, areas, **SETTINGS).clusters[0]
    assert len(RISEN & set(found.areas)) >= 3
    assert found.p <= 0.02
    # Not as noughts: a hidden count is told as what it is on average.
    inside = spans.filter(pl.col("area").is_in(found.areas) & (pl.col("date") >= found.start))
    truth = inside.join(cases, on=["area", "date"], suffix=" in truth")["cases in truth"].sum()
    assert inside["cases"].sum() <= found.observed == pytest.approx(truth, rel=0.15)


FILES = {
    "areas": "".join(f"a{at} {at % 4} {at // 4}\n" for at in range(16)),
    "population": "".join(f"a{at} 2020 900\n" for at in range(16)),
}


@pytest.mark.parametrize(
    ("mark", "options", "code", "said"),
    [
        ("<5", [], 0, "the.cases: hidden counts were taken as all they may be: 3 rows."),
        ("0-2", [], 0, "the.cases: hidden counts were taken as all they may be: 3 rows."),
        ("-99", ["--hidden", "0-2"], 0, "the.cases: hidden counts were taken as all they may be: 3 rows."),
        ("", ["--hidden", "0-2"], 0, "the.cases: hidden counts were taken as all they may be: 3 rows."),
        ("-99", [], 4, "The number of cases is missing or hidden, and nothing tells what it may be."),
        ("", [], 4, "The number of cases is missing or hidden, and nothing tells what it may be."),
        ("-3", ["--hidden", "0-2"], 4, "The number of cases is negative."),
        ("..", ["--hidden", "0-2"], 4, "The number of cases is missing or hidden. More such rows: 2. Write the least"),
        ("<5", ["--hidden", "5"], 4, "“5” is no span of counts."),
        ("<5", ["--hidden", "0-2", "--model", "poisson"], 2, "--hidden is for --model negbin alone."),
    ],
)
def test_the_command_takes_hidden_counts_as_spans(tmp_path, mark, options, code, said):
    hidden = (7, 11, 15)
    rows = [f"a{at},{mark if at in hidden else 40 if at < 2 else 6}" for at in range(16)]
    arguments = ["outbreak", "scan", "--model", "negbin", "--replicates", "19", "--json"]
    for name, text in {**FILES, "cases": "area,cases\n" + "\n".join(rows) + "\n"}.items():
        (tmp_path / f"the.{name}").write_text(text, "utf-8")
        arguments += [f"--{name}", str(tmp_path / f"the.{name}")]
    ran = run_here(*arguments, *options)
    assert ran.code == code
    if code:
        assert f"{ran.answer['error']['message']} {ran.answer['error']['next']}".startswith(said)
    else:
        assert said in ran.answer["notes"]
        assert set(ran.answer["clusters"][0]["areas"]) <= {"a0", "a1", "a4", "a5"}


def test_two_weeks_are_too_few_to_know_what_is_usual():
    cases, areas = wave(risen=1.0)
    newest = cases.filter(pl.col("date") > LAST - timedelta(14))
    with pytest.raises(BadInput, match="2 steps of time, too few to know what is usual"):
        scan(newest, areas, **{**SETTINGS, "study_from": LAST - timedelta(13)})


def test_a_hidden_count_that_may_be_anything_is_refused():
    cases, areas = wave(risen=1.0)
    with pytest.raises(BadInput, match=r"A hidden count may be any of .*: that is too wide to be of use"):
        scan(cases.with_columns(most=pl.col("cases") + 5_000_000), areas, **SETTINGS)
