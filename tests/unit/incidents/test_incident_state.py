from datetime import UTC, datetime

import pytest

from wardkeeper.incidents.checks import STATUS_AFTER, WORDING, CheckStatus
from wardkeeper.incidents.closing import QUESTIONS, ClosingAnswers, held_by, still_needed
from wardkeeper.incidents.events import CheckOutcome, Event, EventType
from wardkeeper.incidents.state import ALLOWED, Confirmation, Phase, check_may_follow, fold
from wardkeeper.kernel.errors import Conflict

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def event(number, kind, **more):
    return Event("inc-1", number, kind, NOW, more.pop("login", "planner"), "council", **more)


def test_the_loop_from_warning_to_closing():
    state = fold(
        "inc-1",
        [
            event(1, EventType.EXPECTED, login="night"),
            event(2, EventType.LISTED),
            event(3, EventType.DECLARED),
            event(4, EventType.STOOD_DOWN),
            event(5, EventType.CLOSING_CONFIRMED, data={"answers": {"death": False}}),
            event(6, EventType.CLOSED),
        ],
    )
    assert (state.phase, state.last, state.declared_by) == (Phase.CLOSED, 6, "night")
    assert state.confirmations == (Confirmation("planner", NOW, {"death": False}),)


@pytest.mark.parametrize("outcome", list(CheckOutcome))
def test_every_outcome_has_words_and_a_status(outcome):
    state = fold(
        "inc-1",
        [
            event(1, EventType.DECLARED),
            event(2, EventType.CHECK_TAKEN, check="chk-1"),
            event(3, EventType.CHECK_DONE, check="chk-1", data={"outcome": outcome.value, "note": "n", "key": "k"}),
        ],
    )
    assert state.checks["chk-1"].status is STATUS_AFTER[outcome]
    assert (state.checks["chk-1"].note, state.keys) == ("n", frozenset({("chk-1", "k")}))
    assert WORDING[outcome]


def test_no_reply_is_never_done():
    assert STATUS_AFTER[CheckOutcome.NO_REPLY] is CheckStatus.TRY_AGAIN


@pytest.mark.parametrize("outcome", [CheckOutcome.NEEDS_HELP, CheckOutcome.REFUSED_CAPACITY_DOUBTED])
def test_what_is_most_urgent_has_a_status_of_its_own_and_comes_first(outcome):
    assert STATUS_AFTER[outcome] is CheckStatus.NEEDS_HELP
    assert next(iter(CheckStatus)) is CheckStatus.NEEDS_HELP
    assert [one for one, status in STATUS_AFTER.items() if status is CheckStatus.TRY_AGAIN] == [CheckOutcome.NO_REPLY]


def test_an_outcome_whose_key_is_gone_is_withheld():
    state = fold("inc-1", [event(1, EventType.DECLARED), event(2, EventType.CHECK_DONE, check="chk-1")])
    assert state.checks["chk-1"].status is CheckStatus.WITHHELD


@pytest.mark.parametrize("phase", [None, *Phase])
def test_every_phase_has_its_row(phase):
    assert ALLOWED[phase] <= set(EventType)


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([event(1, EventType.LISTED)], "has not been declared"),
        ([event(1, EventType.DECLARED), event(2, EventType.DECLARED)], "phase “active”"),
        ([event(1, EventType.DECLARED), event(2, EventType.CLOSED)], "phase “active”"),
        ([event(1, EventType.DECLARED), event(2, EventType.STOOD_DOWN), event(3, EventType.CHECK_TAKEN)], "“recovery”"),
        ([event(1, EventType.DECLARED), event(3, EventType.LISTED)], "Event 3 does not follow event 1"),
        ([event(1, EventType.DECLARED), event(1, EventType.LISTED)], "Event 1 does not follow event 1"),
        ([event(1, EventType.DECLARED), event(2, EventType.CHECK_TAKEN)], "names no check"),
        (
            [
                event(1, EventType.DECLARED),
                event(2, EventType.STOOD_DOWN),
                event(3, EventType.CLOSING_CONFIRMED, data={"answers": 1}),
            ],
            "not a table",
        ),
    ],
)
def test_an_event_out_of_place_is_refused(events, message):
    with pytest.raises(Conflict, match=message):
        fold("inc-1", events)


def test_asking_first_gives_the_same_refusal():
    with pytest.raises(Conflict, match="has not been declared"):
        check_may_follow(fold("inc-1", []), EventType.STOOD_DOWN)


NO = ClosingAnswers(death=False, injury=False, complaint=False, claim=False, inquest=False).to_dict()


def by(login, **yes):
    return Confirmation(login, NOW, {**NO, **yes})


@pytest.mark.parametrize(
    ("confirmations", "needed"),
    [
        ([], "Two people must confirm"),
        ([by("planner")], "The data protection officer must still"),
        ([by("planner"), by("director")], "The data protection officer must still"),
        ([by("dpo")], "A second person"),
        ([by("dpo"), by("dpo")], "A second person"),
        ([by("planner"), by("dpo")], ""),
    ],
)
def test_g15_two_people_close_and_one_is_the_dpo(confirmations, needed):
    assert still_needed(confirmations, frozenset({"dpo"})).startswith(needed)
    assert bool(still_needed(confirmations, frozenset({"dpo"}))) is bool(needed)


def test_g18_one_yes_from_anybody_holds_everything():
    assert held_by([by("planner"), by("dpo")]) == []
    assert held_by([by("planner", inquest=True), by("dpo")]) == ["inquest"]
    assert set(NO) == set(QUESTIONS)


def test_g18_a_question_left_out_counts_as_yes():
    assert held_by([Confirmation("planner", NOW, {"death": False})]) == ["injury", "complaint", "claim", "inquest"]
