"""The files of an approved campaign: for those whom no message of it has reached, as things stand now.

They are what a rehearsal of sending finds, so that a death or an objection since the approval is honoured, nobody who got
a message gets a letter too, and a comparison is kept to. Each file that leaves is a disclosure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.doordrops import count_doors
from wardkeeper.messages.files import DOOR_DROP
from wardkeeper.messages.sending import LIVE, NOT_ARRIVED
from wardkeeper.messages.templates import choose_template
from wardkeeper.usecases.campaign_areas import areas_on, find_comparison
from wardkeeper.usecases.door import open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import campaign_of, files_of
from wardkeeper.usecases.prepare_sending import Prepared, ask_to_send, prepare
from wardkeeper.usecases.rulebook import rulebook

NOT_NAMED = "not named yet"
"""Stands in for a template, so that a rehearsal can count before one is made."""


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """What sending would do now, the templates that are still to be named (way and language), and the files' frames."""

    prepared: Prepared
    unnamed: tuple[str, ...]
    files: Mapping[str, pl.DataFrame]


def rehearse(house: House, actor: Actor, campaign_id: str) -> Rehearsal:
    """Tell what sending would do, whether or not it can be done from here. Raises Refused, NotFound, Conflict."""
    templates = rulebook(house.store).authority.notify_templates
    stand_in = {
        way.value: NOT_NAMED for way in (Channel.TEXT, Channel.EMAIL) if not choose_template(templates, way, "")
    }
    prepared = prepare(house, actor, campaign_id, stand_in)
    named = ((f"{way} {language}", found) for (way, language), found in prepared.templates.items())
    return Rehearsal(
        prepared, tuple(name for name, found in named if found == NOT_NAMED), _files(house, campaign_id, prepared)
    )


def export_file(house: House, actor: Actor, campaign_id: str, name: str) -> pl.DataFrame:
    """Give one file of a campaign by its name: a disclosure. Raises Refused, and NotFound when nobody is in it."""
    found = rehearse(house, actor, campaign_id)
    rows = found.files.get(name)
    if rows is None:
        raise NotFound("Nobody is in that file.", "Take another one.")
    opened = open_door(house, ask_to_send(actor, found.prepared.campaign))
    detail: dict[str, Detail] = {"campaign": campaign_id, "file": name, "rows": rows.height}
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, detail)):
        return rows


def _files(house: House, campaign_id: str, prepared: Prepared) -> Mapping[str, pl.DataFrame]:
    draft, plan = prepared.campaign.draft, prepared.plan
    left = _not_reached(house, campaign_id, prepared).select(plan.recipients.columns)
    files = dict(files_of(house, replace(plan, recipients=left, doors=prepared.doors), campaign_of(draft)))
    addresses = house.places().addresses
    if addresses and find_comparison(house, campaign_id):
        # Leaflets go where this campaign goes, and not to the areas it is compared with.
        today = london_day(house.clock.now())
        files[DOOR_DROP] = count_doors(addresses.frame, areas_on(house, draft, today))
    return files


def _not_reached(house: House, campaign_id: str, prepared: Prepared) -> pl.DataFrame:
    """Give the recipients without those who got a message of the campaign, or whose letter was lost."""
    messages = house.store.messages(campaign_id)
    live = [one.reference for one in messages if one.state in LIVE]
    done = [one.reference for one in messages if one.state in LIVE | NOT_ARRIVED]
    audience = prepared.audience
    homes = audience.written.filter(pl.col("reference").is_in(live))["home_id"].drop_nulls().to_list()
    written = pl.col("home_id").is_in(homes).fill_null(value=False)
    return audience.recipients.filter(~written & ~pl.col("reference").is_in(done))
