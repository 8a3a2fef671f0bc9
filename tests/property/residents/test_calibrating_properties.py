"""Whatever people say: the map rises, stays between 0 and 1, and does not ask who was asked first."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.residents.calibrating import calibrate

GRID = np.linspace(-12, 12, 97)
LABELS = st.lists(st.tuples(st.floats(-12, 12), st.booleans(), st.floats(0.01, 100)), max_size=60)


def columns(labels):
    odds, same, weights = zip(*labels, strict=True) if labels else ((), (), ())
    return np.array(odds, dtype=float), np.array(same, dtype=bool), np.array(weights, dtype=float)


@settings(max_examples=60)
@given(labels=LABELS)
def test_the_map_rises_and_stays_between_0_and_1(labels):
    found = calibrate(*columns(labels))
    probability = found.probability(GRID)
    assert ((probability >= 0) & (probability <= 1)).all()
    assert (np.diff(probability) >= 0).all()
    low, high = found.interval(GRID)
    assert ((low >= 0) & (low <= high) & (high <= 1)).all()


@settings(max_examples=30)
@given(labels=LABELS, data=st.data())
def test_the_order_of_labels_changes_nothing(labels, data):
    shuffled = data.draw(st.permutations(labels))
    one, other = calibrate(*columns(labels)), calibrate(*columns(shuffled))
    assert np.allclose(one.probability(GRID), other.probability(GRID), atol=1e-6)
