"""Finding what matters on an incident's page: the homes that need help, one state, one door."""

import re

import polars as pl
import pytest

from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.usecases import list_incidents, view_incident
from wardkeeper.usecases.list_incidents import IncidentSummary
from web_house import INCIDENT, LINES, MORNING, make_lines, make_view, words_of

PAGE = f"/incidents/{INCIDENT}"
HELP = ("Alpha 9", False, "needs help", "Needs help now", "gm-fire", None, False)


@pytest.fixture(autouse=True)
def seen(monkeypatch):
    """Let the use case answer with the usual list and a home that needs help."""
    monkeypatch.setattr(view_incident, "view", lambda house, actor, incident: make_view(make_lines((*LINES, HELP))))


def doors(page):
    """The references of the homes a page lists, in its order."""
    return re.findall(r'data-reference="([^"]+)"', page)


class TestNeedsHelp:
    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_has_its_own_tile_first(self, request, who):
        words = words_of(request.getfixturevalue(who).get(PAGE).text)
        assert "1 Needs help 2 To do 1 Taken 1 Try again 1 Done" in words

    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_has_its_own_filter_and_colour(self, request, who):
        page = request.getfixturevalue(who).get(f"{PAGE}?status=needs%20help").text
        assert doors(page) == ["Alpha 9"]
        assert "govuk-tag--red" in page.split('data-reference="Alpha 9"')[1]

    def test_has_its_own_mark_on_the_map(self, planner):
        page = planner.get(PAGE).text
        assert 'class="wk-dot wk-dot--needs-help" data-dot="chk-000000000006"' in page
        assert "</svg> Needs help</li>" in page

    def test_counts_as_not_yet_done_when_standing_down(self, planner):
        assert "5 homes not yet done stay so" in words_of(planner.get(f"{PAGE}/stand-down").text)


def test_who_can_be_on_no_list_is_said_without_unfolding_anything(planner):
    page = planner.get(PAGE).text
    unfolded = words_of(re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL))
    assert "Nobody can be on this list who is in none of these files" in unfolded


class TestOneDoor:
    @pytest.mark.parametrize("who", ["planner", "crew"])
    @pytest.mark.parametrize("name", ["Bravo 4", "bravo 4", "  BRAVO   4 "])
    def test_is_found_by_its_whole_name_however_it_is_written(self, request, who, name):
        page = request.getfixturevalue(who).get(PAGE, params={"door": name}).text
        assert doors(page) == ["Bravo 4"]

    def test_is_found_whatever_its_state(self, planner):
        assert doors(planner.get(PAGE, params={"door": "Bravo 5", "status": "to do"}).text) == ["Bravo 5"]

    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_that_is_not_on_the_list_is_said_so_and_never_markup(self, request, who):
        page = request.getfixturevalue(who).get(PAGE, params={"door": "<b>Alpha</b>"}).text
        assert doors(page) == []
        assert "No door here is called “&lt;b&gt;Alpha&lt;/b&gt;”." in page
        assert "<b>Alpha" not in page

    def test_a_name_longer_than_any_doors_is_told_plainly(self, planner):
        assert planner.get(PAGE, params={"door": "x" * 41}).status_code == 400

    def test_is_not_found_by_what_its_reader_may_not_see(self, crew, monkeypatch):
        lines = make_lines().drop("reference")
        monkeypatch.setattr(view_incident, "view", lambda house, actor, incident: make_view(lines))
        assert doors(crew.get(PAGE, params={"door": "Alpha 1"}).text) == []


class TestRingControlFirst:
    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_is_a_choice_among_the_states_with_its_number(self, request, who):
        client = request.getfixturevalue(who)
        assert re.search(r"Ring Control first \(1\)|1 Ring Control first", words_of(client.get(PAGE).text))
        assert doors(client.get(f"{PAGE}?status=ring-control").text) == ["Alpha 2"]

    def test_shows_none_to_one_who_is_not_told(self, planner, monkeypatch):
        lines = make_lines().drop("ring_control")
        monkeypatch.setattr(view_incident, "view", lambda house, actor, incident: make_view(lines))
        assert doors(planner.get(f"{PAGE}?status=ring-control").text) == []


class TestACareHome:
    NAMES = tuple(f"Mrs Resident {letter}" for letter in "ABCDEFGHIJKLMNO")

    @pytest.fixture(autouse=True)
    def home(self, monkeypatch):
        lines = make_lines(LINES[:1]).with_columns(
            names=pl.lit(list(self.NAMES)), birth_years=pl.lit(["1930"] * len(self.NAMES))
        )
        monkeypatch.setattr(view_incident, "view", lambda house, actor, incident: make_view(lines))
        monkeypatch.setattr(view_incident, "line", lambda house, actor, incident, check: make_view(lines))

    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_folds_its_names_after_three_and_keeps_them_all(self, request, who):
        page = request.getfixturevalue(who).get(PAGE).text
        assert "and 12 more" in page
        unfolded = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        assert [name for name in self.NAMES if name in unfolded] == list(self.NAMES[:3])
        assert all(f"{name}, born 1930" in page for name in self.NAMES)

    def test_is_shown_whole_at_its_own_door(self, crew):
        page = crew.get(f"{PAGE}/checks/chk-000000000001").text
        assert "more" not in words_of(page).split("People")[1].split("Needs")[0]
        assert all(name in page for name in self.NAMES)


OVER = IncidentSummary(INCIDENT, "Old flood", Hazard.FLOOD, Phase.CLOSED, MORNING, may_open=False, reason="It is over.")


class TestReceipt:
    @pytest.mark.parametrize(("who", "shown"), [("planner", True), ("dpo", True), ("crew", False), ("health", False)])
    def test_a_closed_incidents_is_linked_for_those_who_may_see_it(self, request, monkeypatch, who, shown):
        client = request.getfixturevalue(who)
        monkeypatch.setattr(list_incidents, "list_incidents", lambda house, actor: [OVER])
        page = client.get("/").text
        assert (f'href="{PAGE}/closing">Receipt' in page) is shown
        assert "Close it" not in page
