"""`wardkeeper resident find` as a shell sees it."""

import shutil

import polars as pl
import pytest

from command_line import run_here
from districts import house, town
from fakes import make_permit
from that_day import open_town
from wardkeeper.cli import desk
from wardkeeper.demo import cast
from wardkeeper.usecases import datasets

__all__ = ["house", "town"]


@pytest.fixture
def folder(town, tmp_path_factory):
    return shutil.copytree(town.folder, tmp_path_factory.mktemp("find") / "town")


@pytest.fixture
def find(house, folder, town, monkeypatch):
    """Run `wardkeeper resident find …` on the day of the tests."""
    monkeypatch.setattr(desk, "open_house", lambda at: open_town(at, town.places))
    return lambda *asked, login=cast.ANALYST.login: run_here("resident", "find", *asked, "--as", login, folder=folder)


def a_resident(house):
    file = house.store.current(datasets.RESIDENTS)
    permit = make_permit(datasets.RESIDENTS, now=house.clock.now())
    found = house.vault.read(file, ["resident_id", "given", "family", "birth_date", "protected"], permit=permit)
    return found.filter(~pl.col("protected")).drop_nulls().sort("resident_id").row(0, named=True)


def test_a_known_person(find, house):
    row = a_resident(house)
    asked = ("--given", row["given"], "--family", row["family"], "--born", row["birth_date"].isoformat())
    ran = find(*asked, "--json")
    assert ran.code == 0
    first = ran.answer["residents"][0]
    assert first["resident_id"] == row["resident_id"]
    assert first["joins"] is True
    assert "Who may be meant" in find(*asked).out


def test_a_stranger(find):
    assert "Nobody like this is known" in find("--given", "Zebedee", "--family", "Quux", "--born", "1951-02-03").words


def test_too_little_and_too_few_rights(find):
    assert find("--family", "Lee").code == 2
    refused = find("--family", "Lee", "--given", "Ann", login=cast.PLANNER.login)
    assert refused.code not in (0, 2)


@pytest.mark.parametrize(
    "said", [("--nhs-number", "123"), ("--phone", "abc"), ("--postcode", "ZZZ")], ids=lambda said: said[0]
)
def test_what_cannot_be_read_is_a_wrong_usage(find, said):
    ran = find("--given", "Ann", "--family", "Lee", *said)
    assert ran.code == 2
    assert "can't be read" in ran.err
