"""Every answer of R's surveillance 1.26 on Salmonella Newport and Agona. Skipped, with a reason, where absent.

Nothing random or iterative differs: bounds, expected counts, scores, p-values, mu0, phi and trends agree to 1e-9.
"""

from datetime import date

import polars as pl
import pytest

from wardkeeper.outbreaks import cusum, ears, farrington

NEWPORT = {"first": date(2011, 1, 3), "last": date(2011, 12, 26)}
AGONA = {"first": 290, "last": 312}
"""The rows 290 to 312: R's file dates them by its own weeks, one later than the series' own dates."""

FLEXIBLE = {"b": 4, "no_periods": 10, "past_weeks_not_included": 26, "p_threshold_trend": 1, "alpha": 0.01}
ORIGINAL = {"b": 4, "weights_threshold": 1}
SPARSE = FLEXIBLE | {"alpha": 0.05, "limit54": (0, 4), "threshold_method": "nbPlugin"}
"""Here the bounds stand even where nothing was seen for weeks."""

FARRINGTON = [
    ("farrington_original_salmNewport_2011", ORIGINAL, NEWPORT),
    ("farrington_flexible_nbPlugin_salmNewport_2011", SPARSE, NEWPORT),
    ("farrington_1996_agona", {"method": "original", "b": 4, "alpha": 0.01}, AGONA),
    *[
        (f"farrington_flexible_{way}_{of}", FLEXIBLE | {"threshold_method": way}, rows)
        for way in ("delta", "nbPlugin", "muan")
        for of, rows in (("a01_salmNewport_2011", NEWPORT), ("agona", AGONA))
    ],
]
COLUMNS = {"upperbound": "upper", "expected": "expected", "score": "score", "pvalue": "p", "mu0": "mu0", "phi": "phi"}


@pytest.fixture(scope="session")
def series(reference):
    """Each series with its date: Newport summed over the states, and Agona."""

    def read(name: str) -> pl.DataFrame:
        file = "salmNewport" if "Newport" in name else "salmonella.agona"
        frame = pl.read_csv(reference / "benchmarks" / f"{file}.csv", try_parse_dates=True)
        return frame.select("t", "date", cases=pl.sum_horizontal(pl.all().exclude("t", "date")))

    return read


@pytest.fixture(scope="session")
def answers(reference):
    def read(name: str) -> pl.DataFrame:
        return pl.read_csv(reference / "reference" / f"{name}.csv", null_values="NA", infer_schema_length=None)

    return read


def check_column(found: pl.Series, told: pl.Series, within: float) -> None:
    assert found.is_null().to_list() == told.is_null().to_list()
    known = found.drop_nulls().to_list()
    assert known == pytest.approx(told.drop_nulls().to_list(), rel=within, abs=1e-300)


@pytest.mark.parametrize(("name", "options", "rows"), FARRINGTON, ids=[name for name, _, _ in FARRINGTON])
def test_farrington_answers_as_r_does(series, answers, name, options, rows):
    told = answers(name)
    found = farrington(series(name), **options, **rows)
    assert found["observed"].to_list() == told["observed"].to_list()
    assert found["alarm"].cast(pl.Int64).to_list() == told["alarm"].to_list()
    given = {"trend": "trend"} | COLUMNS if told["mu0"].null_count() < told.height else {"upperbound": "upper"}
    for theirs, ours in given.items():
        check_column(found[ours], told[theirs].cast(pl.Float64), 1e-9)


@pytest.mark.parametrize("method", ["C1", "C2", "C3"])
@pytest.mark.parametrize(
    ("of", "options"),
    [
        ("minSigma1_agona", {"min_sigma": 1, "first": 20}),
        ("salmNewport_2011", {"alpha": 0.001, **NEWPORT}),
    ],
)
def test_ears_answers_as_r_does(series, answers, method, of, options):
    told = answers(f"ears_{method}_{of}")
    found = ears(series(of), method=method, **options)
    assert found["upper"].to_list() == pytest.approx(told["upperbound"].to_list(), abs=1e-9)
    assert found["alarm"].cast(pl.Int64).to_list() == told["alarm"].to_list()


@pytest.mark.parametrize("trans", ["rossi", "standard"])
def test_cusum_answers_as_r_does(series, answers, trans):
    told = answers(f"cusum_{trans}_agona")
    found = cusum(series("agona"), trans=trans, first=290)
    assert found["t"].to_list() == told["row"].to_list()
    assert found["upper"].to_list() == pytest.approx(told["upperbound"].to_list(), abs=1e-9)
    assert found["alarm"].cast(pl.Int64).to_list() == told["alarm"].to_list()
