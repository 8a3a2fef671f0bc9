"""The incident's pages: what a planner sees, what a crew sees, and what nobody must see."""

import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.kernel.errors import BadInput, NotFound, Refused, StorageFailed, Where
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.usecases import (
    declare_incident,
    export_list,
    follow_incident,
    list_incidents,
    stand_down,
    view_incident,
)
from wardkeeper.usecases.list_incidents import IncidentSummary
from web_house import (
    CREW,
    INCIDENT,
    MORNING,
    REASONS,
    STOOD_DOWN,
    make_decision,
    make_lines,
    make_view,
    post,
    square,
    words_of,
)

PAGE = f"/incidents/{INCIDENT}"
CREW_COLUMNS = ["check_id", "rank", "reference", "needs", "address", "postcode", "longitude", "latitude", "names"]
CREW_COLUMNS += ["ring_control", "cautions", "objected", "status", "outcome", "note", "by_organisation", "changed_at"]
REFUSED = Refused(
    "Refused: the incident was stood down.",
    "Declare a new incident.",
    Where(rule="incident"),
    make_decision(*REASONS, STOOD_DOWN, outcome=Outcome.REFUSE),
)


@pytest.fixture
def seen(monkeypatch):
    """Let the use case answer with a list; a crew gets only its own columns."""

    def view(house, actor, incident):
        assert incident == INCIDENT
        if actor == CREW:
            return make_view(make_lines().select(CREW_COLUMNS), may=frozenset({"take", "record"}))
        return make_view()

    monkeypatch.setattr(view_incident, "view", view)


def give(monkeypatch, answer):
    """Let the use case answer with this view, or raise this error."""

    def view(house, actor, incident):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(view_incident, "view", view)


class TestStart:
    def test_lists_incidents_and_says_why_one_is_closed_to_you(self, planner, monkeypatch):
        found = [
            IncidentSummary(INCIDENT, "Mersey flood", Hazard.FLOOD, Phase.ACTIVE, MORNING, may_open=True, reason=""),
            IncidentSummary(
                IncidentId("inc-2"),
                "Old fire",
                Hazard.EVACUATION,
                Phase.RECOVERY,
                MORNING,
                may_open=False,
                reason="It is over.",
            ),
        ]
        monkeypatch.setattr(list_incidents, "list_incidents", lambda house, actor: found)
        page = planner.get("/").text
        assert f'href="{PAGE}"' in page
        assert 'href="/incidents/inc-2"' not in page
        assert "You cannot open it: It is over." in words_of(page)
        assert "22 November 2026, 9:30am" in page

    def test_offers_each_person_only_what_is_useful_to_them(self, planner, crew):
        assert "Declare an incident" in planner.get("/").text
        assert "Declare an incident" not in crew.get("/").text
        assert 'href="/sources"' in planner.get("/").text
        assert 'href="/sources"' not in crew.get("/").text

    def test_says_that_people_are_synthetic(self, planner):
        assert "Demonstration: synthetic people" in planner.get("/").text

    def test_does_not_say_so_for_a_real_authority(self, planner, house):
        house.store.applied[0] = replace(
            house.store.applied[0], content=house.store.applied[0].content.replace(b"demonstration = true", b"")
        )
        assert "synthetic" not in planner.get("/").text


