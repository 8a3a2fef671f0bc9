"""The log of labels: what people said of pairs of records, kept apart for each two sources and only ever added to."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations_with_replacement

import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import LABEL
from wardkeeper.kernel.errors import Conflict
from wardkeeper.kernel.ids import MandateId, mint
from wardkeeper.kernel.people import Actor
from wardkeeper.kernel.spans import to_text
from wardkeeper.ledger.leaves import Act, Detail
from wardkeeper.residents.verdicts import Verdict
from wardkeeper.usecases import datasets
from wardkeeper.usecases.door import Ask, Opened, current, open_door
from wardkeeper.usecases.house import House
from wardkeeper.usecases.ports import VaultFile

COLUMNS = [column.name for column in LABEL]
KINDS = {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean}
EMPTY = pl.DataFrame(schema={column.name: KINDS[column.kind] for column in LABEL})
TRIES = 20
"""How often a label is tried again when another was written at the same moment."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said of two records. `sampling` is the probability the pair was drawn with; None when it was not drawn.

    `joined` is whether the machine had joined it by then: at the next linking the label itself decides that.
    """

    left: str
    right: str
    verdict: Verdict
    sampling: float | None = None
    joined: bool | None = None
    undoes: str = ""

    @property
    def dataset(self) -> str:
        """Name the log that it belongs to."""
        return datasets.labels(source_of(self.left), source_of(self.right))


def source_of(record: str) -> str:
    """Give the source's name from a record's id."""
    return record.split(":", maxsplit=1)[0]


def logs(house: House, sources: Iterable[str] | None = None) -> list[str]:
    """Name the logs there are that may be read now; with `sources`, those between these."""
    wanted = None if sources is None else {datasets.labels(*two) for two in combinations_with_replacement(sources, 2)}
    files = [file for file in house.store.currents(datasets.LABELS) if wanted is None or file.dataset in wanted]
    return [file.dataset for file in files if _in_force(house, file)]


def wanted(names: Iterable[str]) -> dict[str, Sequence[str]]:
    """Give the part of a question at the door that asks for these logs."""
    return dict.fromkeys(names, COLUMNS)


def gather(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Put logs together (LABEL columns); empty when there are none."""
    return pl.concat([EMPTY, *(frame.select(COLUMNS) for frame in frames)])


def add(house: House, actor: Actor, said: Sequence[Said], *, purpose: str) -> list[str]:
    """Write labels of one pair of sources, with their leaf; give their ids. Raises Refused, Conflict.

    Somebody else may write at the same moment: then the log is read again, so that neither is lost.
    """
    for _ in range(TRIES):
        ids = _try_to_add(house, actor, said, purpose)
        if ids:
            return ids
    raise Conflict("Others are writing at the same moment.", "Send it once more.")


def _try_to_add(house: House, actor: Actor, said: Sequence[Said], purpose: str) -> list[str]:
    dataset = said[0].dataset
    before = house.store.current(dataset)
    mandates = _mandates(house, said[0])
    replaced = () if before else (dataset,)
    ask = Ask(
        actor, purpose, Operation.REVIEW_PAIRS, wanted([dataset]), Tier.NAMES, mandates=mandates, replaced=replaced
    )
    opened = open_door(house, ask)
    earlier = opened.read(dataset) if before else EMPTY
    fresh = _rows(opened, said)
    file = house.vault.write(
        pl.concat([earlier, fresh]),
        dataset=dataset,
        mandates=mandates,
        parents=[before.id] if before else [],
        permit=opened.decision,
    )
    act = Act.LABEL_UNDONE if said[0].verdict is Verdict.UNDONE else Act.PAIR_LABELLED
    detail: dict[str, Detail] = {"verdict": said[0].verdict.value, "pairs": len(said)}
    subject = house.vault.subject(mandates[0], f"{said[0].left} {said[0].right}")
    with suppress(_Overtaken), house.store.write(opened.leaf(act, detail, subject=subject)) as writer:
        _check_unchanged(house.store.current(dataset), before)
        writer.set_current(file)
        return fresh["label_id"].to_list()
    return []


def _check_unchanged(now: VaultFile | None, before: VaultFile | None) -> None:
    if now != before:
        raise _Overtaken


class _Overtaken(Exception):
    """Raised within the transaction when the log has grown since it was read."""


def _rows(opened: Opened, said: Sequence[Said]) -> pl.DataFrame:
    clock = opened.house.clock
    rows = [
        {
            "label_id": mint("lab", clock.entropy(8)),
            "left": one.left,
            "right": one.right,
            "verdict": one.verdict.value,
            "sampling": one.sampling,
            "joined": one.joined,
            "undoes": one.undoes,
            "by": str(opened.ask.actor.login),
            "at": to_text(clock.now()),
        }
        for one in said
    ]
    return pl.DataFrame(rows, schema=EMPTY.schema)


def _mandates(house: House, said: Said) -> list[MandateId]:
    """A label is held under what its two records are held under, and under nothing else."""
    files = [current(house, datasets.records(source_of(record))) for record in (said.left, said.right)]
    return list(dict.fromkeys(one for file in files for one in file.mandates))


def _in_force(house: House, file: VaultFile) -> bool:
    found = [house.store.mandate(one) for one in file.mandates]
    return all(mandate is not None and mandate.in_force(house.clock.now()) for mandate in found)
