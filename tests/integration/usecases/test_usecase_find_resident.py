"""Is this person known? Who is found, who never is, and what is left in the record of activity."""

import json

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import Refused, UsageError
from wardkeeper.usecases import datasets
from wardkeeper.usecases.find_resident import Sought, find_resident


def read(house, dataset):
    file = house.store.current(dataset)
    return house.vault.read(file, list(file.columns), permit=make_permit(dataset, now=house.clock.now()))


def residents(house, *, protected):
    shown = pl.col("protected") if protected else ~pl.col("protected")
    found = read(house, datasets.RESIDENTS).filter(shown).drop_nulls(["given", "family", "birth_date"])
    return found.sort("resident_id").to_dicts()


def sought_of(row, **changes):
    told = {
        "given": row["given"].lower(),
        "family": row["family"].title(),
        "born": row["birth_date"].strftime("%d/%m/%Y"),
        "phone": row["phone"] or "",
        "nhs_number": row["nhs_number"] or "",
    }
    return Sought(**(told | changes))


def test_a_known_person_is_found_with_reasons(house):
    known = residents(house, protected=False)[:20]
    right = 0
    for row in known:
        found = find_resident(house, cast.ANALYST, sought_of(row))
        right += bool(found) and found[0].resident_id == row["resident_id"]
        assert all(one.agrees or one.conflicts for one in found)
    assert right >= 18


def test_a_slip_of_the_pen_is_allowed_for(house):
    row = residents(house, protected=False)[3]
    found = find_resident(house, cast.ANALYST, sought_of(row, family=row["family"][:-1] + "x"))
    assert found[0].resident_id == row["resident_id"]


def test_a_stranger_is_not_known(house):
    assert not find_resident(house, cast.ANALYST, Sought(given="Zebedee", family="Quux-Unheard", born="1951-02-03"))


def test_g17_nobody_protected_is_found_by_anything(house):
    hidden = residents(house, protected=True)
    assert hidden
    for row in hidden:
        found = find_resident(house, cast.ANALYST, sought_of(row))
        assert row["resident_id"] not in {one.resident_id for one in found}


def test_nothing_typed_is_left_in_the_record_of_activity(house):
    row = residents(house, protected=False)[0]
    find_resident(house, cast.ANALYST, sought_of(row))
    before = list(house.store.leaves())
    find_resident(house, cast.ANALYST, sought_of(row))
    written = [json.loads(leaf) for leaf in list(house.store.leaves())[len(before) :]]
    assert [leaf["type"] for leaf in written] == ["decision.made", "data.read"]
    assert row["family"].upper() not in str(written).upper()


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW], ids=lambda one: one.login)
def test_only_an_analyst_may_look(house, actor):
    with pytest.raises(Refused):
        find_resident(house, actor, Sought(given="Ann", family="Lee"))


@pytest.mark.parametrize("sought", [Sought(family="Lee"), Sought(family="Lee", born="yesterday")])
def test_a_search_must_be_clear(house, sought):
    with pytest.raises(UsageError):
        find_resident(house, cast.ANALYST, sought)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"nhs_number": "123"}, "NHS number"),
        ({"nhs_number": "9434765918"}, "NHS number"),
        ({"phone": "abc"}, "telephone number"),
        ({"postcode": "ZZZ"}, "postcode"),
        ({"email": "nobody"}, "e-mail address"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_and_never_passed_over(house, said, words):
    with pytest.raises(UsageError, match=f"The {words} can't be read") as raised:
        find_resident(house, cast.ANALYST, Sought(given="Ann", family="Lee", **said))
    assert raised.value.where.column == next(iter(said))


def test_what_can_be_read_may_be_written_in_any_usual_way(house):
    row = next(one for one in residents(house, protected=False) if one["phone"])
    spaced = row["phone"].replace("+44", "0")
    found = find_resident(house, cast.ANALYST, sought_of(row, phone=f"{spaced[:5]} {spaced[5:]}"))
    assert found[0].resident_id == row["resident_id"]
