"""A line list in the house: sealed beside its counts, by version, and seen only by those who follow cases up."""

import json
import os
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from districts import TODAY
from wardkeeper.demo import cast
from wardkeeper.demo.line_list import CARE_HOME
from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import BadInput, NotFound, Refused
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.outbreaks.coincidences import SECRET_WORDS
from wardkeeper.outbreaks.published import from_published
from wardkeeper.outbreaks.transmission import Basis
from wardkeeper.usecases.case_notes import NAME
from wardkeeper.usecases.case_versions import list_versions
from wardkeeper.usecases.datasets import ALL_AREAS, AREA_WEEKS
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import KNOWN
from wardkeeper.usecases.load_cases import MANDATE, PURPOSE, SAME, Figures, load_figures
from wardkeeper.usecases.load_line_list import ReceivedList, load_line_list
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.view_coincidences import DWELLINGS, WITHHELD, Looking, view_coincidences
from wardkeeper.usecases.view_outbreak import view

SECRET_POSTCODE = "M31 9ZZ"


@pytest.fixture
def homes(town):
    """Homes of the town, one a postcode, in a fixed order."""
    frame = town.homes.sort("postcode", "uprn").unique("postcode", keep="first", maintain_order=True)
    return frame.select(pl.col("uprn").cast(pl.String), "postcode", "lsoa")


def listed(homes, *, cases=60, as_of=TODAY, **changes) -> pl.DataFrame:
    """A list with one case a day, back from `as_of`, each in the next home."""
    rows = [
        {
            "case_id": f"case-{number}",
            "specimen_date": str(as_of - timedelta(days=number + 3)),
            "report_date": str(as_of - timedelta(days=number)),
            "postcode": homes["postcode"][number % homes.height],
            "setting": None,
            **changes.get("each", {}),
        }
        for number in range(cases)
    ]
    return pl.DataFrame(
        [*rows, *changes.get("more", ())], schema_overrides={"setting": pl.String}, infer_schema_length=None
    )


def case(name, day, postcode, setting=None):
    return {
        "case_id": name,
        "specimen_date": str(day),
        "report_date": str(day + timedelta(days=1)),
        "postcode": postcode,
        "setting": setting,
    }


def made_cases(town):
    """Published counts for every area of the town."""
    areas = town.homes["lsoa"].unique().sort()
    frame = pl.DataFrame({"area": areas}).join(
        pl.DataFrame({"week_end": [str(date(2026, 11, 21) - timedelta(weeks=week)) for week in range(9)]}), how="cross"
    )
    return from_published(frame.with_columns(cases=pl.lit("3")), as_of=TODAY)


def load(house, table, actor=cast.PUBLIC_HEALTH, *, as_of=TODAY, **answers):
    return load_line_list(house, actor, ReceivedList(table, "Line list, invented", as_of, **answers))


def test_a_list_is_counted_where_its_postcodes_are(house, homes):
    loaded = load(house, listed(homes), restated=True)
    shown = view(house, cast.PUBLIC_HEALTH)
    assert (loaded.cases, loaded.unplaced) == (60, 0)
    assert shown.source == "Line list, invented"
    total = sum(view(house, cast.PUBLIC_HEALTH, week).areas["low"].sum() for week in shown.weeks)
    assert total == listed(homes).filter(pl.col("specimen_date") <= str(shown.weeks[-1])).height


def test_cases_that_cannot_be_placed_are_kept_and_said_without_their_postcode(house, homes):
    loaded = load(house, listed(homes, more=[case("x", TODAY - timedelta(days=9), SECRET_POSTCODE)]), restated=True)
    assert (loaded.cases, loaded.unplaced) == (61, 1)
    leaves = b"\n".join(house.store.leaves()).decode()
    documents = "".join(one.content.decode() for one in house.store.documents("cases"))
    assert SECRET_POSTCODE not in leaves + documents + str(loaded)
    assert homes["postcode"][0] not in leaves + str(loaded)


def test_the_leaf_of_a_load_tells_counts_alone(house, homes):
    load(house, listed(homes), restated=True)
    leaf = json.loads(list(house.store.leaves())[-1])
    assert leaf["type"] == "cases.loaded"
    assert leaf["detail"]["cases"] == 60
    assert set(leaf["detail"]) == {"source", "areas", "weeks", "version", "cases", "unplaced", "set_aside"}


