"""The form of a message: read into a campaign, its faults told beside the field, and carried from page to page.

Nothing is kept between pages: what was typed travels in hidden fields, and is checked anew each time.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import polars as pl

from wardkeeper.adapters.translation_files import parse_translations
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaigns import Format, Messenger
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.prices import NOTIFY, Postage, PriceList
from wardkeeper.messages.scripts import ENGLISH, name_language
from wardkeeper.messages.translations import BODY, PIECE, SUBJECT, read_sheet
from wardkeeper.messages.wording import Wording
from wardkeeper.usecases.plan_messages import CampaignRequest
from wardkeeper.web.forms import CSRF_FIELD, Answers, Faults

SHEET = "translations"
"""The field of an uploaded sheet."""

SPOKEN, SPOKEN_SUBJECT, SPOKEN_BODY = "translation-language", "translation-subject", "translation-body"
OTHERS = ("messenger-language", "messenger-area", "messenger-who")
REMADE = frozenset({CSRF_FIELD, SHEET, SPOKEN, SPOKEN_SUBJECT, SPOKEN_BODY, "format", "table"})
"""Fields that are not carried as they came."""

FIELD_OF_RULE: Mapping[str, str] = MappingProxyType({"messenger": "messenger", "price": "text-pence"})
"""The field that a broken rule is told beside; any other stands beside the message."""


def find_faults(answers: Answers) -> Faults:
    """Find what is missing, before anything is planned, in the order of the page."""
    faults = Faults()
    faults.require(answers, {"area": "Choose at least one area."})
    if answers.text("kind") not in set(MessageKind):
        faults.add("kind", "Choose what the message is for.")
    if answers.text("channel") not in set(Channel):
        faults.add("channel", "Choose how to send it.")
    faults.require(answers, {"body": "Write the message."})
    for name, words in (("text-pence", "a text"), ("letter-pence", "a letter")):
        if _is_no_price(answers.text(name)):
            faults.add(name, f"Give the price of {words} in pence, such as 2.4.")
    return faults


def field_of(error: BadInput) -> str:
    """Give the field that an error is told beside."""
    where = error.where
    if where.file or where.column:
        return SHEET
    return FIELD_OF_RULE.get(where.rule or "", "body")


def read_request(answers: Answers) -> CampaignRequest:
    """Read the form. Raises BadInput for words, translations, prices or messengers that can't be taken."""
    return CampaignRequest(
        areas=list(dict.fromkeys(answers.many("area"))),
        wording=read_wording(answers),
        channel=Channel(answers.text("channel")),
        alert=answers.text("alert"),
        speakers=tuple(_speakers(answers)),
        formats=tuple(Format(one) for one in answers.many("made") if one in set(Format)),
        prices=_prices(answers),
        postage=Postage(answers.text("postage")) if answers.text("postage") in set(Postage) else Postage.SECOND,
    )


def read_wording(answers: Answers) -> Wording:
    """Read the words with their translations: those typed, and those of an uploaded sheet before them."""
    kind = answers.text("kind")
    english = Wording(
        body=_lines(answers.text("body")),
        subject=answers.text("subject"),
        kind=MessageKind(kind) if kind in set(MessageKind) else MessageKind.ROUTINE,
        values=_values(answers.text("values")),
    )
    sheets = [sheet for sheet in (_typed(answers, english), _uploaded(answers)) if sheet is not None]
    found: dict[str, Wording] = {}
    for sheet, file in sheets:
        found |= read_sheet(sheet, english, file=file).wording.translations
    return replace(english, translations=MappingProxyType(found))


def carry(answers: Answers, wording: Wording | None = None) -> list[tuple[str, str]]:
    """Give the fields to send again from the next page; translations as they were read, or else as they were typed."""
    kept = [(name, value) for name, value in answers.fields if name not in REMADE and isinstance(value, str)]
    if wording is None:
        typed = (SPOKEN, SPOKEN_SUBJECT, SPOKEN_BODY)
        return [*kept, *((name, value) for name, value in answers.fields if name in typed and isinstance(value, str))]
    for language, words in wording.translations.items():
        kept += [(SPOKEN, language), (SPOKEN_SUBJECT, words.subject), (SPOKEN_BODY, words.body)]
    return kept


def typed_translations(answers: Answers) -> list[tuple[str, str, str]]:
    """Give the translations in the form's fields: language, subject and words."""
    rows = zip(answers.many(SPOKEN), answers.many(SPOKEN_SUBJECT), answers.many(SPOKEN_BODY), strict=False)
    return [row for row in rows if any(row)]


def chosen_messengers(answers: Answers) -> list[tuple[str, str, str]]:
    """Give the lines of other messengers: language, area and who."""
    return [row for row in zip(*map(answers.many, OTHERS), strict=False) if row[2]]


def _typed(answers: Answers, english: Wording) -> tuple[pl.DataFrame, str] | None:
    rows = typed_translations(answers)
    if not rows:
        return None
    unnamed = [body or subject for language, subject, body in rows if not language]
    if unnamed:
        raise BadInput("A translation has no language.", "Choose its language.", Where(column="language"))
    if any(name_language(language) == ENGLISH for language, _, _ in rows):
        raise BadInput("A translation is into English.", "Choose another language.", Where(column=ENGLISH))
    named = [name_language(language) for language, _, _ in rows]
    if len(set(named)) < len(named):
        raise BadInput("Two translations are into one language.", "Keep one of them.", Where(column="language"))
    pieces = {SUBJECT: english.subject, BODY: english.body}
    columns = {PIECE: list(pieces), ENGLISH: list(pieces.values())}
    for language, subject, body in rows:
        columns[name_language(language)] = [subject, _lines(body)]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), ""


def _uploaded(answers: Answers) -> tuple[pl.DataFrame, str] | None:
    content, name = answers.file(SHEET), answers.file_name(SHEET)
    return (parse_translations(content, name), name) if content or name else None


def _speakers(answers: Answers) -> list[str]:
    everybody = answers.text("messenger")
    lines = [everybody] if everybody in set(Messenger) else []
    for language, area, who in chosen_messengers(answers):
        if not (language or area):
            raise BadInput(
                "It is not said to whom another messenger speaks.",
                "Choose a language or an area beside them.",
                Where(rule="messenger"),
            )
        lines.append(f"{area}/{language}={who}" if area and language else f"{area or language}={who}")
    return lines


def _prices(answers: Answers) -> PriceList:
    text, letter = (answers.text(name) for name in ("text-pence", "letter-pence"))
    return NOTIFY.overruled(float(text) if text else None, float(letter) if letter else None)


def _is_no_price(text: str) -> bool:
    return bool(text) and not text.replace(".", "", 1).isdecimal()


def _values(text: str) -> dict[str, str]:
    """Read what fills the gaps: a line each, as “test site = Sale Town Hall”."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
