import numpy as np
import pytest

from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.reports import BANDS, band_of, count_bands, list_weights
from wardkeeper.residents.weighing import guessed_model


@pytest.mark.parametrize(
    ("certainty", "band"), [(1.0, "almost certain"), (0.95, "very likely"), (0.7, "likely"), (0.2, "doubtful")]
)
def test_bands(certainty, band):
    assert band_of(certainty) == band


def test_groups_of_one_record_are_in_no_band():
    counted = count_bands(np.array([1.0, 0.995, 0.9, 0.5, 0.7]), np.array([1, 2, 3, 2, 2]))
    assert counted == {"almost certain": 1, "very likely": 1, "likely": 1, "doubtful": 1}
    assert list(counted) == [name for name, _ in BANDS]


def test_every_finding_has_its_weight():
    weights = list_weights(guessed_model())
    assert [(one.feature, one.finding) for one in weights] == [
        (feature.name, level.words) for feature in FEATURES for level in feature.levels
    ]
    assert [one.weight for one in weights] == pytest.approx(
        [level.guess for feature in FEATURES for level in feature.levels]
    )
