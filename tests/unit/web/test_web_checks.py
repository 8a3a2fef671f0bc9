"""One door: taking it, recording what was found, and closing the incident afterwards."""

from dataclasses import replace

import polars as pl
import pytest

from wardkeeper.incidents.closing import QUESTIONS
from wardkeeper.incidents.events import CheckOutcome
from wardkeeper.incidents.state import Phase
from wardkeeper.kernel.errors import Conflict
from wardkeeper.usecases import close_incident, record_check, reveal_door, view_incident
from wardkeeper.usecases.close_incident import Closing
from wardkeeper.usecases.ports import Receipt
from wardkeeper.usecases.reveal_door import Door
from web_house import DPO, INCIDENT, MORNING, make_view, post, words_of

CHECK = f"/incidents/{INCIDENT}/checks/chk-000000000001"
CONTROL = f"/incidents/{INCIDENT}/checks/chk-000000000002"


@pytest.fixture(autouse=True)
def one_door(monkeypatch):
    def line(house, actor, incident, check):
        view = make_view()
        return replace(view, lines=view.lines.filter(pl.col("check_id") == check))

    monkeypatch.setattr(view_incident, "line", line)


@pytest.fixture
def recorded(monkeypatch):
    reports = []
    monkeypatch.setattr(record_check, "done", lambda house, actor, incident, check, report: reports.append(report))
    monkeypatch.setattr(record_check, "take", lambda house, actor, incident, check: reports.append(check))
    return reports


class TestCheckPage:
    def test_shows_the_door_and_every_outcome(self, crew):
        words = words_of(crew.get(CHECK).text)
        assert "Alpha 1 To do" in words
        assert "1 Invented Road, Sale M33 7AA" in words
        for outcome in ("Safe", "Needs help now", "No reply", "Has died", "Nobody by that name lives here"):
            assert outcome in words

    def test_a_door_to_ring_control_about_gives_controls_number_and_no_place(self, crew):
        page = crew.get(CONTROL).text
        assert 'href="tel:01614960100"' in page
        assert "Say “Alpha 2”." in page
        assert "Secret Street" not in page
        assert "Hidden Person" not in page

    def test_offers_nothing_to_one_who_may_only_look(self, crew, monkeypatch):
        look_only = make_view(may=frozenset())
        monkeypatch.setattr(view_incident, "line", lambda *_: replace(look_only, lines=look_only.lines.head(1)))
        page = crew.get(CHECK).text
        assert "Take this check" not in page
        assert "Record it" not in page

    def test_each_form_has_a_key_of_its_own(self, crew):
        first, second = (crew.get(CHECK).text.split('name="key" value="')[1][:16] for _ in range(2))
        assert first.startswith("key-")
        assert first != second


class TestReveal:
    DOOR = Door("99 Secret Street, Sale", "M33 9ZZ")

    @pytest.fixture
    def revealed(self, monkeypatch):
        asked = []

        def reveal(house, actor, incident, check, reason):
            asked.append((actor.login, check, reason))
            return self.DOOR

        monkeypatch.setattr(reveal_door, "reveal", reveal)
        return asked

    def test_shows_the_address_once_for_a_stated_reason(self, planner, revealed):
        page = post(planner, f"{CONTROL}/reveal", {"reason": "The crew is at the wrong door."}).text
        assert "99 Secret Street, Sale" in page
        assert revealed == [("asha", "chk-000000000002", "The crew is at the wrong door.")]
        assert "99 Secret Street" not in planner.get(CONTROL).text

    def test_control_is_not_told_to_ring_itself(self, planner, monkeypatch, revealed):
        view = make_view(may=frozenset({"reveal"}))
        monkeypatch.setattr(view_incident, "line", lambda *_: replace(view, lines=view.lines[1:2]))
        before = words_of(planner.get(CONTROL).text)
        assert "You are Control: show the address below." in before
        after = words_of(post(planner, f"{CONTROL}/reveal", {"reason": "The crew is at the wrong door."}).text)
        assert "99 Secret Street, Sale" in after
        for page in (before, after):
            assert "before you have spoken to Control" not in page
            assert "0161 496 0100" not in page

    def test_without_a_reason_nothing_is_asked_or_shown(self, planner, revealed):
        answer = post(planner, f"{CONTROL}/reveal", {"reason": " "})
        assert answer.status_code == 422
        assert "Say why the address is needed now." in answer.text
        assert "Secret Street" not in answer.text
        assert not revealed

    def test_is_offered_only_to_one_who_may(self, crew):
        assert "Show the address" not in crew.get(CONTROL).text


