"""What may never be joined, pair by pair."""

import numpy as np
import pytest

from resident_tables import read_records
from wardkeeper.residents.blocking import CAP, KEYS, find_candidates
from wardkeeper.residents.constraints import WORDS, Veto, find_vetoes
from wardkeeper.residents.encoding import encode


def veto(heading, one, other):
    encoded = encode(read_records(f"id | {heading}\na:1 | {one}\nb:1 | {other}"))
    return Veto(find_vetoes(encoded, np.array([0]), np.array([1]))[0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("9990000018", "9990000026", Veto.NHS_NUMBER),
        ("9990000018", "9990000018", Veto.NONE),
        ("9990000018", "-", Veto.NONE),
    ],
)
def test_two_nhs_numbers(one, other, expected):
    assert veto("nhs", one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1945-02-07 | uprn:1 | - | -", "1945-02-07 | uprn:2 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-07-02 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-07-02 | uprn:2 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "1945-02-17 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1945-03-17 | uprn:1 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | +441 | -", "1945-02-17 | uprn:2 | +441 | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | +441 | -", "1975-02-07 | uprn:1 | +441 | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | 9990000018", "1975-02-07 | uprn:2 | - | 9990000018", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | 9990000018", "1971-06-21 | uprn:2 | - | 9990000018", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "1946-01-01 | uprn:1 | - | -", Veto.NONE),
        ("1945-02-07 | uprn:1 | - | -", "1971-01-01 | uprn:1 | - | -", Veto.BIRTH_DATE),
        ("1945-02-07 | uprn:1 | - | -", "- | uprn:1 | - | -", Veto.NONE),
    ],
)
def test_birth_dates_that_no_slip_explains(one, other, expected):
    assert veto("born | home | phone | nhs", one, other) is expected


@pytest.mark.parametrize(
    ("title", "born", "expected"),
    [("MRS", "2025-11-20", Veto.AGE), ("MISS", "2025-11-20", Veto.NONE), ("MRS", "1985-11-20", Veto.NONE)],
)
def test_a_child_and_an_adults_title(title, born, expected):
    assert veto("title | born", f"{title} | -", f"- | {born}") is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("yes | uprn:1", "no | uprn:2", Veto.PROTECTED),
        ("yes | uprn:1", "yes | uprn:2", Veto.PROTECTED),
        ("yes | uprn:1", "no | -", Veto.PROTECTED),
        ("yes | -", "no | -", Veto.PROTECTED),
        ("yes | uprn:1", "no | uprn:1", Veto.NONE),
        ("no | uprn:1", "no | uprn:2", Veto.NONE),
    ],
)
def test_protected_people_are_known_by_their_home_alone(one, other, expected):
    assert veto("protected | home", one, other) is expected


def test_every_veto_has_words():
    assert set(WORDS) == set(Veto)


def test_protected_records_are_not_even_compared_with_other_homes():
    table = """
    id  | given | family | born       | home   | protected
    a:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
    b:1 | NORA  | HELMER | 1980-03-09 | uprn:1 | no
    b:2 | NORA  | HELMER | 1980-03-09 | uprn:9 | no
    """
    found = find_candidates(encode(read_records(table)))
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(0, 2), (1, 2)]


def test_each_key_is_counted_with_what_it_alone_brought():
    table = """
    id  | given | family | email   | phone
    a:1 | ANN   | LEE    | x@y.org | +441
    b:1 | BOB   | OAK    | x@y.org | +441
    c:1 | ADA   | ELM    | -       | +441
    """
    found = find_candidates(encode(read_records(table)))
    counts = {key.name: (key.pairs, key.alone) for key in found.keys if key.pairs}
    assert counts == {"e-mail": (1, 1), "phone and initial": (1, 1)}


def test_a_pair_found_by_two_keys_is_one_pair():
    table = (
        "id | given | family | home | postcode\na:1 | ANN | LEE | uprn:1 | ZZ1 1AA\nb:1 | ANN | LEE | uprn:1 | ZZ1 1AA"
    )
    found = find_candidates(encode(read_records(table)))
    assert len(found.left) == 1
    assert [key.alone for key in found.keys] == [0] * len(KEYS)


def test_a_crowd_is_split_by_a_finer_key_and_what_is_left_out_is_counted():
    lines = [f"a:{n} | ANN | LEE | 19{40 + n // 40}-03-04" for n in range(CAP + 20)]
    found = find_candidates(encode(read_records("\n".join(["id | given | family | born", *lines]))))
    key = next(key for key in found.keys if key.name == "given name and family name")
    assert key.pairs == 2 * 40 * 39 // 2
    assert key.left_out == 0
    same_year = "\n".join(["id | given | family | born", *(line[:-10] + "1940-03-04" for line in lines)])
    crowd = find_candidates(encode(read_records(same_year)))
    assert next(key for key in crowd.keys if key.name == "given name and family name").left_out == CAP + 20
