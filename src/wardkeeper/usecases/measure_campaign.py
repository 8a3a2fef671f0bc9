"""Measure what a campaign changed: the areas it went to against the others of an outcome, from the day it was sent or handed over."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import day_start, london_day
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.comparisons import Comparison, Design, Unit
from wardkeeper.messages.effects import Effect, check_days, estimate_effect
from wardkeeper.messages.sending import NOT_ARRIVED, WRITTEN, MessageState
from wardkeeper.usecases.campaign_areas import drawn_comparison
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import small_areas

SENT = (WRITTEN | NOT_ARRIVED) - {MessageState.HANDED_OVER}
"""Messages that went out from here, whether or not they arrived."""

NOT_DRAWN = "Chance did not decide where it went: other differences between the areas may show as an effect."


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect, and the areas it rests on."""

    campaign: str
    effect: Effect
    written_to: int


def measure(house: House, actor: Actor, campaign_id: str, outcome: pl.DataFrame, *, file: str = "") -> Measured:
    """Estimate a campaign's effect on an outcome (area, date, value, population).

    With `file`, it leaves as a file of that name, and the ledger says so. Raises Refused, Conflict, BadInput.
    """
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.VIEW_CAMPAIGNS, {}))
    drawn = drawn_comparison(house, campaign_id)
    check_days(outcome, london_day(house.clock.now()))
    groups = _groups(house, campaign, drawn, outcome)
    effect = estimate_effect(outcome, groups)
    told = replace(effect, notes=(*_notes(house, campaign, drawn), *effect.notes))
    opened.tell_export(file)
    return Measured(campaign_id, told, int(groups["start"].is_not_null().sum()))


def _groups(house: House, campaign: Campaign, drawn: Comparison | None, outcome: pl.DataFrame) -> pl.DataFrame:
    """Give each area of the outcome the day the campaign began there; none where it did not go."""
    if campaign.begun is None:
        raise Conflict(
            "The campaign has not been sent.", "Send it, or record that a file was handed over; then measure."
        )
    areas = outcome.select(pl.col("area").unique().sort())
    if drawn is None:
        theirs = {*campaign.draft.areas, *small_areas(house, list(campaign.draft.areas))}
        return _from_one_day(areas, theirs, london_day(campaign.begun))
    if drawn.unit is Unit.HOUSEHOLD:
        raise Conflict(
            "Chance decided by home, so each area has both wordings, and areas tell nothing.",
            "Compare the answers to each wording, such as calls to two numbers.",
        )
    arms = pl.DataFrame(list(drawn.allocation), schema=["area", "arm"], orient="row")
    begins = _begins(house, campaign, drawn)
    start = pl.col("arm").replace_strict(list(begins), list(begins.values()), return_dtype=pl.Date)
    return areas.join(arms, on="area", how="inner").select("area", start.alias("start"))


def _begins(house: House, campaign: Campaign, drawn: Comparison) -> dict[str, date | None]:
    """Give the day on which the campaign began in the areas of each arm; None where nothing of it ever went."""
    out = _outgoings(house, campaign)
    opened = {arm: _opened(house, campaign, drawn, arm) for arm in drawn.arms}
    return {
        arm: min((london_day(gone) for made, gone in out if since and made >= since), default=None)
        for arm, since in opened.items()
    }


def _opened(house: House, campaign: Campaign, drawn: Comparison, arm: str) -> datetime | None:
    """Give from when on what goes out goes to the areas of an arm; None while it does not."""
    if drawn.design is Design.STEPPED:
        return day_start(date.fromisoformat(arm))
    if arm == campaign.id:
        return datetime.min.replace(tzinfo=UTC)
    ended = load_campaign(house, arm).given_up
    return ended.at if ended else None


def _outgoings(house: House, campaign: Campaign) -> set[tuple[datetime, datetime]]:
    """Give when each message or file was made up, and when it went."""
    sent = (one for one in house.store.messages(campaign.id) if one.state in SENT)
    return {(one.attempted_at, one.attempted_at) for one in sent if one.attempted_at} | set(campaign.outgoings)


def _notes(house: House, campaign: Campaign, drawn: Comparison | None) -> tuple[str, ...]:
    """Say what an effect rests on: chance or not, and what the areas it is compared with were told."""
    if drawn is None:
        return (NOT_DRAWN,)
    if drawn.design is Design.STEPPED:
        never = [arm for arm, day in _begins(house, campaign, drawn).items() if day is None]
        areas = sum(len(drawn.units_of(arm)) for arm in never)
        return (f"{areas:,} areas were never sent to, and count as not written to.",) if never else ()
    others = [load_campaign(house, arm) for arm in drawn.arms if arm != campaign.id]
    told = [one.id for one in others if one.begun]
    return (f"The other areas got the words of {told[0]}." if told else "The other areas got no other words.",)


def _from_one_day(areas: pl.DataFrame, theirs: set[str], day: date) -> pl.DataFrame:
    return areas.with_columns(pl.when(pl.col("area").is_in(list(theirs))).then(pl.lit(day)).alias("start"))
