"""Facts in SAVVI's columns: out under a decision, and in again as the same people and facts."""

import io
import json
from datetime import date

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.adapters.exports import to_csv
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import Refused
from wardkeeper.sources import contract, savvi
from wardkeeper.sources.shapes import Answers, shape
from wardkeeper.sources.standardising import standardise
from wardkeeper.usecases.export_facts import ALWAYS, export_facts
from wardkeeper.usecases.stand_down import stand_down

ANSWERS = Answers(
    "Partner", "data@partner.example", ("emergency-response",), ("cca-2004",), date(2026, 4, 1), date(2027, 4, 1)
)


def read(house, dataset, columns):
    file = house.store.current(dataset)
    return house.vault.read(file, columns, permit=make_permit(dataset, now=house.clock.now()))


@pytest.fixture
def exported(flood):
    return export_facts(flood.house, cast.PLANNER, flood.incident)


def test_out_and_in_again_gives_the_same_people_and_facts(flood, exported):
    house, terms = flood.house, contract.parse(shape("savvi").fill(ANSWERS), "savvi.toml")
    places = house.places()
    done = standardise(
        house.read_table(to_csv(exported.rows), terms.file),
        terms,
        delivery="dlv-1",
        postcodes=places.postcodes,
        addresses=places.addresses,
        extracted_on=date(2026, 11, 22),
    )
    assert done.quarantined.is_empty()
    assert done.rows == exported.rows.height > done.records.height == exported.people
    residents = read(house, "residents", ["resident_id", "given", "middle", "family", "birth_date", "sex", "home_id"])
    came = done.records.select(
        pl.col("record_id").str.strip_prefix("savvi:").alias("resident_id"), *residents.columns[1:]
    ).sort("resident_id")
    went = residents.join(came, on="resident_id", how="semi").sort("resident_id")
    assert went.height == came.height
    assert came.equals(went)
    asserted = set(
        read(house, "facts", ["resident_id", "factor", "source"])
        .filter(pl.col("source") != "birth-date")
        .join(came, on="resident_id", how="semi")
        .select("resident_id", "factor")
        .rows()
    )
    assert {
        (one.removeprefix("savvi:"), factor) for one, factor in done.factors.select("record_id", "factor").rows()
    } == (asserted)


def test_the_file_has_savvis_columns_and_its_words(exported):
    again = pl.read_csv(io.BytesIO(to_csv(exported.rows)), infer_schema=False)
    assert tuple(again.columns) == savvi.COLUMNS
    assert set(again["AttributeType"]) <= {"Circumstance", "Event", "Service", "Risk"}
    assert set(again["Gender"]) <= {"Male", "Female", "Other", "unknown"}
    assert again["Attribute"].null_count() == again["PersonReference"].null_count() == 0
    assert again["BirthDate"].str.contains(r"^(?:\d{4}-\d\d-\d\d)?$").all()


def test_every_type_is_of_a_fact_that_some_shape_asserts():
    assert set(savvi.TYPES) <= contract.parse(shape("savvi").fill(ANSWERS), "savvi.toml").asserts


def test_no_cell_is_a_formula():
    row = {
        "resident_id": "r1", "given": "=cmd()", "middle": None, "family": "+Smith", "birth_date": None, "sex": None,
        "uprn": None, "address": "@home", "postcode": None, "factor": "frailty", "source": "s", "seen_on": None,
    }  # fmt: skip
    schema = {**dict.fromkeys(row, pl.String), "birth_date": pl.Date, "seen_on": pl.Date}
    text = to_csv(savvi.to_rows(pl.DataFrame([row], schema=schema), on=date(2026, 11, 22))).decode()
    assert '"\'=Cmd()"' in text
    assert '"\'+Smith"' in text
    assert '"\'@home"' in text


def test_g17_nobody_from_a_hidden_home_is_in_it(flood, exported):
    residents = read(flood.house, "residents", ["resident_id", "home_id", "protected"])
    homes = read(flood.house, "homes", ["home_id", "special"])
    roofs = {*residents.filter("protected")["home_id"], *homes.drop_nulls("special")["home_id"]} - {None}
    under = residents.filter(pl.col("protected") | pl.col("home_id").is_in(list(roofs)))["resident_id"]
    assert not set(exported.rows["PersonReference"]) & set(under)
    assert exported.notes[0] == ALWAYS


def test_neither_the_dead_nor_those_who_objected_are_in_it(flood, exported):
    marked = read(flood.house, "residents", ["resident_id", "died_on", "objected_on"]).filter(
        pl.col("died_on").is_not_null() | pl.col("objected_on").is_not_null()
    )
    assert marked.height > 0
    assert not set(exported.rows["PersonReference"]) & set(marked["resident_id"])


def test_only_people_in_the_outline_are_in_it(flood, exported, town):
    facts = read(flood.house, "facts", ["resident_id", "source"]).filter(pl.col("source") != "birth-date")
    assert 0 < exported.people < facts["resident_id"].n_unique()


def test_the_disclosure_is_on_the_ledger(flood, exported):
    leaf = json.loads(list(flood.house.store.leaves())[-1])
    assert leaf["type"] == "data.exported"
    assert leaf["detail"]["people"] == exported.people
    assert leaf["detail"]["rows"] == exported.rows.height


@pytest.mark.parametrize(
    "actor",
    [cast.CREW, cast.VOLUNTEER, cast.DIRECTOR, cast.DPO, cast.ANALYST, cast.PUBLIC_HEALTH],
    ids=["crew", "volunteer", "director", "dpo", "analyst", "health"],
)
def test_nobody_else_may_take_it_away(flood, actor):
    with pytest.raises(Refused):
        export_facts(flood.house, actor, flood.incident)


def test_g5_after_stand_down_nobody_may(flood):
    stand_down(flood.house, cast.PLANNER, flood.incident, "The river is falling.")
    with pytest.raises(Refused, match="stood down"):
        export_facts(flood.house, cast.PLANNER, flood.incident)
