"""The planted people are who they should be, inside the outline, each in a home of their own."""

import polars as pl
import pytest


def person(district, person_id: str) -> dict:
    return district.people.filter(pl.col("person_id") == person_id).row(0, named=True)


def home(district, uprn: str) -> dict:
    return district.homes.filter(pl.col("uprn") == uprn).row(0, named=True)


@pytest.fixture(params=["small", "middling"])
def district(request):
    return request.getfixturevalue(request.param)


def test_every_planted_person_lives_inside_the_outline(district):
    planted = district.planted
    people = (
        planted.fled,
        planted.caution,
        planted.objector,
        planted.dead,
        *planted.refuge,
        *planted.twins,
        *planted.name_sharers,
    )
    assert len(set(people)) == len(people)
    assert all(home(district, person(district, one)["uprn"])["in_flood"] for one in people)


def test_the_person_who_fled_is_protected_needs_help_and_left_a_home_in_the_area(district):
    fled = person(district, district.planted.fled)
    assert fled["protected"]
    assert fled["wheelchair"]
    assert fled["service"]
    assert (fled["uprn"], fled["former_uprn"]) == (district.planted.fled_home, district.planted.fled_from)
    assert fled["uprn"] != fled["former_uprn"]
    assert home(district, fled["former_uprn"])["in_flood"]


def test_somebody_still_lives_where_she_fled_from(district):
    left = district.living.filter(pl.col("uprn") == district.planted.fled_from)
    assert len(left) == 1


def test_the_refuge_holds_three_protected_people_and_nobody_else(district):
    there = district.people.filter(pl.col("uprn") == district.planted.refuge_home)
    assert set(there["person_id"]) == set(district.planted.refuge)
    assert len(there) == 3
    assert there["protected"].all()


def test_the_caution_is_on_the_person(district):
    assert person(district, district.planted.caution)["caution"] == "Attend in pairs"


def test_the_objector_has_a_need(district):
    objector = person(district, district.planted.objector)
    assert objector["objected_on"] is not None
    assert objector["oxygen"]


def test_the_dead_person_died_lately_and_lived_alone(district, today):
    dead = person(district, district.planted.dead)
    assert 0 < (today - dead["died_on"]).days < 90
    assert (district.people["uprn"] == dead["uprn"]).sum() == 1


def test_twins_share_birth_date_family_name_and_home_but_not_given_name(district):
    one, other = (person(district, twin) for twin in district.planted.twins)
    for column in ("birth_date", "family", "uprn"):
        assert one[column] == other[column]
    assert one["given"] != other["given"]
    assert one["nhs_number"] != other["nhs_number"]


def test_father_and_son_share_their_whole_name_and_home_but_not_their_birth_date(district):
    father, son = (person(district, one) for one in district.planted.name_sharers)
    for column in ("given", "middle", "family", "uprn", "sex"):
        assert father[column] == son[column]
    assert father["birth_date"] < son["birth_date"]
    assert father["tenure"] == "social"


def test_hidden_people_are_the_fled_and_those_in_the_refuge(district):
    assert set(district.planted.hidden) == {district.planted.fled, *district.planted.refuge}
    assert set(district.people.filter("protected")["person_id"]) == set(district.planted.hidden)
