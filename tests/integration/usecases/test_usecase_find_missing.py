"""In the one, not in the other: residents to be found, as deep as the reader may see."""

import json
from datetime import timedelta

import polars as pl
import pytest

from districts import declare_flood
from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound, Refused, UsageError
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.usecases.find_missing import HIDDEN, SHOWN, Question, export_missing, find_missing
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.stand_down import stand_down

INSIDE, OUTSIDE = "adult-social-care", "social-housing"
COUNTS = Question(INSIDE, OUTSIDE)


def read(house, dataset, columns):
    file = house.store.current(dataset)
    return house.vault.read(file, columns, permit=make_permit(dataset, now=house.clock.now()))


def sources_of(house):
    """Each resident's sources, from the records themselves: a plain reference for the answer."""
    found = {}
    for record, resident in read(house, "membership", ["record_id", "resident_id"]).iter_rows():
        found.setdefault(resident, set()).add(record.partition(":")[0])
    return found


def named(flood, inside=INSIDE, outside=OUTSIDE):
    return find_missing(flood.house, cast.PLANNER, Question(inside, outside, flood.incident))


@pytest.mark.parametrize("pair", [(INSIDE, OUTSIDE), (OUTSIDE, INSIDE), ("council-tax", "open-register")])
def test_the_numbers_are_those_of_the_linking(house, pair):
    inside, outside = pair
    first = [sources for sources in sources_of(house).values() if inside in sources]
    found = find_missing(house, cast.ANALYST, Question(inside, outside))
    assert found.people == len(first)
    assert found.in_both == sum(outside in sources for sources in first)
    assert found.to_be_found == found.people - found.in_both > 0


def test_people_in_both_are_known_as_residents_though_no_key_is_shared(house):
    """Were keys compared, nobody would be in both: the sources number people each in their own way."""
    found = find_missing(house, cast.ANALYST, COUNTS)
    keys = [
        set(read(house, f"records/{source}", ["record_id"])["record_id"].str.replace(r"^[^:]+:", ""))
        for source in (INSIDE, OUTSIDE)
    ]
    assert not keys[0] & keys[1]
    assert found.in_both > 0


@pytest.mark.parametrize(
    "actor",
    [cast.PLANNER, cast.ANALYST, cast.DPO, cast.DIRECTOR, cast.PUBLIC_HEALTH, cast.CONTROL],
    ids=["planner", "analyst", "dpo", "director", "health", "control"],
)
def test_g10_without_an_incident_only_the_number_is_told(house, actor):
    found = find_missing(house, actor, COUNTS)
    assert found.lines is None
    assert found.dead is None
    assert "incident" in found.withheld


def test_g10_within_an_incident_a_planner_sees_who(flood):
    found = named(flood)
    assert found.withheld == ""
    assert found.lines.columns == list(SHOWN)
    assert 0 < found.lines.height <= found.to_be_found
    shown = found.lines.filter(pl.col("note") == "")
    assert shown["family"].null_count() == 0
    sources = sources_of(flood.house)
    assert all(INSIDE in sources[one] and OUTSIDE not in sources[one] for one in found.lines["resident_id"])


@pytest.mark.parametrize("actor", [cast.ANALYST, cast.DPO, cast.DIRECTOR], ids=["analyst", "dpo", "director"])
def test_others_are_given_the_number_and_the_reason(flood, actor):
    found = find_missing(flood.house, actor, Question(INSIDE, OUTSIDE, flood.incident))
    assert found.to_be_found > 0
    assert found.lines is None
    assert "this role may see counts" in found.withheld


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER], ids=["crew", "volunteer"])
def test_partners_are_refused(flood, actor):
    with pytest.raises(Refused, match="only the authority's own staff"):
        find_missing(flood.house, actor, COUNTS)


def test_names_are_of_the_incidents_outline_and_of_homes_nobody_knows(flood):
    found = named(flood, "council-tax", "open-register")
    everybody = find_missing(flood.house, cast.PLANNER, Question("council-tax", "open-register"))
    assert found.to_be_found == everybody.to_be_found
    assert found.lines.height < everybody.to_be_found
    residents = read(flood.house, "residents", ["resident_id", "home_id"])
    homeless = residents.filter(pl.col("home_id").is_null())["resident_id"].to_list()
    assert set(found.lines.filter(pl.col("note") == "Home not known")["resident_id"]) <= set(homeless)


def test_g17_a_hidden_home_is_nothing_but_a_line(flood):
    pairs = [("social-housing", "council-tax"), ("social-housing", "shielding"), (INSIDE, "shielding")]
    hidden = pl.concat(named(flood, *pair).lines.filter(pl.col("note") == "Ring Control first") for pair in pairs)
    assert hidden.height > 0
    assert hidden.select(pl.col(HIDDEN).is_not_null().any()).row(0) == (False,) * len(HIDDEN)


def test_g17_everybody_under_a_protected_persons_roof_is_hidden(flood):
    residents = read(flood.house, "residents", ["resident_id", "home_id", "protected"])
    roofs = residents.filter("protected")["home_id"].drop_nulls()
    under = residents.filter(pl.col("home_id").is_in(roofs.implode()))["resident_id"].to_list()
    for pair in [("social-housing", "council-tax"), ("council-tax", "shielding"), (INSIDE, "shielding")]:
        lines = named(flood, *pair).lines
        theirs = lines.filter(pl.col("resident_id").is_in(under))
        assert set(theirs["note"]) <= {"Ring Control first"}


