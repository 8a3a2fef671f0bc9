"""Plan messages to chosen areas, and make the file that GOV.UK Notify or a letter run takes."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.audience import COLUMNS
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.notify import notify_file
from wardkeeper.messages.plan import MessagePlan, make_plan
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.datasets import HOMES, RESIDENTS
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE

OF_HOMES = ("home_id", "address", "postcode", "lsoa", "special")
OF_RESIDENTS = ("home_id", *(name for name in COLUMNS if name not in OF_HOMES))


@dataclass(frozen=True, slots=True)
class Campaign:
    """Messages to the homes of some areas (LSOA or MSOA codes), in one wording, by a first choice of channel."""

    areas: list[str]
    wording: Wording
    channel: Channel


def plan(house: House, actor: Actor, campaign: Campaign, *, purpose: str = PURPOSE) -> MessagePlan:
    """Plan a campaign: what leaves here is for a screen that shows counts. Raises Refused, BadInput."""
    opened, made = _plan(house, actor, campaign, purpose)
    with house.store.write(opened.leaf(Act.MESSAGES_PLANNED, {"areas": campaign.areas, "homes": made.homes})):
        return made


def export(
    house: House, actor: Actor, campaign: Campaign, way: Channel | None = None, *, purpose: str = PURPOSE
) -> pl.DataFrame:
    """Give the recipients' file of one channel (by default the first choice), in Notify's columns: a disclosure."""
    opened, made = _plan(house, actor, campaign, purpose)
    way = way or campaign.channel
    rows = notify_file(made, way)
    detail: dict[str, Detail] = {"areas": campaign.areas, "channel": way.value, "rows": rows.height}
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, detail)):
        return rows


def small_areas(house: House, areas: list[str]) -> list[str]:
    """Give the LSOAs that areas consist of here: an LSOA is itself, an MSOA those its postcodes lie in."""
    parts = house.places().postcodes.frame.select("lsoa", "msoa").unique()
    within = parts.filter(pl.col("msoa").is_in(areas))["lsoa"].to_list()
    return sorted({*within, *areas} - set(parts["msoa"].to_list()))


def _plan(house: House, actor: Actor, campaign: Campaign, purpose: str) -> tuple[Opened, MessagePlan]:
    wanted = {HOMES: OF_HOMES, RESIDENTS: OF_RESIDENTS}
    opened = open_door(house, Ask(actor, purpose, Operation.PLAN_MESSAGES, wanted, Tier.NAMES))
    frames = opened.read_all(wanted)
    everybody = frames[HOMES].join(frames[RESIDENTS], on="home_id", how="full", coalesce=True)
    today = london_day(house.clock.now())
    areas = small_areas(house, campaign.areas)
    return opened, make_plan(everybody, areas=areas, wording=campaign.wording, channel=campaign.channel, today=today)
