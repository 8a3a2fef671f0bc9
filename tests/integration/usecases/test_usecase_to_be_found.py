"""In the second, not in the first: the health service's patients beside the shielding list, from file to answer."""

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from districts import EXAMPLES, PASSWORD, SEED, TODAY
from fakes import make_permit
from that_day import open_town
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast, district, extracts, pack
from wardkeeper.demo.road import prepare_folder
from wardkeeper.sources.shapes import Answers, shape
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.find_missing import Question, find_missing
from wardkeeper.usecases.found_authority import NewPerson, found
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.rulebook import Kind

FIXTURES = Path(__file__).parents[3] / "examples" / "shapes"
ANSWERS = Answers(
    owner="National health service (demonstration)",
    contact="patients@health.example",
    purposes=("emergency-planning", "emergency-response", "public-health"),
    gateways=("demo-health-notice",),
    starts=date(2026, 9, 1),
    until=date(2027, 3, 31),
)


def add_rows(content, more):
    """Put the rows of one file under those of another with the same columns."""
    ours, theirs = (list(csv.DictReader(io.StringIO(one.decode("utf-8-sig")))) for one in (content, more))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, fieldnames=list(ours[0]))
    writer.writeheader()
    writer.writerows([*ours, *theirs])
    return stream.getvalue().encode()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small authority that has the patient file's shape, filled in, beside its own seven sources."""
    folder = tmp_path_factory.mktemp("health")
    prepare_folder(folder, EXAMPLES, TODAY)
    made = district.build(pack.read(folder / "places"), residents=1_000, seed=SEED, today=TODAY)
    made.write_addresses(folder / "places" / "addresses.parquet")
    made.count_people("lsoa").write_csv(folder / "places" / "population.csv")
    extracts.write(made, folder / "extracts", seed=SEED, today=TODAY)
    house = open_town(folder)
    contract = Draft(Kind.SOURCE, "nhs-patients", shape("nhs-patients").fill(ANSWERS))
    found(house, "test", [*read_drafts(folder), contract], [NewPerson(one, PASSWORD) for one in cast.EVERYBODY])
    for path in sorted((folder / "extracts").iterdir()):
        content = path.read_bytes()
        if path.stem == "shielding":
            content = add_rows(content, (FIXTURES / "shielding.csv").read_bytes())
        load_source(house, cast.ANALYST, path.stem, Received(path.name, content))
    patients = FIXTURES / "nhs-patients.csv"
    load_source(house, cast.ANALYST, patients.stem, Received(patients.name, patients.read_bytes()))
    link_residents(house, cast.ANALYST)
    yield house
    house.store.close()
    shutil.rmtree(folder)


def test_patients_on_no_shielding_list_are_found_though_the_ids_differ(built):
    answer = find_missing(built, cast.PUBLIC_HEALTH, Question("nhs-patients", "shielding"), purpose="public-health")
    assert (answer.people, answer.in_both, answer.to_be_found) == (5, 2, 3)
    assert "NHS patients at high risk: rows of the newest file held back to fix, and in no count: 1." in answer.notes


def test_they_are_the_three_that_the_fixtures_plant(built):
    asked = {"residents": ["resident_id", "family", "sources"], "membership": ["record_id", "resident_id"]}
    permit = make_permit(*asked, now=built.clock.now())
    residents, membership = (
        built.vault.read(built.store.current(name), columns, permit=permit) for name, columns in asked.items()
    )
    lost = residents.filter(
        pl.col("sources").str.contains("nhs-patients") & ~pl.col("sources").str.contains("shielding")
    )
    assert sorted(lost["family"]) == ["DUNNOCK", "FERRO", "QUILL"]
    both = membership.filter(pl.col("record_id").is_in(["nhs-patients:N1", "shielding:S1"]))
    assert both["resident_id"].n_unique() == 1
