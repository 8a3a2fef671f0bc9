"""Who should speak to whom: a table with reasons, from which an officer chooses.

The suggestions are only that: where a language is not English, somebody of its community; else the council. Each reason
names where it was published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.campaigns import EVERYWHERE, Messenger, Speaker
from wardkeeper.messages.scripts import ENGLISH, LANGUAGES, name_language

REASONS: dict[Messenger, str] = {
    Messenger.COUNCIL: "It runs or knows the local services: where to go, when it opens, what it costs.",
    Messenger.GP: (
        "Nurses and doctors were among the three professions most trusted in Britain to tell the truth"
        " (Ipsos Veracity Index 2022). Suits advice on illness, tests and vaccines."
    ),
    Messenger.FAITH_LEADER: (
        "In some Muslim communities, health information from a credible source of their own faith was more trusted (SAGE, as"
        " told in the Lawrence review, 2020). Ask first: of everybody, 56% trusted the clergy (Ipsos Veracity Index 2021)."
    ),
    Messenger.COMMUNITY_LEADER: (
        "Tailored messages reach further and are better accepted when the community has a part in making them (evidence summary"
        " on public health communications to minority ethnic groups, GOV.UK, 23 September 2020)."
    ),
    Messenger.SCHOOL: (
        "A school writes to its families already, and teachers were among the six professions most trusted to tell the truth"
        " (Ipsos Veracity Index 2022)."
    ),
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
    if language and name_language(language) not in LANGUAGES:
        raise BadInput(
            f"“{language}” is neither an area of this plan nor a language known here.",
            "Write a language such as Urdu, or one of the plan's areas.",
            Where(rule="messenger"),
        )
    return Speaker(Messenger(name.strip()), area, name_language(language) if language else EVERYWHERE)
