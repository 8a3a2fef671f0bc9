"""R, and smoothed rates, against other programs' answers on the same data. Skipped, with a reason, where those are absent."""

import numpy as np
import polars as pl
import pytest

from wardkeeper.outbreaks import GammaInterval, KnownInterval, UncertainInterval, estimate_r, smooth_rates
from wardkeeper.outbreaks.reproduction import Prior, infectiousness
from wardkeeper.outbreaks.serial_intervals import discretise

COLUMNS = {
    "mean": "Mean(R)",
    "sd": "Std(R)",
    "q025": "Quantile.0.025(R)",
    "q05": "Quantile.0.05(R)",
    "q25": "Quantile.0.25(R)",
    "median": "Median(R)",
    "q75": "Quantile.0.75(R)",
    "q95": "Quantile.0.95(R)",
    "q975": "Quantile.0.975(R)",
}
FLU = GammaInterval(2.6, 1.5)


def read(reference, name) -> pl.DataFrame:
    return pl.read_csv(reference / "reference" / name, null_values="NA")


def incidence(reference, name) -> np.ndarray:
    return pl.read_csv(reference / "benchmarks" / f"EpiEstim_{name}_incidence.csv")["I"].to_numpy()


def printed_interval(reference, name) -> KnownInterval:
    return KnownInterval(tuple(pl.read_csv(reference / "benchmarks" / f"EpiEstim_{name}_si.csv")["si"]))


def furthest(found: pl.DataFrame, expected: pl.DataFrame) -> float:
    """Give the greatest relative difference over all windows and figures."""
    assert found.select("start", "end").rows() == expected.select("t_start", "t_end").rows()
    return max(float((found[ours] / expected[theirs] - 1).abs().max()) for ours, theirs in COLUMNS.items())


@pytest.mark.parametrize("name", ["Flu1918", "Flu2009"])
def test_r_with_a_printed_serial_interval_is_epiestims(reference, name):
    found = estimate_r(incidence(reference, name), printed_interval(reference, name))
    assert furthest(found, read(reference, f"epiestim_{name}_nonparam.csv")) < 1e-12


@pytest.mark.parametrize(
    ("answers", "settings"),
    [
        ("epiestim_Flu2009_parametric_2.6_1.5.csv", {}),
        ("epiestim_Flu2009_parametric_14d_prior2_2.csv", {"window": 14, "prior": Prior(2, 2)}),
    ],
)
def test_r_with_a_gamma_serial_interval_is_epiestims(reference, answers, settings):
    assert furthest(estimate_r(incidence(reference, "Flu2009"), FLU, **settings), read(reference, answers)) < 1e-12


def test_r_with_an_uncertain_serial_interval_is_epiestims_within_the_error_of_its_500_draws(reference):
    unsure = UncertainInterval(
        2.6, 1.5, mean_sd=1.0, sd_sd=0.5, mean_limits=(1.0, 4.2), sd_limits=(0.5, 2.5), draws=4000
    )
    found = estimate_r(incidence(reference, "Flu2009"), unsure)
    expected = read(reference, "epiestim_Flu2009_uncertain_si.csv")
    for column in ("mean", "q05", "q25", "median", "q75", "q95"):
        assert (found[column] / expected[COLUMNS[column]] - 1).abs().max() < 0.04
    for column in ("sd", "q025", "q975"):
        assert (found[column] / expected[COLUMNS[column]] - 1).abs().max() < 0.08


def test_the_discretised_interval_and_infectiousness_are_epiestims(reference):
    shares = read(reference, "epiestim_discr_si_2.6_1.5.csv")["w"].to_numpy()
    assert np.abs(discretise(2.6, 1.5, len(shares)) - shares).max() < 1e-14
    infectious = read(reference, "epiestim_Flu2009_lambda.csv")["lambda"].to_numpy()[1:]
    # That program divided the shares by their sum here, which differs from 1 by 6e-10.
    assert np.abs(infectiousness(incidence(reference, "Flu2009"), FLU)[1:] / infectious - 1).max() < 2e-9


@pytest.fixture(scope="module")
def tracts(reference) -> tuple[pl.DataFrame, pl.DataFrame]:
    """281 census tracts of New York with leukaemia cases, and who borders whom."""
    table = read(reference, "spdep_EB_NY.csv")
    areas = table.select(area=pl.col("id").cast(pl.String), cases="cases", population="pop")
    touching = pl.read_csv(reference / "benchmarks" / "smerc_nyw.csv").drop("").to_numpy()
    first, second = np.nonzero(touching)
    names = areas["area"]
    return areas, pl.DataFrame({"area": names[first], "neighbour": names[second]})


@pytest.mark.parametrize(("method", "column"), [("marshall", "EBest"), ("local", "EBlocal")])
def test_empirical_bayes_rates_are_spdeps(reference, tracts, method, column):
    found = smooth_rates(*tracts, method=method).frame["rate"] / 100_000
    assert (found - read(reference, "spdep_EB_NY.csv")[column]).abs().max() < 1e-15


def test_the_tracts_cases_are_the_published_ones_without_their_fractions(reference, tracts):
    published = pl.read_csv(reference / "benchmarks" / "smerc_nydf.csv")
    assert published["cases"].floor().cast(pl.Int64).to_list() == tracts[0]["cases"].to_list()


def test_relative_risks_are_those_of_a_long_simulation_of_the_same_model(reference, tracts):
    expected = read(reference, "bym2_brms_NY.csv")
    found = smooth_rates(*tracts, method="bym2")
    risks = found.frame
    assert np.corrcoef(risks["relative_risk"], expected["rr_mean"])[0, 1] > 0.999
    assert (risks["relative_risk"] - expected["rr_mean"]).abs().max() < 0.05
    assert (risks["relative_risk"] - expected["rr_mean"]).abs().mean() < 0.01
    # Its 2,000 draws know a chance to about 0.011.
    assert (risks["p_above_average"] - expected["p_gt1"]).abs().mean() < 0.01
    assert ((risks["p_above_average"] - expected["p_gt1"]).abs() < 0.03).mean() > 0.98
    assert (risks["rr_low"] - expected["rr_q025"]).abs().mean() < 0.02
    assert (risks["rr_high"] - expected["rr_q975"]).abs().mean() < 0.06
    average = found.average
    above = smooth_rates(*tracts, method="bym2", above=1.5 * average).frame["p_above"]
    assert ((above - expected["p_gt15"]).abs() < 0.03).mean() > 0.98


def test_the_models_strength_and_share_are_those_of_the_simulation(reference, tracts):
    expected = dict(read(reference, "bym2_brms_NY_hyper.csv").select("par", "Estimate").rows())
    found = smooth_rates(*tracts, method="bym2")
    assert found.strength == pytest.approx(expected["sdcar"], abs=0.02)
    assert found.share == pytest.approx(expected["rhocar"], abs=0.06)
