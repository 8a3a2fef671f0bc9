"""What reviewers' verdicts do to a linking.

A verdict decides its pair: `same` joins the two records, `different` keeps them apart, `unsure` changes nothing. Two things no
reviewer can do: join two different NHS numbers, or join a protected person's record with one from another home.
"""

import numpy as np
import polars as pl
import pytest

from resident_tables import groups_of, read_groups, read_records, steady_entropy
from resident_village import build_village
from wardkeeper.residents import explain, link
from wardkeeper.residents.constraints import Veto
from wardkeeper.residents.linking import FEWEST_LABELS

BRIDE = """
id     | given | family | born       | home   | postcode
asc:1  | ANN   | LEE    | 1949-04-11 | uprn:1 | ZZ1 1AA
tax:1  | ANN   | LEE    | -          | uprn:1 | ZZ1 1AA
vote:1 | ANN   | BYRON  | -          | uprn:2 | ZZ9 9ZZ
"""


def labels(*said):
    """Labels of words such as `asc:1 same tax:1`."""
    rows = [(left, right, verdict) for left, verdict, right in (one.split() for one in said)]
    return pl.DataFrame(rows, schema=dict.fromkeys(("left", "right", "verdict"), pl.String), orient="row")


def groups(table, *said):
    return groups_of(link(read_records(table), None, entropy=steady_entropy, labels=labels(*said)).membership)


VERDICTS = {
    "nobody has said anything": ([], "asc:1 tax:1 / vote:1"),
    "a verdict of same joins what the records alone would not": (["asc:1 same vote:1"], "asc:1 tax:1 vote:1"),
    "a verdict of different keeps apart what they would join": (["asc:1 different tax:1"], "asc:1 / tax:1 / vote:1"),
    "it does not matter who is named first": (["vote:1 same asc:1"], "asc:1 tax:1 vote:1"),
    "unsure changes nothing": (["asc:1 unsure vote:1"], "asc:1 tax:1 / vote:1"),
    "a verdict on a record that is gone changes nothing": (["asc:1 same tax:99"], "asc:1 tax:1 / vote:1"),
    "one verdict keeps apart through any third": (
        ["asc:1 same vote:1", "vote:1 different tax:1"],
        "asc:1 vote:1 / tax:1",
    ),
}


@pytest.mark.parametrize(("said", "expected"), VERDICTS.values(), ids=VERDICTS)
def test_a_verdict_decides_its_pair(said, expected):
    assert groups(BRIDE, *said) == read_groups(expected)


STRANGERS = """
id    | given | family | home
asc:1 | ANNE  | BRONTE | uprn:1
tax:1 | PERCY | HOGG   | uprn:2
"""


def test_even_two_records_that_share_nothing_are_joined_when_a_reviewer_says_so():
    assert groups(STRANGERS) == read_groups("asc:1 / tax:1")
    assert groups(STRANGERS, "asc:1 same tax:1") == read_groups("asc:1 tax:1")


BIRTHS = """
id    | given | family  | born       | home
asc:1 | JOHN  | DICKENS | 1945-02-07 | uprn:1
nhs:1 | JOHN  | DICKENS | 1971-06-21 | uprn:1
"""


def test_a_reviewer_may_overrule_the_rule_about_birth_dates():
    assert groups(BIRTHS) == read_groups("asc:1 / nhs:1")
    assert groups(BIRTHS, "asc:1 same nhs:1") == read_groups("asc:1 nhs:1")


NUMBERS = """
id    | given | family | born       | home   | nhs
asc:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000018
nhs:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000026
tax:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | -
"""


def test_no_reviewer_can_join_two_nhs_numbers():
    apart = groups(NUMBERS, "asc:1 same nhs:1")
    assert not [group for group in apart if {"asc:1", "nhs:1"} <= group]


def test_nor_through_a_third_record():
    apart = groups(NUMBERS, "asc:1 same tax:1", "tax:1 same nhs:1")
    assert not [group for group in apart if {"asc:1", "nhs:1"} <= group]


PROTECTED = """
id    | given | family | born       | home   | protected
asc:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
nhs:1 | NORA  | HELMER | 1980-03-09 | uprn:1 | no
tax:1 | NORA  | HELMER | -          | uprn:9 | no
"""


def test_no_reviewer_can_join_a_protected_record_with_another_home():
    assert groups(PROTECTED, "asc:1 same nhs:1") == read_groups("asc:1 tax:1 / nhs:1")


def test_a_reviewer_may_join_what_a_protected_record_shares_its_home_with():
    assert groups(PROTECTED, "asc:1 different tax:1") == read_groups("asc:1 / nhs:1 tax:1")
    assert groups(PROTECTED, "asc:1 same tax:1") == read_groups("asc:1 tax:1 / nhs:1")


