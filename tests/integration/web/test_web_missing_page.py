"""The page of people to be found, over a real house: what each reader sees, and what a file is."""

import json

import pytest

from districts import PASSWORD
from wardkeeper.demo import cast
from wardkeeper.web.app import create_app
from web_house import browser, post, sign_in, words_of

ASKED = "/sources/missing?in=adult-social-care&not-in=social-housing"


@pytest.fixture
def enter(flood):
    def open_browser(actor):
        client = browser(create_app(flood.house))
        assert sign_in(client, actor, PASSWORD).status_code == 303
        return client

    return open_browser


def test_the_page_asks_first(enter):
    words = words_of(enter(cast.PLANNER).get("/sources/missing").text)
    assert "In one source, not in another" in words
    assert "No incident: the numbers only" in words
    assert "to be found" not in words.split("Compare")[1]


def test_the_sources_page_leads_here(enter):
    assert 'href="/sources/missing"' in enter(cast.ANALYST).get("/sources").text


@pytest.mark.parametrize(("actor", "page", "back"), [
    (cast.PLANNER, "/sources/missing", "/sources"), (cast.ANALYST, "/in-force", "/sources"), (cast.ANALYST, "/people", "/joining"),
])  # fmt: skip
def test_pages_lead_back(actor, page, back, enter):
    assert f'<a href="{back}" class="govuk-back-link">' in enter(actor).get(page).text


def test_without_an_incident_there_are_numbers_only(enter):
    page = enter(cast.PLANNER).get(ASKED)
    words = words_of(page.text)
    assert page.status_code == 200
    assert "In Adult social care, not in Social housing tenancies" in words
    assert "You see the numbers only. Names need a declared incident: choose one" in words
    assert "--" not in words
    assert "<tbody" not in page.text


def test_with_an_incident_a_planner_sees_people_and_may_take_a_file(enter, flood):
    client = enter(cast.PLANNER)
    page = client.get(f"{ASKED}&incident={flood.incident}")
    assert "Download as CSV" in words_of(page.text)
    assert "People to be found" in page.text
    wanted = {"in": "adult-social-care", "not-in": "social-housing", "incident": flood.incident, "format": "csv"}
    answer = post(client, "/sources/missing/file", wanted)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith('\ufeff"resident_id"')
    assert json.loads(list(flood.house.store.leaves())[-1])["type"] == "data.exported"


@pytest.mark.parametrize("actor", [cast.ANALYST, cast.DPO, cast.DIRECTOR], ids=["analyst", "dpo", "director"])
def test_others_see_numbers_and_why(enter, flood, actor):
    page = enter(actor).get(f"{ASKED}&incident={flood.incident}")
    assert "You see the numbers only" in words_of(page.text)
    assert "<tbody" not in page.text


def test_a_crew_is_refused(enter):
    client = enter(cast.CREW)
    assert client.get(ASKED).status_code == 403
    assert client.get("/sources/missing").status_code == 403


@pytest.mark.parametrize("query", ["?in=parking&not-in=social-housing", "?in=shielding&not-in=shielding"])
def test_a_faulty_question_is_told(enter, query):
    assert enter(cast.PLANNER).get(f"/sources/missing{query}").status_code in {400, 404}
