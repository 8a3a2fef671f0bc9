"""What is folded for comparison, and what never is: letters of every script stay."""

import polars as pl
import pytest

from wardkeeper.residents.folding import (
    PLAIN_LETTERS,
    STREET_WORDS,
    fold_address,
    fold_building,
    fold_email,
    fold_name,
    fold_number,
    fold_numbers,
    fold_outward,
    fold_phone,
    fold_postcode,
    fold_text,
)


def folded(how, text):
    return pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(how(pl.col("text"))).item()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("O'BRIEN", "OBRIEN"),
        ("O’BRIEN", "OBRIEN"),
        ("O`BRIEN", "OBRIEN"),
        ("O´BRIEN", "OBRIEN"),
        ("OʼBRIEN", "OBRIEN"),
        ("SMITH-JONES", "SMITH JONES"),
        ("SMITH–JONES", "SMITH JONES"),
        ("SMITH - JONES", "SMITH JONES"),
        ("mcDonald", "MCDONALD"),
        ("  VAN  DER BERG ", "VAN DER BERG"),
        ("J.", "J"),
        ("MARY2", "MARY"),
        ("-", None),
        ("", None),
        (None, None),
        ("ANN 2 LEE", "ANN LEE"),
    ],
)
def test_names_are_folded_for_comparison_only(name, expected):
    assert folded(fold_name, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Élodie", "ELODIE"),
        ("Llŷr", "LLYR"),
        ("Siân", "SIAN"),
        ("Ŵyn", "WYN"),
        ("Øystein", "OYSTEIN"),
        ("Æthelred", "AETHELRED"),
        ("Weiß", "WEISS"),
        ("Łukasz", "LUKASZ"),
        ("Þóra", "THORA"),
        ("İpek", "IPEK"),
        ("ıtır", "ITIR"),
        ("Mª José", "MA JOSE"),
        ("ﬁona", "FIONA"),
        ("Ǽthel", "AETHEL"),
        ("Nguyễn", "NGUYEN"),
    ],
)
def test_latin_letters_are_told_by_their_plain_form(name, expected):
    assert folded(fold_name, name) == expected


@pytest.mark.parametrize("name", ["محمد", "الحسن", "小明", "王", "ОЛЕНА", "ΓΙΩΡΓΟΣ", "राम", "ᎠᏂ"])
def test_letters_of_other_scripts_stay_as_they_are(name):
    assert folded(fold_name, name) == name


def test_two_names_that_differ_in_vowel_signs_only_stay_two():
    assert folded(fold_name, "कुमार") != folded(fold_name, "कमार")


def test_vowel_marks_of_arabic_are_accents():
    assert folded(fold_name, "الحَسَن") == "الحسن"


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d", "\u200e", "\u202e", "\ufeff", "\u00ad"])
def test_what_cannot_be_seen_is_left_out_of_a_name(unseen):
    assert folded(fold_name, f"MA{unseen}RY{unseen}") == "MARY"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Flat 3, 12 Mill Road, ZZ1 1AA", "FLAT 3 12 MILL ROAD"),
        ("Apartment 3 12 MILL RD", "FLAT 3 12 MILL ROAD"),
        ("12 Mill Rd. M332AA ", "12 MILL ROAD"),
        ("1 The Avenue, Sale", "1 THE AVENUE SALE"),
        ("1 Victoria Pk Rd", "1 VICTORIA PARK ROAD"),
        ("1 Strand", "1 STRAND"),
        ("Tŷ Gwyn", "TY GWYN"),
        ("", None),
        (" , ", None),
        ("M33 2AA", None),
    ],
)
def test_addresses_are_folded_for_comparison_only(address, expected):
    assert folded(fold_address, address) == expected


def test_no_abbreviation_stands_for_another():
    assert set(STREET_WORDS).isdisjoint(STREET_WORDS.values())
    assert all(len(plain) <= 2 and plain.isascii() for plain in PLAIN_LETTERS.values())


@pytest.mark.parametrize(
    ("address", "building", "numbers"),
    [
        ("FLAT 3 12 MILL ROAD", "12 MILL ROAD", "3 12"),
        ("FLAT B 12 MILL ROAD", "12 MILL ROAD", "12"),
        ("ROOM 4B 12A MILL ROAD", "12A MILL ROAD", "4B 12A"),
        ("12 MILL ROAD", "12 MILL ROAD", "12"),
        ("FLATTERS HOUSE", "FLATTERS HOUSE", None),
    ],
)
def test_a_building_and_its_numbers(address, building, numbers):
    assert folded(fold_building, address) == building
    assert folded(fold_numbers, address) == numbers


@pytest.mark.parametrize(
    ("postcode", "expected", "outward"),
    [
        ("m33 2aa", "M332AA", "M33"),
        ("SW1A 1AA", "SW1A1AA", "SW1A"),
        ("M33", "M33", "M33"),
        ("2604", "2604", "260"),
        (" ", None, None),
    ],
)
def test_postcodes_and_their_districts(postcode, expected, outward):
    assert folded(fold_postcode, postcode) == expected
    assert folded(fold_outward, expected) == outward


@pytest.mark.parametrize(
    "phone",
    [
        "0161 496 0123",
        "+441614960123",
        "0044 161 496 0123",
        "(0161) 496-0123",
        ("+44 (0)161 496 0123"),
    ],
)
def test_one_telephone_number_is_one_however_it_is_written(phone):
    assert folded(fold_phone, phone) == "1614960123"


@pytest.mark.parametrize("phone", ["", "none", "12345", "ext. 12"])
def test_too_few_digits_are_no_telephone_number(phone):
    assert folded(fold_phone, phone) is None


@pytest.mark.parametrize(
    ("how", "text", "expected"),
    [
        (fold_email, " Ada@Example.ORG ", "ada@example.org"),
        (fold_email, "none", None),
        (fold_number, "ab-12 34 c", "AB1234C"),
        (fold_number, "-", None),
        (fold_text, "  Saint-Étienne (Loire) ", "SAINT ETIENNE LOIRE"),
        (fold_text, "?", None),
    ],
)
def test_other_texts(how, text, expected):
    assert folded(how, text) == expected
