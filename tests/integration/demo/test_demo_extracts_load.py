"""The extracts meet the contracts: every file loads, its three sums add up, its keys are those of the truth."""

import secrets
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from wardkeeper.adapters.tables import read_table
from wardkeeper.demo import extracts as demo_extracts
from wardkeeper.demo.district import build
from wardkeeper.demo.pack import read as read_pack
from wardkeeper.kernel.ids import DeliveryId
from wardkeeper.places.addresses import AddressList
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.residents.linking import link
from wardkeeper.residents.truth import score
from wardkeeper.sources import contract as contracts
from wardkeeper.sources.standardising import standardise

EXAMPLE = Path(__file__).parents[3] / "examples" / "trafford"
TODAY = date(2026, 11, 22)
SOURCES = [form.file_name.split(".")[0] for form in demo_extracts.FORMS]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    pack = read_pack(EXAMPLE / "places")
    district = build(pack, residents=6_000, seed=3, today=TODAY)
    written = demo_extracts.write(district, folder / "extracts", seed=3, today=TODAY)
    addresses, postcodes = AddressList(district.addresses), PostcodeTable(pack.postcodes)
    found = {}
    for form in demo_extracts.FORMS:
        source = form.file_name.split(".")[0]
        terms = contracts.parse((EXAMPLE / "sources" / f"{source}.toml").read_text(), f"{source}.toml")
        raw = read_table((folder / "extracts" / form.file_name).read_bytes(), terms.file)
        found[source] = standardise(
            raw, terms, delivery=DeliveryId("del-1"), postcodes=postcodes, addresses=addresses, extracted_on=TODAY
        )
    return district, written, found


@pytest.mark.parametrize("source", SOURCES)
def test_every_row_is_accounted_for(loaded, source):
    _, written, found = loaded
    report = found[source]
    assert report.rows == written.rows[source]
    assert report.loaded + report.repaired + report.quarantined_rows == report.rows


@pytest.mark.parametrize("source", SOURCES)
def test_nearly_every_row_loads_and_finds_a_home(loaded, source):
    _, _, found = loaded
    assert found[source].quarantined_rows < 0.05 * found[source].rows + 2
    placed = found[source].records["home_match"].is_in(["uprn", "address"]).mean()
    assert placed > 0.8


def test_records_bear_the_truths_keys(loaded):
    _, written, found = loaded
    records = pl.concat([report.records for report in found.values()])
    truth = pl.read_parquet(written.truth)
    assert len(records.join(truth, on="record_id", how="anti")) == 0
    assert len(truth.join(records, on="record_id", how="anti")) < 10


def test_homes_found_are_the_ones_people_live_or_lived_in(loaded):
    district, written, found = loaded
    records = pl.concat([report.records for report in found.values()]).join(
        pl.read_parquet(written.truth), on="record_id"
    )
    placed = records.filter(pl.col("home_match").is_in(["uprn", "address"])).join(district.people, on="person_id")
    home = pl.col("home_id").str.strip_prefix("uprn:")
    right = placed.select((home == pl.col("uprn_right")) | (home == pl.col("former_uprn").fill_null(""))).to_series()
    assert right.mean() > 0.99


def test_the_hidden_are_protected_in_the_records(loaded):
    district, written, found = loaded
    truth = pl.read_parquet(written.truth)
    keys = truth.filter(pl.col("person_id").is_in(district.planted.hidden))["record_id"]
    care, housing = found["adult-social-care"].records, found["social-housing"].records
    guarded = pl.concat([care, housing]).filter(pl.col("record_id").is_in(keys.implode()))
    assert len(guarded) == 4
    assert guarded["protected"].all()


def test_the_mess_can_be_linked(loaded):
    _, written, found = loaded
    records = pl.concat([report.records for report in found.values()])
    linked = link(records, None, entropy=secrets.token_bytes)
    assert score(linked.membership, pl.read_parquet(written.truth))["clusters"]["f1"] > 0.93
