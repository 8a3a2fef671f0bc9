"""Drafts of campaigns for tests: small, whole, and about nobody."""

from dataclasses import replace

from fakes import MORNING
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaigns import (
    CampaignDraft,
    MessageTotal,
    Messenger,
    OutcomeTotal,
    PlanTotal,
    Speaker,
    Words,
)
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import Outcome

AUTHOR = "comms@trafford.example"
LEAD = "health@trafford.example"

TOTAL = PlanTotal(
    homes=3,
    people=5,
    outcomes=(OutcomeTotal(Outcome.TEXT, 2, 4), OutcomeTotal(Outcome.DOOR, 1, 1)),
    messages=(MessageTotal(Channel.TEXT, "English", 3, 9),),
    languages=(),
    unknown_language=5,
    unreachable_homes=1,
    unreachable_people=1,
    unplaced=0,
    prices_from="2026-04-01",
)

BODY = "Cases of infection are rising where you live. Free tests are at Sale library, 9am to 5pm."

DRAFT = CampaignDraft(
    id="cam-000000000000",
    areas=("E01006112",),
    alert="",
    purpose="public-health",
    kind=MessageKind.ROUTINE,
    words=(Words("English", BODY, "Cases are rising near you"),),
    values=(),
    channels=(Channel.TEXT, Channel.EMAIL, Channel.LETTER),
    speakers=(Speaker(Messenger.COUNCIL),),
    formats=(),
    singles_out=(),
    total=TOTAL,
    made_by=AUTHOR,
    made_at=MORNING,
)


def make_draft(**changes) -> CampaignDraft:
    return replace(DRAFT, **changes)
