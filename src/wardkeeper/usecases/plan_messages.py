"""Plan messages to chosen areas, and put the plan down as a draft for approval.

What leaves here is for a screen that shows counts: no file of recipients is given before the approval (`campaign_files`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.errors import BadInput, NotFound, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.audience import COLUMNS
from wardkeeper.messages.campaigns import CampaignDraft, Format, Speaker, Words, mint_campaign
from wardkeeper.messages.channels import FALLBACKS, Channel
from wardkeeper.messages.files import campaign_files
from wardkeeper.messages.formats import FormatNeed, weigh_formats
from wardkeeper.messages.languages import share_by_lsoa
from wardkeeper.messages.messengers import read_speakers
from wardkeeper.messages.plan import MessagePlan, Surroundings, make_plan
from wardkeeper.messages.prices import NOTIFY, Postage, PriceList
from wardkeeper.messages.scripts import ENGLISH
from wardkeeper.messages.totals import total_of
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.alert_book import KeptAlert, load_alert
from wardkeeper.usecases.datasets import FACTS, HOMES, RESIDENTS
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.load_cases import PURPOSE

OF_HOMES = ("home_id", "address", "postcode", "lsoa", "special", "kind")
OF_RESIDENTS = ("home_id", *(name for name in COLUMNS if name not in OF_HOMES))
OF_FACTS = ("resident_id", "factor")


@dataclass(frozen=True, slots=True)
class CampaignRequest:
    """What an officer asks for: messages to the homes of some areas (LSOA or MSOA codes), in one wording, by a first choice of channel.

    `alert` is the id of the alert that led to them. `speakers` are an officer's choices as `read_speakers` takes them.
    `formats` are the forms that will be made.
    """

    areas: list[str]
    wording: Wording
    channel: Channel
    alert: str = ""
    speakers: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ()
    prices: PriceList = NOTIFY
    postage: Postage = Postage.SECOND


@dataclass(frozen=True, eq=False)
class Drafted:
    """A draft for approval, the plan it comes from, and what forms of the message are needed."""

    draft: CampaignDraft
    plan: MessagePlan
    formats: tuple[FormatNeed, ...]


@dataclass(frozen=True, eq=False)
class _Planned:
    opened: Opened
    plan: MessagePlan
    facts: pl.DataFrame | None = field(default=None)


def draft(house: House, actor: Actor, request: CampaignRequest, *, purpose: str = PURPOSE) -> Drafted:
    """Plan a campaign and put it down for approval; keeping it is left to `save_campaign`. Raises Refused, BadInput."""
    planned = _plan(house, actor, request, purpose)
    made, now = planned.plan, house.clock.now()
    written = CampaignDraft(
        id=mint_campaign(house.clock.entropy(8)),
        areas=tuple(request.areas),
        alert=request.alert,
        purpose=purpose,
        kind=request.wording.kind,
        words=tuple(_words(request.wording)),
        values=tuple(request.wording.values.items()),
        channels=FALLBACKS[request.channel],
        speakers=_speakers(request),
        formats=request.formats,
        singles_out=made.singles_out,
        total=total_of(made, request.prices, request.postage),
        made_by=actor.login,
        made_at=now,
    )
    detail: dict[str, Detail] = {"areas": request.areas, "homes": made.homes, "campaign": written.id}
    with house.store.write(planned.opened.leaf(Act.MESSAGES_PLANNED, detail)):
        return Drafted(written, made, weigh_formats(made.audience, planned.facts, request.wording, request.formats))


def request_of(written: CampaignDraft) -> CampaignRequest:
    """Give the request that a draft was made from, to plan it again as it was put to the approver."""
    speakers = tuple(f"{one.area}/{one.language}={one.messenger}" for one in written.speakers)
    return CampaignRequest(
        areas=list(written.areas),
        wording=written.wording_in_full(),
        channel=written.channels[0],
        alert=written.alert,
        speakers=speakers,
        formats=written.formats,
    )


def files_of(house: House, made: MessagePlan, request: CampaignRequest) -> Mapping[str, pl.DataFrame]:
    """Give each file of a plan by its name. Whoever lets one leave writes that down."""
    places = house.places()
    addresses = places.addresses.frame if places.addresses else None
    parts = _parts(house, request.areas)
    return campaign_files(made, areas=parts, addresses=addresses, speakers=_speakers(request))


def areas_of_alert(house: House, alert: str) -> list[str]:
    """Give the areas of an alert that are here. Raises NotFound for no such alert, and when none of its areas is here."""
    here = areas_here(house, load_alert(house, alert))
    if not here:
        raise NotFound("None of the alert's areas is in this district.", "Choose areas by their codes instead.")
    return here


def areas_here(house: House, alert: KeptAlert) -> list[str]:
    """Give those of an alert's areas that are here, the centre first."""
    codes = _known_codes(house)
    return [code for code in alert.areas if code in codes]


