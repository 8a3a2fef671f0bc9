"""What messages cost: GOV.UK Notify's prices as a dated table that an officer can overrule.

Prices are without value added tax, as Notify tells them. A service's free allowance of texts is not taken off, as
nobody here knows how much of it is left.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import ceil, floor
from types import MappingProxyType
from typing import assert_never

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.wording import TEXT_LIMIT, Wording, count_texts

Letters = MappingProxyType[tuple["Postage", int], float]


class Postage(StrEnum):
    """How fast a letter travels."""

    FIRST = "first"
    SECOND = "second"
    ECONOMY = "economy"


MOST_SHEETS = 5
"""Double-sided sheets in the longest letter Notify prints."""

LETTERS_ON_FIRST_PAGE, LETTERS_ON_PAGE = 1_700, 2_700
"""Characters that a page holds, the first below the address: Arial at 11 points; an estimate, on the safe side."""


def _letters(**pence: tuple[float, ...]) -> Letters:
    return MappingProxyType(
        {(Postage(name), sheets): price for name, prices in pence.items() for sheets, price in enumerate(prices, 1)}
    )


HIGHEST_PENCE = 10_000
"""No message costs more than £100: what is above it, or is no number, is a slip."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices in pence from a day on: of a text (each of its parts counts), and of a letter by postage and sheets."""

    from_day: date
    source: str
    text: float
    letters: Letters
    free_texts: int = 0
    """Texts a year that a council's service gets free."""

    def overruled(self, text: float | None = None, letter: float | None = None) -> "PriceList":
        """Give the list with an officer's own price of a text, or of a letter whatever its postage and sheets."""
        for price in (text, letter):
            if price is not None and price < 0:
                raise BadInput("A price is below nothing.", "Give it in pence, such as 2.4.", Where(rule="price"))
            if price is not None and not price <= HIGHEST_PENCE:
                raise BadInput("That is no price of a message.", "Give it in pence, such as 2.4.", Where(rule="price"))
        letters = self.letters if letter is None else MappingProxyType(dict.fromkeys(self.letters, letter))
        said = self.source if text is None and letter is None else f"{self.source}; some prices were given by hand"
        return replace(self, text=self.text if text is None else text, letters=letters, source=said)


NOTIFY = PriceList(
    from_day=date(2026, 7, 1),
    source="GOV.UK Notify's prices of 1 July 2026",
    text=2.4,
    letters=_letters(
        first=(156, 161, 166, 171, 176), second=(73, 77, 82, 87, 91), economy=(63.8, 68.4, 72.4, 77.9, 82.3)
    ),
    free_texts=10_000,
)
"""Texts since 1 April 2026, first class since 7 April, second class since 5 January, economy since 1 July; as published in
Notify's own code (github.com/alphagov/notifications-api, migrations 0543, 0546, 0547 and 0552)."""


def count_sheets(text: str) -> int:
    """Estimate the double-sided sheets of a letter; the first page also holds the address."""
    further = max(0, len(text) - LETTERS_ON_FIRST_PAGE)
    pages = 1 + ceil(further / LETTERS_ON_PAGE)
    return ceil(pages / 2)


def is_too_long(wording: Wording, channel: Channel) -> bool:
    """Tell whether words are too long to go this way: for the longest text, or the longest letter that is printed."""
    if channel is Channel.TEXT:
        return wording.longest > TEXT_LIMIT
    return channel is Channel.LETTER and count_sheets(f"{wording.subject}\n{wording.filled}") > MOST_SHEETS


def price_of(
    wording: Wording, channel: Channel, prices: PriceList = NOTIFY, postage: Postage = Postage.SECOND
) -> float:
    """Give what one message costs, in pence. Raises BadInput for a letter that is too long to be printed."""
    match channel:
        case Channel.TEXT:
            return prices.text * count_texts(wording.filled)
        case Channel.EMAIL:
            return 0.0
        case Channel.LETTER:
            sheets = count_sheets(f"{wording.subject}\n{wording.filled}")
            if sheets > MOST_SHEETS:
                message = f"The letter would take about {sheets} sheets; Notify prints {MOST_SHEETS} at most."
                raise BadInput(message, "Write a shorter letter.", Where(rule="length"))
            return prices.letters[postage, sheets]
        case _:
            assert_never(channel)


def round_pence(pence: float) -> int:
    """Round to whole pence, half a penny up."""
    return floor(pence + 0.5)
