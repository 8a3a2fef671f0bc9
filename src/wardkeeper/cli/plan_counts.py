"""The counts of a plan as a command gives them: exactly to who follows cases up, else with small ones withheld.

A command's answer goes where its reader takes it, as a file does (docs/decisions/0016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from wardkeeper.messages.few import FEWEST, Told, tell, tell_column
from wardkeeper.usecases.plan_messages import Drafted

POUNDS_STEP = 5
"""To how many pounds a cost is rounded that would tell a small count."""


def _tell_all(counts: Sequence[int]) -> Told:
    return Told(tuple(counts), tuple(f"{count:,}" for count in counts), sum(counts))


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """The columns of a plan's counts: of its outcomes, its messages, and its languages with those of none last."""

    made: Drafted
    exact: bool
    homes: Told
    people: Told
    messages: Told
    languages: Told

    @classmethod
    def of(cls, made: Drafted, *, exact: bool) -> Self:
        """Tell a plan's counts; `exact` withholds nothing."""
        column = _tell_all if exact else tell_column
        told = [one for one in made.plan.tallies if one.homes or one.people]
        needs = made.plan.languages
        return cls(
            made,
            exact,
            homes=column([one.homes for one in told]),
            people=column([one.people for one in told]),
            messages=column([one.messages for one in made.draft.total.messages]),
            languages=column([*(people for _, people in needs.known), needs.unknown]),
        )

    def one(self, count: int | None) -> int | None:
        """Give a count that stands in no sum; None where it is withheld."""
        return count if count is None or self.exact or count >= FEWEST else None

    def say(self, count: int) -> str:
        """Say a count that stands in no sum."""
        return f"{count:,}" if self.exact else tell(count)

    @property
    def pounds(self) -> str:
        """What all the messages cost, in words."""
        pounds = self.made.draft.total.pence / 100
        return f"£{pounds:,.2f}" if self.messages.exact else f"about £{self._about(pounds):,}"

    @property
    def pence(self) -> int:
        """What all the messages cost, to £5 where some of them are withheld."""
        pence = self.made.draft.total.pence
        return pence if self.messages.exact else 100 * self._about(pence / 100)

    @staticmethod
    def _about(pounds: float) -> int:
        return max(POUNDS_STEP, POUNDS_STEP * round(pounds / POUNDS_STEP))

    @property
    def spoken(self) -> Mapping[str, str]:
        """The words for the people of each recorded language."""
        known = (language for language, _ in self.made.plan.languages.known)
        return dict(zip(known, self.languages.cells, strict=False))

    def as_answer(self) -> dict[str, object]:
        """Give the counts for JSON: null for what is withheld, and sums to ten beside it."""
        plan, total = self.made.plan, self.made.draft.total
        told = iter(zip(self.homes.counts, self.people.counts, strict=True))
        tallies = [(one, *(next(told) if one.homes or one.people else (0, 0))) for one in plan.tallies]
        *known, unknown = self.languages.counts
        return {
            "homes": self.homes.sum,
            "people": self.people.sum,
            "withheld": not (self.homes.exact and self.people.exact and self.messages.exact and self.languages.exact),
            "tallies": [
                {"outcome": one.outcome.value, "homes": homes, "people": people, "words": one.words}
                for one, homes, people in tallies
            ],
            "unplaced": self.one(plan.unplaced),
            "languages": {
                **asdict(plan.languages),
                "known": [(one, people) for (one, _), people in zip(plan.languages.known, known, strict=True)],
                "unknown": unknown,
            },
            "messages": [
                {**asdict(one), "messages": number, "pence": None if number is None else one.pence}
                for one, number in zip(total.messages, self.messages.counts, strict=True)
            ],
            "pence": self.pence,
            "formats": [
                {**asdict(one), "people": self.one(one.people), "words": one.words} for one in self.made.formats
            ],
        }
