"""Compare two wordings, or start a campaign in steps: a named public-health lead draws it, before anything is sent.

It is off unless this is done, and refused for safety messages. Chance decides by area, or for wordings by home; the seed is
recorded, so that anybody can draw again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import BadInput, Conflict, Refused, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Detail
from wardkeeper.messages.campaign_life import Campaign, State, Step, can_follow, check_may_follow
from wardkeeper.messages.comparisons import (
    Balance,
    Comparison,
    Design,
    Unit,
    check_may_compare,
    draw,
    draw_by_home,
    weigh_balance,
)
from wardkeeper.messages.sending import MessageState
from wardkeeper.usecases.campaign_areas import drawn_comparison
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, take_step
from wardkeeper.usecases.documents import document_of
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import small_areas
from wardkeeper.usecases.rulebook import Kind


@dataclass(frozen=True, slots=True)
class Drawn:
    """A comparison as it was drawn, and how alike its arms are."""

    comparison: Comparison
    balance: tuple[Balance, ...]


def compare_wordings(house: House, actor: Actor, one: str, other: str, *, seed: int, unit: Unit = Unit.AREA) -> Drawn:
    """Draw by area, or by home, which of two campaigns is sent where. Raises Refused, NotFound, Conflict, BadInput."""
    campaigns = [load_campaign(house, each) for each in (one, other)]
    if campaigns[0].draft.areas != campaigns[1].draft.areas:
        raise BadInput(
            "The two campaigns are for different areas.", "Plan both for the same.", Where(rule="comparison")
        )
    if unit is Unit.AREA:
        return _compare(house, actor, campaigns, Design.WORDINGS, [one, other], seed)
    if campaigns[0].draft.channels != campaigns[1].draft.channels:
        # By two ways, a number that two homes share could get both.
        raise BadInput("The two campaigns go different ways.", "Plan both for the same way.", Where(rule="comparison"))
    opened = _open(house, actor, campaigns)
    drawn = draw_by_home(kind=campaigns[0].draft.kind, arms=[one, other], seed=seed)
    _keep(opened, campaigns, drawn)
    return Drawn(drawn, ())


def start_in_steps(house: House, actor: Actor, campaign_id: str, days: Sequence[str], *, seed: int) -> Drawn:
    """Draw by area on which of some days a campaign begins. Raises Refused, NotFound, Conflict, BadInput."""
    steps = _read_days(days, london_day(house.clock.now()))
    return _compare(house, actor, [load_campaign(house, campaign_id)], Design.STEPPED, steps, seed)


def _read_days(days: Sequence[str], today: date) -> list[str]:
    """Give days in order, each written the same way. Raises BadInput for what is no day, and for one that has passed."""
    try:
        read = sorted(date.fromisoformat(day) for day in days)
    except ValueError:
        raise BadInput(
            "A day to begin on is not a day.", "Write each as 2026-11-28.", Where(rule="comparison")
        ) from None
    if read and read[0] < today:
        raise BadInput(
            f"The day {read[0]} has passed: its areas would begin with those of a later day.",
            "Name days from today on.",
            Where(rule="comparison"),
        )
    return [day.isoformat() for day in read]


def can_compare(house: House, actor: Actor, campaign: Campaign) -> bool:
    """Tell whether this person could draw a comparison of a campaign now, whatever their role."""
    try:
        _check(house, actor, campaign)
    except (Conflict, Refused):
        return False
    return True


def tell_parted(house: House, campaign_id: str) -> list[str]:
    """Tell whom of a comparison of wordings nobody tells, or only the other campaign; nothing when each has its words."""
    drawn = drawn_comparison(house, campaign_id)
    if drawn is None or drawn.design is Design.STEPPED:
        return []
    campaigns = [load_campaign(house, arm) for arm in drawn.arms]
    told = [
        _tell_of_arm(house, one, drawn, others=[other for other in campaigns if other is not one]) for one in campaigns
    ]
    return [words for words in told if words]


def _tell_of_arm(house: House, one: Campaign, drawn: Comparison, others: Sequence[Campaign]) -> str:
    """Say of one campaign of a comparison that its areas or homes are not told by it; empty when they are."""
    areas = len(drawn.units_of(one.id))
    share = f"its {areas} areas" if drawn.unit is Unit.AREA else "its half of the homes"
    if one.given_up:
        ended = "declined" if one.given_up.step is Step.DECLINE else "stopped"
        left = [other.id for other in others if can_be_sent(other)]
        then = f"{left[0]} goes to {share} too." if left else f"Nobody tells {share}: plan another campaign for them."
        return f"{one.id} was {ended} before anything of it went out. {then}"
    if one.stopped:
        totals = house.store.count_messages(one.id)
        unsent = sum(total.messages for total in totals if total.state is MessageState.WITHDRAWN)
        return (
            f"{one.id} was stopped after some of it had gone out: {unsent:,} of its messages were not sent, and whoever it had "
            f"not reached is told by nobody. Plan another campaign for {share}."
        )
    return "" if one.begun else f"{one.id} has not gone out yet. Until it does, nobody tells {share}."


def can_be_sent(campaign: Campaign) -> bool:
    """Tell whether a campaign goes out, or still may once it is approved."""
    return campaign.state in {State.SUBMITTED, State.SENDING} or can_follow(campaign.state, Step.SEND)


def _compare(
    house: House, actor: Actor, campaigns: Sequence[Campaign], design: Design, arms: Sequence[str], seed: int
) -> Drawn:
    opened = _open(house, actor, campaigns)
    # Small areas are drawn, the middle-sized ones they lie in being the strata.
    parts = house.places().postcodes.frame.select(unit="lsoa", stratum="msoa").unique("unit")
    small = pl.DataFrame({"unit": small_areas(house, list(campaigns[0].draft.areas))}, schema={"unit": pl.String})
    units = small.join(parts, on="unit", how="left", maintain_order="left")
    drawn = draw(units, kind=campaigns[0].draft.kind, design=design, arms=arms, seed=seed)
    _keep(opened, campaigns, drawn)
    return Drawn(drawn, _weigh(house, units, drawn))


def _open(house: House, actor: Actor, campaigns: Sequence[Campaign]) -> Opened:
    opened = open_door(house, Ask(actor, campaigns[0].draft.purpose, Operation.APPROVE_CAMPAIGN, {}))
    for campaign in campaigns:
        _check(house, actor, campaign)
    return opened


def _keep(opened: Opened, campaigns: Sequence[Campaign], drawn: Comparison) -> None:
    """Keep what was drawn with each of the campaigns, unless one of them has gone on meanwhile."""
    house = opened.house
    detail: dict[str, Detail] = {
        "campaigns": [one.id for one in campaigns],
        "design": drawn.design.value,
        "unit": drawn.unit.value,
        "seed": drawn.seed,
        "areas": len(drawn.allocation),
    }
    taken = begin_step(opened, Step.COMPARE)
    with house.store.write(opened.leaf(ACTS[Step.COMPARE], detail)) as writer:
        for campaign in campaigns:
            _check(house, opened.ask.actor, load_campaign(house, campaign.id))
            take_step(opened, writer, campaign, taken)
            writer.apply_document(document_of(house, Kind.COMPARISON, campaign.id, drawn.to_bytes()))


def _check(house: House, actor: Actor, campaign: Campaign) -> None:
    check_may_compare(campaign.draft.kind)
    if actor.login in campaign.authors:
        raise Refused(
            "Refused: nobody approves a comparison of a campaign they made or submitted themselves.",
            "Ask another public-health lead.",
            Where(rule="two people"),
        )
    check_may_follow(campaign.state, Step.COMPARE)
    if campaign.anything_left:
        raise Conflict(
            f"A file of the campaign {campaign.id} has been taken already.",
            "A comparison is drawn before anything leaves. Plan another campaign to compare.",
        )
    if drawn_comparison(house, campaign.id) is not None:
        raise Conflict("This campaign is part of a comparison already.", "Plan another campaign to compare.")


def _weigh(house: House, units: pl.DataFrame, drawn: Comparison) -> tuple[Balance, ...]:
    people = house.places().areas.frame.select(unit="area", population="population")
    known = units.join(people, on="unit", how="inner").filter(pl.col("population").is_not_null())
    both = all(known["unit"].is_in(list(drawn.units_of(arm))).sum() > 1 for arm in drawn.arms)
    return weigh_balance(known, drawn, ["population"]) if both else ()
