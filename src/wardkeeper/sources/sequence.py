"""One delivery after another: the same file twice, an older file after a newer one, a file that shrank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.terms import Contract, Kind

LEAST_SHARE = 0.5
"""Share of the last full file's rows below which a new one is taken for half a file."""


class Step(StrEnum):
    """What to do with a delivery."""

    LOAD = "load"
    """Load it: it becomes the newest."""
    MERGE = "merge"
    """Load it, but what is newer stays: an older day of a cumulative file, and any file of changes but the first."""
    RECORD = "record"
    """Record that it came, and change nothing that is in use: an older day of a full file."""
    NOTHING = "nothing"
    """Load nothing: this very file has been loaded before."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do, and a sentence that says why; empty for an ordinary load."""

    step: Step
    reason: str = ""


def check(
    sha256: str,
    extracted_on: date,
    earlier: Sequence[Delivery],
    contract: Contract,
    *,
    amended_at: datetime | None = None,
) -> NextStep:
    """Decide what to do with a delivery, given the earlier ones of its source.

    Loading an older day of a full file would bring back what has since changed, so it is recorded only. `amended_at` is
    when the contract came into force as it stands: a file read by an earlier one may be read again.
    """
    own = [delivery for delivery in earlier if delivery.source == contract.name]
    same = [delivery for delivery in own if delivery.sha256 == sha256]
    if any(amended_at is None or delivery.received_at >= amended_at for delivery in same):
        return NextStep(Step.NOTHING, "This very file has been loaded before: nothing was loaded.")
    newest = max((delivery.extracted_on for delivery in own), default=None)
    if newest is None or extracted_on >= newest:
        step = Step.MERGE if own and contract.kind is Kind.CHANGES else Step.LOAD
        return NextStep(step, "It was loaded before, by an earlier contract: it is read anew." if same else "")
    if contract.kind is not Kind.FULL:
        return NextStep(Step.MERGE, f"A newer file, of {newest}, is loaded already: what is newer stays.")
    return NextStep(
        Step.RECORD,
        f"The file is of {extracted_on}, and a newer one, of {newest}, is loaded already: this one is recorded, and "
        "nothing that is in use was changed.",
    )


def check_size(rows: int, earlier: Sequence[Delivery], contract: Contract, *, expected: bool = False) -> None:
    """Refuse a file with far fewer rows than the one before: it may be half a file, and people would vanish with it.

    `expected` is a person's word that the source did shrink. A file of changes is as long as there are changes.
    """
    own = [delivery for delivery in earlier if delivery.source == contract.name]
    last = max(own, key=lambda delivery: (delivery.extracted_on, delivery.received_at), default=None)
    if expected or last is None or contract.kind is Kind.CHANGES or rows >= LEAST_SHARE * last.rows:
        return
    raise BadInput(
        f"The file has {rows:,} rows, and the one of {last.extracted_on} had {last.rows:,}: it may be half a file.",
        "Ask the owner. If the source did shrink, load it again with --shrunk.",
        Where(source=contract.name, rule="half-a-file"),
    )
