"""SaTScan's New Mexico sample: brain cancer in 32 counties over 19 years, people of three years, by age and sex.

The reference has no coordinates of the counties, only its clusters with their areas and years. So its ratios are held
to directly, and a scan with other coordinates must find those clusters that do not hang on them.
"""

from datetime import date

import numpy as np
import polars as pl
import pytest

from satscan_answers import read_answers
from wardkeeper.adapters.scan_files import read_scan_areas, read_scan_cases, read_scan_population
from wardkeeper.outbreaks import scan
from wardkeeper.outbreaks.space.expectation import average_people, expect_cases

NAME = "satscan_sample_NewMexico_ST_poisson"
YEARS = [(date(year, 1, 1), date(year, 12, 31)) for year in range(1973, 1992)]


@pytest.fixture
def cases(reference):
    return read_scan_cases(reference / "benchmarks" / "rsatscan_NMcas.csv").frame


@pytest.fixture
def people(reference):
    return read_scan_population(reference / "benchmarks" / "rsatscan_NMpop.csv").frame


def test_every_cluster_of_satscans_has_its_ratio_expected_cases_and_people(reference, cases, people):
    total = cases["cases"].sum()
    for theirs in read_answers(reference / "reference", NAME):
        areas = list(theirs.areas)
        assert len(areas) == theirs.number
        elsewhere = sorted(set(people["area"]) - set(areas))
        years = [at for at, (first, last) in enumerate(YEARS) if theirs.start <= first and last <= theirs.end]
        expected = expect_cases(cases, people, areas + elsewhere, YEARS)[: len(areas), years].sum()
        inside = cases.filter(pl.col("area").is_in(areas) & pl.col("date").is_between(theirs.start, theirs.end))
        observed = inside["cases"].sum()
        assert observed == theirs.observed
        assert expected == pytest.approx(theirs.expected, abs=0.00501)
        ratio = observed * np.log(observed / expected) + (total - observed) * np.log(
            (total - observed) / (total - expected)
        )
        assert ratio == pytest.approx(theirs.llr, abs=1e-6)
        assert average_people(people, areas, YEARS).sum() == pytest.approx(theirs.population, abs=0.00501)


def test_people_are_averaged_over_time_as_satscan_does(people):
    areas = sorted(people["area"].unique())
    assert round(average_people(people, areas, [(YEARS[0][0], YEARS[-1][1])]).sum()) == 1344288


def test_a_scan_in_years_finds_the_clusters_that_hang_on_no_coordinates(reference, cases, people):
    areas = read_scan_areas(reference / "benchmarks" / "rsatscan_NMgeo.csv").frame
    study = {"study_from": YEARS[0][0], "study_to": YEARS[-1][1], "aggregate_years": 1}
    found = scan(cases, areas, people, replicates=99, **study).clusters
    for theirs in read_answers(reference / "reference", NAME)[1:]:
        mine = next(one for one in found if set(one.areas) == set(theirs.areas))
        assert mine.llr == pytest.approx(theirs.llr, abs=1e-6)
        assert (mine.observed, mine.start, mine.end) == (theirs.observed, theirs.start, theirs.end)
        assert mine.population == pytest.approx(theirs.population, abs=0.00501)
        assert mine.relative_risk == pytest.approx(theirs.relative_risk, abs=0.00501)
