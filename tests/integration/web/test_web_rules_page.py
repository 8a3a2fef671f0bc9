"""The page of what is in force, over a real house."""

import pytest

from districts import PASSWORD
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast
from wardkeeper.usecases.apply_drafts import apply_drafts, confirm_proposal
from wardkeeper.usecases.drafts import Draft
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.web.app import create_app
from web_house import browser, sign_in, words_of


@pytest.fixture
def enter(house):
    def open_browser(actor):
        client = browser(create_app(house))
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


def with_new_source(folder):
    drafts = read_drafts(folder)
    text = next(one.text for one in drafts if one.name == "assisted-bins")
    return [*drafts, Draft(Kind.SOURCE, "lunch-club", text.replace("assisted-bins", "lunch-club"))]


def test_what_is_in_force_is_told_with_who_set_it_up(enter, house):
    words = words_of(enter(cast.ANALYST).get("/in-force").text)
    assert "Council tax" in words
    assert "sources/council-tax.toml" in words
    assert house.store.document(Kind.SOURCE, "council-tax").sha256[:12] in words
    assert "Waiting for a second person" not in words


def test_what_waits_is_told_and_then_both_people(enter, house, folder):
    proposal = apply_drafts(house, cast.ANALYST, with_new_source(folder)).proposal
    client = enter(cast.DPO)
    words = words_of(client.get("/in-force").text)
    assert f"wardkeeper apply --confirm {proposal}" in words
    assert "sources/lunch-club.toml" not in words
    confirm_proposal(house, cast.DPO, proposal)
    words = words_of(client.get("/in-force").text)
    assert "analyst@trafford.example, then dpo@trafford.example" in words
    assert "Waiting for a second person" not in words


@pytest.mark.parametrize("actor", [cast.CREW, cast.VOLUNTEER, cast.CONTROL], ids=lambda one: one.login)
def test_others_are_refused(enter, actor):
    assert enter(actor).get("/in-force").status_code == 403


def test_the_page_of_sources_leads_here(enter):
    assert 'href="/in-force"' in enter(cast.ANALYST).get("/sources").text
