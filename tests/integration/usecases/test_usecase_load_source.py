"""Loading files: every row accounted for, each file in its place among the others, all or nothing."""

import csv
import io
import json
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from districts import TODAY
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import BadInput, NotFound, Refused, UsageError
from wardkeeper.ledger.leaves import Act
from wardkeeper.needs.coverage import Freshness
from wardkeeper.usecases.datasets import quarantine, records
from wardkeeper.usecases.list_sources import list_sources
from wardkeeper.usecases.load_source import Received, check_source, load_source
from wardkeeper.usecases.view_quality import view_quality
from wardkeeper.usecases.view_quarantine import rows_to_fix

SOURCES = [
    "adult-social-care",
    "assisted-bins",
    "council-tax",
    "open-register",
    "shielding",
    "single-person-discount",
    "social-housing",
]


def received(town, source, *, change=None, **known):
    path = town.extract(source)
    content = path.read_bytes()
    return Received(path.name, change(content) if change else content, **known)


def without_last_row(content):
    return b"".join(content.splitlines(keepends=True)[:-1])


def first_tenth(content):
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: 1 + len(lines) // 10])


def state(house):
    return [one.id for one in house.store.currents()], [one.id for one in house.store.deliveries()]


@pytest.mark.parametrize("source", SOURCES)
def test_the_counts_add_up_to_the_rows_of_the_file(house, source):
    (delivery,) = house.store.deliveries(source)
    assert delivery.loaded + delivery.repaired + delivery.quarantined == delivery.rows > 0
    assert house.store.current(records(source)).rows == delivery.records


@pytest.mark.parametrize("source", SOURCES)
def test_every_row_held_back_is_there_to_be_fixed(house, source):
    (delivery,) = house.store.deliveries(source)
    held = rows_to_fix(house, cast.ANALYST, source)
    assert held["row"].n_unique() == delivery.quarantined
    assert (held["reason"].str.len_chars() > 10).all()


@pytest.mark.parametrize(
    "actor",
    [cast.PLANNER, cast.DPO, cast.DIRECTOR, cast.PUBLIC_HEALTH, cast.CREW, cast.VOLUNTEER],
    ids=lambda actor: actor.login,
)
def test_only_an_analyst_sees_rows_to_fix_or_loads(house, town, actor):
    with pytest.raises(Refused):
        rows_to_fix(house, actor, "adult-social-care")
    before = state(house)
    with pytest.raises(Refused):
        load_source(house, actor, "shielding", received(town, "shielding", change=without_last_row))
    assert state(house) == before


def test_the_same_file_again_loads_nothing_and_says_so(house, town):
    before = state(house)
    loaded = load_source(house, cast.ANALYST, "adult-social-care", received(town, "adult-social-care"))
    assert loaded.delivery is None
    assert loaded.reason == "This very file has been loaded before: nothing was loaded."
    assert state(house) == before


def test_a_newer_file_takes_the_place_of_the_one_before(house, town):
    house.clock.move(timedelta(days=7))
    before = house.store.current(records("assisted-bins"))
    loaded = load_source(house, cast.ANALYST, "assisted-bins", received(town, "assisted-bins", change=without_last_row))
    assert loaded.delivery.extracted_on == TODAY + timedelta(days=7)
    assert house.store.current(records("assisted-bins")).rows == before.rows - 1
    assert len(house.store.deliveries("assisted-bins")) == 2


def test_an_older_full_file_after_a_newer_is_recorded_and_changes_nothing_in_use(house, town):
    (currents, deliveries), newest = state(house), house.store.deliveries("assisted-bins")[-1]
    older = received(town, "assisted-bins", change=without_last_row, dated_on=TODAY - timedelta(days=30))
    loaded = load_source(house, cast.ANALYST, "assisted-bins", older)
    assert loaded.reason.startswith("The file is of 2026-10-23, and a newer one, of 2026-11-22, is loaded already")
    assert state(house) == (currents, [*deliveries, loaded.delivery.id])
    recorded = house.store.deliveries("assisted-bins")[-1]
    assert (recorded.unused, recorded.loaded, recorded.quarantined) == (recorded.rows, 0, 0)
    assert loaded.held == []
    assert recorded.says == f"{recorded.rows} rows: recorded, and none of them used."
    assert recorded.id not in rows_to_fix(house, cast.ANALYST, "assisted-bins")["delivery"].to_list()
    listed = next(one for one in list_sources(house, cast.PLANNER) if one.name == "assisted-bins")
    assert (listed.newest_on, listed.delivery.id) == (TODAY, newest.id)