def test_a_load_removes_what_a_killed_one_left_in_the_vault_a_day_ago(house, homes):
    vault = house.vault._folder
    load(house, listed(homes), restated=True)
    kept = {path.name for path in vault.iterdir()}
    orphan, under_way = (vault / f"file-{letter * 12}.parquet" for letter in "xy")
    for path, hours in ((orphan, 25), (under_way, 1)):
        path.write_bytes(b"sealed")
        then = (house.clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(path, (then, then))
    load(house, listed(homes))
    left = {path.name for path in vault.iterdir()}
    assert kept < left
    assert under_way.name in left
    assert orphan.name not in left


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW], ids=["planner", "dpo", "crew"])
def test_who_may_not_load_a_list_changes_nothing(house, homes, actor):
    with pytest.raises(Refused):
        load(house, listed(homes), actor)
    assert house.store.current("outbreaks/line-list") is None


def test_a_look_up_places_postcodes_that_the_authority_does_not_have(house, homes):
    area = view(house, cast.PUBLIC_HEALTH).areas["code"][0]
    lookup = pl.DataFrame({"pcds": [SECRET_POSTCODE, *homes["postcode"]], "lsoa21": [area, *homes["lsoa"]]})
    table = listed(homes, more=[case("x", TODAY - timedelta(days=9), SECRET_POSTCODE)])
    assert load(house, table, lookup=lookup, restated=True).unplaced == 0


# Versions


def test_each_load_is_a_version_that_says_what_it_changed(house, homes):
    load(house, listed(homes), restated=True)
    moved = listed(homes).with_columns(
        postcode=pl.when(pl.col("case_id") == "case-30").then(pl.lit(homes["postcode"][-1])).otherwise("postcode")
    )
    load(house, moved.filter(pl.col("case_id") != "case-31"))
    newest, before, first = list_versions(house, cast.PUBLIC_HEALTH).versions
    assert (newest.number, newest.in_force, before.in_force, first.kind) == (3, True, False, "published counts")
    assert (newest.change.moved, newest.change.withdrawn) == (1, 1)
    assert "Cases that were taken out of the list: 1." in newest.says


def test_an_older_list_does_not_replace_a_newer_one_unasked(house, homes):
    load(house, listed(homes), restated=True)
    current = house.store.current("outbreaks/area-weeks")
    older = listed(homes, cases=50, as_of=TODAY - timedelta(days=10))
    with pytest.raises(BadInput, match="older than those in force"):
        load(house, older, as_of=TODAY - timedelta(days=10), restated=True)
    assert house.store.current("outbreaks/area-weeks") == current
    assert list_versions(house, cast.PUBLIC_HEALTH).question.rule == "older-figures"
    load(house, older, as_of=TODAY - timedelta(days=10), restated=True, older=True)
    assert list_versions(house, cast.PUBLIC_HEALTH).question is None


def test_a_late_batch_is_asked_about_and_loads_when_it_is_said_to_be_right(house, homes):
    yesterday = TODAY - timedelta(days=1)
    load(house, listed(homes, as_of=yesterday), as_of=yesterday, restated=True)
    late = [
        {
            **case(f"late-{n}", TODAY - timedelta(days=30), homes["postcode"][n % homes.height]),
            "report_date": str(TODAY),
        }
        for n in range(200)
    ]
    table = pl.concat([listed(homes, as_of=yesterday), pl.DataFrame(late, schema=listed(homes).schema)])
    with pytest.raises(BadInput, match="A batch of cases arrived late, all in one day"):
        load(house, table)
    loaded = load(house, table, restated=True)
    assert any(note.startswith("A late batch: 200 cases that happened") for note in loaded.notes)


# Coincidences


