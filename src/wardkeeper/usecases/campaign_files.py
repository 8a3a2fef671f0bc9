"""The files of an approved campaign, and what became of each: taken, then handed over or put away.

They hold whom no message has reached, as a rehearsal of sending finds it now, so that a death or an objection since the
approval is honoured, nobody who got a message gets a letter too, and a comparison is kept to. Each file that leaves is a
disclosure. Who is in it is put on record with it: what was posted is then exactly what was taken, and counts add up.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.kernel.errors import Conflict, NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import london_day
from wardkeeper.messages.campaign_life import Campaign, Step, Taken, check_may_follow
from wardkeeper.messages.comparisons import Unit
from wardkeeper.messages.doordrops import count_doors
from wardkeeper.messages.files import (
    DOOR_DROP,
    PARTNERS,
    holds_messages,
    one_kind_of_letters,
    recipients_of,
    same_letters,
)
from wardkeeper.messages.outbox import new_messages
from wardkeeper.messages.sending import Message, MessageState
from wardkeeper.usecases.campaign_areas import areas_on, find_comparison
from wardkeeper.usecases.campaign_audience import GROUND, check_sealed, seal_written
from wardkeeper.usecases.campaign_book import ACTS, begin_step, load_campaign, step_detail, take_step
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.plan_messages import files_of, request_of
from wardkeeper.usecases.ports import Writer
from wardkeeper.usecases.prepare_sending import Prepared, ask_to_send, prepare

NOT_GONE = frozenset({MessageState.WITHDRAWN, MessageState.WAITING, MessageState.IN_FILE})
"""Messages that have not gone out: a file may take them."""


@dataclass(frozen=True, slots=True)
class FileOut:
    """A file that was taken, of which nobody has said yet whether it was handed over.

    `no_longer` counts the messages in it that would not be sent today. `reloaded` says that residents or homes have
    changed since, which tells no more than that of a file whose rows are not messages.
    """

    taken: Taken
    no_longer: int
    reloaded: bool

    @property
    def note(self) -> str:
        """Why it should be taken again, in words for a screen; empty when nothing has changed."""
        if self.no_longer:
            return (
                f"{self.no_longer:,} of its {self.taken.rows:,} messages must not be sent any more: since it was taken, a death,"
                " an objection, a note on safe contact or another number or address came, or they went another way."
                " Do not use this file: record that it was put away unused, and take it again."
            )
        if self.reloaded:
            return (
                "The records of residents or homes have changed since it was taken. Unless it has been used, record that"
                " it was put away unused, and take it again."
            )
        return ""


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """What sending would do now, the files' frames, and the files that are out."""

    prepared: Prepared
    files: Mapping[str, pl.DataFrame]
    out: tuple[FileOut, ...]


def rehearse(house: House, actor: Actor, campaign_id: str, *, file: str = "") -> Rehearsal:
    """Tell what sending would do, whether or not it can be done from here. With `file`, its counts leave as a file of that name.

    Raises Refused, NotFound, Conflict.
    """
    prepared = prepare(house, actor, campaign_id, file=file)
    return Rehearsal(prepared, _files(house, campaign_id, prepared), look_at_files(house, prepared))


def look_at_files(house: House, prepared: Prepared) -> tuple[FileOut, ...]:
    """Hold the files that are out against today's records: a death or a note on safe contact may have come since."""
    messages, left = house.store.messages(prepared.campaign.id), set(prepared.left["reference"])

    def no_longer(taken: Taken) -> int:
        still = sum(one.reference in left for one in _in_file(messages, taken.file))
        return taken.rows - still if holds_messages(taken.file) else 0

    return tuple(
        FileOut(taken, no_longer(taken), _is_older(house, taken)) for taken in prepared.campaign.open_files.values()
    )


def note_files(house: House, actor: Actor, campaign: Campaign) -> dict[str, str]:
    """Tell of each file that is out, by its name, why it should be taken again: nothing while no record has changed.

    Raises Refused, and Conflict for a campaign that is sent no more.
    """
    if not any(_is_older(house, taken) for taken in campaign.open_files.values()):
        return {}
    out = look_at_files(house, prepare(house, actor, campaign.id))
    return {one.taken.file: one.note for one in out if one.note}


def _is_older(house: House, taken: Taken) -> bool:
    """Tell whether residents or homes have changed since a file was taken."""
    return any(file.written_at > taken.at for file in map(house.store.current, GROUND) if file)


