"""Every cluster that SaTScan 10.3.2 reported on the reference runs: the same areas, counts, ratios and days.

Ratios and areas do not depend on the simulated data sets, so that few are made here; p-values have a test of their own.
"""

from datetime import date
from functools import cache
from math import log, sqrt
from pathlib import Path

import pytest

from satscan_answers import CUT_SHORT, Answer, read_answers, read_text
from wardkeeper.adapters.scan_files import read_scan_areas, read_scan_cases, read_scan_population
from wardkeeper.outbreaks import scan
from wardkeeper.outbreaks.space.scans import Scan

FEW = 49

WEEKS = {
    "model": "permutation",
    "aggregate_days": 7,
    "max_days": 28,
    "prospective": True,
    "study_from": date(2020, 3, 15),
    "study_to": date(2020, 11, 28),
}

RUNS: dict[str, tuple[tuple[str, str, str | None], dict]] = {
    "satscan_ny_poisson_circ_999_cpu1": (("ny.cas.gz", "ny.geo.gz", "ny.pop.gz"), {"max_population": 0.5}),
    "msoa_1wk_spatial_1pct_999": (("msoa_1wk.cas.gz", "msoa.geo.gz", "msoa.pop.gz"), {"max_population": 0.01}),
    "msoa_1wk_spatial_10pct_999": (("msoa_1wk.cas.gz", "msoa.geo.gz", "msoa.pop.gz"), {"max_population": 0.1}),
    "msoa37w_prosp_STPerm_20k_1pct_999": (
        ("msoa_thin20k.cas.gz", "msoa.geo.gz", None),
        {"max_population": 0.01, **WEEKS},
    ),
    "msoa37w_prosp_STPerm_20k_10pct_999": (
        ("msoa_thin20k.cas.gz", "msoa.geo.gz", None),
        {"max_population": 0.1, **WEEKS},
    ),
}
"""Each run: its files (cases, areas, population) and what it asked."""


@cache
def run(folder: Path, name: str, replicates: int = FEW) -> Scan:
    (cases, areas, people), asked = RUNS[name]
    return scan(
        read_scan_cases(folder / cases).frame,
        read_scan_areas(folder / areas).frame,
        read_scan_population(folder / people).frame if people else None,
        replicates=replicates,
        **asked,
    )


def answers(reference: Path, name: str) -> list[Answer]:
    return read_answers(reference / "reference", name)


@pytest.mark.parametrize("name", RUNS)
def test_every_cluster_that_satscan_reports_is_found_in_its_order(reference, name):
    expected = answers(reference, name)
    assert expected
    found = run(reference / "scans", name).clusters[: len(expected)]
    assert [one.llr for one in found] == pytest.approx([one.llr for one in expected], abs=1e-6)
    assert [one.observed for one in found] == [one.observed for one in expected]
    assert [one.expected for one in found] == pytest.approx([one.expected for one in expected], abs=0.00501)
    assert [len(one.areas) for one in found] == [one.number for one in expected]


@pytest.mark.parametrize("name", RUNS)
def test_clusters_hold_the_same_areas_centre_first(reference, name):
    expected = answers(reference, name)
    cut = CUT_SHORT in read_text(reference / "reference", f"{name}.txt")
    for mine, theirs in zip(run(reference / "scans", name).clusters, expected, strict=False):
        assert mine.areas[0] == theirs.areas[0]
        if cut and len(theirs.areas) < theirs.number:
            assert set(theirs.areas) <= set(mine.areas)
        else:
            assert set(mine.areas) == set(theirs.areas)


@pytest.mark.parametrize("name", RUNS)
def test_days_radii_and_people_are_satscans(reference, name):
    timed = "study_to" in RUNS[name][1]
    for mine, theirs in zip(run(reference / "scans", name).clusters, answers(reference, name), strict=False):
        assert mine.radius == pytest.approx(theirs.radius, abs=0.00501)
        assert (mine.start, mine.end) == ((theirs.start, theirs.end) if timed else (None, None))
        if theirs.population is not None:
            assert mine.population == pytest.approx(theirs.population, abs=0.00501)
        if theirs.relative_risk is not None:
            assert mine.relative_risk == pytest.approx(theirs.relative_risk, abs=0.00501)


MANY = 999
QUICK = ["satscan_ny_poisson_circ_999_cpu1", "msoa_1wk_spatial_1pct_999", "msoa37w_prosp_STPerm_20k_1pct_999"]
LEAST = 1e-17
"""SaTScan prints no smaller p-value."""
FINE = 0.01
"""From here on SaTScan prints the rank of 999 data sets; below, the fitted Gumbel distribution's value."""


@pytest.mark.parametrize("name", QUICK)
def test_p_values_are_satscans_within_the_error_of_999_data_sets(reference, name):
    found = run(reference / "scans", name, MANY).clusters
    for mine, theirs in zip(found, answers(reference, name), strict=False):
        if theirs.p >= FINE:
            # Two runs of 999 data sets each, four standard errors apart at most, and a rank's step.
            error = 4 * sqrt(2 * theirs.p * (1 - theirs.p) / MANY) + 2 / (MANY + 1)
            assert mine.p == pytest.approx(theirs.p, abs=error)
        else:
            assert mine.p <= FINE * 2
            # The fit's logarithm has an error of its own that grows as p falls.
            assert log(max(mine.p_gumbel, LEAST)) == pytest.approx(log(max(theirs.p, LEAST)), abs=0.7, rel=0.15)
