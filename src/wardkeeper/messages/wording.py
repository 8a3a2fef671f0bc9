"""The words of a message: a template with ((gaps)) as in GOV.UK Notify, and plain-English checks on it.

Checks that stop a message raise; the others give advice that an officer may overrule.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.scripts import ENGLISH, is_in_script
from wardkeeper.messages.singling import Singled, find_singled, find_singled_in_translation, is_insulting

GAP = re.compile(r"\(\(([^()?]+?)(?:\?\?([^()]*))?\)\)")
"""A gap to be filled, ((name)), or words shown on a condition, ((over 65??Call us))."""

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
"""Control characters, and the two that turn the direction of what follows by force: no language needs them."""

FROM_RECORDS = frozenset({"name"})
"""Gaps filled from the records of the person written to."""

TEXT_LIMIT = 918
"""Characters in the longest text Notify sends (six parts)."""

NAME_ROOM = 60
"""Characters that ((name)) is taken to need in a text: whole names of two people."""

ONE_TEXT = 160
"""Characters in one text of the GSM alphabet."""

GSM = re.compile(r"""[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*""")
"""The GSM 03.38 alphabet; one character outside it makes each text hold 70."""

GSM_EXTENSION = "[]{}^\\|~€"
"""Characters of the GSM alphabet that take the room of two."""

PUT_PLAINLY = str.maketrans(
    {
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("‑–—−", "-"),
        **dict.fromkeys("\u00a0\u202f\t", " "),
        **dict.fromkeys("\u180e\u200b\u200c\u2060\ufeff\u2028\u2029", ""),
        "…": "...",
    }
)
"""Marks that GOV.UK Notify puts plainly in every text, so that they cost no more than plain ones."""

LONGEST_SENTENCE = 25
"""Words in a sentence, as the GOV.UK style guide asks."""

HARDEST_GRADE = 7.0
"""School grade of the Flesch-Kincaid measure; GOV.UK asks for words a 9-year-old can read, and allows for health terms."""


class Fault(StrEnum):
    """What may be wrong with the words."""

    SEVERAL_TEXTS = "several texts"
    LONG_SENTENCE = "long sentence"
    HARD_TO_READ = "hard to read"
    NAMES_STREET = "names a street"
    NAMES_POSTCODE = "names a postcode"
    NAMES_COMMUNITY = "names a community"
    NAMES_ESTATE = "names an estate"
    NAMES_SETTING = "names a setting"
    NAMES_AREA = "names an area"
    NO_SUBJECT = "no subject"
    TOO_LONG_A_TEXT = "too long a text"
    NOT_CHECKED = "not checked by words"


ADVICE: dict[Fault, str] = {
    Fault.SEVERAL_TEXTS: "This is longer than one text. Whoever is texted gets {found} texts and each is paid for.",
    Fault.LONG_SENTENCE: "A sentence has {found} words. Use 25 or fewer.",
    Fault.HARD_TO_READ: "The words are hard to read (school grade {found}). Use shorter words and sentences.",
    Fault.NAMES_STREET: "The words name a street ({found}). Do not single out a street.",
    Fault.NAMES_POSTCODE: "The words name a postcode ({found}). Do not single out the people who live there.",
    Fault.NAMES_COMMUNITY: (
        "The words may single out a community ({found}). If it is only a language, or where to go, carry on."
    ),
    Fault.NAMES_ESTATE: "The words name an estate or a building ({found}). Do not single out the people who live there.",
    Fault.NAMES_SETTING: "The words may single out the people of one place ({found}). If it is only where to go, carry on.",
    Fault.NAMES_AREA: "The words name an area that the English does not ({found}). Do not single out who lives there.",
    Fault.NO_SUBJECT: "There is no subject. Emails and letters need a {found}.",
    Fault.TOO_LONG_A_TEXT: ("This is too long for a text ({found}). Homes that only a text could reach need a knock."),
    Fault.NOT_CHECKED: (
        "Translations are searched for names of places and peoples, and not checked by words ({found}). Have a speaker of"
        " each language read it."
    ),
}


SINGLES_OUT: dict[Singled, Fault] = {
    Singled.STREET: Fault.NAMES_STREET,
    Singled.POSTCODE: Fault.NAMES_POSTCODE,
    Singled.ESTATE: Fault.NAMES_ESTATE,
    Singled.SETTING: Fault.NAMES_SETTING,
    Singled.COMMUNITY: Fault.NAMES_COMMUNITY,
    Singled.AREA: Fault.NAMES_AREA,
}
"""Doubts that an officer can't overrule alone: a public-health lead must acknowledge what was found."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One doubt about the words. `found` are the words of the message that it is about, where it is about any."""

    fault: Fault
    words: str
    found: tuple[str, ...] = ()

    @property
    def must_acknowledge(self) -> bool:
        """Whether a public-health lead must acknowledge it before anything is sent."""
        return self.fault in SINGLES_OUT.values()


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Names that words should not single out, whatever their capitals: of streets, settings and areas in the district."""

    streets: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()


NOWHERE = PlaceNames()


@dataclass(frozen=True, slots=True)
class Wording:
    """A message's words. `values` fill gaps that are the same for everybody, such as ((test site)).

    `translations` are the same words by language.
    """

    body: str
    subject: str = ""
    kind: MessageKind = MessageKind.ROUTINE
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    translations: Mapping[str, "Wording"] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def gaps(self) -> tuple[str, ...]:
        """The names of the gaps in lower case (Notify ignores case), once each, in the order they appear."""
        found = GAP.finditer(f"{self.subject}\n{self.body}")
        return tuple(dict.fromkeys(_gap_name(gap) for gap in found))

    @property
    def given(self) -> dict[str, str]:
        """The shared values by the lower-case name of their gap."""
        return {name.strip().lower(): value for name, value in self.values.items()}

    @property
    def for_printing(self) -> str:
        """The body with everything filled but what differs from person to person: ((name)) stays."""
        return GAP.sub(self._print_gap, self.body)

    def _print_gap(self, gap: re.Match[str]) -> str:
        name = _gap_name(gap)
        return gap[2] or self.given.get(name, f"(({name}))")

    @property
    def filled(self) -> str:
        """The body with conditional words shown and shared values in their gaps; other gaps show their name."""
        return GAP.sub(lambda gap: gap[2] or self.given.get(_gap_name(gap), _gap_name(gap)), self.body)

    def filled_for(self, name: str) -> str:
        """Give the body with everything filled, for somebody of that name."""
        return self.for_printing.replace("((name))", name)

    @property
    def longest(self) -> int:
        """Characters of the body with room for a name wherever one is filled in."""
        names = sum(_gap_name(gap) in FROM_RECORDS and not gap[2] for gap in GAP.finditer(self.body))
        return len(self.filled.translate(PUT_PLAINLY)) + names * (NAME_ROOM - len("name"))


def _gap_name(gap: re.Match[str]) -> str:
    return str(gap[1]).strip().lower()


def check_wording(wording: Wording, channel: Channel) -> None:
    """Raise BadInput when the message can't be sent as written."""
    if not wording.body.strip():
        raise _bad("The message has no words.", "Write the message.", "not empty")
    if not is_in_script(GAP.sub("", wording.body), ENGLISH):
        raise _bad(
            "The words are not in English letters.", "Write the English; give others as translations.", "English"
        )
    check_gaps(f"{wording.subject}\n{wording.body}", Where(rule="gaps"))
    check_letters("\n".join((wording.subject, wording.body, *wording.given.values())), Where(rule="letters"))
    if is_insulting(_said(wording)):
        raise _bad("The words hold one that insults people.", "Say it without that word.", "no insults")
    if any("((" in value or "))" in value for value in wording.given.values()):
        raise _bad("What fills a gap holds a gap itself.", "Write it without double brackets.", "gaps")
    empty = [name for name in wording.gaps if name not in FROM_RECORDS and name not in wording.given]
    if empty:
        raise _bad(
            f"Nothing fills the gap (({empty[0]})).",
            "Give its value or remove it; only ((name)) is filled from the records.",
            "gaps",
        )
    if channel is Channel.TEXT and (long := too_long_a_text(wording)):
        raise _bad(f"The text has {', '.join(long)}.", f"Use {TEXT_LIMIT} or fewer, or send a letter.", "length")


def too_long_a_text(wording: Wording) -> tuple[str, ...]:
    """Say the length of the words in each language that they can't be texted in; nothing where they can in all."""
    every = {"": wording, **wording.translations}
    return tuple(
        f"{words.longest:,} characters{f' in {language}' if language else ''}"
        for language, words in every.items()
        if words.longest > TEXT_LIMIT
    )


def check_gaps(text: str, where: Where) -> None:
    """Raise BadInput when a gap is opened and not closed, or closed and not opened."""
    rest = GAP.sub("", text)
    if "((" in rest or "))" in rest:
        raise BadInput("A gap is not closed.", "Write gaps as ((name)).", where)


def check_letters(text: str, where: Where) -> None:
    """Raise BadInput for a letter that no message may hold: it would show other words than those that were approved."""
    found = UNPRINTABLE.search(text)
    if found:
        raise BadInput(
            f"The words hold a letter that does not show (U+{ord(found[0]):04X}).",
            "Type them anew: such letters come with a copy from elsewhere.",
            where,
        )


def _bad(message: str, next_step: str, rule: str) -> BadInput:
    return BadInput(message, next_step, Where(rule=rule))


def advise(wording: Wording, ways: Collection[Channel], places: PlaceNames = NOWHERE) -> tuple[Advice, ...]:
    """Give every doubt about the words and their translations, as they come across by each of the ways they go."""
    by_text, too_long = Channel.TEXT in ways, too_long_a_text(wording)
    found = {
        Fault.SEVERAL_TEXTS: _several_texts(wording) if by_text else "",
        Fault.TOO_LONG_A_TEXT: ", ".join(too_long) if not by_text else "",
        Fault.LONG_SENTENCE: _long_sentence(wording.filled),
        Fault.HARD_TO_READ: _hard(wording.filled),
        Fault.NO_SUBJECT: "" if wording.subject.strip() or set(ways) <= {Channel.TEXT} else "subject",
        Fault.NOT_CHECKED: ", ".join(wording.translations),
    }
    plain = [Advice(fault, ADVICE[fault].format(found=what)) for fault, what in found.items() if what]
    singled = find_singled(_said(wording), places.streets, places.settings)
    named = [Advice(SINGLES_OUT[one], _name_all(SINGLES_OUT[one], what), what) for one, what in singled.items()]
    return (*plain, *named, *_advise_translations(wording, places))


def _advise_translations(wording: Wording, places: PlaceNames) -> Iterator[Advice]:
    """Ask about what a translation names and the English does not: an approver acknowledges it with its language."""
    english = _said(wording)
    for language, words in wording.translations.items():
        singled = find_singled_in_translation(_said(words), english, places.streets, places.settings, places.areas)
        for one, what in singled.items():
            found = tuple(f"{hit} ({language})" for hit in what)
            yield Advice(SINGLES_OUT[one], f"In {language}: {_name_all(SINGLES_OUT[one], what)}", found)


def _said(wording: Wording) -> str:
    return f"{wording.subject}\n{wording.filled}"


def _name_all(fault: Fault, found: tuple[str, ...]) -> str:
    return ADVICE[fault].format(found=", ".join(found))


def count_texts(text: str) -> int:
    """Give how many texts a message takes (GSM 03.38: 160, then 153 each; otherwise 70, then 67 each).

    In the GSM alphabet, a character of its extension counts as two; outside it, one beyond 16 bits such as an emoji does.
    """
    put = text.translate(PUT_PLAINLY)
    plain = GSM.fullmatch(put) is not None
    one, each = (ONE_TEXT, 153) if plain else (70, 67)
    length = (
        len(put) + sum(put.count(letter) for letter in GSM_EXTENSION) if plain else len(put.encode("utf-16-le")) // 2
    )
    return 1 if length <= one else -(-length // each)


def _several_texts(wording: Wording) -> str:
    """Give the most texts that a language takes, and in which where it is not the English; empty for one text."""
    every = {"": wording, **wording.translations}
    texts = {language: count_texts(words.filled) for language, words in every.items()}
    longer = [f"{number} ({language})" if language else str(number) for language, number in texts.items() if number > 1]
    return " or ".join(longer)


def _sentences(text: str) -> list[list[str]]:
    parts = re.split(r"[.!?]+(?:\s|$)|\n+", text)
    return [words for part in parts if (words := re.findall(r"[^\W\d_][\w'’-]*", part))]


def _long_sentence(text: str) -> str:
    longest = max((len(words) for words in _sentences(text)), default=0)
    return str(longest) if longest > LONGEST_SENTENCE else ""


def count_syllables(word: str) -> int:
    """Count groups of vowels, leaving out a silent last e: a simple measure, right for most English words."""
    spoken = re.sub(r"(?<=[^aeiouyl])e$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", spoken)))


def reading_grade(text: str) -> float:
    """Give the Flesch-Kincaid school grade (Kincaid et al. 1975, Research Branch Report 8-75); 0 for no words."""
    sentences = _sentences(text)
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    syllables = sum(count_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _hard(text: str) -> str:
    grade = reading_grade(text)
    return f"{grade:.0f}" if grade > HARDEST_GRADE else ""
