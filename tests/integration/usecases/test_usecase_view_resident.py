"""Explaining a resident: what agrees, what conflicts, how sure; never where anybody lives."""

import re

import polars as pl
import pytest

from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.kernel.errors import NotFound, Refused
from wardkeeper.usecases import datasets
from wardkeeper.usecases.record_label import join
from wardkeeper.usecases.view_resident import view_resident


def read(house, dataset):
    file = house.store.current(dataset)
    return house.vault.read(file, list(file.columns), permit=make_permit(dataset, now=house.clock.now()))


def a_resident(house, records=3):
    found = read(house, datasets.RESIDENTS).filter((pl.col("records") == records) & ~pl.col("protected"))
    return found.sort("resident_id").row(0, named=True)


def test_it_says_what_agrees_and_how_sure_it_is(house):
    resident = a_resident(house)
    account = view_resident(house, cast.ANALYST, resident["resident_id"])
    assert [one.letter for one in account.records] == ["A", "B", "C"]
    assert resident["family"] in account.name
    assert account.summary.startswith("3 records. The one that fits least is ")
    assert account.links
    assert any("name" in words for link in account.links for words in link.agrees)
    assert [link.probability for link in account.links] == sorted(link.probability for link in account.links)
    assert account.settle_by[-1].endswith("parts them at the next joining")


def test_what_people_said_is_told_instead_of_a_guess(house):
    members = read(house, datasets.LINKS).row(0, named=True)
    ids = dict(read(house, datasets.MEMBERSHIP).iter_rows())
    resident = ids[members["left"]]
    other = a_resident(house, records=1)["resident_id"]
    join(house, cast.ANALYST, resident, other)
    assert view_resident(house, cast.ANALYST, other).summary == "One record, joined to no other."


def test_g17_no_account_of_the_protected_tells_where_they_live(house, town):
    shown = read(house, datasets.RESIDENTS).filter("protected")
    assert shown.height > 0
    for row in shown.iter_rows(named=True):
        text = str(view_resident(house, cast.ANALYST, row["resident_id"])).upper()
        home = town.home(row["home_id"].removeprefix("uprn:"))
        assert home["address"].split(",")[0].upper() not in text
        assert row["home_id"].removeprefix("uprn:") not in text


def test_no_account_holds_an_address_or_a_postcode(house):
    for row in read(house, datasets.RESIDENTS).head(40).iter_rows(named=True):
        assert not re.search(
            r"\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b", str(view_resident(house, cast.ANALYST, row["resident_id"]))
        )


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW], ids=lambda one: one.login)
def test_only_an_analyst_sees_it(house, actor):
    with pytest.raises(Refused):
        view_resident(house, actor, a_resident(house)["resident_id"])


def test_an_id_that_nobody_has_is_said_in_words(house):
    with pytest.raises(NotFound, match="no resident of this id"):
        view_resident(house, cast.ANALYST, "res-000000000000")