@pytest.mark.parametrize("verdict", ["same", "different"])
def test_a_verdict_of_before_she_hid_does_not_bring_her_record_and_her_former_home_together(verdict):
    """Not even compared: nothing a reviewer once said may tie her to where she lived."""
    said = labels(f"asc:1 {verdict} nhs:1")
    linked = link(read_records(PROTECTED), None, entropy=steady_entropy, labels=said)
    met = {frozenset(pair) for pair in linked.pairs.select("left", "right").iter_rows()}
    assert frozenset({"asc:1", "nhs:1"}) not in met
    told = explain(linked, "asc:1", "nhs:1")
    assert (told.probability, told.agrees, told.conflicts, told.forbidden) == (None, (), (), "")


def test_an_explanation_names_the_reviewer():
    linked = link(read_records(BRIDE), None, entropy=steady_entropy, labels=labels("asc:1 different tax:1"))
    told = explain(linked, "asc:1", "tax:1")
    assert told.forbidden == "a reviewer said that they are two people"
    assert linked.pairs.filter(pl.col("veto") == Veto.REVIEWER).select("left", "right").rows() == [("asc:1", "tax:1")]


def test_a_label_table_of_nothing_is_as_good_as_none():
    records = read_records(BRIDE)
    one = link(records, None, entropy=steady_entropy)
    other = link(records, None, entropy=steady_entropy, labels=labels())
    assert one.pairs.equals(other.pairs)
    assert one.residents.equals(other.residents)


@pytest.fixture(scope="module")
def village():
    records, truth = build_village(600)
    return records, dict(truth.iter_rows()), link(records, None, entropy=steady_entropy)


def drawn(pairs, same, sampling):
    """Labels for pairs, by a function that says whether two records are one person's."""
    verdicts = [
        "same" if same(left, right) else "different" for left, right in pairs.select("left", "right").iter_rows()
    ]
    return pairs.select("left", "right").with_columns(
        pl.Series("verdict", verdicts, dtype=pl.String), sampling=pl.lit(sampling, dtype=pl.Float64)
    )


def mean_of(pairs):
    return float(pairs["probability"].to_numpy().mean())


def free(pairs):
    """Pairs that nothing forbids, a few from each part of the scale."""
    return pairs.filter(pl.col("veto") == 0).sort("log_odds", "left", "right").gather_every(7)


def test_drawn_labels_make_the_probabilities_honest(village):
    """A reviewer who takes nobody for the same teaches that scores are too high; one who knows the truth leaves them near it."""
    records, truth, before = village
    asked = free(before.pairs)
    assert asked.height >= FEWEST_LABELS
    stern, wise = (
        link(records, None, entropy=steady_entropy, labels=drawn(asked, same, 0.1)).pairs
        for same in (lambda left, right: False, lambda left, right: truth[left] == truth[right])
    )
    assert mean_of(stern) < 0.05 < mean_of(before.pairs)
    open_pairs = wise.filter(pl.col("veto").is_in([Veto.NONE, Veto.REVIEWER]))
    right = np.mean([truth[left] == truth[right] for left, right in open_pairs.select("left", "right").iter_rows()])
    assert mean_of(open_pairs) == pytest.approx(right, abs=0.03)
    ordered = stern.sort("log_odds")["probability"].to_numpy()
    assert (np.diff(ordered) >= -1e-12).all(), "who scores higher is never held to be less likely"


@pytest.mark.parametrize("why", ["picked", "too few"])
def test_labels_that_measure_nothing_leave_the_probabilities_alone(village, why):
    """What was picked because it is doubtful is no fair sample; and a handful of labels says little."""
    records, _, before = village
    asked = free(before.pairs)
    asked = asked if why == "picked" else asked.gather_every(asked.height // (FEWEST_LABELS - 1) + 1)
    said = drawn(asked, lambda left, right: False, None if why == "picked" else 0.1)
    after = link(records, None, entropy=steady_entropy, labels=said).pairs
    assert after["probability"].to_list() == before.pairs["probability"].to_list()


def test_the_order_of_labels_and_rows_changes_nothing(village):
    records, truth, before = village
    said = drawn(free(before.pairs), lambda left, right: truth[left] == truth[right], 0.1)
    one = link(records, None, entropy=steady_entropy, labels=said)
    shuffled = (frame.sample(fraction=1, shuffle=True, seed=3) for frame in (records, said))
    other = link(next(shuffled), None, entropy=steady_entropy, labels=next(shuffled))
    assert one.membership.equals(other.membership)
    assert np.allclose(one.pairs["probability"].to_numpy(), other.pairs["probability"].to_numpy(), atol=1e-9)
