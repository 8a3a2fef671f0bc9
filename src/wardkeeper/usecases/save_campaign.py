"""Save a campaign's draft, so that it can be submitted. A safety message is submitted with it: only the approval is left."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict, Refused, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import Campaign, Step
from wardkeeper.messages.campaigns import CampaignDraft
from wardkeeper.usecases.campaign_book import ACTS, begin_step, campaign_document, step_detail
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Kind


def save(house: House, actor: Actor, draft: CampaignDraft) -> Campaign:
    """Keep a draft under its id, as its author. Raises Refused, and Conflict when there is such a campaign.

    Nobody is kept waiting for a warning: one is put before a public-health lead at once.
    """
    opened = open_door(house, Ask(actor, draft.purpose, Operation.SUBMIT_CAMPAIGN, {}))
    if draft.made_by != actor.login:
        raise Refused("Refused: this draft was made by somebody else.", "Plan it yourself.", Where(rule="author"))
    detail: dict[str, Detail] = {"campaign": draft.id, "areas": draft.areas, "fingerprint": draft.fingerprint}
    with house.store.write(opened.leaf(Act.CAMPAIGN_SAVED, detail)) as writer:
        if house.store.document(Kind.CAMPAIGN, draft.id) is not None:
            raise Conflict("There is a campaign with this id already.", "Plan it again: it gets an id of its own.")
        campaign = Campaign(draft)
        if draft.kind is MessageKind.SAFETY:
            taken = begin_step(opened, Step.SUBMIT)
            writer.add_leaf(opened.leaf(ACTS[Step.SUBMIT], step_detail(campaign, taken)))
            campaign = campaign.take(taken)
        writer.apply_document(campaign_document(house, campaign))
    return campaign
