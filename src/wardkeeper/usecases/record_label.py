"""Record a label: what a person says of two records; take it back; part or join residents by saying so of their records."""

from collections.abc import Sequence

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.errors import BadInput, Conflict, NotFound, Where
from wardkeeper.kernel.people import Actor
from wardkeeper.residents.verdicts import ANSWERS, Verdict, standing
from wardkeeper.usecases import datasets, label_log
from wardkeeper.usecases.door import Ask, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House
from wardkeeper.usecases.label_log import Said
from wardkeeper.usecases.review_pairs import look_up


def record(house: House, actor: Actor, pair_id: str, verdict: Verdict, *, purpose: str = PURPOSE) -> str:
    """Record what somebody says of a pair; give the label's id. Counts from the next linking. Raises Refused, NotFound."""
    if verdict not in ANSWERS:
        raise BadInput(f"“{verdict.value}” is no answer.", "Say same, different or unsure.", Where(column="verdict"))
    pair = look_up(house, actor, pair_id, purpose=purpose)
    sampling = None if pair["sampling"] is None else float(pair["sampling"])
    said = Said(pair["left"], pair["right"], verdict, sampling, bool(pair["joined"]))
    return label_log.add(house, actor, [said], purpose=purpose)[0]


def undo(house: House, actor: Actor, label_id: str, *, purpose: str = PURPOSE) -> None:
    """Take one's own label back. It stays in the log, and so does this. Raises Refused, NotFound, Conflict."""
    names = label_log.logs(house)
    wanted = label_log.wanted(names)
    opened = open_door(house, Ask(actor, purpose, Operation.REVIEW_PAIRS, wanted, Tier.NAMES))
    frames = opened.read_all(wanted)
    found = standing(label_log.gather(frames.values())).filter(pl.col("label_id") == label_id)
    if found.is_empty():
        raise NotFound("There is no such label that stands.", "Look at the list of what you said.")
    row = found.row(0, named=True)
    if row["by"] != actor.login:
        raise Conflict("Somebody else said this.", "Say what you think of the pair: both are kept and shown.")
    label_log.add(house, actor, [Said(row["left"], row["right"], Verdict.UNDONE, undoes=label_id)], purpose=purpose)


def split(house: House, actor: Actor, resident: str, records: Sequence[str], *, purpose: str = PURPOSE) -> list[str]:
    """Say that these records of a resident are another person's; give the labels' ids. Raises Refused, NotFound, BadInput."""
    members = _members(house, actor, [resident], purpose)
    strange = set(records) - set(members)
    if strange or not records or set(records) == set(members):
        message = f"{len(strange)} of the records are not this resident's." if strange else "That parts nothing."
        raise BadInput(message, "Name some of the resident's records, not all.", Where(column="record"))
    rest = [one for one in members if one not in set(records)]
    return _say_all(house, actor, [(one, other) for one in records for other in rest], Verdict.DIFFERENT, purpose)


def join(house: House, actor: Actor, one: str, other: str, *, purpose: str = PURPOSE) -> list[str]:
    """Say that two residents are one person; give the label's id. Raises Refused, NotFound, BadInput.

    One label, of the first record of each, is enough: linking joins the groups around them if nothing forbids it.
    """
    if one == other:
        raise BadInput("That is one resident already.", "Name two residents.", Where(column="resident"))
    first, second = (_members(house, actor, [each], purpose)[0] for each in (one, other))
    return _say_all(house, actor, [(first, second)], Verdict.SAME, purpose)


def _members(house: House, actor: Actor, residents: list[str], purpose: str) -> list[str]:
    """Give the record ids of residents. A protected person's are neither joined nor parted here."""
    wanted = {datasets.MEMBERSHIP: ["record_id", "resident_id"], datasets.RESIDENTS: ["resident_id", "protected"]}
    opened = open_door(house, Ask(actor, purpose, Operation.REVIEW_PAIRS, wanted, Tier.NAMES))
    frames = opened.read_all(wanted)
    about = frames[datasets.RESIDENTS].filter(pl.col("resident_id").is_in(residents))
    found = frames[datasets.MEMBERSHIP].filter(pl.col("resident_id").is_in(residents)).sort("record_id")
    if found.is_empty() or about["protected"].fill_null(value=False).any():
        raise NotFound(
            "There is no such resident to change.",
            "Look at the id. Who is protected is changed by the source that says so, and nowhere else.",
        )
    return found["record_id"].to_list()


def _say_all(house: House, actor: Actor, pairs: Sequence[tuple[str, str]], verdict: Verdict, purpose: str) -> list[str]:
    said = [Said(min(pair), max(pair), verdict) for pair in pairs]
    logs = {one.dataset: [each for each in said if each.dataset == one.dataset] for one in said}
    return [label for part in logs.values() for label in label_log.add(house, actor, part, purpose=purpose)]
