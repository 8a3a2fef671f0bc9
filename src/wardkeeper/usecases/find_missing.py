"""Find who is in one source and not in another: people to be found, such as patients who are on no shielding list.

People are compared as residents of the current linking, so two sources need no id in common.
"""

from dataclasses import dataclass

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.governance.wording import explain
from wardkeeper.kernel.errors import NotFound, UsageError, Where
from wardkeeper.kernel.ids import IncidentId
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.ways import Way
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.needs.finding import RING_CONTROL
from wardkeeper.places.outlines import within
from wardkeeper.sources.deliveries import sort_by_day
from wardkeeper.usecases.datasets import HOMES, MEMBERSHIP, PAIRS_TO_REVIEW, RESIDENTS
from wardkeeper.usecases.door import Ask, Opened, consider, current, open_door, refusal
from wardkeeper.usecases.find_homes import EDGE_METRES, PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.incident_log import load
from wardkeeper.usecases.rulebook import rulebook

COUNTED: dict[str, list[str]] = {RESIDENTS: ["resident_id", "sources"]}
"""What a count is made from: nothing about anybody."""

NAMED: dict[str, list[str]] = {
    RESIDENTS: [
        *COUNTED[RESIDENTS],
        *("home_id", "title", "given", "middle", "family", "birth_date", "sex", "nhs_number", "phone", "email"),
        *("seen_on", "protected", "caution", "objected_on", "died_on"),
    ],
    HOMES: ["home_id", "address", "postcode", "longitude", "latitude", "lsoa", "special"],
    MEMBERSHIP: ["record_id", "resident_id"],
}

SHOWN = (
    *("resident_id", "keys", "title", "given", "middle", "family", "birth_date", "sex", "nhs_number", "phone", "email"),
    *("address", "postcode", "caution", "objected_on", "seen_on", "note"),
)
"""The columns of the people to be found. `keys` are the first source's own keys for them."""

PAIRS_WANTED = ["left", "right", "joined", "probability"]

DOUBTFUL = 0.1
"""Above this probability, two records that were not joined may still be one person's."""

NO_INCIDENT = "names need a declared incident: choose one, and you see who they are"

HIDDEN = tuple(name for name in SHOWN if name not in ("resident_id", "seen_on", "note"))
"""What is taken out where Control must be rung first (rule G17): who, where, and what leads there."""


