from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.residents import score
from wardkeeper.residents.truth import code, score_groups, score_pairs

MEASURE = ("precision", "recall", "f1")
B3 = ("b3_precision", "b3_recall", "b3_f1")


def membership(**residents):
    rows = [(record, resident) for resident, records in residents.items() for record in records]
    return pl.DataFrame(rows, schema=["record_id", "resident_id"], orient="row")


def truth(**people):
    rows = [(record, person) for person, records in people.items() for record in records]
    return pl.DataFrame(rows, schema=["record_id", "person_id"], orient="row")


def part(measured, names=MEASURE):
    return {name: measured[name] for name in names}


def test_pairs_implied_by_residents_are_counted_by_hand():
    # Found: ab, ac, bc, de. True: ab, cd, ce, de. Right: ab, de.
    measured = score(membership(x="abc", y="de"), truth(p="ab", q="cde"))["clusters"]
    assert part(measured) == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_all_right_is_one_and_all_single_recalls_nothing():
    people = truth(p="ab", q="c")
    assert score(membership(x="ab", y="c"), people)["clusters"]["f1"] == 1
    assert part(score(membership(x="a", y="b", z="c"), people)["clusters"]) == {"precision": 1, "recall": 0, "f1": 0}


def test_scored_pairs_count_from_even_odds_unless_forbidden():
    pairs = pl.DataFrame(
        {
            "left": ["a", "a", "c", "b"],
            "right": ["b", "c", "d", "d"],
            "probability": [0.9, 0.6, 0.4, 0.9],
            "veto": [0, 0, 0, 2],
        }
    )
    measured = score(membership(x="abcd"), truth(p="ab", q="cd"), pairs)["pairs"]
    # Compared: ab, ac, cd, bd. True: ab, cd, and both were compared.
    assert measured == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "blocking_recall": 1.0}


def test_a_true_pair_that_was_never_compared_is_lost_at_blocking():
    pairs = pl.DataFrame({"left": ["a"], "right": ["b"], "probability": [0.2], "veto": [0]})
    measured = score(membership(x="a", y="b", z="c"), truth(p="abc"), pairs)["pairs"]
    assert measured == {"precision": 1.0, "recall": 0.0, "f1": 0.0, "blocking_recall": pytest.approx(1 / 3)}


def test_records_that_truth_does_not_name_are_left_out():
    assert score(membership(x="abz"), truth(p="ab"))["clusters"]["precision"] == 1


def test_a_record_without_company_counts_for_nothing():
    measured = score(membership(x="a"), truth(p="a"))["clusters"]
    assert part(measured) == {"precision": 1, "recall": 1, "f1": 1}
    assert measured["largest"] == 1


def test_b_cubed_is_counted_by_hand():
    # Groups abc and de; people ab and cde. Purity: a 2/3, b 2/3, c 1/3, d 1, e 1. Wholeness: a 1, b 1, c 1/3, d 2/3, e 2/3.
    measured = score(membership(x="abc", y="de"), truth(p="ab", q="cde"))["clusters"]
    assert part(measured, B3) == pytest.approx(dict.fromkeys(B3, (11 / 3) / 5))
    assert measured["largest"] == 3


def test_b_cubed_of_one_group_of_strangers_is_whole_but_not_pure():
    measured = score_groups(np.zeros(4, dtype=np.int64), np.arange(4))
    assert part(measured, B3) == pytest.approx({"b3_precision": 0.25, "b3_recall": 1, "b3_f1": 0.4})


def test_b_cubed_of_a_person_in_pieces_is_pure_but_not_whole():
    measured = score_groups(np.arange(4), np.zeros(4, dtype=np.int64))
    assert part(measured, B3) == pytest.approx({"b3_precision": 1, "b3_recall": 0.25, "b3_f1": 0.4})


def test_rows_without_a_known_person_are_left_out_of_groups_and_pairs():
    group, person = np.array([0, 0, 0, 1]), np.array([5, 5, -1, -1])
    assert score_groups(group, person)["b3_f1"] == 1
    left, right = np.array([0, 0, 2]), np.array([1, 2, 3])
    assert score_pairs(left, right, np.array([True, True, True]), person)["precision"] == 1


def test_nothing_at_all_is_scored_as_nothing_wrong():
    nothing = np.array([], dtype=np.int64)
    measured = score_groups(nothing, nothing)
    assert (measured["f1"], measured["b3_f1"], measured["largest"]) == (1, 1, 0)


def test_values_are_coded_from_nought_and_null_is_no_value():
    assert code(pl.Series(["b", None, "a", "b"])).tolist() == [1, -1, 0, 1]


GROUPED = st.integers(1, 12).flatmap(
    lambda size: st.tuples(*[st.lists(st.integers(0, 4), min_size=size, max_size=size)] * 2)
)


@given(GROUPED)
def test_whole_column_arithmetic_agrees_with_counting_one_by_one(rows):
    group, person = rows
    measured = score_groups(np.array(group), np.array(person))
    both = [
        (group[one] == group[other], person[one] == person[other]) for one, other in combinations(range(len(group)), 2)
    ]
    right, found, true = both.count((True, True)), sum(g for g, _ in both), sum(p for _, p in both)
    assert measured["precision"] == (right / found if found else 1)
    assert measured["recall"] == (right / true if true else 1)
    purity, wholeness = [], []
    for one in range(len(group)):
        mine = {row for row in range(len(group)) if group[row] == group[one]}
        theirs = {row for row in range(len(group)) if person[row] == person[one]}
        purity.append(len(mine & theirs) / len(mine))
        wholeness.append(len(mine & theirs) / len(theirs))
    assert measured["b3_precision"] == pytest.approx(sum(purity) / len(purity))
    assert measured["b3_recall"] == pytest.approx(sum(wholeness) / len(wholeness))
