"""Groups by agreement of all their members."""

import numpy as np
import pytest

from wardkeeper.residents import clustering
from wardkeeper.residents.clustering import UNSCORED, Scored, cluster, merge_greedily


def scored(size, **odds):
    """Pairs named `a_b` by letters of the alphabet, with their log odds."""
    pairs = sorted((*("abcdefghij".index(letter) for letter in name.split("_")), value) for name, value in odds.items())
    left, right, values = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Scored(size, np.array(left, dtype=np.int64), np.array(right, dtype=np.int64), np.array(values, dtype=float))


def groups(pairs, *forbidden):
    met = {tuple(sorted("abcdefghij".index(letter) for letter in name.split("_"))) for name in forbidden}

    def find_vetoes(left, right):
        return np.array([pair in met for pair in zip(left.tolist(), right.tolist(), strict=True)], dtype=np.int16)

    number = cluster(pairs, find_vetoes).tolist()
    return {"".join("abcdefghij"[row] for row in range(pairs.size) if number[row] == one) for one in number}


def test_all_who_agree_are_one_group():
    assert groups(scored(3, a_b=5, b_c=4, a_c=3)) == {"abc"}


def test_a_chain_does_not_hold_against_plain_disagreement():
    assert groups(scored(3, a_b=5, b_c=4, a_c=-9)) == {"ab", "c"}


def test_one_pair_never_scored_counts_only_slightly_against():
    assert groups(scored(3, a_b=5, b_c=4)) == {"abc"}
    assert groups(scored(3, a_b=5, b_c=-UNSCORED / 2)) == {"ab", "c"}


def test_what_is_forbidden_is_kept_apart_through_any_third():
    assert groups(scored(3, a_b=9, b_c=8), "a_c") == {"ab", "c"}


def test_a_forbidden_pair_is_kept_apart_whatever_its_score():
    assert groups(scored(2, a_b=12), "a_b") == {"a", "b"}


def test_the_strongest_agreement_comes_first():
    assert groups(scored(3, a_b=2, b_c=6, a_c=-9)) == {"a", "bc"}


def test_rows_without_any_pair_are_groups_of_their_own():
    assert groups(scored(3, b_c=2)) == {"a", "bc"}


def test_nothing_at_all_gives_no_groups():
    assert groups(scored(0)) == set()


def test_groups_are_numbered_by_their_lowest_row():
    pairs = scored(4, b_d=5)
    assert cluster(pairs, lambda left, _: np.zeros(len(left), np.int16)).tolist() == [0, 1, 2, 1]


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


@pytest.mark.parametrize(("left", "right", "odds"), [(0, 1, 5.0), (1, 2, 4.0), (0, 2, UNSCORED), (3, 4, UNSCORED)])
def test_scores_are_looked_up_by_pair(left, right, odds):
    assert scored(5, a_b=5, b_c=4).look_up(np.array([left]), np.array([right])).tolist() == [odds]


def test_a_pair_without_a_score_has_the_place_past_the_end():
    assert scored(5, a_b=5, b_c=4).find(np.array([1, 0]), np.array([2, 4])).tolist() == [1, 2]
