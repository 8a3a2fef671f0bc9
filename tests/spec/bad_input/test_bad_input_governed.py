"""Agreements and permissions that have run out, told in the words that a crew or an analyst reads (G3, G4, G5, G11).

| what has run out                          | when                | what the crew gets               |
|-------------------------------------------|---------------------|----------------------------------|
| the fire service's agreement              | before the incident | needs a human, with the last day |
| the fire service's agreement              | during the incident | the list, with a loud warning    |
| the review of the agreement               | any time            | the list, with a warning         |
| the agreement was never applied           |                     | needs a human                    |
"""

import pytest

from districts import EXAMPLES, declare_flood
from wardkeeper.bootstrap import read_drafts
from wardkeeper.demo import cast
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.kernel.errors import BadInput, Refused
from wardkeeper.ledger.leaves import Act, Leaf
from wardkeeper.sources.contract import parse as parse_contract
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.rulebook import Kind
from wardkeeper.usecases.view_incident import view

FIRE = (EXAMPLES / "agreements" / "fire-flood.toml").read_text("utf-8")
ENDS, REVIEW = "ends = 2031-03-31", "review_by = 2027-09-30"


def agree(house, text):
    """Put a version of the fire service's agreement in force."""
    leaf = Leaf(Act.DOCUMENT_APPLIED, house.clock.now(), "test", "trafford-council")
    with house.store.write(leaf) as writer:
        writer.apply_document(document_of(house, Kind.AGREEMENT, "fire-flood", text.encode()))


def with_dates(*, ends, review):
    return FIRE.replace(ENDS, f"ends = {ends}").replace(REVIEW, f"review_by = {review}")


def test_an_agreement_past_its_end_before_the_incident_is_for_a_human_to_decide(house, town):
    agree(house, with_dates(ends="2026-10-31", review="2026-09-30"))
    incident = declare_flood(house, town)
    with pytest.raises(Refused) as raised:
        view(house, cast.CREW, incident)
    decision = raised.value.decision
    assert decision.outcome is Outcome.NEEDS_A_HUMAN
    (reason,) = (one for one in decision.failed if one.check == 11)
    assert reason.fact == "agreement fire-flood version 1 ended on 31 October 2026"
    assert reason.nearest_miss.startswith("agree and sign a new version; in an emergency a named officer must decide")
    assert "agree and sign a new version" in raised.value.next.lower()
    assert view(house, cast.PLANNER, incident).lines.height > 0


def test_g5_an_agreement_that_ends_during_the_incident_warns_and_goes_on(flood):
    yesterday = with_dates(ends="2026-11-22", review="2026-11-22")
    agree(flood.house, yesterday)
    flood.house.clock.move(flood.house.clock.now().replace(hour=23, minute=59) - flood.house.clock.now())
    assert view(flood.house, cast.CREW, flood.incident).decision.outcome is Outcome.ALLOW
    after_midnight = flood.house.clock.now().replace(day=23, hour=0, minute=1)
    flood.house.clock.move(after_midnight - flood.house.clock.now())
    shown = view(flood.house, cast.CREW, flood.incident)
    assert shown.lines.height > 0
    assert shown.decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    (warning,) = (one for one in shown.decision.warned if one.check == 11)
    assert warning.fact.startswith("agreement fire-flood version 1 ENDED on 22 November 2026, during this incident")


def test_g11_an_overdue_review_warns_and_goes_on(flood):
    agree(flood.house, with_dates(ends="2031-03-31", review="2026-10-01"))
    shown = view(flood.house, cast.CREW, flood.incident)
    assert shown.decision.outcome is Outcome.ALLOW_WITH_CONDITIONS
    (warning,) = shown.decision.warned
    assert warning.fact.startswith("the review of agreement fire-flood version 1 was due by 1 October 2026")
    assert warning.fact.endswith("review it as soon as the emergency allows")


def test_g11_an_agreement_for_another_hazard_is_paperwork_for_a_human(flood):
    agree(flood.house, FIRE.replace('hazard = "flood"', 'hazard = "power-cut"'))
    with pytest.raises(Refused) as raised:
        view(flood.house, cast.CREW, flood.incident)
    assert raised.value.decision.outcome is Outcome.NEEDS_A_HUMAN


def test_g10_a_field_withheld_for_this_hazard_does_not_come(flood):
    agree(flood.house, FIRE.replace("withheld = []", 'withheld = ["phones", "birth_years"]'))
    columns = view(flood.house, cast.CREW, flood.incident).lines.columns
    assert "names" in columns
    assert not {"phones", "birth_years"} & set(columns)


SHIELDING = (EXAMPLES / "sources" / "shielding.toml").read_text("utf-8")
CARE = (EXAMPLES / "sources" / "adult-social-care.toml").read_text("utf-8")


def without(text, key):
    return "\n".join(line for line in text.splitlines() if not line.startswith(f"{key} = "))


@pytest.mark.parametrize(
    ("text", "named"),
    [(without(SHIELDING, "ends"), "ends"), (without(CARE, "review_by"), "review_by")],
    ids=["a notice without an end", "a standing permission without a review"],
)
def test_g4_a_contract_without_an_end_of_its_permission_is_refused_by_name(text, named):
    with pytest.raises(BadInput) as raised:
        parse_contract(text, "sources/some.toml")
    assert named in str(raised.value)
    assert raised.value.where.file == "sources/some.toml"
    assert raised.value.next


def test_the_examples_themselves_all_have_one():
    for draft in read_drafts(EXAMPLES):
        if draft.kind is Kind.SOURCE:
            mandate = parse_contract(draft.text, f"{draft.name}.toml").mandate
            assert mandate.ends or mandate.review_by
