"""Which model is used, and why; on an invented village with known truth."""

import numpy as np
import polars as pl
import pytest

from pattern_rows import row, rows
from resident_tables import steady_entropy
from resident_village import build_village
from wardkeeper.residents import link, score
from wardkeeper.residents.blocking import find_candidates
from wardkeeper.residents.choosing import (
    COMMONEST,
    choose,
    has_one_name,
    hide_half,
    is_sane,
    keep_commonest,
    level_weight,
    log_loss,
)
from wardkeeper.residents.comparing import compare, group_patterns, unpack
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import LEARNED, NAME, SEX
from wardkeeper.residents.linking import ROLES
from wardkeeper.residents.reports import BANDS
from wardkeeper.residents.weighing import LIMIT, UNLABELLED, Mixture, Patterns, guessed_model, label


@pytest.fixture(scope="module")
def village():
    return build_village(1_500)


@pytest.fixture(scope="module")
def patterns(village):
    records, _ = village
    encoded = encode(records.sort("record_id"), ROLES)
    found = find_candidates(encoded)
    distinct, _, counts = group_patterns(compare(encoded, found.left, found.right))
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
    assert report.model in {"six classes", "two classes"}
    assert report.why == f"of the models tried, {report.model} did best on silver labels held out"
    assert report.silver_pairs > 0
    assert report.silver_log_loss > 0
    assert report.records == linked.membership.height
    assert report.residents == linked.residents.height
    assert report.candidate_pairs == linked.pairs.height
    assert report.patterns == linked.pairs["pattern"].n_unique()
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


def unlabelled(patterns):
    return Patterns(patterns.levels, patterns.counts, np.full(len(patterns.labels), UNLABELLED, np.int8))


def test_without_labels_a_steady_model_of_six_classes_is_used(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.STEADY", 0.0)
    choice = choose(unlabelled(patterns), seed=1)
    assert (choice.name, choice.why) == ("six classes", "six classes gave the same answers from other starts")
    assert (choice.log_loss, choice.silver_pairs) == (None, 0)


def test_an_unsteady_model_is_not_used(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.STEADY", 1.01)
    choice = choose(unlabelled(patterns), seed=1)
    assert choice.name == "two classes"
    assert choice.why == "six classes gave different answers from different starts"


@pytest.mark.parametrize("labels", ["with", "without"])
def test_an_unbelievable_share_is_not_used(patterns, labels, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.SHARES", (0.9, 0.98))
    choice = choose(patterns if labels == "with" else unlabelled(patterns), seed=1)
    assert choice.name == "two classes"
    assert "not believable" in choice.why


def test_the_model_used_is_fitted_to_all_patterns_not_the_commonest_alone(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.COMMONEST", 50)
    assert len(keep_commonest(patterns).counts) == 50 < len(patterns.counts) <= COMMONEST
    weights = choose(patterns, seed=1).model.log_odds(patterns.levels)
    assert np.isfinite(weights).all()


def test_the_commonest_patterns_are_those_that_most_pairs_show(patterns, monkeypatch):
    monkeypatch.setattr("wardkeeper.residents.choosing.COMMONEST", 50)
    kept = keep_commonest(patterns)
    assert kept.counts.min() >= np.sort(patterns.counts)[-50]
    assert kept.counts.sum() == np.sort(patterns.counts)[-50:].sum()


def test_first_guesses_are_sane_and_their_opposite_is_not():
    model = guessed_model()
    assert is_sane(model)
    assert not is_sane(Mixture(model.shares, model.logs[:, ::-1].copy(), 1))


def test_weights_of_the_guessed_model_are_the_guesses():
    weights = level_weight(guessed_model(), LEARNED.index(SEX))
    assert weights.tolist() == pytest.approx([level.guess for level in SEX.levels])


def test_patterns_of_one_name_are_those_whose_words_say_so():
    """Given names alike beyond doubt, exchanged names, or an initial that fits; one part of a name alone is nobody's name."""
    alike = (
        "differ by a slip of the pen",
        "forms of one name",
        "the same given name",
        "exchanged",
        "an initial that fits",
    )
    told = has_one_name(rows(*(row(name=code) for code in range(NAME.span))))
    expected = [
        any(words in level.words.split(",")[0] for words in alike) and "unknown" not in level.words
        for level in NAME.levels
    ]
    assert told.tolist() == [False, *expected]


def test_half_of_the_labels_are_hidden_and_no_pair_is_lost(patterns):
    shown = hide_half(patterns)
    labelled = patterns.labels != UNLABELLED
    assert shown.counts.sum() == pytest.approx(patterns.counts.sum())
    assert shown.counts[shown.labels != UNLABELLED].sum() == pytest.approx(patterns.counts[labelled].sum() / 2)


def test_log_loss_counts_both_labels_alike():
    levels = rows(row(birth_date=5, nhs_number=2), row(birth_date=1, nhs_number=1))
    few = Patterns(levels, np.array([1.0, 1.0]), label(levels))
    many = Patterns(levels, np.array([1.0, 1000.0]), label(levels))
    assert log_loss(guessed_model(), few) == pytest.approx(log_loss(guessed_model(), many))