def take_files(
    house: House,
    actor: Actor,
    campaign_id: str,
    names: Collection[str] = (),
    *,
    make_room: Callable[[], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """Give files of a campaign by their names, every one when none is named: each is a disclosure.

    Letters come as two kinds of file. One kind is out at a time; with no names, it is the one that is out, or the printer's.
    `make_room` is called once it is granted, before anybody is put on record as being in a file. Raises Refused without
    an approval, NotFound when nobody is in a file that was named or in any, Conflict when somebody else takes it just now
    and when another file with the same letters is out or named too.
    """
    found = rehearse(house, actor, campaign_id)
    empty = [name for name in names if name not in found.files]
    if empty:
        raise NotFound(f"Nobody is in the file {empty[0]}.", f"There are: {', '.join(found.files) or 'none'}.")
    if not found.files:
        raise NotFound(
            "There is no file to take: nobody is left who is not reached.",
            "See what became of the campaign's messages.",
        )
    campaign = found.prepared.campaign
    chosen = [name for name in found.files if name in names] if names else _all_files(campaign, found.files)
    check_one_kind(campaign, chosen)
    return _take(house, actor, found, chosen, make_room or _as_it_is)


def hand_over(house: House, actor: Actor, campaign_id: str, name: str) -> Campaign:
    """Record that a file which was taken was posted, or handed to whoever sends it. Raises Refused, NotFound, Conflict."""
    return _settle_file(house, actor, campaign_id, name, Step.HAND_OVER)


def put_away(house: House, actor: Actor, campaign_id: str, name: str) -> Campaign:
    """Record that a file which was taken was not used: who is in it can be sent to. Raises Refused, NotFound, Conflict."""
    return _settle_file(house, actor, campaign_id, name, Step.PUT_AWAY)


AFTER: Mapping[Step, MessageState] = {
    Step.HAND_OVER: MessageState.HANDED_OVER,
    Step.PUT_AWAY: MessageState.WITHDRAWN,
}
"""What becomes of the messages in a file."""


def _take(
    house: House, actor: Actor, found: Rehearsal, names: Sequence[str], make_room: Callable[[], None]
) -> dict[str, pl.DataFrame]:
    """Give files, and put who is in them on record: in place of those in an earlier taking of each."""
    campaign, audience, left = found.prepared.campaign, found.prepared.audience, found.prepared.left
    opened = open_door(house, ask_to_send(actor, campaign))
    make_room()
    within = pl.concat([left.clear(), *(recipients_of(name, left) for name in names)]).unique("reference")
    sealed = seal_written(opened, campaign.id, audience.written, within)
    steps = [begin_step(opened, Step.TAKE_FILE, file=name, rows=found.files[name].height) for name in names]
    first, *others = [opened.leaf(ACTS[Step.TAKE_FILE], step_detail(campaign, taken)) for taken in steps]
    with house.store.write(first) as writer:
        _check_untouched(house, campaign, names)
        check_one_kind(load_campaign(house, campaign.id), names)
        for leaf in others:
            writer.add_leaf(leaf)
        writer.set_current(sealed)
        _put_on_record(house, writer, found, names, within)
        take_step(opened, writer, campaign, *steps)
    return {name: found.files[name] for name in names}


def _put_on_record(house: House, writer: Writer, found: Rehearsal, names: Sequence[str], within: pl.DataFrame) -> None:
    """Record who is in files now, and withdraw those whom only an earlier taking of them held."""
    campaign, now = found.prepared.campaign, house.clock.now()
    known = {one.reference: one for one in house.store.messages(campaign.id)}
    check_sealed(known, found.prepared.audience)
    wanted = {one.reference: one for one in new_messages(campaign.id, within, MessageState.IN_FILE, now)}
    if any(known[one].state not in NOT_GONE for one in wanted if one in known):
        raise Conflict("Somebody in this file has been written to meanwhile.", "Take the file again.")
    before = {one.reference: one for name in names for one in _in_file(known.values(), name)}
    writer.add_messages([one for reference, one in wanted.items() if reference not in known])
    writer.change_messages(
        [
            *_move((known[one] for one in wanted if one in known), MessageState.IN_FILE, now),
            *_move((one for reference, one in before.items() if reference not in wanted), MessageState.WITHDRAWN, now),
        ]
    )


def _move(messages: Iterable[Message], state: MessageState, now: datetime) -> list[Message]:
    return [replace(one, state=state, changed_at=now) for one in messages]


def _in_file(messages: Collection[Message], name: str) -> list[Message]:
    """Give the messages of a file that was taken."""
    filed = [one for one in messages if one.state is MessageState.IN_FILE]
    rows = [(one.reference, one.channel.value, one.language) for one in filed]
    columns = {"reference": pl.String, "channel": pl.String, "language": pl.String}
    theirs = set(recipients_of(name, pl.DataFrame(rows, schema=columns, orient="row"))["reference"])
    return [one for one in filed if one.reference in theirs]


def _settle_file(house: House, actor: Actor, campaign_id: str, name: str, step: Step) -> Campaign:
    campaign = load_campaign(house, campaign_id)
    opened = open_door(house, Ask(actor, campaign.draft.purpose, Operation.SEND_MESSAGES, {}))
    check_may_follow(campaign.state, step)
    if name not in campaign.open_files:
        raise NotFound(
            f"The file {name} is not out: it was not taken, or it is settled already.",
            f"Files that are out: {', '.join(campaign.open_files) or 'none'}.",
        )
    taken = begin_step(opened, step, file=name, rows=campaign.open_files[name].rows)
    with house.store.write(opened.leaf(ACTS[step], step_detail(campaign, taken))) as writer:
        _check_untouched(house, campaign, [name])
        messages = house.store.messages(campaign.id)
        theirs = _in_file(messages, name)
        if step is Step.HAND_OVER and holds_messages(name):
            _check_not_written_to(len(theirs), taken.rows)
        if step is Step.PUT_AWAY:
            theirs = _in_no_other(messages, theirs, [one for one in campaign.open_files if one != name])
        writer.change_messages(_move(theirs, AFTER[step], taken.at))
        return take_step(opened, writer, campaign, taken)


def _in_no_other(messages: Collection[Message], theirs: Sequence[Message], others: Iterable[str]) -> list[Message]:
    """Leave out the messages that another file which is out holds too: that one may have been posted."""
    held = {one.reference for name in others for one in _in_file(messages, name)}
    return [one for one in theirs if one.reference not in held]


def _check_untouched(house: House, campaign: Campaign, names: Collection[str]) -> None:
    """Raise Conflict when somebody took a file, or said what became of it, since the campaign was read.

    Asked within the transaction: of two people who do so at the same moment, one is told.
    """
    latest = load_campaign(house, campaign.id)
    if any(_last_step(latest, name) != _last_step(campaign, name) for name in names):
        raise Conflict(
            "Somebody else took this file, or recorded what became of it, at the same moment.",
            "Look at the campaign's files again.",
        )


def check_one_kind(campaign: Campaign, names: Sequence[str]) -> None:
    """Raise Conflict when a file's letters are in another that is out, or is taken with it: one of them would be posted twice."""
    for name in names:
        held = same_letters(name, campaign.open_files)
        if held:
            raise Conflict(
                f"The letters of {name} are in the file {held[0]}, which is out.",
                f"Use {held[0]}; or record that it was put away unused, and then take {name}.",
            )
        if same_letters(name, names):
            raise Conflict(
                f"The files {name} and {same_letters(name, names)[0]} hold the same letters.", "Take one of the two."
            )


def _all_files(campaign: Campaign, names: Iterable[str]) -> list[str]:
    return one_kind_of_letters(list(names), campaign.open_files)


def _last_step(campaign: Campaign, name: str) -> Taken | None:
    return next((one for one in reversed(campaign.steps) if one.file == name), None)


def _as_it_is() -> None:
    """Make no room: whoever takes the files needs none."""


def _check_not_written_to(waiting: int, rows: int) -> None:
    """Refuse a file of whom another file has reached since it was taken: letters are in the printer's and in Notify's."""
    if waiting < rows:
        raise Conflict(
            f"Of the {rows:,} messages in this file, {rows - waiting:,} were in another file that was settled since.",
            "Do not use it: say that it was not used, and take it again for whoever is left.",
        )


def _files(house: House, campaign_id: str, prepared: Prepared) -> Mapping[str, pl.DataFrame]:
    draft, plan = prepared.campaign.draft, prepared.plan
    left = prepared.left.select(plan.recipients.columns)
    files = dict(files_of(house, replace(plan, recipients=left, doors=prepared.doors), request_of(draft)))
    addresses, comparison = house.places().addresses, find_comparison(house, campaign_id)
    if comparison and comparison.unit is Unit.HOUSEHOLD:
        # A leaflet, and a leader's word, reach the homes with the other wording too.
        return {name: rows for name, rows in files.items() if name not in {DOOR_DROP, PARTNERS}}
    if addresses and comparison:
        # Leaflets go where this campaign goes, and not to the areas it is compared with.
        today = london_day(house.clock.now())
        files[DOOR_DROP] = count_doors(addresses.frame, areas_on(house, draft, today))
    return files
