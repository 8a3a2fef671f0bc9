"""Save a campaign's draft, so that it can be submitted."""

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict, Refused, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.campaigns import CampaignDraft
from wardkeeper.usecases.campaign_book import keep_draft
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import Kind


def save(house: House, actor: Actor, draft: CampaignDraft) -> Campaign:
    """Keep a draft under its id, as its author. Raises Refused, and Conflict when there is such a campaign."""
    opened = open_door(house, Ask(actor, draft.purpose, Operation.SUBMIT_CAMPAIGN, {}))
    if draft.made_by != actor.login:
        raise Refused("Refused: this draft was made by somebody else.", "Plan it yourself.", Where(rule="author"))
    detail: dict[str, Detail] = {"campaign": draft.id, "areas": draft.areas, "fingerprint": draft.fingerprint}
    with house.store.write(opened.leaf(Act.CAMPAIGN_SAVED, detail)) as writer:
        if house.store.document(Kind.CAMPAIGN, draft.id) is not None:
            raise Conflict("There is a campaign with this id already.", "Plan it again: it gets an id of its own.")
        keep_draft(house, writer, draft)
    return Campaign(draft)
