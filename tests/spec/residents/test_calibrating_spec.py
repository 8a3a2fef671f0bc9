"""What labels make of log odds: with few, little; with many, what they say. Countable by hand."""

import numpy as np
import pytest

from wardkeeper.residents.calibrating import COSTS, Use, calibrate, choose_cut, uncalibrated


def labels(table):
    """Read `log odds: same of all` into labels."""
    odds, same = [], []
    for line in table.strip().splitlines():
        place, counts = line.split(":")
        right, total = (int(part) for part in counts.split("of"))
        odds += [float(place)] * total
        same += [True] * right + [False] * (total - right)
    return np.array(odds), np.array(same)


def test_without_labels_the_models_own_log_odds_stand():
    odds = np.array([-2.0, 0.0, 2.0])
    assert uncalibrated().probability(odds) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-6)


def test_a_thousand_labels_are_believed():
    found = calibrate(*labels("-4: 100 of 1000\n 0: 500 of 1000\n 4: 900 of 1000"))
    assert found.probability(np.array([-4.0, 0.0, 4.0])) == pytest.approx([0.10, 0.50, 0.90], abs=0.02)


def test_four_labels_are_not():
    """Three of four pairs at even odds were one person's: that is no reason to say 75 %."""
    (probability,) = calibrate(*labels("0: 3 of 4")).probability(np.array([0.0]))
    assert 0.5 < probability < 0.55


def test_a_model_that_is_plainly_wrong_is_put_right():
    found = calibrate(*labels("0: 10 of 200"))
    assert found.probability(np.array([0.0])) == pytest.approx([0.05], abs=0.03)


def test_weights_say_how_much_a_pair_stands_for():
    """Of two hundred pairs half were one person's, but those stand for a ninth of what the others do."""
    odds, same = labels("0: 100 of 200")
    found = calibrate(odds, same, np.where(same, 1.0, 9.0))
    assert found.probability(np.array([0.0])) == pytest.approx([0.1], abs=0.03)


def test_more_labels_make_the_interval_narrower():
    widths = []
    for times in (1, 10, 100):
        low, high = calibrate(*labels(f"1: {7 * times} of {10 * times}")).interval(np.array([1.0]))
        widths.append(float(high[0] - low[0]))
    assert widths[0] > widths[1] > widths[2]
    assert widths[2] < 0.08


@pytest.mark.parametrize(
    ("wrong", "missed", "probability", "log_odds"),
    [(1, 1, 0.5, 0.0), (3, 1, 0.75, 1.1), (9, 1, 0.9, 2.2), (1, 9, 0.1, -2.2)],
)
def test_the_cut_is_where_the_costs_are_even(wrong, missed, probability, log_odds):
    cut = choose_cut(uncalibrated(), cost_of_wrong_join=wrong, cost_of_missed=missed)
    assert cut.probability == pytest.approx(probability)
    assert cut.log_odds == pytest.approx(log_odds, abs=0.01)


def test_no_cut_is_found_where_no_pair_is_ever_sure_enough():
    found = calibrate(*labels("0: 0 of 500\n 6: 20 of 500\n 12: 40 of 500"))
    assert choose_cut(found, cost_of_wrong_join=9, cost_of_missed=1).log_odds == float("inf")


def test_costs_of_nothing_are_refused():
    with pytest.raises(ValueError, match="both costs must be above zero"):
        choose_cut(uncalibrated(), cost_of_wrong_join=0, cost_of_missed=1)


def test_every_use_has_its_costs():
    assert set(COSTS) == set(Use)
