"""A comparison of two wordings, or a stepped start by area: chance decides who gets what, so that a difference is theirs.

It is off unless somebody proposes it and a named public-health lead approves it, and never for a safety message: nobody
waits for a warning so that something can be learned. The draw is made within strata from a recorded seed, so that anybody
can make it again; the table of balance shows that it parted the areas fairly (randomisation within strata: Imbens & Rubin
2015, Causal Inference, chapter 9; standardised differences: Austin 2009, Statistics in Medicine 28(25)).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

import numpy as np
import polars as pl

from wardkeeper.kernel.errors import BadInput, Refused, Where
from wardkeeper.messages.audience import MessageKind

FEWEST = 2
"""Units in each arm: with one there is no telling chance from effect."""

UNBALANCED = 0.25
"""A standardised difference above which arms are told to differ."""


class Design(StrEnum):
    """What is compared."""

    WORDINGS = "wordings"
    STEPPED = "stepped"


class Unit(StrEnum):
    """What is drawn: whole areas, or homes.

    Neighbours talk, and what is done for an area reaches all its homes: then areas are drawn. For words that are read at
    home alone, drawing by home tells small differences from far fewer people.
    """

    AREA = "area"
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class Balance:
    """How one figure differs between an arm and the first one, in standard deviations; None where nobody differs."""

    figure: str
    arm: str
    mean: float
    mean_of_first: float
    difference: float | None

    @property
    def fair(self) -> bool:
        """Whether the arms are alike enough."""
        return self.difference is None or abs(self.difference) <= UNBALANCED


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as it was drawn. `arms` name the wordings (campaigns' ids) or the days on which areas start.

    `allocation` pairs each area with its arm, in their order. Homes are in no list: which arm one is in follows from its
    id and the seed (`arms_of`), so that no address is kept here, and a home that comes later has its arm too.
    """

    design: Design
    unit: Unit
    arms: tuple[str, ...]
    seed: int
    allocation: tuple[tuple[str, str], ...]

    def arm_of(self, unit: str) -> str:
        """Give a unit's arm; empty for one that was not drawn."""
        return dict(self.allocation).get(unit, "")

    def units_of(self, arm: str) -> tuple[str, ...]:
        """Give the units of an arm."""
        return tuple(unit for unit, theirs in self.allocation if theirs == arm)

    def arms_of(self, homes: pl.Series) -> pl.Series:
        """Give each home's arm, by its id: about as many homes in each, and always the same one for a home."""
        drawn = [int(sha256(f"{self.seed} {home}".encode()).hexdigest(), 16) % len(self.arms) for home in homes]
        return pl.Series("arm", [self.arms[number] for number in drawn], pl.String)

    def started(self, day: date) -> tuple[str, ...]:
        """Give the units of a stepped start that have started by a day."""
        return tuple(unit for unit, start in self.allocation if date.fromisoformat(start) <= day)

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        content = {"type": "comparison", "version": 1, **asdict(self)}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Comparison":
        """Read a stored comparison."""
        values = json.loads(content)
        return cls(
            design=Design(values["design"]),
            unit=Unit(values["unit"]),
            arms=tuple(values["arms"]),
            seed=values["seed"],
            allocation=tuple((unit, arm) for unit, arm in values["allocation"]),
        )


def check_may_compare(kind: MessageKind) -> None:
    """Raise Refused for a safety message: nobody is kept waiting for one, and nobody gets the worse words of two."""
    if kind is MessageKind.SAFETY:
        raise Refused(
            "Refused: a safety message is never compared or started in steps.",
            "Send it to everybody at once.",
            Where(rule="no comparison of safety messages"),
        )


def draw(
    units: pl.DataFrame,
    *,
    kind: MessageKind,
    design: Design,
    arms: Sequence[str],
    seed: int,
) -> Comparison:
    """Draw an arm for each area: arms differ in size by one at most, in each stratum and in all.

    `units` has unit (its name) and, if wanted, stratum. The answer depends on the names and the seed alone, not on the
    order of the rows. Raises Refused for a safety message, BadInput for too few units or arms, or arms that are no days.
    """
    check_may_compare(kind)
    _check_arms(design, arms)
    if units["unit"].null_count() or units["unit"].is_duplicated().any():
        raise _bad("A unit is there twice, or has no name.", "Name each area or home once.")
    if units.height < FEWEST * len(arms):
        raise _bad(
            f"There are too few to compare: {units.height} for {len(arms)} arms.",
            f"Choose at least {FEWEST * len(arms)}, or do without a comparison.",
        )
    chance = np.random.default_rng(seed)
    stratum = pl.col("stratum").fill_null("") if "stratum" in units.columns else pl.lit("")
    ordered = units.select("unit", stratum.cast(pl.String).alias("stratum")).sort("stratum", "unit")
    return Comparison(design, Unit.AREA, tuple(arms), seed, _draw(ordered, arms, chance))


def draw_by_home(*, kind: MessageKind, arms: Sequence[str], seed: int) -> Comparison:
    """Draw by home which of two wordings is sent: one home gets one wording. Raises Refused for a safety message, BadInput."""
    check_may_compare(kind)
    _check_arms(Design.WORDINGS, arms)
    return Comparison(Design.WORDINGS, Unit.HOUSEHOLD, tuple(arms), seed, ())


def weigh_balance(units: pl.DataFrame, comparison: Comparison, figures: Sequence[str]) -> tuple[Balance, ...]:
    """Compare the arms' means of figures known before the start: unit, and a column for each figure."""
    arm_of = pl.DataFrame(list(comparison.allocation), schema=["unit", "arm"], orient="row")
    table = units.join(arm_of, on="unit", how="inner")
    first = table.filter(pl.col("arm") == comparison.arms[0])
    return tuple(
        _weigh(figure, arm, table.filter(pl.col("arm") == arm)[figure], first[figure])
        for figure in figures
        for arm in comparison.arms[1:]
    )


def _check_arms(design: Design, arms: Sequence[str]) -> None:
    if len(arms) < FEWEST or len(set(arms)) != len(arms):
        raise _bad("A comparison needs two or more arms that differ.", "Name two wordings, or two days.")
    if design is Design.STEPPED:
        try:
            for arm in arms:
                date.fromisoformat(arm)
        except ValueError:
            raise _bad("An arm of a stepped start is not a day.", "Write each as 2026-11-28.") from None


def _draw(ordered: pl.DataFrame, arms: Sequence[str], chance: np.random.Generator) -> tuple[tuple[str, str], ...]:
    """Deal the arms in turn to the units, strata and the units within them shuffled: even in each stratum and in all."""
    turns = chance.permutation(len(arms))
    strata = ordered.partition_by("stratum", maintain_order=True)
    shuffled = [strata[place]["unit"].to_list() for place in chance.permutation(len(strata))]
    dealt = [units[place] for units in shuffled for place in chance.permutation(len(units))]
    return tuple(sorted((unit, arms[turns[turn % len(arms)]]) for turn, unit in enumerate(dealt)))


def _weigh(figure: str, arm: str, theirs: pl.Series, first: pl.Series) -> Balance:
    ours, base = theirs.cast(pl.Float64).to_numpy(), first.cast(pl.Float64).to_numpy()
    spread = float(np.sqrt((ours.var(ddof=1) + base.var(ddof=1)) / 2))
    apart = float(ours.mean() - base.mean())
    return Balance(figure, arm, float(ours.mean()), float(base.mean()), apart / spread if spread > 0 else None)


def _bad(message: str, next_step: str) -> BadInput:
    return BadInput(message, next_step, Where(rule="comparison"))