@dataclass(frozen=True, slots=True)
class Question:
    """Which two sources are compared. With an `incident`, names are asked for, of people in its outline."""

    inside: str
    outside: str
    incident: IncidentId | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Who is in the one source and not in the other.

    `people` are residents with a record in the first source: those `in_both`, and the others `to_be_found`. `doubtful`
    of the latter may be in the second source after all: a pair waits to be reviewed; None when that is not known.
    `lines` has `SHOWN`, and is None where names may not be seen: `withheld` says why. Those recorded as dead are in no
    line; `dead` counts them where it may be known.
    """

    question: Question
    people: int
    in_both: int
    to_be_found: int
    doubtful: int | None
    dead: int | None
    lines: pl.DataFrame | None
    withheld: str
    notes: tuple[str, ...]


def find_missing(house: House, actor: Actor, question: Question, *, purpose: str = PURPOSE) -> Missing:
    """Compare two sources. Raises NotFound for a source that is not in the current linking, UsageError, Refused."""
    _check(house, question)
    opened, withheld = _open(house, actor, question, purpose)
    frames = opened.read_all(opened.ask.wanted)
    first, lost = _compare(frames[RESIDENTS], question)
    doubtful = _doubtful(frames, lost, question)
    named = not withheld
    lines = _lines(house, question, frames, lost, doubtful) if named else None
    detail: dict[str, Detail] = {
        "in": question.inside,
        "not_in": question.outside,
        "people": lost.height,
        "named": 0 if lines is None else lines.height,
    }
    with house.store.write(opened.leaf(Act.LIST_FOUND, detail)):
        return Missing(
            question=question,
            people=first.height,
            in_both=first.height - lost.height,
            to_be_found=lost.height,
            doubtful=None if doubtful is None else doubtful.len(),
            dead=lost["died_on"].drop_nulls().len() if named else None,
            lines=lines,
            withheld=withheld,
            notes=_notes(house, question),
        )


def export_missing(house: House, actor: Actor, question: Question, *, purpose: str = PURPOSE) -> Missing:
    """Find, for a file: a disclosure, recorded as such. Raises Refused where names may not be seen, else as `find_missing`."""
    _check(house, question)
    opened = open_door(house, _named_ask(house, actor, question, purpose))
    found = find_missing(house, actor, question, purpose=purpose)
    rows = 0 if found.lines is None else found.lines.height
    detail: dict[str, Detail] = {"in": question.inside, "not_in": question.outside, "rows": rows}
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, detail)):
        return found


def check_may_compare(house: House, actor: Actor, *, purpose: str = PURPOSE) -> None:
    """Refuse somebody who may not even know the numbers, before anything is asked."""
    decision = consider(house, Ask(actor, purpose, Operation.COMPARE, {}))
    if not decision.allows:
        raise refusal(decision)


def _check(house: House, question: Question) -> None:
    for source in (question.inside, question.outside):
        rulebook(house.store).contract(source)
    if question.inside == question.outside:
        raise UsageError("Both sources are the same.", "Name two different ones.", Where(source=question.inside))


# Who may see how much


def _open(house: House, actor: Actor, question: Question, purpose: str) -> tuple[Opened, str]:
    """Open the door for names where they may be seen, else for counts; say why names are withheld."""
    counted = Ask(actor, purpose, Operation.COMPARE, _with_pairs(house, COUNTED), Tier.COUNTS)
    if question.incident is None:
        return open_door(house, counted), NO_INCIDENT
    named = _named_ask(house, actor, question, purpose)
    decision = consider(house, named)
    return (open_door(house, named), "") if decision.allows else (open_door(house, counted), explain(decision))


def _named_ask(house: House, actor: Actor, question: Question, purpose: str) -> Ask:
    incident = load(house, question.incident) if question.incident else None
    return Ask(actor, purpose, Operation.COMPARE, _with_pairs(house, NAMED), Tier.NAMES, incident=incident)


def _with_pairs(house: House, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Add the pairs that wait to be reviewed, and what tells whose they are, where there are any."""
    if house.store.current(PAIRS_TO_REVIEW) is None:
        return wanted
    return {**wanted, MEMBERSHIP: NAMED[MEMBERSHIP], PAIRS_TO_REVIEW: PAIRS_WANTED}


# Comparing