def small_areas(house: House, areas: list[str]) -> list[str]:
    """Give the LSOAs that areas consist of here: an LSOA is itself, an MSOA those its postcodes lie in."""
    parts = house.places().postcodes.frame.select("lsoa", "msoa").unique()
    within = parts.filter(pl.col("msoa").is_in(areas))["lsoa"].to_list()
    return sorted({*within, *areas} - set(parts["msoa"].to_list()))


def _known_codes(house: House) -> set[str]:
    parts = house.places().postcodes.frame.select("lsoa", "msoa").unique()
    return {*parts["lsoa"], *parts["msoa"], *house.places().areas.codes}


def _check_areas(house: House, areas: list[str]) -> None:
    """Refuse areas that are not here: left out in silence, their people would not be told."""
    if not areas:
        raise BadInput("No area was chosen.", "Name areas by their codes, or an alert.", Where(rule="area"))
    unknown = sorted(set(areas) - _known_codes(house))
    if unknown:
        message = f"There is no area {unknown[0]} here."
        raise BadInput(message, "Use the codes of this district's LSOAs or MSOAs.", Where(rule="area"))


def _parts(house: House, areas: list[str]) -> pl.DataFrame:
    """Give lsoa, the area an officer chose (the MSOA, or the LSOA itself) and its name (an MSOA goes by its code)."""
    parts = house.places().postcodes.frame.select("lsoa", "msoa").unique()
    chosen = pl.concat([parts.select("lsoa", area="lsoa"), parts.select("lsoa", area="msoa")]).filter(
        pl.col("area").is_in(areas)
    )
    alone = pl.DataFrame({"lsoa": areas, "area": areas}, schema={"lsoa": pl.String, "area": pl.String})
    names = house.places().areas.frame.select("area", "name")
    every = pl.concat([chosen, alone.join(parts, left_on="area", right_on="msoa", how="anti")]).unique("lsoa")
    return every.join(names, on="area", how="left").with_columns(name=pl.coalesce("name", "area")).sort("area", "lsoa")


def _speakers(request: CampaignRequest) -> tuple[Speaker, ...]:
    return read_speakers(request.speakers, request.areas)


def _words(wording: Wording) -> list[Words]:
    every = {ENGLISH: wording, **wording.translations}
    return [Words(language, one.body, one.subject) for language, one in every.items()]


def _around(house: House) -> Surroundings:
    places = house.places()
    shares = places.proficiency
    parts = places.postcodes.frame.select("output_area", "lsoa", "msoa").unique()
    return Surroundings(
        proficiency=None if shares is None else share_by_lsoa(shares, parts),
        settings=frozenset(places.known["name"].drop_nulls().to_list()),
        areas=frozenset(places.areas.frame["name"].drop_nulls().to_list()),
    )


def _plan(house: House, actor: Actor, request: CampaignRequest, purpose: str) -> _Planned:
    wanted = {HOMES: OF_HOMES, RESIDENTS: OF_RESIDENTS}
    if house.store.current(FACTS) is not None:
        wanted[FACTS] = OF_FACTS
    opened = open_door(house, Ask(actor, purpose, Operation.PLAN_MESSAGES, wanted, Tier.NAMES))
    _check_areas(house, request.areas)
    frames = opened.read_all(wanted)
    made = make_plan(
        frames[HOMES].join(frames[RESIDENTS], on="home_id", how="full", coalesce=True),
        areas=small_areas(house, request.areas),
        wording=request.wording,
        channel=request.channel,
        today=london_day(house.clock.now()),
        around=_around(house),
    )
    return _Planned(opened, made, frames.get(FACTS))
