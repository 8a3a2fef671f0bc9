"""What a comparison finds, in words, from tables of a few records."""

import numpy as np
import polars as pl
import pytest

from resident_tables import encode_table, findings, levels_of
from wardkeeper.residents.comparing import ALIKE_ADDRESS, SPANS, compare_pair, group_patterns
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.roles import Role


def finding_of_frame(role, one, other, **more):
    """What two values in a column of one role show."""
    frame = pl.DataFrame({"value": [one, other], **{name: [value] * 2 for name, value in more.items()}})
    codes = levels_of(encode(frame, {"value": role}))
    return [feature.levels[code - 1].words for feature, code in zip(FEATURES, codes, strict=True) if code]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("MAY", "MAY", "have the same middle name"),
        ("MAY", "M", "have middle initials that fit"),
        ("MAY", "JUNE", "have different middle names"),
        ("MAY", "-", None),
    ],
)
def test_middle_names(one, other, words):
    assert findings(f"id | given | middle\na:1 | ANN | {one}\nb:1 | ANN | {other}").get("middle name") == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("1949-04-11", "1949-04-11", "have the same birth date"),
        ("1949-04-11", "1949-11-04", "have birth dates with day and month exchanged"),
        ("1949-04-11", "1943-04-11", "have birth dates that differ by one digit"),
        ("1949-04-11", "1949-04-26", "have birth dates that agree in part"),
        ("1949-04-11", "1952-10-26", "have different birth dates"),
        ("1949-04-11", "1949-01-01", "have the same birth year, one without a day"),
        ("1949-04-11", "1952-01-01", "have different birth years, one without a day"),
        ("1949-04-11", "-", None),
        ("1949-04-11", "1900-01-01", None),
    ],
)
def test_birth_dates(one, other, words):
    assert findings(f"id | born\na:1 | {one}\nb:1 | {other}").get("birth date") == words


@pytest.mark.parametrize(
    ("people", "words"),
    [(5, "have the same birth date"), (6, "which several names have"), (51, "which many names have")],
)
def test_a_birth_date_weighs_less_the_more_names_have_it(people, words):
    letters = [f"{'BCDFGHKLMN'[place % 10]}{'AEIOU'[place // 10 % 5]}{'RST'[place // 50]}" for place in range(people)]
    lines = [f"{'ab'[place > 0]}:{place} | {letter} | LEE | 1949-04-11" for place, letter in enumerate(letters)]
    assert words in findings("\n".join(["id | given | family | born", *lines]))["birth date"]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:1 | ZZ1 1AA | 1 MILL RD", "the same home, where few"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 1 MILLL RD", "differ by a slip of the pen"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AB | 1 MILL RD", "differ by a slip of the pen"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ7 1AB | 1 MILL RD", "in different places"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 2 MILL ROAD", "a slip in a number"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 98 MILL ROAD", "different homes in one postcode"),
        ("addr:1 | ZZ1 1AA | FLAT 3 1 MILL RD", "uprn:2 | ZZ1 1AA | 1 MILL ROAD", "one without the number of the flat"),
        ("addr:1 | ZZ1 1AA | FLAT 3 1 MILL RD", "uprn:2 | ZZ1 1AA | FLAT 27 1 MILL RD", "different homes in one"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 1 MILL ROAD", "different homes in one postcode"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 2BB | 9 OAK AVENUE", "the same postcode district"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ7 2BB | 9 OAK AVENUE", "different places"),
        ("- | - | 1 MILL ROAD", "- | ZZ1 1AA | 1 MILL RD", "differ by a slip of the pen"),
        ("- | - | 1 MILL ROAD", "- | ZZ1 1AA | 9 OAK AVENUE", "different places"),
    ],
)
def test_homes(one, other, words):
    found = findings(f"id | home | postcode | address\na:1 | {one}\nb:1 | {other}")
    assert words in found["home"]


def test_a_home_known_to_one_record_only_shows_nothing():
    assert "home" not in findings("id | home | postcode\na:1 | uprn:1 | ZZ1 1AA\nb:1 | - | -")


def test_addresses_of_equal_numbers_may_differ_by_a_share_of_their_letters():
    for letters, words in ((3, "a slip of the pen"), (4, "different homes in one postcode")):
        other = "1 " + "X" * letters + "ABCDEFGHIJKLMNOPQR"[letters:]
        assert letters <= 20 * ALIKE_ADDRESS or letters == 4
        table = f"id | postcode | address\na:1 | ZZ1 1AA | 1 ABCDEFGHIJKLMNOPQR\nb:1 | ZZ1 1AA | {other}"
        assert words in findings(table)["home"]


def test_a_phone_weighs_less_the_more_families_use_it():
    families = ["LEE", "OAK", "ASH", "ELM", "YEW", "FIR"]
    for many, words in ((2, "one or two"), (4, "several"), (6, "many")):
        lines = [f"a:{n} | {family} | +441614960123" for n, family in enumerate(families[:many])]
        assert words in findings("\n".join(["id | family | phone", *lines]))["phone"]


