from governance_facts import CREW, PLANNER, STRANGER, answer, opening
from wardkeeper.governance.wording import explain


def test_an_allowance_is_one_word():
    assert explain(answer(opening(PLANNER))) == "allowed"


def test_a_refusal_gives_each_reason_and_each_advice_once():
    assert explain(answer(opening(CREW, incident=None))) == (
        "refused: no incident has been declared; outside an incident partners may see counts only; "
        "declare or expect an incident here"
    )


def test_a_case_for_a_human_says_so():
    assert explain(answer(opening(STRANGER))).startswith("not allowed without a named officer: nobody has listed")
