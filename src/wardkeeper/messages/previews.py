"""How the words come across, for each channel and language: their length, their cost, and how hard they are to read."""

from collections.abc import Iterator
from dataclasses import dataclass

from wardkeeper.messages.channels import Channel
from wardkeeper.messages.prices import NOTIFY, Postage, PriceList, count_sheets, is_too_long, price_of
from wardkeeper.messages.scripts import ENGLISH, is_right_to_left
from wardkeeper.messages.wording import Wording, count_texts, reading_grade


@dataclass(frozen=True, slots=True)
class Preview:
    """One message as it would arrive. `parts` are texts or sheets (0 for an e-mail), `pence` the price of one message.

    `pence` is null where the words are too long to go this way: nobody gets them so.
    `grade` is the school grade it is readable at; null for other languages than English, which it doesn't measure.
    """

    channel: Channel
    language: str
    subject: str
    words: str
    characters: int
    parts: int
    pence: float | None
    grade: float | None
    right_to_left: bool


def preview(wording: Wording, *, prices: PriceList = NOTIFY, postage: Postage = Postage.SECOND) -> tuple[Preview, ...]:
    """Give the message for each channel in English, then in each translation."""
    every = {ENGLISH: wording, **wording.translations}
    return tuple(one for language, words in every.items() for one in _previews(words, language, prices, postage))


def _previews(words: Wording, language: str, prices: PriceList, postage: Postage) -> Iterator[Preview]:
    for channel in Channel:
        yield Preview(
            channel=channel,
            language=language,
            subject="" if channel is Channel.TEXT else words.subject,
            words=words.filled,
            characters=len(words.filled),
            parts=_parts(words, channel),
            pence=None if is_too_long(words, channel) else price_of(words, channel, prices, postage),
            grade=round(reading_grade(words.filled), 1) if language == ENGLISH else None,
            right_to_left=is_right_to_left(language),
        )


def _parts(words: Wording, channel: Channel) -> int:
    counted = {
        Channel.TEXT: count_texts(words.filled),
        Channel.EMAIL: 0,
        Channel.LETTER: count_sheets(f"{words.subject}\n{words.filled}"),
    }
    return counted[channel]