@pytest.mark.parametrize(
    ("column", "one", "other", "feature", "words"),
    [
        ("phone", "0161 4960123", "0161 4960132", "phone", "have phones that differ by a slip"),
        ("phone", "0161 4960123", "0161 4960999", "phone", "have different phones"),
        ("phone", "0161 4960123", "01", "phone", None),
        ("email", "ada@b.org", "ad@b.org", "e-mail", "have e-mails that differ by a slip"),
        ("email", "ada@b.org", "bob@b.org", "e-mail", "have different e-mails"),
        ("email", "ada@b.org", "none", "e-mail", None),
        ("sex", "male", "female", "sex", "are of different sex"),
        ("sex", "female", "F", "sex", "are of the same sex"),
        ("sex", "male", "-", "sex", None),
        ("ni", "QQ123456C", "QQ 12 34 56 C", "NI number", "have the same NI number"),
        ("ni", "QQ123456C", "QQ123465C", "NI number", "have NI numbers that differ by a slip"),
        ("ni", "QQ123456C", "QQ654321C", "NI number", "have different NI numbers"),
        ("nhs", "9990000018", "9990000018", "NHS number", "have the same NHS number"),
        ("nhs", "9990000018", "9990000026", "NHS number", "have different NHS numbers"),
        ("nhs", "9990000018", "-", "NHS number", None),
    ],
)
def test_other_columns(column, one, other, feature, words):
    assert findings(f"id | {column}\na:1 | {one}\nb:1 | {other}").get(feature) == words


def test_an_email_that_others_use_is_told_apart():
    own = "id | given | family | email\na:1 | ANN | LEE | x@y.org\nb:1 | ANN | LEE | x@y.org"
    assert findings(own)["e-mail"] == "have the same e-mail"
    assert findings(own + "\nb:2 | BOB | LEE | x@y.org")["e-mail"] == "have the same e-mail, which others use too"


@pytest.mark.parametrize(
    ("role", "one", "other", "words"),
    [
        (Role.NUMBER, "A-1234567", "a1234567", "have the same number"),
        (Role.NUMBER, "A1234567", "A1234598", "have numbers that differ by a slip"),
        (Role.NUMBER, "A123", "A124", "have numbers that differ by a slip"),
        (Role.NUMBER, "A123", "A156", "have different numbers"),
        (Role.PLACE, "Saint-Étienne", "SAINT ETIENNE", "name the same place, which few name"),
        (Role.PLACE, "Manchester", "Manchster", "name places that are alike"),
        (Role.PLACE, "Manchester", "Leeds", "name different places"),
        (Role.ATTRIBUTE, "Baker", "baker", "have the same attribute, which few have"),
        (Role.ATTRIBUTE, "Baker", "Miller", "have different attributes"),
    ],
)
def test_columns_of_other_files(role, one, other, words):
    assert finding_of_frame(role, one, other) == [words]


@pytest.mark.parametrize(("role", "people"), [(Role.PLACE, 51), (Role.ATTRIBUTE, 101)])
def test_a_place_or_attribute_weighs_less_the_more_people_have_it(role, people):
    names = [f"{'BCDFGHKLMN'[place % 10]}{'AEIOU'[place // 10 % 5]}{'RST'[place // 50]}" for place in range(people)]
    frame = pl.DataFrame({"what": ["York"] * people, "given": names, "family": ["Lee"] * people})
    codes = levels_of(encode(frame, {"what": role, "given": Role.GIVEN, "family": Role.FAMILY}))
    shown = [feature.levels[code - 1].words for feature, code in zip(FEATURES, codes, strict=True) if code]
    assert [words for words in shown if "which many" in words]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("a:1 | ANN\nb:1 | BOB", "come from different sources"),
        ("a:1 | ANN\na:2 | BOB\nb:1 | IAN", "come from one source that seldom repeats a person"),
        ("a:1 | ANN\na:2 | ANN\nb:1 | IAN", "come from one source that repeats people"),
        ("a:1 | ANN\na:2 | BOB", None),
    ],
)
def test_sources(table, words):
    born = table.replace("\n", " | LEE | 1949-04-11\n") + " | LEE | 1949-04-11"
    assert findings(f"id | given | family | born\n{born}").get("source") == words


def test_what_is_missing_shows_nothing():
    assert set(findings("id | given\na:1 | -\nb:1 | -")) == {"source"}


def test_the_first_feature_is_the_lowest_digit():
    assert SPANS.tolist() == [feature.span for feature in FEATURES]
    encoded = encode_table("id | born | nhs\na:1 | 1949-04-11 | 9990000018\nb:1 | 1949-04-11 | 9990000018")
    pattern = int(compare_pair(encoded.cells, 0, 1, encoded.texts, encoded.related))
    digits = []
    for span in SPANS.tolist():
        pattern, digit = divmod(pattern, span)
        digits.append(digit)
    assert pattern == 0
    assert digits == levels_of(encoded)


def test_patterns_are_grouped_and_every_pair_knows_its_own():
    patterns = np.array([7, 3, 7, 7, 900_000_000_000, 3])
    found, place, counts = group_patterns(patterns)
    assert sorted(zip(found.tolist(), counts.tolist(), strict=True)) == [(3, 2), (7, 3), (900_000_000_000, 1)]
    assert found[place].tolist() == patterns.tolist()


def test_no_pairs_have_no_patterns():
    assert [len(part) for part in group_patterns(np.zeros(0, np.int64))] == [0, 0, 0]