class TestPlannersPage:
    def test_shows_where_the_incident_stands(self, planner, seen):
        words = words_of(planner.get(PAGE).text)
        assert "Active Flood, declared 22 November 2026, 9:30am by asha." in words
        assert "2 To do" in words
        assert "1 Taken" in words

    def test_names_each_source_that_is_late_or_missing_first(self, planner, seen):
        words = words_of(planner.get(PAGE).text)
        assert "What may be missing Shielding file is missing. No file has been received." in words
        assert "Assisted bins is late. 82 days old" in words

    def test_shows_each_reason_of_the_decision_and_what_was_not_assessed(self, planner, seen):
        words = words_of(planner.get(PAGE).text)
        assert "1. Purpose Passed The purpose is named and published UK GDPR, Article 5(1)(b)" in words
        assert "10. Impact assessment Not assessed" in words

    def test_shows_a_home_with_its_needs_people_phone_and_age_of_facts(self, planner, seen):
        words = words_of(planner.get(PAGE).text)
        assert "1 Invented Road, Sale M33 7AA" in words
        assert "Mrs Ada Example, born 1941 07700 900123" in words
        assert "Uses a hoist: adult social care, 3 days old." in words
        assert "3 weeks" in words

    def test_shows_cautions_objections_and_who_changed_a_check(self, planner, seen):
        words = words_of(planner.get(PAGE).text)
        assert "Attend in pairs." in words
        assert "Asked not to be contacted: an officer decides." in words
        assert "Try again No reply – Greater Manchester Fire and Rescue Service" in words

    @pytest.mark.parametrize("who", ["planner", "crew"])
    def test_a_door_to_ring_control_about_shows_no_place_and_no_person(self, request, seen, who):
        page = request.getfixturevalue(who).get(PAGE).text
        assert "Ring Control first" in page
        assert "Alpha 2" in page
        for hidden in ("Secret Street", "M33 9ZZ", "Hidden Person"):
            assert hidden not in page

    def test_filters_by_state(self, planner, seen):
        page = planner.get(f"{PAGE}?status=done").text
        assert "Bravo 5" in page
        assert "Alpha 1" not in page

    def test_an_unknown_state_shows_everything(self, planner, seen):
        assert "Alpha 1" in planner.get(f"{PAGE}?status=%3Cscript%3E").text

    def test_a_long_list_comes_in_pages_and_keeps_its_filter(self, planner, monkeypatch):
        rows = [(f"Alpha {number}", False, "to do", None, None, None, False) for number in range(1, 251)]
        give(monkeypatch, make_view(make_lines(rows)))
        page = planner.get(f"{PAGE}?page=2&status=to%20do").text
        assert "Page 2 of 3: 101 to 200 of 250" in words_of(page)
        assert "page=3&amp;status=to%20do" in page
        assert 'data-reference="Alpha 101"' in page
        assert 'data-reference="Alpha 100"' not in page

    def test_offers_only_what_the_person_may_do(self, planner, monkeypatch):
        give(monkeypatch, make_view(may=frozenset()))
        page = planner.get(PAGE).text
        assert "Download as CSV" not in page
        assert "Stand down" not in page

    def test_what_people_typed_is_never_markup(self, planner, monkeypatch):
        lines = make_lines().with_columns(address=pl.lit("<script>alert(1)</script>"))
        give(monkeypatch, make_view(lines, name='"><img src=x onerror=alert(1)>'))
        page = planner.get(PAGE).text
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_tells_a_live_page_the_states_that_are_not_to_do(self, planner, seen):
        page = planner.get(PAGE).text
        assert "chk-000000000003&#34;: &#34;taken" in page
        assert f'data-live="{PAGE}/stream?after=7"' in page


class TestCrewsPage:
    def test_is_made_of_doors_with_one_big_button(self, crew, seen):
        page = crew.get(PAGE).text
        assert page.count('class="wk-door"') == 5
        assert "<table" not in re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        assert "Download" not in page

    def test_shows_nothing_it_was_not_given(self, crew, seen):
        page = crew.get(PAGE).text
        assert "900123" not in page
        assert "1941" not in page
        assert "Uses a hoist" not in page

    def test_works_without_any_place_at_all(self, crew, monkeypatch):
        columns = ["check_id", "rank", "reference", "needs", "status", "outcome", "by_organisation"]
        give(monkeypatch, make_view(make_lines().select(columns)))
        assert "Not shown to you" in crew.get(PAGE).text


