import polars as pl
import pytest

from resident_tables import read_records
from wardkeeper.residents.arrays import MISSING
from wardkeeper.residents.encoding import encode, fold_address, fold_name
from wardkeeper.residents.nicknames import FORMS, first_names, related_pairs


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("O'BRIEN", "OBRIEN"),
        ("SMITH-JONES", "SMITH JONES"),
        ("ÉLODIE", "ELODIE"),
        ("mcDonald", "MCDONALD"),
        ("  VAN  DER BERG ", "VAN DER BERG"),
        ("J.", "J"),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_names_are_folded_for_comparison_only(name, folded):
    assert fold_name("family", pl.DataFrame({"family": [name]}, schema={"family": pl.String})).item() == folded


@pytest.mark.parametrize(
    ("address", "folded"),
    [
        ("Flat 3, 12 Mill Road, ZZ1 1AA", "FLAT 3 12 MILL RD"),
        ("Apartment 3 12 MILL RD", "FLAT 3 12 MILL RD"),
        ("1 The Avenue, Sale", "1 THE AVE SALE"),
        ("", None),
    ],
)
def test_addresses_are_folded_for_comparison_only(address, folded):
    assert pl.DataFrame({"address_original": [address]}).select(fold_address()).item() == folded


def encode_table(table):
    return encode(read_records(table))


def test_equal_values_have_equal_codes_and_blanks_are_missing():
    encoded = encode_table("""
        id    | given | family | phone
        a:1   | ANN   | LEE    | +441
        a:2   | ANN   | OAK    | -
        a:3   | -     | LEE    | +441
    """)
    assert encoded.given.codes.tolist() == [0, 0, MISSING]
    assert encoded.family.codes.tolist() == [0, 1, 0]
    assert encoded.phone.tolist() == [0, MISSING, 0]


def test_an_initial_is_no_given_name_in_full():
    encoded = encode_table("""
        id  | given
        a:1 | A
        a:2 | ANN
    """)
    assert encoded.full_given.tolist() == [MISSING, 1]
    assert encoded.initial.tolist() == [0, 0]
    assert encoded.given_root[0] == MISSING


def test_a_nickname_has_the_root_of_its_name():
    encoded = encode_table("""
        id  | given
        a:1 | BILL
        a:2 | WILLIAM
        a:3 | PETER
    """)
    assert encoded.given_root[0] == encoded.given_root[1] != encoded.given_root[2]


@pytest.mark.parametrize(
    ("born", "year", "whole"),
    [("1949-04-11", 1949, True), ("1949-01-01", 1949, False), ("1900-01-01", MISSING, False), ("-", MISSING, False)],
)
def test_first_of_january_tells_a_year_at_most(born, year, whole):
    encoded = encode_table(f"id | born\na:1 | {born}")
    assert encoded.year.tolist() == [year]
    assert encoded.whole_date.tolist() == [whole]


def test_sex_comes_from_the_column_then_the_title_then_the_name():
    encoded = encode_table("""
        id  | title | given | sex
        a:1 | MR    | KIM   | female
        a:2 | MR    | JOHN  | -
        a:3 | MR    | JOHN  | -
        a:4 | -     | JOHN  | -
        a:5 | DR    | ALEX  | -
    """)
    assert encoded.sex.tolist() == [0, 1, 1, 1, MISSING]


def test_a_name_that_both_sexes_bear_tells_none():
    encoded = encode_table("""
        id  | title | given
        a:1 | MR    | ALEX
        a:2 | MRS   | ALEX
        a:3 | -     | ALEX
    """)
    assert encoded.sex.tolist() == [1, 0, MISSING]


def test_a_source_repeats_when_it_often_holds_one_name_twice_at_a_home():
    encoded = encode_table("""
        id  | given | family | home
        a:1 | ANN   | LEE    | uprn:1
        a:2 | ANN   | LEE    | uprn:1
        b:1 | ANN   | LEE    | uprn:1
        b:2 | ANN   | LEE    | uprn:2
    """)
    assert encoded.source_repeats.tolist() == [True, True, False, False]


def test_a_child_is_told_by_age_when_seen():
    encoded = encode_table("""
        id  | title | born       | seen_on
        a:1 | -     | 2020-05-01 | 2026-06-01
        a:2 | MISS  | 2010-05-01 | 2026-06-01
        a:3 | MRS   | -          | 2026-06-01
    """)
    assert encoded.child.tolist() == [True, False, False]
    assert encoded.adult.tolist() == [False, False, True]


def test_nicknames_are_upper_case_and_unlike_their_names():
    for name, forms in FORMS.items():
        assert name.isupper()
        assert forms == forms.upper()
        assert name not in forms.split()
        assert len(set(forms.split())) == len(forms.split())


def test_forms_of_one_name_are_related_both_ways():
    related = set(related_pairs())
    assert ("BILL", "WILLIAM") in related
    assert ("WILLIAM", "BILL") in related
    assert ("BILL", "BILLY") in related
    assert ("BILL", "PETER") not in related
    assert first_names()["BILL"] == "WILLIAM"
