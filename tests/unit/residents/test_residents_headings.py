"""Headings name roles; ids, households and the truth never get one."""

import pytest

from wardkeeper.kernel.errors import UsageError
from wardkeeper.residents.headings import ROLES, SYNONYMS, fold, suggest_roles


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("first_name", "given"),
        ("Forename", "given"),
        ("Given Name", "given"),
        ("SURNAME", "family"),
        ("LastName", "family"),
        ("family-name", "family"),
        ("Full Name", "name"),
        ("DOB", "birth-date"),
        ("Date of Birth", "birth-date"),
        ("birth_date", "birth-date"),
        ("Gender", "sex"),
        ("Post Code", "postcode"),
        ("zip", "postcode"),
        ("Address Line 1", "address"),
        ("address_2", "address"),
        ("street_number", "address"),
        ("Town", "place"),
        ("suburb", "place"),
        ("Mobile", "phone"),
        ("Tel", "phone"),
        ("E-mail", "email"),
        ("NHS Number", "nhs-number"),
        ("NINO", "ni-number"),
        ("ssn", "number"),
        ("soc_sec_id", "number"),
        ("occupation", "attribute"),
    ],
)
def test_a_heading_names_its_role(heading, role):
    assert suggest_roles([heading, "person"], "person").roles == {heading: role}


@pytest.mark.parametrize(
    "heading", ["unique_id", "rec_id", "ID", "record id", "cluster", "household", "person_id", "truth"]
)
def test_ids_and_what_may_be_made_from_the_truth_are_never_used(heading):
    suggested = suggest_roles([heading, "surname", "person"], "person")
    assert suggested.roles == {"surname": "family"}
    assert suggested.never == (heading,)
    with pytest.raises(UsageError, match="never inputs"):
        suggest_roles([heading, "person"], "person", asked={heading: "number"})


def test_the_truth_has_no_role_even_where_its_heading_has_a_meaning():
    assert suggest_roles(["surname", "forename"], "surname").roles == {"forename": "given"}
    with pytest.raises(UsageError, match="never inputs"):
        suggest_roles(["surname"], "surname", asked={"surname": "family"})


def test_what_no_meaning_is_known_of_is_named_as_unused():
    assert suggest_roles(["surname", "shoe_size", "t"], "t").unused == ("shoe_size",)


def test_only_the_first_of_two_columns_gets_a_role_that_cannot_be_shared():
    suggested = suggest_roles(["phone", "mobile", "address_1", "address_2", "t"], "t")
    assert suggested.roles == {"phone": "phone", "address_1": "address", "address_2": "address"}
    assert suggested.unused == ("mobile",)


def test_what_is_asked_for_goes_before_what_a_heading_means():
    asked = {"mobile": "phone", "town": "address", "shoe_size": "attribute"}
    suggested = suggest_roles(["phone", "mobile", "town", "shoe_size", "t"], "t", asked=asked)
    assert suggested.roles == asked
    assert suggest_roles(["surname", "t"], "t", asked={"surname": "unused"}).unused == ("surname",)


def test_a_known_set_is_told_by_its_table_alone():
    suggested = suggest_roles(["a", "surname", "t"], "t", table={"a": "given"})
    assert suggested.roles == {"a": "given"}
    assert suggested.unused == ("surname",)


@pytest.mark.parametrize(
    ("asked", "truth", "words"),
    [
        ({"nowhere": "given"}, "t", "no column “nowhere”"),
        ({"surname": "hat"}, "t", "no role “hat”"),
        ({}, "nowhere", "no column “nowhere”"),
        ({"surname": "family", "other": "family"}, "t", "Two columns have the role “family”"),
    ],
)
def test_a_wrong_mapping_is_told_in_words(asked, truth, words):
    with pytest.raises(UsageError, match=words):
        suggest_roles(["surname", "other", "t"], truth, asked=asked)


def test_no_heading_means_two_roles_and_each_is_folded():
    headings = [heading for written in SYNONYMS.values() for heading in written.split()]
    assert len(headings) == len(set(headings))
    assert [heading for heading in headings if fold(heading) != heading] == []
    assert set(SYNONYMS) <= set(ROLES)