class TestRefusal:
    def test_a_page_lists_every_reason_with_its_clause_and_the_nearest_change(self, crew, monkeypatch):
        give(monkeypatch, REFUSED)
        answer = crew.get(PAGE)
        words = words_of(answer.text)
        assert answer.status_code == 403
        assert "You cannot do this now Refused: the incident was stood down." in words
        assert "20. Incident Stands in the way The incident was stood down Wardkeeper G5" in words
        assert "What would allow it: Declare a new incident." in words
        assert words.count("Declare a new incident") == 1
        assert "Wardkeeper G5" in words
        assert "10. Impact assessment Not assessed" in words

    def test_json_has_the_one_shape(self, crew, monkeypatch):
        give(monkeypatch, REFUSED)
        error = crew.get(PAGE, headers={"Accept": "application/json"}).json()["error"]
        assert set(error) == {"code", "message", "where", "next"}
        assert error["code"] == "refused"
        assert error["where"] == {"rule": "incident"}

    @pytest.mark.parametrize("path", ["", "/stand-down"])
    def test_nothing_of_the_list_comes_with_it(self, planner, monkeypatch, path):
        give(monkeypatch, REFUSED)
        page = planner.get(f"{PAGE}{path}").text
        assert "Invented Road" not in page

    def test_an_incident_that_is_not_there_is_not_found(self, planner, monkeypatch):
        give(monkeypatch, NotFound("There is no such incident.", "Go back to the list of incidents."))
        answer = planner.get(PAGE)
        assert answer.status_code == 404
        assert "Go back to the list of incidents." in answer.text

    def test_a_fault_of_ours_says_nothing_about_what_happened(self, planner, monkeypatch, caplog):
        give(monkeypatch, KeyError("Mrs Ada Example"))
        answer = planner.get(PAGE)
        assert answer.status_code == 500
        assert "Ada" not in answer.text
        assert "Ada" not in " ".join(record.getMessage() for record in caplog.records)
        assert "KeyError at " in caplog.text
        assert "incidents.py:" in caplog.text, "where it was is what helps to mend it"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]

    def test_a_fault_in_the_middle_of_an_answer_cuts_it_short(self, crew, monkeypatch, caplog):
        def follow(house, actor, incident, after):
            raise KeyError("Mrs Ada Example")

        monkeypatch.setattr(follow_incident, "follow", follow)
        answer = crew.get(f"{PAGE}/stream")
        assert "Ada" not in answer.text
        assert "Ada" not in caplog.text
        assert "KeyError at " in caplog.text

    def test_a_database_that_cannot_be_read_is_told_plainly(self, crew, house, monkeypatch):
        def fail(token_hash):
            raise StorageFailed("The database is busy.", "Try again in a minute.")

        monkeypatch.setattr(house.store, "session", fail)
        answer = crew.get("/")
        assert answer.status_code == 507
        assert "The database is busy." in answer.text


class TestExport:
    @pytest.fixture
    def exported(self, monkeypatch):
        monkeypatch.setattr(export_list, "export", lambda house, actor, incident: make_lines().drop("check_id"))

    def test_csv_is_a_file_named_by_id_and_day(self, planner, exported):
        answer = post(planner, f"{PAGE}/export", {"format": "csv"})
        assert answer.headers["content-disposition"] == f'attachment; filename="list-{INCIDENT}-2026-11-22.csv"'
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert answer.headers["cache-control"] == "no-store"

    def test_excel(self, planner, exported):
        answer = post(planner, f"{PAGE}/export", {"format": "xlsx"})
        assert answer.content.startswith(b"PK")
        assert answer.headers["content-disposition"].endswith('.xlsx"')

    def test_refused_is_refused(self, crew, monkeypatch):
        def refuse(house, actor, incident):
            raise REFUSED

        monkeypatch.setattr(export_list, "export", refuse)
        assert post(crew, f"{PAGE}/export", {"format": "csv"}).status_code == 403


FORM = {
    "hazard": "flood",
    "stage": "expected",
    "name": "Mersey flood",
    "necessity": "Water is expected by 3am.",
    "area": "text",
    "outline-text": square(-2.31, 53.41),
}