def test_the_dead_are_counted_and_listed_nowhere(flood):
    found = named(flood, INSIDE, "shielding")
    dead = read(flood.house, "residents", ["resident_id", "died_on"]).drop_nulls("died_on")["resident_id"]
    assert found.dead > 0
    assert not set(found.lines["resident_id"]) & set(dead)


def test_rows_to_fix_and_a_newer_file_are_told(house, town):
    before = find_missing(house, cast.ANALYST, COUNTS)
    path = town.extract(INSIDE)
    heading, _replaced, *others = path.read_bytes().splitlines(keepends=True)
    house.clock.move(timedelta(minutes=1))
    load_source(house, cast.ANALYST, INSIDE, Received(path.name, b"".join([heading, b"too,few\n", *others])))
    after = find_missing(house, cast.ANALYST, COUNTS)
    assert after.to_be_found == before.to_be_found
    assert after.notes == (
        *before.notes,
        "Adult social care: rows of the newest file held back to fix, and in no count: 1.",
        "Adult social care: a newer file has come since the last linking. Run wardkeeper link.",
    )


def test_the_act_is_on_the_ledger_without_anybodys_name(flood):
    found = named(flood)
    leaf = json.loads(list(flood.house.store.leaves())[-1])
    assert leaf["type"] == Act.LIST_FOUND
    assert leaf["detail"]["in"] == INSIDE
    assert leaf["detail"]["not_in"] == OUTSIDE
    assert leaf["detail"]["people"] == found.to_be_found
    assert leaf["detail"]["named"] == found.lines.height


def test_a_file_is_a_disclosure(flood):
    question = Question(INSIDE, OUTSIDE, flood.incident)
    found = export_missing(flood.house, cast.PLANNER, question)
    leaf = json.loads(list(flood.house.store.leaves())[-1])
    assert leaf["type"] == Act.DATA_EXPORTED
    assert leaf["detail"]["rows"] == found.lines.height
    for actor, asked in ((cast.ANALYST, question), (cast.PLANNER, COUNTS)):
        before = len(list(flood.house.store.leaves()))
        with pytest.raises(Refused):
            export_missing(flood.house, actor, asked)
        new = [json.loads(leaf)["type"] for leaf in list(flood.house.store.leaves())[before:]]
        assert new == ["decision.made"]


def test_g5_after_stand_down_names_are_gone(flood):
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused):
        export_missing(flood.house, cast.PLANNER, Question(INSIDE, OUTSIDE, flood.incident))
    assert named(flood).lines is None


@pytest.mark.parametrize("purpose", ["debt-recovery", "fraud", "administration"])
def test_g9_for_no_other_purpose(house, purpose):
    with pytest.raises(Refused):
        find_missing(house, cast.ANALYST, COUNTS, purpose=purpose)


FAULTY = {
    "an unknown source": (Question("parking", OUTSIDE), NotFound, "There is no source called “parking”"),
    "the same source twice": (Question(INSIDE, INSIDE), UsageError, "Both sources are the same"),
}


@pytest.mark.parametrize(("question", "error", "words"), FAULTY.values(), ids=FAULTY)
def test_a_faulty_question_is_told(house, question, error, words):
    with pytest.raises(error, match=words):
        find_missing(house, cast.ANALYST, question)


def test_a_second_incident_of_another_kind_gives_its_own_people(flood, town):
    other = declare_flood(flood.house, town, name="Second wave")
    assert find_missing(flood.house, cast.PLANNER, Question(INSIDE, OUTSIDE, other)).lines is not None


def seal_pairs(house, rows):
    """Keep doubtful pairs as a linking does, under the permissions of the residents."""
    pairs = pl.DataFrame(rows, schema=["left", "right", "joined", "probability"], orient="row")
    linked = house.store.current("residents")
    permit = make_permit("pairs-to-review", now=house.clock.now())
    file = house.vault.write(
        pairs, dataset="pairs-to-review", mandates=linked.mandates, parents=[linked.id], permit=permit
    )
    leaf = Leaf(Act.READ, house.clock.now(), "test", "trafford-council")
    with house.store.write(leaf) as writer:
        writer.set_current(file)


def record_of(house, resident, source):
    rows = read(house, "membership", ["record_id", "resident_id"]).filter(pl.col("resident_id") == resident)
    return next(one for one in rows["record_id"] if one.startswith(f"{source}:"))


def test_those_who_may_be_in_both_are_counted_apart(flood):
    house = flood.house
    lines = named(flood).lines.filter(pl.col("note") == "")
    unsure, sure, other = (record_of(house, one, INSIDE) for one in lines["resident_id"][:3])
    candidate = read(house, f"records/{OUTSIDE}", ["record_id"])["record_id"][0]
    seal_pairs(
        house,
        [
            (*sorted((unsure, candidate)), False, 0.4),
            (*sorted((sure, candidate)), False, 0.01),
            (*sorted((other, sure)), False, 0.6),
        ],
    )
    found = named(flood)
    assert found.doubtful == 1
    assert find_missing(house, cast.ANALYST, COUNTS).doubtful == 1
    told = found.lines.filter(pl.col("note").str.starts_with("May be in both"))
    assert told["resident_id"].to_list() == [lines["resident_id"][0]]
