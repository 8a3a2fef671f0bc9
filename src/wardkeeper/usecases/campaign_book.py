"""The campaigns that are kept: each a document, a new version with every step. Nobody is in it."""

from dataclasses import replace
from functools import reduce
from typing import Any

from wardkeeper.kernel.errors import Conflict, NotFound
from wardkeeper.kernel.ids import MandateId
from wardkeeper.kernel.ways import Way
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.campaign_life import Campaign, Step, Taken
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Opened
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import Document, Writer
from wardkeeper.usecases.rulebook import Kind

ACTS: dict[Step, Act] = {
    Step.SUBMIT: Act.CAMPAIGN_SUBMITTED,
    Step.APPROVE: Act.CAMPAIGN_APPROVED,
    Step.DECLINE: Act.CAMPAIGN_DECLINED,
    Step.COMPARE: Act.CAMPAIGN_COMPARED,
    Step.SEND: Act.SENDING_STARTED,
    Step.FINISH: Act.SENDING_FINISHED,
    Step.TAKE_FILE: Act.DATA_EXPORTED,
    Step.HAND_OVER: Act.FILE_HANDED_OVER,
    Step.PUT_AWAY: Act.FILE_PUT_AWAY,
    Step.CLOSE: Act.CAMPAIGN_CLOSED,
    Step.DESTROY: Act.CLOSING_CONFIRMED,
    Step.STOP: Act.CAMPAIGN_STOPPED,
}
"""What is written on the ledger when a step is taken."""

HELD_TO_THE_DRAW = frozenset({Step.APPROVE, Step.SEND, Step.TAKE_FILE})
"""Steps that a comparison drawn a moment ago holds up: what they rest on was made without it."""

MOST_NAMED = 5


def load_campaign(house: House, campaign_id: str) -> Campaign:
    """Find a campaign. Raises NotFound, naming the newest that are kept."""
    document = house.store.document(Kind.CAMPAIGN, campaign_id)
    if document is None:
        known = ", ".join(one.id for one in kept_campaigns(house)[:MOST_NAMED]) or "none"
        raise NotFound("There is no campaign with this id.", f"Newest: {known}.", way=Way.LIST_CAMPAIGNS)
    return Campaign.from_bytes(document.content)


def kept_campaigns(house: House) -> list[Campaign]:
    """List the campaigns that are kept, the newest first."""
    found = [Campaign.from_bytes(document.content) for document in house.store.documents(Kind.CAMPAIGN)]
    return sorted(found, key=lambda one: (one.draft.made_at, one.id), reverse=True)


def campaign_document(house: House, campaign: Campaign) -> Document:
    """Give the document that keeps a campaign."""
    return document_of(house, Kind.CAMPAIGN, campaign.id, campaign.to_bytes())


def name_mandate(campaign_id: str) -> MandateId:
    """Name the permission under which it is kept to whom a campaign goes."""
    return MandateId(f"campaign-{campaign_id}")


def step_detail(campaign: Campaign, taken: Taken) -> dict[str, Detail]:
    """Say on the ledger what was done with a campaign."""
    return {
        "campaign": campaign.id,
        "areas": campaign.draft.areas,
        "fingerprint": campaign.draft.fingerprint,
        **({"reason": taken.reason} if taken.reason else {}),
        **({"file": taken.file, "rows": taken.rows} if taken.file else {}),
        **({"acknowledged": taken.acknowledged} if taken.acknowledged else {}),
        **({"alert": campaign.draft.alert} if campaign.draft.alert else {}),
    }


def begin_step(opened: Opened, step: Step, **more: Any) -> Taken:
    """Make the step that the person at this door takes now; `more` are the other fields of `Taken`."""
    return Taken(step, opened.ask.actor.login, opened.house.clock.now(), **more)


def take_step(opened: Opened, writer: Writer, campaign: Campaign, *steps: Taken) -> Campaign:
    """Take steps within a transaction; give the campaign after them. Raises Conflict when one may not follow.

    It is read again: writers take turns, so nobody else's step is overwritten.
    """
    latest = load_campaign(opened.house, campaign.id)
    since = {one.step for one in latest.steps[len(campaign.steps) :]}
    if Step.COMPARE in since and HELD_TO_THE_DRAW & {one.step for one in steps}:
        raise Conflict("A comparison of this campaign was drawn meanwhile.", "Look at the campaign, and try again.")
    after = reduce(Campaign.take, steps, replace(campaign, steps=latest.steps))
    writer.apply_document(campaign_document(opened.house, after))
    return after
