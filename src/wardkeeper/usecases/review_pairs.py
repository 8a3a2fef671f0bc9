"""Review pairs: which two records to look at next, and what they say, side by side, without the machine's opinion."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.errors import NotFound
from wardkeeper.kernel.people import Actor
from wardkeeper.residents.verdicts import Verdict, standing
from wardkeeper.usecases import datasets, label_log
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook

QUEUE = ("pair_id", "left", "right", "turn", "sampling", "joined")
SECOND = 5
"""One in so many of the drawn pairs is shown to a second person."""

FIELDS: tuple[tuple[str, str], ...] = (
    ("name_original", "Name"),
    ("birth_date", "Birth date"),
    ("sex", "Sex"),
    ("nhs_number", "NHS number"),
    ("ni_number", "National Insurance number"),
    ("phone", "Phone"),
    ("email", "E-mail"),
    ("address_original", "Address"),
    ("postcode", "Postcode"),
    ("language", "Language"),
    ("died_on", "Died"),
)
"""What is shown of a record, in this order, and its heading. Nothing that the machine made of it."""
SHOWN = ["record_id", "seen_on", "special", "protected", *(name for name, _ in FIELDS)]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review has come."""

    drawn: int
    drawn_done: int
    doubtful: int
    doubtful_done: int


@dataclass(frozen=True, slots=True)
class SaidOfPair:
    """What the reader said of a pair, newest first in a list. `pair_id` is empty once it is no longer among the pairs."""

    label_id: str
    pair_id: str
    sources: tuple[str, str]
    verdict: Verdict
    at: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the reader: the next pair's id (empty when nothing waits), how far it has come, and what they said last."""

    next_id: str
    waiting: tuple[str, ...]
    progress: Progress
    said: tuple[SaidOfPair, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One record: whose it is, the day it is about, and its values in the order of FIELDS (empty where there is none)."""

    source: str
    seen_on: date | None
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairCard:
    """Two records side by side. No score, no comparison, no word on whether they are joined."""

    pair_id: str
    headings: tuple[str, ...]
    left: Side
    right: Side


def queue(house: House, actor: Actor, *, purpose: str = PURPOSE, waiting: int = 20) -> Queue:
    """Give what waits: drawn pairs first, then second looks at some of them, then the doubtful. Raises Refused, NotFound."""
    names = label_log.logs(house)
    wanted = {datasets.PAIRS_TO_REVIEW: list(QUEUE), **label_log.wanted(names)}
    opened = open_door(house, Ask(actor, purpose, Operation.REVIEW_PAIRS, wanted, Tier.NAMES))
    frames = opened.read_all(wanted)
    pairs = frames[datasets.PAIRS_TO_REVIEW].sort("turn")
    labels = standing(label_log.gather(frames[name] for name in names))
    ids = order(pairs, labels, actor.login)
    return Queue(
        next_id=ids[0] if ids else "",
        waiting=tuple(ids[:waiting]),
        progress=_progress(pairs, labels),
        said=_said(pairs, labels, actor, house),
    )


def order(pairs: pl.DataFrame, labels: pl.DataFrame, login: str) -> list[str]:
    """Give the ids of the pairs that wait for one person, in order."""
    spoken = labels.group_by("left", "right").agg(
        people=pl.col("by").n_unique(),
        mine=(pl.col("by") == login).any(),
        sure=(pl.col("verdict") != Verdict.UNSURE).any(),
    )
    known = pairs.join(spoken, on=["left", "right"], how="left", maintain_order="left")
    fresh = pl.col("people").is_null()
    drawn = pl.col("sampling").is_not_null()
    again = (pl.col("people") == 1) & ~pl.col("mine") & ((drawn & (pl.col("turn") % SECOND == 0)) | ~pl.col("sure"))
    rank = pl.when(fresh & drawn).then(1).when(again).then(2).when(fresh).then(3)
    return known.with_columns(rank=rank).drop_nulls("rank").sort("rank", "turn")["pair_id"].to_list()


def show_pair(house: House, actor: Actor, pair_id: str, *, purpose: str = PURPOSE) -> PairCard:
    """Give two records side by side. Raises Refused, and NotFound when the records were joined anew since."""
    left, right = find_pair(house, actor, pair_id, purpose=purpose)
    names = {record: datasets.records(label_log.source_of(record)) for record in (left, right)}
    wanted = dict.fromkeys(names.values(), SHOWN)
    opened = open_door(house, Ask(actor, purpose, Operation.REVIEW_PAIRS, wanted, Tier.NAMES))
    frames = opened.read_all(wanted)
    rows = {record: frames[names[record]].filter(pl.col("record_id") == record) for record in names}
    if any(row.is_empty() or _is_hidden(row) for row in rows.values()):
        raise _gone()
    contracts = rulebook(house.store).contracts
    sides = [
        _side(row, contracts[source].title if (source := label_log.source_of(record)) in contracts else source)
        for record, row in rows.items()
    ]
    return PairCard(pair_id, tuple(heading for _, heading in FIELDS), sides[0], sides[1])


def find_pair(house: House, actor: Actor, pair_id: str, *, purpose: str) -> tuple[str, str]:
    """Give the two records' ids of a pair to review. Raises Refused, NotFound."""
    pair = look_up(house, actor, pair_id, purpose=purpose)
    return pair["left"], pair["right"]


def look_up(house: House, actor: Actor, pair_id: str, *, purpose: str) -> dict[str, str]:
    """Give a pair's row of the queue. Raises Refused, NotFound."""
    wanted = {datasets.PAIRS_TO_REVIEW: list(QUEUE)}
    opened = open_door(house, Ask(actor, purpose, Operation.REVIEW_PAIRS, wanted, Tier.NAMES))
    found = opened.read(datasets.PAIRS_TO_REVIEW).filter(pl.col("pair_id") == pair_id)
    if found.is_empty():
        raise _gone()
    return found.row(0, named=True)


def _gone() -> NotFound:
    return NotFound("This pair is no longer there to review: records have been joined anew.", "Open the next pair.")


def _is_hidden(row: pl.DataFrame) -> bool:
    """Tell whether a record has become one that is not shown since the pair was chosen."""
    return bool(row["protected"].fill_null(value=False)[0]) or row["special"][0] is not None


def _side(row: pl.DataFrame, source: str) -> Side:
    values = row.row(0, named=True)
    return Side(source, values["seen_on"], tuple(_say(values[name]) for name, _ in FIELDS))


def _say(value: object) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value or "")


