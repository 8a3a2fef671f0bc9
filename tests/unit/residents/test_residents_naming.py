"""What comparing two names finds, in words, from tables of a few records."""

import pytest

from resident_tables import findings


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("MARY", "MARY", "the same given name"),
        ("WILLIAM", "BILL", "forms of one name"),
        ("CAROLINE ANN", "CAROLINE", "the same given name"),
        ("ANN CAROLINE", "CAROLINE", "forms of one name"),
        ("CHRISTO", "CHRISTOPHER", "forms of one name"),
        ("MARGARET", "MARGRAET", "a slip of the pen"),
        ("SIÂN", "SIAN", "the same given name"),
        ("HARRY", "HARVEY", "somewhat alike"),
        ("MARY", "PERCY", "different given names"),
        ("محمد", "محمود", "a slip of the pen"),
        ("محمد", "فاطمة", "different given names"),
        ("小明", "丽华", "different given names"),
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
        ("ABERCROMBIE", "ABARCRUMBIE", "differ by a slip of the pen"),
        ("SMITH-JONES", "JONES", "share a part"),
        ("JONES", "EVANS JONES", "share a part"),
        ("O'NEILL", "ONEILL", "the same family name"),
        ("SHELLEY", "BYRON", "different family names"),
        ("A BYRON", "A KEATS", "different family names"),
    ],
)
def test_family_names(one, other, words):
    found = findings(f"id | given | family\na:1 | MARY | {one}\nb:1 | MARY | {other}")
    assert words in found["name"]


def test_given_and_family_name_may_be_exchanged():
    found = findings("id | given | family\na:1 | LEE | MARVIN\nb:1 | MARVIN | LEE")
    assert found["name"].startswith("have given and family name exchanged")
    alike = findings("id | given | family\na:1 | LEE | LEE\nb:1 | LEE | LEE")
    assert "exchanged" not in alike["name"]


def test_an_initial_is_weaker_where_others_of_the_household_share_it():
    alone = "id | given | family | home\na:1 | J | LEE | uprn:1\nb:1 | JANE | LEE | uprn:1"
    assert findings(alone)["name"].startswith("have an initial that fits, the same")
    assert "fits others" in findings(alone + "\nb:2 | JOHN | LEE | uprn:1")["name"]


def test_initials_that_differ():
    found = findings("id | given | family\na:1 | J | LEE\nb:1 | MARY | LEE")
    assert found["name"].startswith("have different initials, the same family name")


def test_a_missing_given_name_leaves_the_family_name_alone():
    one_there = "id | given | family | sex | home\na:1 | - | LEE | F | uprn:1\nb:1 | JANE | LEE | F | uprn:1"
    expected = "have the same family name, given names unknown, with nobody else of that name at the home"
    assert findings(one_there)["name"] == expected
    assert "with others of that name" in findings(one_there + "\nb:2 | MARY | LEE | F | uprn:1")["name"]
    assert "with nobody else" in findings(one_there + "\nb:2 | JOHN | LEE | M | uprn:1")["name"]


def test_a_missing_family_name_leaves_the_given_name_alone():
    found = findings("id | given | family\na:1 | JANE | -\nb:1 | JANE | LEE")
    assert found["name"].startswith("have the same given name, family names unknown")


@pytest.mark.parametrize(
    ("homes", "words"), [(1, "one or two homes only"), (3, "a few homes"), (6, "many homes"), (16, "very many homes")]
)
def test_a_name_weighs_less_the_more_homes_it_is_found_at(homes, words):
    lines = [f"{'ab'[place > 0]}:{place} | ANN | LEE | uprn:{max(place, 1)}" for place in range(homes + 1)]
    found = findings("\n".join(["id | given | family | home", *lines]))
    assert found["name"] == f"have the same given name, the same family name, found at {words}"