class TestDeclare:
    @pytest.fixture
    def declared(self, monkeypatch):
        made = []

        def declare(house, actor, declaration):
            made.append(declaration)
            return INCIDENT

        monkeypatch.setattr(declare_incident, "declare", declare)
        return made

    def test_opens_the_incident(self, planner, declared):
        answer = post(planner, "/incidents/declare", FORM)
        assert answer.headers["location"] == PAGE
        assert declared[0].hazard is Hazard.FLOOD
        assert declared[0].expected
        assert declared[0].necessity == "Water is expected by 3am."

    def test_takes_an_uploaded_outline_with_or_without_a_byte_order_mark(self, planner, declared):
        content = "\ufeff" + square(-2.3, 53.4)
        files = {"outline-file": ("area.geojson", content.encode(), "application/geo+json")}
        form = {**FORM, "area": "file", "stage": "active"}
        assert post(planner, "/incidents/declare", form, files=files).status_code == 303
        assert declared[0].outline_text == square(-2.3, 53.4)
        assert not declared[0].expected

    def test_takes_an_outline_kept_here(self, planner, declared, house):
        form = {**FORM, "area": "example", "outline-example": "Mersey at Sale"}
        assert post(planner, "/incidents/declare", form).status_code == 303
        assert declared[0].outline_text == house.places().outlines["Mersey at Sale"]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"hazard": ""}, "Choose what kind of emergency it is."),
            ({"hazard": "volcano"}, "Choose what kind of emergency it is."),
            ({"name": "  "}, "Enter a name that everybody will know it by"),
            ({"necessity": ""}, "Say why names are needed."),
            ({"stage": ""}, "Say whether it is expected or happening now."),
            ({"area": ""}, "Choose how to give the area."),
            ({"outline-text": ""}, "Paste the outline as GeoJSON."),
            ({"area": "file"}, "Choose a GeoJSON file."),
            ({"area": "example", "outline-example": "Atlantis"}, "Choose an outline."),
        ],
    )
    def test_says_what_is_wrong_beside_the_field_and_keeps_the_rest(self, planner, declared, change, words):
        answer = post(planner, "/incidents/declare", {**FORM, **change})
        assert answer.status_code == 422
        assert answer.text.count(words) == 2, "in the summary and beside the field"
        assert "Error: Declare an incident" in answer.text
        assert not declared
        if "name" not in change:
            assert 'value="Mersey flood"' in answer.text

    def test_a_file_that_is_no_text_is_named_as_such(self, planner, declared):
        files = {"outline-file": ("area.zip", b"PK\xff\xfe\x00", "application/zip")}
        answer = post(planner, "/incidents/declare", {**FORM, "area": "file"}, files=files)
        assert "The file is not text." in answer.text

    def test_an_outline_that_breaks_a_rule_is_told_in_the_rules_words(self, planner, monkeypatch):
        def declare(house, actor, declaration):
            raise BadInput("The outline crosses itself.", "Draw it again.")

        monkeypatch.setattr(declare_incident, "declare", declare)
        answer = post(planner, "/incidents/declare", FORM)
        assert answer.status_code == 422
        assert "The outline crosses itself. Draw it again." in answer.text


class TestStandDown:
    def test_asks_first_and_says_what_ends(self, planner, seen):
        words = words_of(planner.get(f"{PAGE}/stand-down").text)
        assert "every crew's access ends at once" in words
        assert "4 homes not yet done stay so" in words
        assert "You cannot undo this." in words

    def test_is_not_offered_to_one_who_may_not(self, crew, seen):
        answer = crew.get(f"{PAGE}/stand-down")
        assert answer.status_code == 403
        assert "Ask the emergency planner or a director." in answer.text

    def test_needs_a_reason(self, planner, seen):
        answer = post(planner, f"{PAGE}/stand-down", {"reason": " "})
        assert answer.status_code == 422
        assert "Say why the incident is over." in answer.text

    def test_a_reason_that_would_name_somebody_is_told_beside_its_field(self, planner, seen):
        answer = post(planner, f"{PAGE}/stand-down", {"reason": "Ask at M33 6HN."})
        assert answer.status_code == 422
        assert "The reason holds a postcode" in words_of(answer.text)

    def test_ends_it_and_goes_on_to_closing(self, planner, seen, monkeypatch):
        ended = []
        monkeypatch.setattr(stand_down, "stand_down", lambda house, actor, incident, reason: ended.append(reason))
        answer = post(planner, f"{PAGE}/stand-down", {"reason": "The water fell."})
        assert answer.headers["location"] == f"{PAGE}/closing"
        assert ended == ["The water fell."]


def test_oldest_fact_is_told_as_an_age(planner, monkeypatch):
    give(monkeypatch, make_view(make_lines().with_columns(oldest_on=pl.lit(date(2011, 11, 22)))))
    assert "15 years" in words_of(planner.get(PAGE).text)
