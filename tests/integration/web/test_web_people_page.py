"""The page that asks whether a person is known, over a real house."""

import html

import polars as pl
import pytest

from districts import PASSWORD
from fakes import make_permit
from wardkeeper.demo import cast
from wardkeeper.usecases import datasets
from wardkeeper.web.app import create_app
from web_house import browser, post, sign_in, words_of


@pytest.fixture
def enter(flood):
    def open_browser(actor):
        client = browser(create_app(flood.house))
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


def a_resident(house):
    file = house.store.current(datasets.RESIDENTS)
    permit = make_permit(datasets.RESIDENTS, now=house.clock.now())
    found = house.vault.read(file, ["resident_id", "given", "family", "birth_date", "protected"], permit=permit)
    return found.filter(~pl.col("protected")).drop_nulls().sort("resident_id").row(0, named=True)


def test_a_person_is_found_and_nothing_typed_is_in_the_address(enter, flood):
    client, row = enter(cast.ANALYST), a_resident(flood.house)
    typed = {"given": row["given"], "family": row["family"], "born": row["birth_date"].isoformat()}
    assert "Is this person known?" in words_of(client.get("/people").text)
    page = post(client, "/people", typed)
    assert page.status_code == 200
    assert row["family"] not in str(page.url).upper()
    words = words_of(page.text)
    assert row["resident_id"] in words
    assert "They have the same given name" in words
    assert "Who may be meant, the likeliest first" in words


def test_too_little_is_said_beside_the_form(enter):
    page = post(enter(cast.ANALYST), "/people", {"family": "Lee"})
    assert page.status_code == 422
    assert "too little to find one person by" in words_of(page.text)
    assert 'value="Lee"' in page.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"nhs_number": "123"}, "The NHS number can't be read."),
        ({"phone": "abc"}, "The telephone number can't be read."),
        ({"postcode": "ZZZ"}, "The postcode can't be read."),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_said_beside_its_field(enter, said, words):
    page = post(enter(cast.ANALYST), "/people", {"given": "Ann", "family": "Lee", **said})
    assert page.status_code == 422
    assert words in html.unescape(words_of(page.text))
    assert f'id="{next(iter(said))}-error"' in page.text


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.DPO, cast.CREW], ids=lambda one: one.login)
def test_others_are_refused(enter, actor):
    client = enter(actor)
    assert client.get("/people").status_code == 403
    assert post(client, "/people", {"given": "Ann", "family": "Lee"}).status_code == 403


def test_the_page_of_joining_leads_here(enter):
    assert 'href="/people"' in enter(cast.ANALYST).get("/joining").text
