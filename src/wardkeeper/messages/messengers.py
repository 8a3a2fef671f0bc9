"""Who should speak to whom: a table with reasons, from which an officer chooses.

A message is believed for who says it as much as for what it says. The suggestions are only that: where a language is
not English, somebody whom its speakers trust; else the council.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.campaigns import EVERYWHERE, Messenger, Speaker
from wardkeeper.messages.scripts import ENGLISH, SCRIPTS, name_language

REASONS: dict[Messenger, str] = {
    Messenger.COUNCIL: "People look to their council for local services: where to go, when it opens, what it costs.",
    Messenger.GP: (
        "Doctors and nurses are among the people most trusted to tell the truth (Ipsos Veracity Index)."
        " Suits advice on illness, tests and vaccines."
    ),
    Messenger.FAITH_LEADER: (
        "Leaders whom people know and trust are heard where official messages are not"
        " (SPI-B, Public health messaging for communities from different cultural backgrounds, July 2020)."
    ),
    Messenger.COMMUNITY_LEADER: (
        "Messages made with people of the language and passed on by somebody they know reach further than translated ones"
        " alone (SPI-B, July 2020)."
    ),
    Messenger.SCHOOL: "Schools reach families with children all at once, by ways that parents read already.",
}
"""Why each messenger may be the right one."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A messenger for one area and language, with the reason."""

    area: str
    language: str
    messenger: Messenger
    reason: str


def suggest(areas: Sequence[str], languages: Sequence[str]) -> tuple[Suggestion, ...]:
    """Suggest a messenger for each area and language (English is among them)."""
    every = dict.fromkeys((ENGLISH, *languages))
    return tuple(
        Suggestion(area, language, messenger, REASONS[messenger])
        for area in areas
        for language in every
        for messenger in [Messenger.COUNCIL if language == ENGLISH else Messenger.COMMUNITY_LEADER]
    )


def choose_speaker(speakers: Iterable[Speaker], area: str, language: str) -> Messenger:
    """Give who speaks in an area and language: the closest line (both, language, area, all); else the council."""
    by_place = {(one.area, one.language): one.messenger for one in speakers}
    lines = ((area, language), (EVERYWHERE, language), (area, EVERYWHERE), (EVERYWHERE, EVERYWHERE))
    return next((by_place[line] for line in lines if line in by_place), Messenger.COUNCIL)


def read_speakers(texts: Iterable[str], areas: Sequence[str]) -> tuple[Speaker, ...]:
    """Read an officer's choices: `gp`, `Urdu=faith-leader`, `E01006112=school` or `E01006112/Urdu=gp`. Raises BadInput."""
    return tuple(_read_speaker(text, areas) for text in texts)


def _read_speaker(text: str, areas: Sequence[str]) -> Speaker:
    whom, _, name = text.rpartition("=")
    if name.strip() not in set(Messenger):
        raise BadInput(
            f"There is no messenger “{name.strip()}”.",
            f"Choose one of {', '.join(Messenger)}; for one language, write Urdu={Messenger.GP}.",
            Where(rule="messenger"),
        )
    area, _, language = whom.strip().rpartition("/")
    if language in areas:
        area, language = language, EVERYWHERE
    if area and area not in areas:
        raise BadInput(f"The area {area} is not in this plan.", "Name one that is.", Where(rule="messenger"))
    if language and name_language(language) not in SCRIPTS:
        raise BadInput(
            f"“{language}” is neither an area of this plan nor a language known here.",
            "Write a language such as Urdu, or one of the plan's areas.",
            Where(rule="messenger"),
        )
    return Speaker(Messenger(name.strip()), area, name_language(language) if language else EVERYWHERE)
