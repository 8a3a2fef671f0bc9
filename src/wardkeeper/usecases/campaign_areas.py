"""The areas a campaign may go to today: all of its own, unless a comparison by area gives it some of them, or some not yet.

A comparison of wordings keeps nobody from being told: when the other campaign is given up before anything of it went out,
this one goes to everybody it was approved for.
"""

from datetime import date

from wardkeeper.kernel.errors import Conflict
from wardkeeper.messages.campaigns import CampaignDraft
from wardkeeper.messages.comparisons import Comparison, Design, Unit
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import small_areas
from wardkeeper.usecases.rulebook import Kind


def drawn_comparison(house: House, campaign_id: str) -> Comparison | None:
    """Find the comparison that was drawn for a campaign, if any."""
    document = house.store.document(Kind.COMPARISON, campaign_id)
    return Comparison.from_bytes(document.content) if document else None


def find_comparison(house: House, campaign_id: str) -> Comparison | None:
    """Find the comparison that parts a campaign's people now: none once its other wording was given up."""
    drawn = drawn_comparison(house, campaign_id)
    if drawn is None or drawn.design is Design.STEPPED:
        return drawn
    others = [load_campaign(house, arm) for arm in drawn.arms if arm != campaign_id]
    return None if all(one.given_up for one in others) else drawn


def areas_on(house: House, draft: CampaignDraft, day: date) -> list[str]:
    """Give the small areas (LSOAs) that a campaign may go to on a day. Raises Conflict when that is none yet."""
    comparison = find_comparison(house, draft.id)
    if comparison is None or comparison.unit is Unit.HOUSEHOLD:
        return small_areas(house, list(draft.areas))
    stepped = comparison.design is Design.STEPPED
    areas = comparison.started(day) if stepped else comparison.units_of(draft.id)
    if not areas:
        first = min(start for _, start in comparison.allocation)
        raise Conflict("In no area has this campaign begun yet.", f"It begins in steps: send it from {first} on.")
    return list(areas)
