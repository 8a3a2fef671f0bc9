"""The directory of services: loaded, and the nearest first."""

import json
from pathlib import Path

import pytest

from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, NotFound, Refused
from wardkeeper.usecases.list_services import list_services
from wardkeeper.usecases.load_services import load_services

EXAMPLES = Path(__file__).parents[3] / "examples" / "services"
PAGE = ("page.json", (EXAMPLES / "page.json").read_bytes())


def at(name, **location):
    return {"id": name, "name": name, "service_at_locations": [{"location": location}]}


def load_places(house, *services):
    load_services(house, cast.ANALYST, [("feed.json", json.dumps(services).encode())])


def test_loading_tells_what_came_and_writes_its_leaf(house):
    loaded = load_services(house, cast.ANALYST, [PAGE])
    assert (loaded.services, loaded.closed, loaded.without_place) == (4, 1, 2)
    leaf = json.loads(list(house.store.leaves())[-1])
    assert leaf["type"] == "services.loaded"
    assert leaf["detail"]["services"] == 4
    assert leaf["detail"]["files"] == ["page.json"]


def test_a_new_directory_takes_the_place_of_the_old_one(house):
    load_services(house, cast.ANALYST, [PAGE])
    load_places(house, {"id": "1", "name": "Only one"})
    assert [one.service.name for one in list_services(house, cast.PLANNER).services] == ["Only one"]


def test_closed_services_are_counted_and_not_listed(house):
    load_services(house, cast.ANALYST, [PAGE])
    found = list_services(house, cast.CONTROL)
    assert found.closed == 1
    assert [one.service.name for one in found.services] == [
        "Altrincham Food Share (invented)",
        "Sale Leisure Rest Centre (invented)",
        "Telephone Befriending (invented)",
    ]
    assert {one.kilometres for one in found.services} == {None}


def test_the_nearest_come_first_by_coordinates_else_by_postcode(house):
    here, *_, there = house.places().postcodes.frame.sort("longitude").iter_rows(named=True)
    load_places(
        house,
        {"id": "nowhere", "name": "nowhere"},
        at("by postcode", addresses=[{"postal_code": there["postcode"].lower().replace(" ", "")}]),
        at("by coordinates", longitude=here["longitude"] + 0.001, latitude=here["latitude"]),
        at("unknown postcode", addresses=[{"postal_code": "ZZ1 1ZZ"}]),
        at("at the door", addresses=[{"postal_code": here["postcode"]}]),
    )
    found = list_services(house, cast.PLANNER, here["postcode"].lower()).services
    assert [one.service.id for one in found] == [
        "at the door", "by coordinates", "by postcode", "nowhere", "unknown postcode",
    ]  # fmt: skip
    assert [one.kilometres for one in found[:2]] == [pytest.approx(0), pytest.approx(0.0663, abs=0.0005)]
    assert [one.kilometres for one in found[3:]] == [None, None]


@pytest.mark.parametrize("near", ["not a postcode", "ZZ1 1ZZ", " "])
def test_a_postcode_nobody_knows_is_told(house, near):
    load_services(house, cast.ANALYST, [PAGE])
    with pytest.raises(BadInput, match="not in the table of postcodes"):
        list_services(house, cast.PLANNER, near)


def test_without_a_directory_it_says_what_to_do(house):
    with pytest.raises(NotFound, match="No services have been loaded"):
        list_services(house, cast.PLANNER)


def test_a_bad_file_leaves_the_old_directory(house):
    load_services(house, cast.ANALYST, [PAGE])
    with pytest.raises(BadInput):
        load_services(house, cast.ANALYST, [PAGE, ("bad.json", b"[{}]")])
    assert len(list_services(house, cast.PLANNER).services) == 3


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER, cast.DPO], ids=["crew", "volunteer", "dpo"])
def test_only_the_authoritys_own_load(house, actor):
    with pytest.raises(Refused):
        load_services(house, actor, [PAGE])
