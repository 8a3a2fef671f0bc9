import numpy as np
import pytest

from resident_tables import read_records
from wardkeeper.residents.comparing import COLUMNS, compare, unpack
from wardkeeper.residents.encoding import encode
from wardkeeper.residents.evidence import FEATURES


def findings(table):
    """What comparing the table's first two records finds: words by feature."""
    pattern = compare(encode(read_records(table)), np.array([0]), np.array([1]))
    codes = unpack(pattern)[0].tolist()
    return {feature.name: feature.levels[code - 1].words for feature, code in zip(COLUMNS, codes, strict=True) if code}


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("MARY", "MARY", "the same given name"),
        ("WILLIAM", "BILL", "forms of one name"),
        ("CAROLINE ANN", "CAROLINE", "forms of one name"),
        ("CHRISTO", "CHRISTOPHER", "forms of one name"),
        ("MARGARET", "MARGRAET", "a slip of the pen"),
        ("HARRY", "HARVEY", "somewhat alike"),
        ("MARY", "PERCY", "different given names"),
    ],
)
def test_given_names(one, other, words):
    found = findings(f"id | given | family\na:1 | {one} | LEE\nb:1 | {other} | LEE")
    assert words in found["name"]


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("SHELLEY", "SHELLEY", "the same family name"),
        ("SHELLEY", "SHELLY", "differ by a slip of the pen"),
        ("SMITH-JONES", "JONES", "share a part"),
        ("SHELLEY", "BYRON", "different family names"),
    ],
)
def test_family_names(one, other, words):
    found = findings(f"id | given | family\na:1 | MARY | {one}\nb:1 | MARY | {other}")
    assert words in found["name"]


def test_an_initial_is_weaker_where_others_of_the_household_share_it():
    alone = findings("""
        id  | given | family | home
        a:1 | J     | LEE    | uprn:1
        b:1 | JANE  | LEE    | uprn:1
    """)
    shared = findings("""
        id  | given | family | home
        a:1 | J     | LEE    | uprn:1
        b:1 | JANE  | LEE    | uprn:1
        b:2 | JOHN  | LEE    | uprn:1
    """)
    assert alone["name with an initial"].startswith("have an initial that fits, the same")
    assert "fits others" in shared["name with an initial"]
    assert "name" not in alone, "one name is compared in one way"


def test_a_missing_given_name_leaves_the_family_name_alone():
    found = findings("id | given | family | home\na:1 | - | LEE | uprn:1\nb:1 | JANE | LEE | uprn:1")
    assert found["family name alone"] == "have the same family name, with nobody else of that name at the home"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("1949-04-11", "1949-04-11", "have the same birth date"),
        ("1949-04-11", "1949-11-04", "have birth dates with day and month exchanged"),
        ("1949-04-11", "1943-04-11", "have birth dates that differ by one digit"),
        ("1949-04-11", "1949-04-26", "have birth dates that agree in part"),
        ("1949-04-11", "1952-10-26", "have different birth dates"),
        ("1949-04-11", "1949-01-01", "have the same birth year, one given as 1 January"),
        ("1949-04-11", "1952-01-01", "have different birth years, one given as 1 January"),
        ("1949-04-11", "-", None),
        ("1949-04-11", "1900-01-01", None),
    ],
)
def test_birth_dates(one, other, words):
    assert findings(f"id | born\na:1 | {one}\nb:1 | {other}").get("birth date") == words


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:1 | ZZ1 1AA | 1 MILL RD", "the same home"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 1 MILLL RD", "differ by a slip of the pen"),
        ("addr:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 2 MILL ROAD", "different homes in one postcode"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 1AA | 1 MILL ROAD", "different homes in one postcode"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ1 2BB | 9 OAK AVENUE", "the same postcode district"),
        ("uprn:1 | ZZ1 1AA | 1 MILL ROAD", "uprn:2 | ZZ7 2BB | 9 OAK AVENUE", "different places"),
    ],
)
def test_homes(one, other, words):
    found = findings(f"id | home | postcode | address_original\na:1 | {one}\nb:1 | {other}")
    assert words in found["home"]


def test_a_phone_weighs_less_the_more_families_use_it():
    families = ["LEE", "OAK", "ASH", "ELM", "YEW", "FIR"]
    for many, words in ((2, "one or two"), (4, "several"), (6, "many")):
        lines = [f"a:{n} | {family} | +441" for n, family in enumerate(families[:many])]
        assert words in findings("\n".join(["id | family | phone", *lines]))["phone"]


def test_an_email_that_others_use_is_told_apart():
    own = "id | given | family | email\na:1 | ANN | LEE | x@y.org\nb:1 | ANN | LEE | x@y.org"
    assert findings(own)["e-mail"] == "have the same e-mail"
    assert findings(own + "\nb:2 | BOB | LEE | x@y.org")["e-mail"] == "have the same e-mail, which others use too"


def test_what_is_missing_shows_nothing():
    assert set(findings("id | given\na:1 | -\nb:1 | -")) == {"source"}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_every_finding_has_words_and_each_its_own(feature):
    words = [level.words for level in feature.levels]
    assert all(words)
    assert len(set(words)) == len(words)