def test_an_older_day_of_a_cumulative_file_keeps_what_is_newer(house, town):
    before = house.store.current(records("shielding")).rows
    (newest,) = house.store.deliveries("shielding")
    older = received(town, "shielding", change=first_tenth, dated_on=TODAY - timedelta(days=30), shrunk=True)
    loaded = load_source(house, cast.ANALYST, "shielding", older)
    assert loaded.reason == f"A newer file, of {newest.extracted_on}, is loaded already: what is newer stays."
    assert house.store.current(records("shielding")).rows == before


def test_the_held_rows_of_an_older_day_are_still_there_to_be_fixed(house, town):
    def with_a_short_row(content):
        return first_tenth(content).rstrip() + b"\r\n9999999999\r\n"

    before = rows_to_fix(house, cast.ANALYST, "shielding")["row"].len()
    older = received(town, "shielding", change=with_a_short_row, dated_on=TODAY - timedelta(days=30), shrunk=True)
    delivery = load_source(house, cast.ANALYST, "shielding", older).delivery
    assert delivery.quarantined >= 1
    shown = rows_to_fix(house, cast.ANALYST, "shielding")
    assert shown.filter(shown["delivery"] == delivery.id)["row"].n_unique() == delivery.quarantined
    assert shown["row"].len() == before + shown.filter(shown["delivery"] == delivery.id).height


def test_a_file_that_lost_half_of_its_rows_needs_a_persons_word(house, town):
    half = received(town, "council-tax", change=first_tenth)
    before = state(house)
    with pytest.raises(BadInput) as raised:
        load_source(house, cast.ANALYST, "council-tax", half)
    assert raised.value.message.endswith("it may be half a file.")
    assert state(house) == before
    said = received(town, "council-tax", change=first_tenth, shrunk=True)
    assert load_source(house, cast.ANALYST, "council-tax", said).delivery is not None


def flip_restricted(times):
    """Give what takes the mark that protects out of so many rows."""

    def change(content):
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        place = rows[0].index("Restricted")
        for row in [row for row in rows[1:] if row[place] == "Y"][:times]:
            row[place] = "N"
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        return out.getvalue().encode()

    return change


def test_a_file_that_takes_protection_away_needs_a_persons_word(house, town):
    source, before = "adult-social-care", state(house)
    one = received(town, source, change=flip_restricted(1))
    (stop,) = check_source(house, cast.ANALYST, source, one).stops
    assert "no longer protected: 1 to 7. These people" in stop
    with pytest.raises(BadInput, match="no longer protected: 1 to 7"):
        load_source(house, cast.ANALYST, source, one)
    assert state(house)[0][: len(before[0])] == before[0]
    asked = view_quality(house, cast.PLANNER, source).question
    assert asked.rule == "protection-gone"
    assert asked.answer.endswith(f"--source {source} --unprotect")
    stops = [leaf for leaf in map(json.loads, house.store.leaves()) if leaf["type"] == Act.LOAD_STOPPED]
    assert stops[-1]["detail"] == {"source": source, "rule": "protection-gone"}
    with pytest.raises(BadInput, match="no longer protected"):
        load_source(house, cast.ANALYST, source, replace(one, shrunk=True))
    assert load_source(house, cast.ANALYST, source, replace(one, unprotect=True)).delivery
    assert view_quality(house, cast.PLANNER, source).question is None


def test_a_file_in_which_all_stay_protected_asks_nothing(house, town):
    source = "adult-social-care"
    assert load_source(house, cast.ANALYST, source, received(town, source, change=without_last_row)).delivery


def test_checking_a_file_tells_the_same_and_keeps_nothing(house, town):
    before = state(house)
    changed = received(town, "assisted-bins", change=without_last_row)
    checked = check_source(house, cast.ANALYST, "assisted-bins", changed)
    assert state(house) == before
    assert not any(json.loads(leaf)["type"] == Act.DELIVERY_LOADED for leaf in list(house.store.leaves())[-1:])
    loaded = load_source(house, cast.ANALYST, "assisted-bins", changed)
    assert (checked.delivery.rows, checked.delivery.quarantined) == (
        loaded.delivery.rows,
        loaded.delivery.quarantined,
    )


