"""Linking: stable ids, ended permissions left out, and hard cases kept apart or together."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.residents import score
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_source import Received, load_source


def read(house, dataset, columns):
    file = house.store.current(dataset)
    return house.vault.read(file, columns, permit=make_permit(dataset, now=house.clock.now()))


def membership(house):
    return read(house, "membership", ["record_id", "resident_id"])


def residents_of(house, town, *people):
    """The resident ids that the records of some true people were put under."""
    theirs = town.truth.filter(pl.col("person_id").is_in(people)).join(membership(house), on="record_id")
    return {one: set(theirs.filter(pl.col("person_id") == one)["resident_id"]) for one in people}


def end_mandate(house, mandate_id):
    mandate = house.store.mandate(mandate_id)
    leaf = Leaf(Act.MANDATE_ENDED, house.clock.now(), "test", "trafford-council")
    with house.store.write(leaf) as writer:
        writer.add_mandate(replace(mandate, ended_at=house.clock.now()))


def test_f1_against_the_truth_is_at_least_93_in_100(house, town):
    assert score(membership(house), town.truth)["clusters"]["f1"] >= 0.93


def test_linking_the_same_records_again_keeps_every_id(house):
    before = membership(house).sort("record_id")
    report = link_residents(house, cast.ANALYST).report
    assert membership(house).sort("record_id").equals(before)
    assert len(report.changes) == 0


def test_every_record_belongs_to_one_resident_and_every_resident_has_one(house):
    found = membership(house)
    assert found["record_id"].is_unique().all()
    residents = read(house, "residents", ["resident_id", "records"])
    assert set(found["resident_id"]) == set(residents["resident_id"])
    assert residents["records"].sum() == found.height


def test_a_father_and_son_of_one_name_are_two_people(house, town):
    dated = pl.concat(
        read(house, file.dataset, ["record_id", "birth_date"]) for file in house.store.currents("records/")
    ).drop_nulls("birth_date")
    theirs = town.truth.join(dated, on="record_id").join(membership(house), on="record_id")
    father, son = (theirs.filter(pl.col("person_id") == one) for one in town.planted.name_sharers)
    assert father.height > 0
    assert son.height > 0
    assert not set(father["resident_id"]) & set(son["resident_id"])


def test_twins_are_two_people(house, town):
    first, second = residents_of(house, town, *town.planted.twins).values()
    assert first
    assert second
    assert not first & second


def test_g17_a_protected_person_is_not_joined_to_records_elsewhere(house, town):
    planted = town.planted
    (residents,) = residents_of(house, town, planted.fled).values()
    shown = read(house, "residents", ["resident_id", "home_id", "protected"])
    hers = shown.filter(pl.col("resident_id").is_in(list(residents)) & pl.col("protected"))
    assert hers["home_id"].to_list() == [f"uprn:{planted.fled_home}"]
    joined = membership(house).filter(pl.col("resident_id") == hers["resident_id"][0])
    assert joined.join(town.truth, on="record_id")["person_id"].unique().to_list() == [planted.fled]


def test_a_source_whose_permission_ended_is_left_out_and_named(house):
    end_mandate(house, "standing-assisted-bins")
    linking = link_residents(house, cast.ANALYST)
    assert linking.left_out == ("assisted-bins",)
    assert not membership(house)["record_id"].str.starts_with("assisted-bins:").any()
    facts = read(house, "facts", ["source"])
    assert "assisted-bins" not in set(facts["source"])
    assert "standing-assisted-bins" not in house.store.current("residents").mandates


def test_g6_ids_sealed_under_an_ended_permission_are_not_read_to_keep_them(house):
    before = set(membership(house)["resident_id"])
    end_mandate(house, "standing-open-register")
    link_residents(house, cast.ANALYST)
    assert not before & set(membership(house)["resident_id"])


def test_most_ids_survive_a_newer_file(house, town):
    before = dict(membership(house).rows())
    path = town.extract("assisted-bins")
    fewer = b"".join(path.read_bytes().splitlines(keepends=True)[:-3])
    load_source(house, cast.ANALYST, "assisted-bins", Received(path.name, fewer))
    link_residents(house, cast.ANALYST)
    after = dict(membership(house).rows())
    kept = [record for record in after if after[record] == before[record]]
    assert len(after) == len(before) - 3
    assert len(kept) > 0.98 * len(after)


def test_nothing_to_link_is_said_in_words(house):
    for file in house.store.currents("records/"):
        end_mandate(house, file.mandates[0])
    with pytest.raises(NotFound) as raised:
        link_residents(house, cast.ANALYST)
    assert raised.value.message.startswith("No source has been loaded")


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW], ids=["planner", "dpo", "crew"])
def test_only_an_analyst_links(house, actor):
    before = house.store.current("residents")
    with pytest.raises(Refused):
        link_residents(house, actor)
    assert house.store.current("residents") == before


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "administration"])
def test_g9_nobody_links_for_another_purpose(house, purpose):
    with pytest.raises(Refused):
        link_residents(house, cast.ANALYST, purpose=purpose)


def test_the_dead_are_marked_and_age_makes_facts(house, town):
    (dead,) = residents_of(house, town, town.planted.dead).values()
    shown = read(house, "residents", ["resident_id", "died_on"]).filter(pl.col("resident_id").is_in(list(dead)))
    assert shown["died_on"].drop_nulls().len() >= 1
    by_age = read(house, "facts", ["factor", "source"]).filter(pl.col("source") == "birth-date")
    assert set(by_age["factor"]) == {"aged-under-5", "aged-75-to-84", "aged-85-or-over"}


def test_g4_an_overdue_review_stops_linking_outside_an_emergency(house):
    house.clock.move(timedelta(days=365))
    with pytest.raises(Refused) as raised:
        link_residents(house, cast.ANALYST)
    assert "was due by 1 April 2027" in raised.value.message
    assert raised.value.next == "Review it."
