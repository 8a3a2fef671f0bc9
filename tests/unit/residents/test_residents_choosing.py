import numpy as np
import polars as pl
import pytest

from resident_tables import steady_entropy
from resident_village import build_village
from wardkeeper.residents import link, score
from wardkeeper.residents.blocking import find_candidates
from wardkeeper.residents.choosing import choose, hide_half, is_sane, level_weight, log_loss
from wardkeeper.residents.comparing import compare, unpack
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import BIRTH, FEATURES, FULL_NAME, SEX
from wardkeeper.residents.reports import BANDS, band_of
from wardkeeper.residents.weighing import DIFFERENT, LIMIT, SAME, UNLABELLED, Patterns, guessed_model, label, weigh


@pytest.fixture(scope="module")
def village():
    return build_village(1_500)


@pytest.fixture(scope="module")
def patterns(village):
    records, _ = village
    encoded = encode(records.sort("record_id"))
    found = find_candidates(encoded)
    distinct, counts = np.unique(compare(encoded, found.left, found.right), return_counts=True)
    levels = unpack(distinct)
    return Patterns(levels, counts.astype(np.float64), label(levels))


@pytest.fixture(scope="module")
def linked(village):
    records, _ = village
    return link(records, None, entropy=steady_entropy)


def test_a_village_is_linked_well(village, linked):
    _, truth = village
    measured = score(linked.membership, truth, linked.pairs)
    assert measured["clusters"]["f1"] > 0.93
    assert measured["pairs"]["f1"] > 0.93


def test_no_father_and_son_of_the_village_are_joined(village, linked):
    records, _ = village
    born = pl.col("birth_date").dt.year()
    years = (
        linked.membership.join(records, on="record_id")
        .group_by("resident_id")
        .agg(span=born.max() - born.min(), numbers=pl.col("nhs_number").drop_nulls().n_unique())
    )
    assert years["span"].max() == 0, "the village's slips exchange day and month only"
    assert years["numbers"].max() == 1


def test_the_report_tells_how_it_was_done(linked):
    report = linked.report
    assert report.model == "six classes"
    assert "steady over restarts" in report.why
    assert report.silver_pairs > 0
    assert report.records == linked.membership.height
    assert report.residents == linked.residents.height
    assert report.candidate_pairs == linked.pairs.height
    assert sum(report.bands.values()) + report.single_records == report.residents
    assert list(report.bands) == [name for name, _ in BANDS]


def test_weights_follow_sense(linked):
    weights = {(weight.feature, weight.finding): weight.weight for weight in linked.report.weights}
    assert weights["birth date", "have the same birth date"] > 2
    assert weights["birth date", "have different birth dates"] < -2
    assert weights["sex", "are of different sex"] < 0
    assert weights["NHS number", "have the same NHS number"] == LIMIT


def test_another_seed_gives_the_same_residents(village, linked):
    records, _ = village
    assert link(records, None, entropy=steady_entropy, seed=2).membership.equals(linked.membership)


def test_too_few_pairs_are_not_learned_from(patterns):
    few = Patterns(patterns.levels[:5], np.ones(5), patterns.labels[:5])
    choice = choose(few, seed=1)
    assert choice.name == "first guesses"
    assert "too few to learn from" in choice.why


def test_an_unsteady_model_is_not_used(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.STEADY", 1.01)
    choice = choose(patterns, seed=1)
    assert choice.name == "two classes"
    assert choice.why == "six classes gave different answers from different starts"


def test_an_unbelievable_share_is_not_used(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.SHARES", (0.9, 0.98))
    assert "not believable" in choose(patterns, seed=1).why


def test_first_guesses_are_sane_and_their_opposite_is_not():
    model = guessed_model()
    assert is_sane(model)
    flipped = type(model)(model.shares, tuple(table[::-1] for table in model.tables), 1)
    assert not is_sane(flipped)


def test_weights_of_the_guessed_model_are_the_guesses():
    weights = level_weight(guessed_model(), FEATURES.index(SEX))
    assert weights.tolist() == pytest.approx([0.0, *(level.guess for level in SEX.levels)])


def row(**codes):
    names = [*(feature.name for feature in FEATURES), "NHS number"]
    wanted = {name.replace("_", " "): code for name, code in codes.items()}
    return [wanted.get(name, 0) for name in names]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ({"NHS_number": 2}, SAME),
        ({"NHS_number": 1}, DIFFERENT),
        ({"source": 1}, UNLABELLED),
        ({"source": 2}, DIFFERENT),
        ({"source": 3}, UNLABELLED),
        ({"source": 2, "birth_date": 5}, UNLABELLED),
        ({"source": 2, "name": len(FULL_NAME.levels), "home": 5}, UNLABELLED),
        ({"source": 2, "name": len(FULL_NAME.levels), "home": 2}, DIFFERENT),
        ({"name": 1, "source": 1}, DIFFERENT),
        ({"name": 1, "source": 1, "birth_date": 5}, UNLABELLED),
    ],
)
def test_silver_labels(levels, expected):
    assert label(np.array([row(**levels)])).tolist() == [expected]


def test_a_nhs_number_adds_a_fixed_weight_within_the_limit():
    model = guessed_model()
    born = {"birth_date": 5}
    alone, same, different = weigh(model, np.array([row(**born), row(**born, NHS_number=2), row(**born, NHS_number=1)]))
    assert alone == pytest.approx(BIRTH.levels[4].guess + np.log(0.1 / 0.9))
    assert (same, different) == (LIMIT, pytest.approx(alone - LIMIT))


def test_half_of_the_labels_are_hidden_and_no_pair_is_lost(patterns):
    shown = hide_half(patterns)
    labelled = patterns.labels != UNLABELLED
    assert shown.counts.sum() == pytest.approx(patterns.counts.sum())
    assert shown.counts[shown.labels != UNLABELLED].sum() == pytest.approx(patterns.counts[labelled].sum() / 2)


def test_log_loss_counts_both_labels_alike():
    levels = np.array([row(birth_date=5, NHS_number=2), row(birth_date=1, NHS_number=1)])
    few = Patterns(levels, np.array([1.0, 1.0]), label(levels))
    many = Patterns(levels, np.array([1.0, 1000.0]), label(levels))
    assert log_loss(guessed_model(), few) == pytest.approx(log_loss(guessed_model(), many))


@pytest.mark.parametrize(
    ("certainty", "band"), [(1.0, "almost certain"), (0.95, "very likely"), (0.7, "likely"), (0.2, "doubtful")]
)
def test_bands(certainty, band):
    assert band_of(certainty) == band
