"""The fitted parameters: distributions that add up, of a district of the right size, and no counts."""

import json
from importlib.resources import files

import numpy as np
import pytest

from wardkeeper.demo import parameters
from wardkeeper.demo.compositions import (
    BANDS,
    COMPOSITIONS,
    DISABILITY,
    HEALTH,
    MEMBERS,
    ROLES,
    TENURES,
    TRADITIONS,
    people_in,
)

FITTED = parameters.load()
PEOPLE, HOUSEHOLDS = 234_972, 96_252


@pytest.mark.parametrize("table", [name for name in parameters.TABLES if name != "female"])
def test_every_row_adds_up_to_one(table):
    assert np.allclose(getattr(FITTED, table).sum(axis=-1), 1)


def test_shares_are_shares():
    for table in parameters.TABLES:
        assert (getattr(FITTED, table) >= 0).all()
        assert (getattr(FITTED, table) <= 1).all()


def test_compositions_and_sizes_add_up_to_one_together():
    assert np.allclose(FITTED.composition_size.sum(axis=(1, 2)), 1)


@pytest.mark.parametrize(
    ("table", "shape"),
    [
        ("age", (8, len(ROLES), BANDS)),
        ("female", (8, BANDS)),
        ("tenure", (8, len(COMPOSITIONS), len(TENURES))),
        ("health", (8, BANDS, len(HEALTH))),
        ("disability", (8, len(HEALTH), len(DISABILITY))),
        ("tradition", (8, len(TRADITIONS))),
    ],
)
def test_tables_have_the_models_shape(table, shape):
    assert getattr(FITTED, table).shape == shape


def test_the_district_has_its_households_and_people():
    households = sum(count for _, count in FITTED.areas.values())
    people = sum(
        count * FITTED.household_size[kind] / (1 - FITTED.communal[kind]) for kind, count in FITTED.areas.values()
    )
    assert households == pytest.approx(HOUSEHOLDS, rel=0.01)
    assert people == pytest.approx(PEOPLE, rel=0.01)


def test_areas_keep_no_exact_counts():
    assert all(count % 5 == 0 for _, count in FITTED.areas.values())


def test_every_kind_of_area_is_used():
    assert {kind for kind, _ in FITTED.areas.values()} == set(range(8))


def test_the_file_is_small():
    assert len(files("wardkeeper.demo").joinpath("parameters.json").read_bytes()) < 60_000


def test_the_file_says_where_it_comes_from():
    source = json.loads(files("wardkeeper.demo").joinpath("parameters.json").read_text())["source"]
    assert "Office for National Statistics" in source
    assert "Open Government Licence" in source


@pytest.mark.parametrize(
    ("composition", "size", "roles"),
    [
        ("one-older", 1, ("one-older",)),
        ("couple-older", 2, ("couple-older", "couple-older")),
        ("married-alone", 2, ("couple-alone", "couple-alone")),
        ("married-dependent", 4, ("parent-dependent", "parent-dependent", "child", "child")),
        ("cohabiting-grown", 3, ("parent-grown", "parent-grown", "grown-child")),
        ("lone-dependent", 3, ("lone-dependent", "child", "child")),
        ("lone-grown", 2, ("lone-grown", "grown-child")),
        ("other-family", 3, ("other-adult",) * 3),
        ("several-dependent", 6, ("several-adult",) * 4 + ("child",) * 2),
        ("several-other", 5, ("other-adult",) * 5),
    ],
)
def test_a_households_people_have_these_roles(composition, size, roles):
    assert people_in(composition, size) == roles


def test_every_composition_has_members():
    assert set(MEMBERS) == set(COMPOSITIONS)
    assert {role for adult, _, other in MEMBERS.values() for role in (adult, other)} - {""} == set(ROLES) - {"communal"}


@pytest.mark.parametrize("composition", COMPOSITIONS)
def test_a_composition_only_has_sizes_its_members_fill(composition):
    sizes = FITTED.composition_size[:, COMPOSITIONS.index(composition)].sum(axis=0)
    possible = np.flatnonzero(sizes) + 1
    assert all(len(people_in(composition, int(size))) == size for size in possible)
    if composition.startswith("one-"):
        assert possible.tolist() == [1]


def test_only_older_people_live_in_compositions_for_older_people():
    ages = FITTED.age[:, [ROLES.index("one-older"), ROLES.index("couple-older")]]
    assert (ages[:, :, :13] == 0).all()


def test_health_gets_worse_with_age():
    poor = FITTED.health[:, :, 3:].sum(axis=2)
    assert (poor[:, 16] > poor[:, 8]).all()
    assert (poor[:, 8] > poor[:, 1]).all()