def test_checking_tells_what_loading_would_stop_with(house, town):
    before = state(house)
    half = received(town, "council-tax", change=first_tenth)
    (stop,) = check_source(house, cast.ANALYST, "council-tax", half).stops
    assert "it may be half a file. Ask the owner." in stop
    older = received(town, "assisted-bins", change=first_tenth, dated_on=TODAY - timedelta(days=30))
    checked = check_source(house, cast.ANALYST, "assisted-bins", older)
    assert (checked.stops, checked.held, checked.delivery.unused) == ((), [], checked.delivery.rows)
    assert state(house) == before


def test_an_unknown_source_says_which_there_are(house):
    with pytest.raises(NotFound) as raised:
        load_source(house, cast.ANALYST, "gas-meters", Received("gas-meters.csv", b"a,b\n1,2\n"))
    assert raised.value.message == "There is no source called “gas-meters”."
    assert raised.value.next == f"Use one of: {', '.join(SOURCES)}."


def test_the_ledger_has_the_counts_and_the_files_checksum(house):
    loaded = [leaf for leaf in map(json.loads, house.store.leaves()) if leaf["type"] == "delivery.loaded"]
    assert [leaf["detail"]["source"] for leaf in loaded] == SOURCES
    for leaf, source in zip(loaded, SOURCES, strict=True):
        (delivery,) = house.store.deliveries(source)
        assert leaf["detail"]["sha256"] == delivery.sha256
        assert leaf["detail"]["rows"] == delivery.rows


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.ANALYST, cast.DPO, cast.DIRECTOR], ids=lambda actor: actor.login)
def test_staff_see_what_was_received(house, actor):
    listed = {one.name: one for one in list_sources(house, actor)}
    assert sorted(listed) == SOURCES
    assert all(one.delivery.rows > 0 and one.owner and "@" in one.contact for one in listed.values())


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER, cast.PUBLIC_HEALTH], ids=lambda actor: actor.login)
def test_others_do_not(house, actor):
    with pytest.raises(Refused):
        list_sources(house, actor)


def test_what_is_late_comes_first(house):
    house.clock.move(timedelta(days=10))
    listed = list_sources(house, cast.PLANNER)
    states = [one.state for one in listed]
    assert Freshness.LATE in states
    assert states == sorted(states, key=[Freshness.MISSING, Freshness.LATE, Freshness.FRESH].index)
    assert "adult-social-care" in {one.name for one in listed if one.state is Freshness.LATE}


def test_a_file_dated_before_today_by_its_own_rows_is_taken_at_its_word(house):
    (delivery,) = house.store.deliveries("adult-social-care")
    assert delivery.extracted_on <= TODAY
    assert house.store.current(quarantine("adult-social-care")) is not None


def test_a_file_of_a_day_that_is_still_to_come_is_refused(house, town):
    before = state(house)
    with pytest.raises(UsageError, match="after today"):
        load_source(
            house,
            cast.ANALYST,
            "assisted-bins",
            received(town, "assisted-bins", change=without_last_row, dated_on=TODAY + timedelta(days=1)),
        )
    house.clock.move(timedelta(days=-30))
    with pytest.raises(BadInput, match="which is after today") as raised:
        load_source(house, cast.ANALYST, "council-tax", received(town, "council-tax", change=without_last_row))
    assert raised.value.where.column == "Extract Date"
    assert state(house) == before


def test_what_a_killed_load_left_in_the_vault_is_swept_by_the_next(house, town, folder):
    vault = folder / ".wardkeeper" / "vault"
    before = {path.name for path in vault.iterdir()}
    orphan = vault / "file-0a0a0a0a0a0a.parquet"
    orphan.write_bytes(b"sealed, and named by nothing")
    bins = received(town, "assisted-bins", change=without_last_row)
    load_source(house, cast.ANALYST, "assisted-bins", bins)
    assert orphan.exists()
    days_ago = (house.clock.now() - timedelta(days=2)).timestamp()
    os.utime(orphan, (days_ago, days_ago))
    load_source(house, cast.ANALYST, "assisted-bins", bins)
    assert not orphan.exists()
    assert before <= {path.name for path in vault.iterdir()}