def _compare(residents: pl.DataFrame, question: Question) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the residents of the first source, and those of them who have no record in the second."""
    has = {source: pl.col("sources").str.split(",").list.contains(source) for source in _sources(question)}
    for source in _sources(question):
        if residents.filter(has[source]).is_empty():
            raise NotFound(
                f"“{source}” has no part in the current linking, so nobody can be compared with it.",
                "Load it and join the records anew. If it is left out then, its permission has ended.",
                Where(source=source),
                way=Way.JOIN_RECORDS,
            )
    first = residents.filter(has[question.inside])
    return first, first.filter(~has[question.outside])


def _sources(question: Question) -> tuple[str, str]:
    return question.inside, question.outside


def _doubtful(frames: dict[str, pl.DataFrame], lost: pl.DataFrame, question: Question) -> pl.Series | None:
    """Give the ids of those who may be in the second source after all; None when no pairs were kept."""
    if PAIRS_TO_REVIEW not in frames:
        return None
    open_pairs = frames[PAIRS_TO_REVIEW].filter(~pl.col("joined") & (pl.col("probability") >= DOUBTFUL))
    ways = [open_pairs.select(record_id=one, other=two) for one, two in (("left", "right"), ("right", "left"))]
    to_second = pl.concat(ways).filter(pl.col("other").str.starts_with(f"{question.outside}:"))
    owners = frames[MEMBERSHIP].join(to_second, on="record_id", how="semi")
    return lost.join(owners, on="resident_id", how="semi")["resident_id"]


def _lines(
    house: House,
    question: Question,
    frames: dict[str, pl.DataFrame],
    lost: pl.DataFrame,
    doubtful: pl.Series | None,
) -> pl.DataFrame:
    """Give the people to be found in the incident's outline, and those whose home nobody knows: they may be in it too."""
    homes = _mark_homes(house, question, frames[HOMES], frames[RESIDENTS])
    keys = (
        frames[MEMBERSHIP]
        .filter(pl.col("record_id").str.starts_with(f"{question.inside}:"))
        .group_by("resident_id")
        .agg(keys=pl.col("record_id").str.strip_prefix(f"{question.inside}:").sort())
    )
    people = (
        lost.filter(pl.col("died_on").is_null())
        .join(homes, on="home_id", how="left")
        .filter(pl.col("near").fill_null(value=True))
        .join(keys, on="resident_id", how="left")
    )
    hidden = pl.col("hidden").fill_null(value=False) | pl.col("protected").fill_null(value=False)
    unsure = pl.col("resident_id").is_in(doubtful.implode()) if doubtful is not None else pl.lit(value=False)
    note = (
        pl.when(hidden)
        .then(pl.lit(RING_CONTROL))
        .when(pl.col("objected_on").is_not_null())
        .then(pl.lit("Asked not to be contacted: an officer decides"))
        .when(unsure)
        .then(pl.lit("May be in both: a pair of records waits to be reviewed"))
        .when(pl.col("home_id").is_null())
        .then(pl.lit("Home not known"))
    )
    told = people.with_columns(note.fill_null("").alias("note"), hidden.alias("hide"))
    return (
        told.with_columns(pl.when(~pl.col("hide")).then(pl.col(name)).alias(name) for name in HIDDEN)
        .sort("family", "given", "resident_id", nulls_last=True)
        .select(SHOWN)
    )


def _mark_homes(house: House, question: Question, homes: pl.DataFrame, residents: pl.DataFrame) -> pl.DataFrame:
    """Add to homes whether each is hidden, and whether it is near: in the outline, or hidden in a small area it touches.

    Were hidden homes taken by the outline alone, a smaller and smaller outline would lead to their door (rule G17).
    """
    assert question.incident is not None
    outline = load(house, question.incident).card.outline
    inside = within(outline, homes["longitude"].to_numpy(), homes["latitude"].to_numpy(), EDGE_METRES)
    protected = residents.filter("protected")["home_id"].drop_nulls().unique()
    hidden = pl.col("special").is_not_null() | pl.col("home_id").is_in(protected.implode())
    touched = pl.col("lsoa").is_in(house.places().areas.touching(outline)).fill_null(value=False)
    unplaced = pl.col("longitude").is_null() | pl.col("latitude").is_null()
    return homes.with_columns(hidden.alias("hidden"), pl.Series("inside", inside)).select(
        *("home_id", "address", "postcode", "hidden"),
        near=pl.when("hidden").then(touched | unplaced).otherwise(pl.col("inside") | unplaced),
    )


def _notes(house: House, question: Question) -> tuple[str, ...]:
    """Say what makes the answer less than sure: rows held back, and files that came after the linking."""
    book, linked = rulebook(house.store), current(house, RESIDENTS)
    notes = []
    for source in _sources(question):
        title = book.contract(source).title
        newest = sort_by_day(house.store.deliveries(source))[-1]
        if newest.quarantined:
            notes.append(f"{title}: rows of the newest file held back to fix, and in no count: {newest.quarantined:,}.")
        if newest.received_at > linked.written_at:
            notes.append(f"{title}: a newer file has come since the last linking. Run wardkeeper link.")
    return tuple(notes)
