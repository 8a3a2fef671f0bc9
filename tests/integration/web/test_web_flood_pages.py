"""Every page over a real house with a live flood: who may open what, and what no page or file ever shows."""

import re

import pytest

from wardkeeper.demo import cast
from wardkeeper.usecases.record_check import take
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view
from wardkeeper.web.app import create_app
from web_house import browser, post, sign_in

PAGES = {
    "start": "/",
    "declare": "/incidents/declare",
    "incident": "/incidents/{incident}",
    "stand down": "/incidents/{incident}/stand-down",
    "check": "/incidents/{incident}/checks/{check}",
    "closing": "/incidents/{incident}/closing",
    "sources": "/sources",
    "rows to fix": "/sources/assisted-bins/rows-to-fix",
    "to be found": "/sources/missing?in=adult-social-care&not-in=shielding&incident={incident}",
    "outbreaks": "/outbreaks",
    "outbreak file": "/outbreaks/export",
    "messages": "/messages",
    "activity": "/activity",
}

MAY_OPEN = {
    cast.PLANNER: {
        "declare",
        "incident",
        "stand down",
        "check",
        "sources",
        "to be found",
        "outbreaks",
        "outbreak file",
        "messages",
        "activity",
    },
    cast.ANALYST: {"sources", "to be found", "rows to fix", "outbreaks", "outbreak file"},
    cast.DPO: {"sources", "to be found", "messages", "activity"},
    cast.DIRECTOR: {
        *("declare", "incident", "stand down", "check"),
        *("sources", "to be found", "messages", "activity"),
    },
    cast.PUBLIC_HEALTH: {"to be found", "outbreaks", "outbreak file", "messages"},
    cast.COMMUNICATIONS: {"outbreaks", "outbreak file", "messages"},
    cast.CONTROL: {"incident", "check", "to be found"},
    cast.CREW: {"incident", "check"},
    cast.VOLUNTEER: {"incident", "check"},
}
"""Campaigns are listed for those who make, approve or account for them."""

EVERYBODY_MAY = {"start"}


@pytest.fixture
def app(flood):
    return create_app(flood.house)


@pytest.fixture
def check(flood):
    return view(flood.house, cast.PLANNER, flood.incident).lines["check_id"][0]


def enter(app, actor):
    client = browser(app)
    assert sign_in(client, actor).status_code == 303
    return client


def short(actor):
    return actor.login.split("@")[0]


@pytest.mark.parametrize("actor", cast.EVERYBODY, ids=short)
def test_each_person_may_open_these_pages_and_no_other(app, flood, check, actor):
    client = enter(app, actor)
    opened = set()
    for name, path in PAGES.items():
        status = client.get(path.format(incident=flood.incident, check=check)).status_code
        assert status in (200, 403), f"{name}: {status}"
        if status == 200:
            opened.add(name)
    assert opened == MAY_OPEN[actor] | EVERYBODY_MAY


@pytest.mark.parametrize("actor", cast.EVERYBODY, ids=short)
def test_after_stand_down_nobody_opens_the_list(app, flood, check, actor):
    client = enter(app, actor)
    stand_down(flood.house, cast.PLANNER, flood.incident, "The water fell.")
    for path in ("", f"/checks/{check}", "/stand-down"):
        answer = client.get(f"/incidents/{flood.incident}{path}")
        assert answer.status_code == 403
        assert "Invented" not in answer.text
    assert post(client, f"/incidents/{flood.incident}/export", {"format": "csv"}).status_code == 403
    take_it = post(client, f"/incidents/{flood.incident}/checks/{check}/take")
    assert take_it.status_code == 403


def everything_shown(app, flood, actor):
    """All that a person can get out of the pages: each page of the list, each check, each file, each form's answer."""
    client = enter(app, actor)
    incident = f"/incidents/{flood.incident}"
    paths = [path.format(incident=flood.incident, check="none") for path in PAGES.values()]
    paths += [f"{incident}?page={number}" for number in range(1, 8)]
    texts = [client.get(path).text for path in paths]
    checks = set(re.findall(r'data-line="([^"]+)"', " ".join(texts)))
    texts += [client.get(f"{incident}/checks/{check}").text for check in sorted(checks)]
    texts.append(post(client, f"{incident}/export", {"format": "csv"}).text)
    areas = re.findall(r'name="area" type="checkbox" value="([^"]+)"', " ".join(texts))
    form = {"area": sorted(set(areas)), "kind": "safety", "channel": "letter", "subject": "Flood", "body": "Leave now."}
    texts.append(post(client, "/messages", form).text)
    return " ".join(texts)


@pytest.mark.parametrize("actor", [cast.PLANNER, cast.CREW, cast.VOLUNTEER, cast.PUBLIC_HEALTH], ids=short)
def test_g17_nobody_finds_a_hidden_door_by_any_page_or_file(app, flood, town, actor):
    shown = everything_shown(app, flood, actor)
    planted = town.planted
    assert planted.refuge_name not in shown
    for home in (town.home(planted.fled_home), town.home(planted.refuge_home)):
        assert home["uprn"] not in shown
        door = re.escape(home["address"].split(",")[0])
        assert not re.search(rf"(?<![\w]){door}(?![\w])", shown)


def test_a_hidden_door_is_on_the_list_all_the_same(app, flood):
    page = enter(app, cast.CREW).get(f"/incidents/{flood.incident}?page=1").text
    pages = [page, *(enter(app, cast.CREW).get(f"/incidents/{flood.incident}?page={n}").text for n in range(2, 7))]
    assert any("Ring Control first" in one for one in pages)


def test_a_crew_sees_names_and_a_volunteer_does_not(app, flood):
    crew = enter(app, cast.CREW).get(f"/incidents/{flood.incident}").text
    volunteer = enter(app, cast.VOLUNTEER).get(f"/incidents/{flood.incident}").text
    names = view(flood.house, cast.CREW, flood.incident).lines["names"].explode().drop_nulls().to_list()[:5]
    assert names
    assert all(name in crew for name in names[:1])
    assert not any(name in volunteer for name in names)


def test_what_one_does_the_other_sees(app, flood, check):
    take(flood.house, cast.CREW, flood.incident, check)
    page = enter(app, cast.PLANNER).get(f"/incidents/{flood.incident}?status=taken").text
    assert f'data-line="{check}"' in page
    assert "Greater Manchester Fire and Rescue Service" in page
