"""Measure what a campaign changed: the areas it went to against the others of an outcome, from the day it was sent or handed over."""

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import Campaign
from wardkeeper.messages.comparisons import Design, Unit
from wardkeeper.messages.effects import Effect, estimate_effect
from wardkeeper.usecases.campaign_areas import find_comparison
from wardkeeper.usecases.campaign_book import load_campaign
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import small_areas

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
    return Measured(campaign_id, told, int(groups["start"].is_not_null().sum()))


def _groups(house: House, campaign: Campaign, outcome: pl.DataFrame) -> pl.DataFrame:
    """Give each area of the outcome the day the campaign began there; none where it did not go."""
    if campaign.begun is None:
        raise Conflict(
            "The campaign has not been sent.", "Send it, or record that a file was handed over; then measure."
        )
    areas = outcome.select(pl.col("area").unique().sort())
    comparison = find_comparison(house, campaign.id)
    if comparison is None:
        theirs = {*campaign.draft.areas, *small_areas(house, list(campaign.draft.areas))}
        return _from_one_day(areas, theirs, london_day(campaign.begun))
    if comparison.unit is Unit.HOUSEHOLD:
        raise Conflict(
            "Chance decided by home, so each area has both wordings, and areas tell nothing.",
            "Compare the answers to each wording, such as calls to two numbers.",
        )
    drawn = pl.DataFrame(list(comparison.allocation), schema=["area", "arm"], orient="row")
    both = areas.join(drawn, on="area", how="inner")
    if comparison.design is Design.STEPPED:
        return both.select("area", pl.col("arm").str.to_date().alias("start"))
    return _from_one_day(both.select("area"), set(comparison.units_of(campaign.id)), london_day(campaign.begun))


def _from_one_day(areas: pl.DataFrame, theirs: set[str], day: date) -> pl.DataFrame:
    return areas.with_columns(pl.when(pl.col("area").is_in(list(theirs))).then(pl.lit(day)).alias("start"))
