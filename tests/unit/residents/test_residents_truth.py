import polars as pl
import pytest

from wardkeeper.residents import score


def membership(**residents):
    rows = [(record, resident) for resident, records in residents.items() for record in records]
    return pl.DataFrame(rows, schema=["record_id", "resident_id"], orient="row")


def truth(**people):
    rows = [(record, person) for person, records in people.items() for record in records]
    return pl.DataFrame(rows, schema=["record_id", "person_id"], orient="row")


def test_pairs_implied_by_residents_are_counted_by_hand():
    # Found: ab, ac, bc, de. True: ab, cd, ce, de. Right: ab, de.
    measured = score(membership(x="abc", y="de"), truth(p="ab", q="cde"))["clusters"]
    assert measured == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_all_right_is_one_and_all_single_recalls_nothing():
    people = truth(p="ab", q="c")
    assert score(membership(x="ab", y="c"), people)["clusters"]["f1"] == 1
    assert score(membership(x="a", y="b", z="c"), people)["clusters"] == {"precision": 1, "recall": 0, "f1": 0}


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
    assert measured == {"precision": 0.5, "recall": 0.5, "f1": 0.5}


def test_records_that_truth_does_not_name_are_left_out():
    assert score(membership(x="abz"), truth(p="ab"))["clusters"]["precision"] == 1


def test_a_record_without_company_counts_for_nothing():
    assert score(membership(x="a"), truth(p="a"))["clusters"] == pytest.approx({"precision": 1, "recall": 1, "f1": 1})
