"""Measure what a campaign changed: the areas it went to against the others of an outcome, from the day it was sent."""

from dataclasses import dataclass, replace

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import Campaign, Step
from wardkeeper.messages.comparisons import Comparison, Design
from wardkeeper.messages.effects import Effect, estimate_effect
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import small_areas
from wardkeeper.usecases.rulebook import Kind

NOT_DRAWN = "Chance did not decide where it went: other differences between the areas may show as an effect."


@dataclass(frozen=True, slots=True)
class Measured:
    """An effect, and the areas it rests on."""

    campaign: str
    effect: Effect
    written_to: int


def measure(house: House, actor: Actor, campaign_id: str, outcome: pl.DataFrame) -> Measured:
    """Estimate a campaign's effect on an outcome (area, date, value, population). Raises Refused, Conflict, BadInput."""
    campaign = load_campaign(house, campaign_id)
    open_door(house, Ask(actor, campaign.draft.purpose, Operation.VIEW_CAMPAIGNS, {}))
    groups = _groups(house, campaign, outcome)
    effect = estimate_effect(outcome, groups)
    drawn = find_comparison(house, campaign_id) is not None
    told = effect if drawn else replace(effect, notes=(NOT_DRAWN, *effect.notes))
    return Measured(campaign_id, told, groups["start"].is_not_null().sum())


def find_comparison(house: House, campaign_id: str) -> Comparison | None:
    """Find the comparison that a campaign is part of, if any."""
    document = house.store.document(Kind.COMPARISON, campaign_id)
    return Comparison.from_bytes(document.content) if document else None


def _groups(house: House, campaign: Campaign, outcome: pl.DataFrame) -> pl.DataFrame:
    """Give each area of the outcome the day the campaign began there; none where it did not go."""
    begun = next((one.at for one in campaign.steps if one.step is Step.SEND), None)
    if begun is None:
        raise Conflict("The campaign has not been sent.", "Send it first; then measure.")
    areas = outcome.select(pl.col("area").unique().sort())
    comparison = find_comparison(house, campaign.id)
    if comparison is not None and comparison.design is Design.STEPPED:
        starts = pl.DataFrame(list(comparison.allocation), schema=["area", "start"], orient="row")
        return areas.join(starts.with_columns(pl.col("start").str.to_date()), on="area", how="left")
    chosen = list(comparison.units_of(campaign.id)) if comparison else list(campaign.draft.areas)
    theirs = {*chosen, *small_areas(house, chosen)}
    wanted = pl.col("area").is_in(list(theirs))
    return areas.with_columns(pl.when(wanted).then(pl.lit(london_day(begun))).alias("start"))
