"""Groups by agreement of all their members."""

import numpy as np
import pytest

from resident_tables import encode_in_order
from wardkeeper.residents import clustering
from wardkeeper.residents.cells import Encoded
from wardkeeper.residents.clustering import UNSCORED, Scored, cluster, measure_certainty, merge_greedily
from wardkeeper.residents.constraints import Veto

LETTERS = "abcdefghij"


def named(pair):
    return tuple(sorted(LETTERS.index(letter) for letter in pair.split("_")))


def scored(size, *forbidden, **odds):
    """Pairs named `a_b` by letters of the alphabet, with their log odds; the forbidden ones have a veto."""
    pairs = sorted((*named(name), value) for name, value in odds.items())
    left, right, values = zip(*pairs, strict=True) if pairs else ((), (), ())
    met = {named(name) for name in forbidden}
    vetoes = [Veto.REVIEWER if pair in met else Veto.NONE for pair in zip(left, right, strict=True)]
    return Scored(
        size, np.array(left, np.int32), np.array(right, np.int32), np.array(values, float), np.array(vetoes, np.int8)
    )


def strangers(size, **numbers) -> Encoded:
    """Records in the order of their letters that nothing forbids joining, but for the NHS numbers of those named by theirs."""
    return encode_in_order(
        [{"record_id": f"s:{LETTERS[row]}", "nhs_number": numbers.get(LETTERS[row])} for row in range(size)]
    )


def groups(pairs, **numbers):
    found = cluster(strangers(pairs.size, **numbers), pairs).tolist()
    return {"".join(LETTERS[row] for row in range(pairs.size) if found[row] == one) for one in found}


def test_all_who_agree_are_one_group():
    assert groups(scored(3, a_b=5, b_c=4, a_c=3)) == {"abc"}


def test_a_chain_does_not_hold_against_plain_disagreement():
    assert groups(scored(3, a_b=5, b_c=4, a_c=-9)) == {"ab", "c"}


def test_one_pair_never_scored_counts_only_slightly_against():
    assert groups(scored(3, a_b=5, b_c=4)) == {"abc"}
    assert groups(scored(3, a_b=5, b_c=-UNSCORED / 2)) == {"ab", "c"}


def test_what_is_forbidden_is_kept_apart_through_any_third():
    assert groups(scored(3, "a_c", a_b=9, b_c=8, a_c=7)) == {"ab", "c"}


def test_a_rule_keeps_apart_even_two_who_were_never_scored():
    assert groups(scored(3, a_b=9, b_c=8), a="9990000018", c="9990000026") == {"ab", "c"}
    assert groups(scored(3, a_b=9, b_c=8), a="9990000018", c="9990000018") == {"abc"}


def test_a_forbidden_pair_is_kept_apart_whatever_its_score():
    assert groups(scored(2, "a_b", a_b=12)) == {"a", "b"}


def test_the_strongest_agreement_comes_first():
    assert groups(scored(3, a_b=2, b_c=6, a_c=-9)) == {"a", "bc"}


def test_a_large_group_has_no_stronger_claim_than_the_mean_of_its_members():
    """The four claim e with a mean of 2, and f with 2.5."""
    four = {"a_b": 9, "c_d": 9, "a_c": 8, "a_d": 8, "b_c": 8, "b_d": 8}
    claims = {f"{one}_e": 2 for one in "abcd"} | {f"{one}_f": -9 for one in "abcd"}
    assert groups(scored(6, **four, **claims, e_f=2.5)) == {"abcd", "ef"}


def test_rows_without_any_pair_are_groups_of_their_own():
    assert groups(scored(3, b_c=2)) == {"a", "bc"}


def test_nothing_at_all_gives_no_groups():
    assert groups(scored(0)) == set()


def test_groups_are_numbered_by_their_lowest_row():
    assert cluster(strangers(4), scored(4, b_d=5)).tolist() == [0, 1, 2, 1]


def test_equal_claims_are_settled_by_the_order_of_rows():
    links = np.array([[-np.inf, 3, -9], [3, -np.inf, 3], [-9, 3, -np.inf]], dtype=float)
    assert merge_greedily(links).tolist() == [0, 0, 2]


def test_a_mean_of_exactly_zero_does_not_join():
    assert merge_greedily(np.array([[-np.inf, 0.0], [0.0, -np.inf]])).tolist() == [0, 1]


def test_oversized_components_lose_their_weakest_pairs_first(monkeypatch):
    monkeypatch.setattr(clustering, "LARGEST_COMPONENT", 3)
    assert groups(scored(5, a_b=9, b_c=9, a_c=9, c_d=0.5, d_e=9)) == {"abc", "de"}


def test_what_the_surest_pairs_hold_together_is_never_cut(monkeypatch):
    monkeypatch.setattr(clustering, "LARGEST_COMPONENT", 1)
    assert groups(scored(3, a_b=9, b_c=2, a_c=2)) == {"ab", "c"}


def test_a_reviewers_word_elsewhere_does_not_make_the_surest_pairs_weak(monkeypatch):
    monkeypatch.setattr(clustering, "LARGEST_COMPONENT", 2)
    surest = {"a_b": 12, "b_c": 12, "a_c": 12}
    assert groups(scored(5, **surest)) == {"abc", "d", "e"}
    assert groups(scored(5, **surest, d_e=1_000_000)) == {"abc", "de"}


def test_a_pair_without_a_score_has_the_place_past_the_end():
    assert scored(5, a_b=5, b_c=4).find(np.array([1, 0]), np.array([2, 4])).tolist() == [1, 2]


def test_pairs_are_found_by_their_rows():
    assert scored(5, a_b=5, a_e=1, b_c=4, d_e=2).find(np.array([3, 0, 1]), np.array([4, 4, 2])).tolist() == [3, 1, 2]


def test_the_weakest_record_tells_how_sure_a_group_is():
    pairs = scored(4, a_b=5, b_c=1)
    certainty = measure_certainty(pairs, np.array([0, 0, 0, 1]))
    weakest = (1 + UNSCORED) / 2
    assert certainty == pytest.approx([1 / (1 + np.exp(-weakest)), 1.0])


def test_what_a_reviewer_said_counts_no_more_than_the_surest_score():
    said, surest = (measure_certainty(scored(2, a_b=odds), np.array([0, 0])) for odds in (1_000_000, 12))
    assert said == pytest.approx(surest)
