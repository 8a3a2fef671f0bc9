"""A campaign's audience made afresh: from what is known now, with the numbers left out that did not work before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import polars as pl

from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaigns import CampaignDraft
from wardkeeper.messages.comparisons import Comparison, Design, Unit
from wardkeeper.messages.outbox import leave_out_numbers
from wardkeeper.messages.plan import MessagePlan, make_plan
from wardkeeper.messages.sending import NOT_ARRIVED, Message
from wardkeeper.usecases.campaign_areas import areas_on, find_comparison
from wardkeeper.usecases.campaign_book import name_mandate
from wardkeeper.usecases.datasets import HOMES, RESIDENTS, written_to
from wardkeeper.usecases.door import Opened, current
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import OF_HOMES, OF_RESIDENTS
from wardkeeper.usecases.ports import VaultFile

GROUND: Mapping[str, Sequence[str]] = {HOMES: OF_HOMES, RESIDENTS: OF_RESIDENTS}
"""What an audience is made from."""

WRITTEN_TO_COLUMNS = ("reference", "home_id", "channel", "to")
NOBODY = pl.DataFrame(schema=dict.fromkeys(WRITTEN_TO_COLUMNS, pl.String))


@dataclass(frozen=True, eq=False)
class Audience:
    """A plan made now; `recipients` are its rows with their references, `written` those of earlier messages.

    `ground` are the files that it was made from: when they are current no longer, it is made again.
    """

    plan: MessagePlan
    recipients: pl.DataFrame
    written: pl.DataFrame
    ground: tuple[str, ...]


def make_audience(opened: Opened, draft: CampaignDraft, messages: Sequence[Message]) -> Audience:
    """Make the audience of a draft. Raises BadInput when nobody lives there, Refused when the door has shut.

    Of two wordings that are compared, a number gets one: that of the first home, by its id, of those that share it. Where
    homes are drawn, all that share numbers or a door get that home's wording.
    """
    house, sealed = opened.house, written_to(draft.id)
    today = london_day(house.clock.now())
    wanted = dict(GROUND) | ({sealed: WRITTEN_TO_COLUMNS} if house.store.current(sealed) else {})
    frames = opened.read_all(wanted)
    written = frames.get(sealed, NOBODY)
    everybody = frames[HOMES].join(frames[RESIDENTS], on="home_id", how="full", coalesce=True)
    comparison = find_comparison(house, draft.id)
    plan_for = partial(make_plan, wording=draft.wording_in_full(), channel=draft.channels[0], today=today)
    working, areas = leave_out_numbers(everybody, _failed(written, messages)), areas_on(house, draft, today)
    plan = plan_for(working, areas=areas)
    if comparison is not None and comparison.unit is Unit.HOUSEHOLD:
        # By all numbers, those that did not work too: in both wordings' plans a home then has the same arm.
        plan = _of_arm(plan, comparison, draft.id, plan_for(everybody, areas=areas).linked)
    elif comparison is not None and comparison.design is Design.WORDINGS:
        every = plan_for(working, areas=[area for area, _ in comparison.allocation])
        plan = replace(plan, recipients=every.recipients.filter(pl.col("lsoa").is_in(areas)))
    return Audience(plan, _refer(house, draft, plan.recipients), written, current_ground(house))


def current_ground(house: House) -> tuple[str, ...]:
    """Name the files that an audience made now would be made from."""
    files = (house.store.current(name) for name in GROUND)
    return tuple(file.id for file in files if file)


def _of_arm(plan: MessagePlan, comparison: Comparison, arm: str, linked: Mapping[str, str]) -> MessagePlan:
    """Keep the homes whose wording this is; `linked` homes have that of their first."""

    def keep(rows: pl.DataFrame) -> pl.DataFrame:
        named = [name for name in ("postcode", "to") if name in rows.columns]
        home = pl.col("home_id").replace(linked) if linked else pl.col("home_id")
        return rows.filter(comparison.arms_of(rows.select(pl.coalesce(home, *named)).to_series()) == arm)

    return replace(plan, recipients=keep(plan.recipients), doors=keep(plan.doors), officer=keep(plan.officer))


def seal_written(opened: Opened, campaign_id: str, written: pl.DataFrame, added: pl.DataFrame) -> VaultFile:
    """Seal to whom messages went and go, under the campaign's permission and those of what it was made from."""
    house = opened.house
    parents = [current(house, name) for name in GROUND]
    mandates = dict.fromkeys([*opened.ask.mandates, *(one for parent in parents for one in parent.mandates)])
    every = pl.concat([written, added.select(WRITTEN_TO_COLUMNS)])
    return house.vault.write(
        every.unique("reference", keep="first", maintain_order=True),
        dataset=written_to(campaign_id),
        mandates=list(mandates),
        parents=[parent.id for parent in parents],
        permit=opened.decision,
    )


def check_sealed(known: Collection[str], audience: Audience) -> None:
    """Raise Conflict when messages were put on record since an audience was read: sealing it would forget whose they are."""
    if set(known) - set(audience.written["reference"]):
        raise Conflict("Somebody else sends this campaign or takes its files just now.", "Try again in a minute.")


def _failed(written: pl.DataFrame, messages: Sequence[Message]) -> list[str]:
    """Give the numbers and e-mail addresses whose messages did not arrive."""
    failed = [one.reference for one in messages if one.state in NOT_ARRIVED]
    return written.filter(pl.col("reference").is_in(failed))["to"].drop_nulls().unique().to_list()


def _refer(house: House, draft: CampaignDraft, recipients: pl.DataFrame) -> pl.DataFrame:
    """Add to each recipient the reference that their message has in every run: an HMAC of where it goes."""
    place = pl.concat_str(pl.col("address").list.join(", "), "postcode", separator=", ")
    names = recipients.select(pl.concat_str("channel", pl.coalesce("to", place), separator=" ")).to_series()
    references = house.vault.subjects(name_mandate(draft.id), [f"message {name}" for name in names])
    return recipients.with_columns(pl.Series("reference", references, dtype=pl.String)).unique(
        "reference", maintain_order=True
    )
