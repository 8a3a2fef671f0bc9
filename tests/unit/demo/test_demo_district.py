"""The district as a whole: the right size, whole areas, the same again from the same seed."""

from datetime import date

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from wardkeeper.demo.district import ADDRESS_COLUMNS, build
from wardkeeper.demo.pack import order_areas
from wardkeeper.kernel.errors import UsageError

TODAY = date(2026, 11, 22)


def test_the_whole_district_has_its_people_and_households(whole):
    assert len(whole.living) == pytest.approx(234_972, rel=0.02)
    assert whole.people["household"].n_unique() == pytest.approx(96_252, rel=0.02)


@pytest.mark.parametrize("residents", [1_000, 3_000, 12_000])
def test_enough_people_but_not_many_more(pack, residents):
    district = build(pack, residents=residents, seed=2, today=TODAY)
    assert residents <= len(district.people) < residents + 1_500


def test_asking_for_more_than_there_are_gives_all(pack, whole):
    assert len(build(pack, residents=900_000, seed=11, today=TODAY).people) == len(whole.people)


def test_areas_are_whole_and_the_nearest_to_the_outline(pack, middling):
    settled = set(middling.homes["output_area"])
    ordered = order_areas(pack)
    assert settled == set(ordered[: len(settled)])


def test_an_areas_people_are_the_same_however_many_were_asked_for(pack):
    few = build(pack, residents=1_000, seed=2, today=TODAY).homes
    many = build(pack, residents=6_000, seed=2, today=TODAY).homes
    per_area = few.drop_nulls("household").group_by("output_area").len("few")
    both = per_area.join(many.drop_nulls("household").group_by("output_area").len("many"), on="output_area")
    assert len(both) == len(per_area)
    assert (both["few"] - both["many"]).abs().max() <= 1  # a care home may stand elsewhere


def test_the_same_seed_gives_the_same_district(pack, small):
    again = build(pack, residents=3_000, seed=11, today=TODAY)
    assert_frame_equal(again.people, small.people)
    assert_frame_equal(again.homes, small.homes)
    assert again.planted == small.planted


def test_another_seed_gives_another_district(pack, small):
    other = build(pack, residents=3_000, seed=12, today=TODAY)
    assert other.people["family"].head(200).to_list() != small.people["family"].head(200).to_list()


def test_too_few_residents_are_refused_with_what_to_do(pack):
    with pytest.raises(UsageError, match=r"too small.*Ask for at least 1000"):
        build(pack, residents=200, seed=1, today=TODAY)


def test_the_address_list_has_the_agreed_columns(small):
    assert tuple(small.addresses.columns) == ADDRESS_COLUMNS
    assert sum(small.addresses.null_count().row(0)) == 0


def test_the_address_list_can_be_written_and_read_again(small, tmp_path):
    small.write_addresses(tmp_path / "addresses.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "addresses.parquet"), small.addresses)


def test_everyone_lives_at_an_address_on_the_list(middling):
    assert middling.people["uprn"].is_in(middling.addresses["uprn"].implode()).all()
    assert middling.people["former_uprn"].drop_nulls().is_in(middling.addresses["uprn"].implode()).all()


@pytest.mark.parametrize("area", ["output_area", "lsoa", "msoa"])
def test_people_are_counted_by_area(middling, area):
    counted = middling.count_people(area)
    assert counted.columns == ["area", "population"]
    assert counted["population"].sum() == len(middling.living)
    assert counted["area"].n_unique() == middling.homes[area].n_unique()


def test_the_dead_are_not_residents(middling):
    dead = middling.people.filter(pl.col("died_on").is_not_null())
    assert 0 < len(dead) < 0.02 * len(middling.people)
    assert middling.living["person_id"].is_in(dead["person_id"].implode()).sum() == 0


def test_nothing_happened_in_the_future(middling):
    for column in ("birth_date", "died_on", "in_since", "renamed_on", "objected_on"):
        assert middling.people[column].drop_nulls().max() <= TODAY


def test_those_who_moved_left_another_home(middling):
    movers = middling.people.filter(pl.col("former_uprn").is_not_null())
    assert movers["moved"].all()
    assert (movers["former_uprn"] != movers["uprn"]).all()


def test_some_recent_wives_changed_their_name(middling):
    renamed = middling.people.filter(pl.col("renamed_on").is_not_null())
    assert len(renamed) > 20
    assert (renamed["former_family"] != "").all()
    assert (renamed["former_family"] != renamed["family"]).all()
    assert (renamed["sex"] == "female").all()
