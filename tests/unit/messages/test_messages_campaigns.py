"""A draft is stored as bytes and comes back as it was; what an approval stands for changes with any word of it."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaigns import (
    CampaignDraft,
    Format,
    MessageTotal,
    Messenger,
    OutcomeTotal,
    PlanTotal,
    Speaker,
    Words,
    mint_campaign,
)
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import Outcome

TOTAL = PlanTotal(
    homes=3,
    people=5,
    outcomes=(OutcomeTotal(Outcome.TEXT, 2, 4), OutcomeTotal(Outcome.DOOR, 1, 1)),
    messages=(MessageTotal(Channel.TEXT, "English", 2, 6), MessageTotal(Channel.TEXT, "Urdu", 1, 6)),
    languages=(("Urdu", 1),),
    unknown_language=4,
    unreachable_homes=1,
    unreachable_people=1,
    unplaced=2,
    prices_from="2026-04-01",
)

DRAFT = CampaignDraft(
    id="cam-000000000000",
    areas=("E02001259",),
    alert="",
    purpose="health-protection",
    kind=MessageKind.ROUTINE,
    words=(Words("English", "Get a free test at ((place)).", "Tests"), Words("Urdu", "((place)) میں مفت ٹیسٹ", "ٹیسٹ")),
    values=(("place", "Sale Town Hall"),),
    channels=(Channel.TEXT, Channel.LETTER),
    speakers=(Speaker(Messenger.COUNCIL), Speaker(Messenger.FAITH_LEADER, language="Urdu")),
    formats=(Format.LARGE_PRINT,),
    singles_out=(),
    total=TOTAL,
    made_by="health@trafford.example",
    made_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
)


def test_a_draft_comes_back_from_its_bytes_as_it_was():
    again = CampaignDraft.from_bytes(DRAFT.to_bytes())
    assert again == DRAFT
    assert again.to_bytes() == DRAFT.to_bytes()
    assert isinstance(again.total.outcomes[0].outcome, Outcome)
    assert isinstance(again.speakers[0].messenger, Messenger)


CHANGES = {
    "id": "cam-000000000001",
    "areas": ("E02001260",),
    "alert": "alert-1",
    "purpose": "emergency-response",
    "kind": MessageKind.SAFETY,
    "words": DRAFT.words[:1],
    "values": (("place", "Stretford"),),
    "channels": (Channel.LETTER,),
    "speakers": (),
    "formats": (),
    "singles_out": ("Lark Rise",),
    "total": replace(TOTAL, homes=4),
    "made_by": "jo@trafford.example",
    "made_at": datetime(2026, 11, 22, 9, 31, tzinfo=UTC),
}


def test_every_part_of_a_draft_is_tried_below():
    assert set(CHANGES) == {field.name for field in fields(CampaignDraft)}


@pytest.mark.parametrize("part", sorted(CHANGES))
def test_its_fingerprint_changes_with_any_part(part):
    assert replace(DRAFT, **{part: CHANGES[part]}).fingerprint != DRAFT.fingerprint


def test_somebody_gets_the_words_in_their_language_else_the_english():
    assert DRAFT.wording("Urdu").subject == "ٹیسٹ"
    assert DRAFT.wording("Polish").filled == "Get a free test at Sale Town Hall."
    assert DRAFT.languages == ("English", "Urdu")


def test_the_total_adds_up_messages_and_their_cost():
    assert (TOTAL.pence, TOTAL.count(Channel.TEXT), TOTAL.count(Channel.LETTER)) == (12, 3, 0)


def test_an_id_is_told_by_its_start():
    assert mint_campaign(bytes(8)) == "cam-000000000000"
