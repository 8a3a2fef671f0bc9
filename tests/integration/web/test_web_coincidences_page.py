"""The page of cases that coincide: for those who follow them up, and nobody else."""

import html
import json
from datetime import timedelta
from io import BytesIO

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from districts import PASSWORD, TODAY
from wardkeeper.demo import cast
from wardkeeper.usecases.load_line_list import ReceivedList, load_line_list
from wardkeeper.usecases.view_coincidences import WITHHELD
from wardkeeper.web.app import create_app
from wardkeeper.web.routes.coincidences import say_chance, shown_row
from web_house import browser, post, sign_in, words_of

ADDRESS = "/outbreaks/coincidences"


@pytest.fixture
def places(town):
    """Postcodes of the town."""
    return town.homes["postcode"].unique().sort().to_list()


@pytest.fixture
def listed(house, places):
    """A house whose line list has three cases at one postcode, and three in a refuge at another."""
    day = TODAY - timedelta(days=10)
    settings = [(places[0], None)] * 3 + [(places[5], "Rowan Refuge")] * 3 + [(places[9], None)]
    rows = [
        {
            "case_id": f"case-{number}",
            "specimen_date": f"{day}",
            "report_date": f"{day + timedelta(days=1)}",
            "postcode": postcode,
            "setting": setting,
        }
        for number, (postcode, setting) in enumerate(settings)
    ]
    table = pl.DataFrame(rows, schema_overrides={"setting": pl.String})
    load_line_list(house, cast.PUBLIC_HEALTH, ReceivedList(table, "Line list, invented", TODAY, restated=True))
    return house


def enter(house, actor):
    client = browser(create_app(house))
    assert sign_in(client, actor, PASSWORD).status_code == 303
    return client


@pytest.mark.parametrize("actor", [cast.PUBLIC_HEALTH, cast.ANALYST], ids=lambda one: one.login)
def test_those_who_follow_cases_up_see_where_they_coincide(listed, places, actor):
    words = html.unescape(words_of(enter(listed, actor).get(ADDRESS).text))
    assert "Don’t pass it on." in words
    assert f"{places[0]}" in words
    assert "3 households or residents within 7 days" in words
    assert places[9] not in words, "one case coincides with nothing"


def test_the_place_of_a_refuge_is_never_shown(listed, places):
    client = enter(listed, cast.PUBLIC_HEALTH)
    page = client.get(ADDRESS).text
    file = post(client, f"{ADDRESS}/export", {"format": "csv"}).text
    for text in (page, file):
        assert "withheld: ring Control" in text
        assert "Rowan" not in text
        assert places[5] not in text


@pytest.mark.parametrize(
    "actor",
    [cast.PLANNER, cast.COMMUNICATIONS, cast.DPO, cast.DIRECTOR, cast.CONTROL, cast.CREW, cast.VOLUNTEER],
    ids=lambda one: one.login,
)
def test_others_are_refused_and_offered_no_link(listed, actor):
    client = enter(listed, actor)
    assert client.get(ADDRESS).status_code == 403
    assert post(client, f"{ADDRESS}/export", {"format": "csv"}).status_code == 403
    assert f'href="{ADDRESS}"' not in client.get("/outbreaks").text


def test_the_file_is_a_form_with_a_token_and_leaves_its_mark(listed):
    client = enter(listed, cast.ANALYST)
    assert client.post(f"{ADDRESS}/export", data={"format": "csv"}).status_code == 403
    assert client.get(f"{ADDRESS}/export").status_code == 405
    answer = post(client, f"{ADDRESS}/export", {"format": "xlsx"})
    assert len(CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()) == 3
    told = [json.loads(leaf) for leaf in listed.store.leaves()]
    (left,) = [leaf for leaf in told if leaf["type"] == "data.exported"]
    (decided,) = [leaf for leaf in told if leaf.get("decision") == left["decision"] and leaf["type"] == "decision.made"]
    assert left["detail"] == {"file": "coincidences"}
    assert decided["detail"]["datasets"] == ["outbreaks/line-list"]


def test_a_home_without_a_name_is_told_by_its_postcode():
    row = {"kind": "home", "place": None, "name": None, "postcode": "M33 6JJ", "p": None}
    shown = shown_row(row)
    assert shown_row({**row, "place": WITHHELD})["chance"] == WITHHELD
    assert (shown["what"], shown["where"], shown["postcode"]) == ("Shared home", "M33 6JJ", "")
    assert shown_row({**row, "postcode": None})["where"] == "A home"
    assert shown_row({**row, "name": "Willow Bank"})["where"] == "Willow Bank"


def test_without_a_line_list_it_says_what_to_load(house):
    answer = enter(house, cast.PUBLIC_HEALTH).get(ADDRESS)
    assert answer.status_code == 404
    assert "No line list has been loaded" in words_of(answer.text)


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (None, "not known: nobody knows how many live there"),
        (0.3, "quite likely by chance alone"),
        (0.004, "once in about 250"),
        (0.000123, "once in about 8,100"),
        (1e-9, "less than once in a million"),
    ],
)
def test_a_chance_is_said_in_words(chance, words):
    assert say_chance(chance) == words
