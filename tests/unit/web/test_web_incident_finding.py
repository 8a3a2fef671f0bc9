"""Finding what matters on an incident's page: the homes that need help, one state, one door."""

import re

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


OVER = IncidentSummary(INCIDENT, "Old flood", Hazard.FLOOD, Phase.CLOSED, MORNING, may_open=False, reason="It is over.")


class TestReceipt:
    @pytest.mark.parametrize(("who", "shown"), [("planner", True), ("dpo", True), ("crew", False), ("health", False)])
    def test_a_closed_incidents_is_linked_for_those_who_may_see_it(self, request, monkeypatch, who, shown):
        client = request.getfixturevalue(who)
        monkeypatch.setattr(list_incidents, "list_incidents", lambda house, actor: [OVER])
        page = client.get("/").text
        assert (f'href="{PAGE}/closing">Receipt' in page) is shown
        assert "Close it" not in page
