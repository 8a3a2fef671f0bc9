"""From an unusual rise to an approved campaign: what public health and communications do, each in their own name."""

from dataclasses import dataclass

from wardkeeper.demo import cast
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import MessagePlan
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.accept_alert import accept
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import CampaignRequest, areas_of_alert, draft
from wardkeeper.usecases.raise_alerts import Raised, raise_alerts
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.submit_campaign import submit

WORDS = "Cases of infection are rising where you live. Free tests are at Sale library, 9am to 5pm."
SUBJECT = "Cases are rising near you"
REASON = "More cases than expected for weeks, and tests were offered evenly."


@dataclass(frozen=True, slots=True)
class Walked:
    """What was raised, and the campaign that was approved: nothing was sent."""

    raised: Raised
    accepted: str
    campaign: str
    plan: MessagePlan


def act(house: House) -> Walked:
    """Look for alerts, accept the first, and bring a campaign to its areas as far as an approval.

    The other alerts wait for a visitor. Where no alert is raised, the campaign goes to the two largest areas.
    """
    raised = raise_alerts(house, cast.PUBLIC_HEALTH)
    accepted = raised.alerts[0].id if raised.alerts else ""
    if accepted:
        accept(house, cast.PUBLIC_HEALTH, accepted, REASON)
    wording = Wording(WORDS, SUBJECT, MessageKind.ROUTINE)
    areas = areas_of_alert(house, accepted) if accepted else _largest(house)
    drafted = draft(house, cast.COMMUNICATIONS, CampaignRequest(areas, wording, Channel.TEXT, alert=accepted))
    kept = save(house, cast.COMMUNICATIONS, drafted.draft)
    submit(house, cast.COMMUNICATIONS, kept.draft.id)
    approve(house, cast.PUBLIC_HEALTH, kept.draft.id, kept.draft.singles_out)
    return Walked(raised, accepted, kept.draft.id, drafted.plan)


def _largest(house: House) -> list[str]:
    areas = house.places().areas.frame.drop_nulls("population").sort("population", descending=True)
    return areas["area"].head(2).to_list()