class TestTake:
    def test_takes_the_check_and_stays_at_the_door(self, crew, recorded):
        assert post(crew, f"{CHECK}/take").headers["location"] == CHECK
        assert recorded == ["chk-000000000001"]

    def test_a_door_that_another_crew_took_is_a_conflict(self, crew, monkeypatch):
        def take(house, actor, incident, check):
            raise Conflict("Another crew took it.", "Open the list again.")

        monkeypatch.setattr(record_check, "take", take)
        answer = post(crew, f"{CHECK}/take")
        assert answer.status_code == 409
        assert "Another crew took it." in answer.text


class TestRecord:
    def test_records_what_was_found_and_goes_back_to_the_list(self, crew, recorded):
        answer = post(crew, f"{CHECK}/done", {"outcome": "moved to", "note": " To her son. ", "key": "key-1"})
        assert answer.headers["location"] == f"/incidents/{INCIDENT}#line-chk-000000000001"
        assert recorded[0].outcome is CheckOutcome.MOVED
        assert recorded[0].note == "To her son."
        assert recorded[0].key == "key-1"

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"outcome": "", "key": "key-1"}, "Choose what you found."),
            ({"outcome": "gone fishing", "key": "key-1"}, "Choose what you found."),
            ({"outcome": "safe", "key": "key-1", "note": "x" * 501}, "The note must be 500 characters or fewer."),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_key(self, crew, recorded, form, words):
        answer = post(crew, f"{CHECK}/done", form)
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="key-1"' in answer.text
        assert not recorded

    def test_needs_the_key_that_makes_a_second_press_harmless(self, crew, recorded):
        assert post(crew, f"{CHECK}/done", {"outcome": "safe"}).status_code == 422
        assert not recorded


RECEIPT = Receipt("mandate-inc", "key-7", "c0ffee", (("file-1", "00"),), MORNING, "Printed copies are outside it.")


class TestClosing:
    PAGE = f"/incidents/{INCIDENT}/closing"

    @pytest.fixture
    def state(self, monkeypatch):
        state = {
            "closing": Closing("Mersey flood", Phase.RECOVERY, [], "Two people must confirm.", [], None),
            "answers": [],
        }

        def confirm(house, actor, incident, answers):
            state["answers"].append(answers)

        monkeypatch.setattr(close_incident, "closing", lambda house, actor, incident: state["closing"])
        monkeypatch.setattr(close_incident, "confirm", confirm)
        return state

    def test_asks_all_five_questions(self, dpo, state):
        words = words_of(dpo.get(self.PAGE).text)
        assert all(question in words for question in QUESTIONS.values())
        assert "Two people must confirm." in words

    def test_every_question_needs_an_answer(self, dpo, state):
        answer = post(dpo, self.PAGE, {"death": "no", "injury": "no", "complaint": "maybe"})
        assert answer.status_code == 422
        assert answer.text.count("Answer yes or no:") == 6, "three faults, in the summary and beside the field"
        assert not state["answers"]

    def test_takes_the_answers_as_they_are(self, dpo, state):
        form = dict.fromkeys(QUESTIONS, "no") | {"inquest": "yes"}
        assert post(dpo, self.PAGE, form).headers["location"] == self.PAGE
        assert state["answers"][0].inquest
        assert not state["answers"][0].death

    def test_one_who_confirmed_is_not_asked_again(self, dpo, state):
        state["closing"] = replace(state["closing"], confirmed_by=[DPO.login], needed="A second person must confirm.")
        page = dpo.get(self.PAGE).text
        assert "Somebody else must do the rest." in page
        assert "<form action=" not in page.split("<main")[1]

    def test_a_yes_says_why_the_data_is_kept(self, dpo, state):
        state["closing"] = replace(state["closing"], held=[QUESTIONS["inquest"]])
        assert "somebody answered yes to: Is an inquest or inquiry expected?" in words_of(dpo.get(self.PAGE).text)

    def test_the_receipt_states_its_limits(self, dpo, state):
        state["closing"] = replace(state["closing"], receipt=RECEIPT, phase=Phase.CLOSED)
        words = words_of(dpo.get(self.PAGE).text)
        assert "Mersey flood is closed The data is destroyed" in words
        assert "Close Mersey flood" not in words
        assert "c0ffee" in words
        assert "Printed copies are outside it." in words
