"""An alert: areas side by side where cases run ahead of what their own past and the whole's trend lead one to expect."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wardkeeper.outbreaks.changes import Change


class Reason(StrEnum):
    """Why an alert is on the list: its score, or how seldom chance shows as much."""

    SIZE = "size"
    SELDOM = "seldom"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of one week.

    `areas` are codes, the centre first, and `places` the names they lie in, the largest first. `observed` is the
    cases of the days `start` to `end`, hidden ones estimated; the true number lies from `observed_low` to
    `observed_high`. `excess` is the cases a week beyond `expected` that are there with 95 % certainty. `growth` is the
    newest week's cases over those of the week before, `from_none` the newest week's cases where the week before surely
    had none (else None), `growing` the chance that they rise faster than the whole's.
    `score` is `excess` times `growing`; alerts are ranked by it. `recurrence_weeks` is how seldom chance alone shows
    as much somewhere, `chance` how likely this place alone is to have as many cases by chance, and `listed_for` which of
    the two put it on the list: its score, or that chance. `id` is kept while the alert is open, since the week `since`;
    `new` tells that it was opened this week, `told` that it is not hushed. `why`, `sure` and `missing` are words.
    """

    rank: int
    areas: tuple[str, ...]
    places: tuple[str, ...]
    start: date
    end: date
    observed: int
    observed_low: int
    observed_high: int
    expected: float
    excess: float
    growth: float
    growing: float
    score: float
    recurrence_weeks: float
    population: int | None
    since: date
    new: bool = True
    told: bool = True
    id: str = ""
    why: str = ""
    sure: str = ""
    missing: tuple[str, ...] = ()
    chance: float = 1.0
    listed_for: Reason = Reason.SIZE
    from_none: int | None = None

    @property
    def change(self) -> Change:
        """How the newest week compares with the one before."""
        return Change(self.growth, self.from_none)