def _progress(pairs: pl.DataFrame, labels: pl.DataFrame) -> Progress:
    drawn = pl.col("sampling").is_not_null()
    done = pairs.join(labels.select("left", "right").unique(), on=["left", "right"], how="semi")
    return Progress(
        drawn=pairs.filter(drawn).height,
        drawn_done=done.filter(drawn).height,
        doubtful=pairs.filter(~drawn).height,
        doubtful_done=done.filter(~drawn).height,
    )


def _said(
    pairs: pl.DataFrame, labels: pl.DataFrame, actor: Actor, house: House, newest: int = 10
) -> tuple[SaidOfPair, ...]:
    contracts = rulebook(house.store).contracts
    mine = labels.filter(pl.col("by") == actor.login).sort("at", "label_id", descending=True).head(newest)
    named = mine.join(pairs.select("left", "right", "pair_id"), on=["left", "right"], how="left", maintain_order="left")
    found = []
    for row in named.iter_rows(named=True):
        sources = [label_log.source_of(row[side]) for side in ("left", "right")]
        one, other = (contracts[source].title if source in contracts else source for source in sources)
        found.append(
            SaidOfPair(row["label_id"], row["pair_id"] or "", (one, other), Verdict(row["verdict"]), row["at"])
        )
    return tuple(found)
