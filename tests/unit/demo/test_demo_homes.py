"""Homes stand at real postcodes near their points, with invented addresses that differ."""

import numpy as np
import polars as pl
import shapely

from wardkeeper.demo.homes import TOWNS


def test_every_home_is_at_a_postcode_of_its_areas(pack, whole):
    known = pack.postcodes.select("postcode", "output_area", "lsoa", "msoa")
    assert len(whole.homes.join(known, on=["postcode", "output_area", "lsoa", "msoa"], how="anti")) == 0


def test_homes_stand_within_a_hundred_metres_of_their_postcode(pack, whole):
    placed = whole.homes.join(pack.postcodes.select("postcode", at_lon="longitude", at_lat="latitude"), on="postcode")
    north = (placed["latitude"] - placed["at_lat"]) * 111_320
    east = (placed["longitude"] - placed["at_lon"]) * 111_320 * np.cos(np.radians(53.42))
    assert (north**2 + east**2).sqrt().max() < 100
    assert (north**2 + east**2).sqrt().median() > 5


def test_addresses_differ(whole):
    assert whole.homes["address"].n_unique() == len(whole.homes)


def test_every_household_has_exactly_one_home(whole):
    taken = whole.homes["household"].drop_nulls()
    assert taken.n_unique() == len(taken)
    assert taken.max() + 1 == len(taken)


def test_about_three_in_a_hundred_homes_are_empty(whole):
    assert 0.025 < whole.homes["household"].is_null().mean() < 0.035


def test_kinds_are_those_of_the_address_list(whole):
    counts = dict(whole.homes["kind"].value_counts().iter_rows())
    assert set(counts) == {"house", "flat", "care home"}
    assert 0.16 < counts["flat"] / len(whole.homes) < 0.24


def test_flats_stand_in_blocks_with_floors(whole):
    flats = whole.homes.filter(pl.col("kind") == "flat")
    assert flats["floor"].null_count() == 0
    assert flats.group_by("postcode").len()["len"].median() >= 6
    assert whole.homes.filter(pl.col("kind") != "flat")["floor"].null_count() == len(whole.homes) - len(flats)


def test_house_numbers_run_along_a_street_without_repeats(whole):
    houses = whole.homes.filter(pl.col("kind") == "house")
    runs = houses.group_by("street").agg(pl.col("number").cast(pl.Int64).max(), pl.len())
    assert (runs["number"] == runs["len"]).all()


def test_a_street_stays_in_one_area(whole):
    assert whole.homes.group_by("street").agg(pl.col("output_area").n_unique())["output_area"].max() == 1


def test_the_flag_for_the_outline_is_right(pack, middling):
    inside = shapely.contains_xy(pack.outline, middling.homes.select("longitude", "latitude").to_numpy())
    assert (middling.homes["in_flood"].to_numpy() == inside).all()


def test_every_postcode_district_has_a_town(pack):
    assert set(pack.postcodes["postcode"].str.split(" ").list.first()) <= set(TOWNS)