def test_a_care_home_is_found_named_and_ranked_first(house, homes):
    day = TODAY - timedelta(days=10)
    more = [case(f"care-{n}", day + timedelta(days=n), homes["postcode"][5], CARE_HOME) for n in range(4)]
    load(house, listed(homes, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH)
    first = shown.frame.row(0, named=True)
    assert (first["kind"], first["name"], first["most"]) == ("setting", CARE_HOME, 4)
    leaf = json.loads(list(house.store.leaves())[-1])
    assert leaf["type"] == "coincidences.found"
    assert leaf["detail"] == {"found": shown.frame.height, "cases": 64}


@pytest.mark.parametrize("word", SECRET_WORDS)
def test_the_place_of_a_refuge_is_withheld(house, homes, word):
    day = TODAY - timedelta(days=10)
    more = [case(f"r-{n}", day, homes["postcode"][5], f"Rowan {word.capitalize()}") for n in range(3)]
    # Somebody next door makes a coincidence of the postcode too: it would tell where the refuge is.
    more.append(case("next-door", day, homes["postcode"][5]))
    load(house, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    assert shown["place"].to_list() == [WITHHELD, WITHHELD]
    assert "Rowan" not in str(shown.rows())
    assert homes["postcode"][5] not in str(shown.rows())
    # Published tables tell how many live at each postcode of the area: that alone may name it.
    assert shown.select("population", "expected", "p").null_count().row(0) == (2, 2, 2)


def test_each_postcode_that_cases_of_a_refuge_have_is_withheld(house, homes):
    day, (few, many) = TODAY - timedelta(days=10), homes["postcode"].unique(maintain_order=True)[5:7]
    more = [case(f"r-{n}", day, many if n else few, "Rowan Refuge") for n in range(4)]
    more += [case(f"next-door-{n}", day, few) for n in range(2)]
    load(house, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    assert shown.height >= 2
    assert set(shown["place"]) == {WITHHELD}
    assert few not in str(shown.rows())
    assert many not in str(shown.rows())


@pytest.mark.parametrize("known_at", ["postcode", "home", "neither"])
def test_a_refuge_that_no_word_gives_away_is_withheld_by_what_is_known_of_it(house, homes, known_at):
    day, (here, other) = TODAY - timedelta(days=10), homes.unique("postcode", maintain_order=True).rows(named=True)[5:7]
    at = {"postcode": (here["postcode"], None), "home": (None, here["uprn"]), "neither": (None, None)}[known_at]
    told = pl.DataFrame([("Rowan Court", "refuge", *at)], schema=dict.fromkeys(KNOWN, pl.String), orient="row")
    within = replace(house, places=lambda: replace(house.places(), known=told))
    more = [case(f"r-{n}", day, (here if n else other)["postcode"], "Rowan Court.") for n in range(4)]
    more.append(case("next-door", day, here["postcode"]))
    load(within, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(within, cast.PUBLIC_HEALTH).frame
    assert set(shown["place"]) == {WITHHELD}
    for word in ("rowan", here["postcode"].lower(), other["postcode"].lower()):
        assert word not in str(shown.rows()).lower()


def test_a_setting_known_by_its_uprn_alone_is_told_by_its_postcode(house, homes):
    number, postcode = "100099990001", homes["postcode"][5]
    day = TODAY - timedelta(days=10)
    more = [case(f"s-{n}", day, postcode, number) for n in range(3)]
    load(house, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    assert shown.select("kind", "place", "name", "postcode").row(0) == ("setting", None, None, postcode)
    assert number not in str(shown.rows())


def test_the_cases_of_a_postcode_with_one_address_are_of_one_household(house, homes):
    addresses = house.places().addresses.frame
    alone = addresses.filter(pl.len().over("postcode") == 1, pl.col("kind").is_in(DWELLINGS)).sort("postcode")
    street = addresses.filter(pl.len().over("postcode") > 2, pl.col("kind").is_in(DWELLINGS)).sort("postcode")
    day = TODAY - timedelta(days=10)
    places = (alone["postcode"][0], street["postcode"][0])
    more = [case(f"{place}-{n}", day, place) for place in places for n in range(2)]
    load(house, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    assert places[1] in shown["place"].to_list()
    assert places[0] not in str(shown.rows())


def test_no_home_goes_by_its_number(house, homes, town):
    care = house.places().addresses.frame.filter(~pl.col("kind").is_in(DWELLINGS)).sort("uprn")
    uprn = str(care["uprn"][0])
    day = TODAY - timedelta(days=10)
    more = [case(f"c-{n}", day, care["postcode"][0]) | {"uprn": uprn} for n in range(3)]
    load(house, listed(homes, cases=1, more=more), restated=True)
    shown = view_coincidences(house, cast.PUBLIC_HEALTH).frame
    assert shown.filter(pl.col("kind") == "home")["name"].to_list() == [care["address"][0]]
    assert uprn not in str(shown.rows())


@pytest.mark.parametrize(
    "actor",
    [cast.PLANNER, cast.COMMUNICATIONS, cast.DPO, cast.DIRECTOR, cast.CREW, cast.CONTROL],
    ids=["planner", "communications", "dpo", "director", "crew", "control"],
)
def test_two_cases_of_a_postcode_are_for_public_health_and_analysts_only(house, homes, actor):
    load(house, listed(homes), restated=True)
    with pytest.raises(Refused):
        view_coincidences(house, actor)
    assert view_coincidences(house, cast.ANALYST).cases == 60


def test_without_a_line_list_it_is_said_what_to_load(house):
    with pytest.raises(NotFound, match="No line list has been loaded"):
        view_coincidences(house, cast.PUBLIC_HEALTH)


def test_what_ended_long_ago_is_shown_when_asked_for(house, homes):
    old = TODAY - timedelta(days=50)
    more = [case(f"o-{n}", old, homes["postcode"][5]) for n in range(2)]
    load(house, listed(homes, cases=2, more=more), restated=True)
    assert view_coincidences(house, cast.PUBLIC_HEALTH).frame.is_empty()
    shown = view_coincidences(house, cast.PUBLIC_HEALTH, Looking(since=date(2020, 1, 1))).frame
    assert shown["place"].to_list() == [homes["postcode"][5]]


def test_the_same_list_again_is_said_to_change_nothing(house, homes):
    assert SAME not in load(house, listed(homes), restated=True).notes
    assert SAME in load(house, listed(homes)).notes


def test_published_counts_after_a_list_keep_the_cases_for_what_needs_them(house, homes, town):
    load(house, listed(homes), restated=True)
    published = made_cases(town)
    load_figures(house, cast.PUBLIC_HEALTH, Figures(published, "Published, invented", restated=True))
    assert list_versions(house, cast.PUBLIC_HEALTH).versions[0].kind == "published counts"
    assert view_coincidences(house, cast.PUBLIC_HEALTH).source == "Line list, invented"


def test_sums_of_all_areas_are_sealed_with_the_counts_and_in_no_note(house, homes):
    load(house, listed(homes), restated=True)
    assert view(house, cast.PUBLIC_HEALTH).course.transmission.basis is Basis.DAYS
    notes = json.loads(house.store.document(Kind.CASES, NAME).content)
    assert set(notes) == {"source", "delay_days", "missing", "notes", "areas"}
    assert house.store.current(ALL_AREAS).mandates == house.store.current(AREA_WEEKS).mandates == (MANDATE,)


def test_g6_sums_of_all_areas_are_destroyed_with_the_counts(house, homes):
    load(house, listed(homes), restated=True)
    house.vault.destroy(MANDATE, house.store.files_under(MANDATE))
    for dataset, column in ((AREA_WEEKS, "low"), (ALL_AREAS, "sum_cases")):
        opened = open_door(house, Ask(cast.PUBLIC_HEALTH, PURPOSE, Operation.VIEW_OUTBREAK, {dataset: [column]}))
        with pytest.raises(Refused, match="destroyed"):
            opened.read(dataset)


def test_sums_of_an_earlier_list_do_not_outlast_it(house, homes, town):
    load(house, listed(homes), restated=True)
    load_figures(house, cast.PUBLIC_HEALTH, Figures(made_cases(town), "Published, invented", restated=True))
    assert view(house, cast.PUBLIC_HEALTH).course.transmission.basis is Basis.GROWTH


@pytest.mark.parametrize("sums", [{}, {"whole": "[]", "days": '{"first": "2026-11-01", "cases": [1, 2, 3]}'}])
def test_notes_from_before_sums_were_sealed_still_open(house, sums):
    leaf = Leaf(Act.CASES_LOADED, house.clock.now(), "analyst@trafford.example", "trafford-council")
    notes = {"source": "Earlier, invented", "delay_days": 5, "missing": [], "notes": [], "areas": "", **sums}
    with house.store.write(leaf) as writer:
        writer.apply_document(document_of(house, Kind.CASES, NAME, json.dumps(notes).encode()))
    shown = view(house, cast.PUBLIC_HEALTH)
    assert shown.source == "Earlier, invented"
    assert shown.areas.height


def test_figures_of_a_day_to_come_are_refused_for_no_later_load_would_be_newer(house, homes):
    with pytest.raises(BadInput, match="that day is to come"):
        load(house, listed(homes), as_of=TODAY + timedelta(days=1))
