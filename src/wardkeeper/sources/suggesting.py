"""What each column of an unknown file seems to hold, by its name and by its content, how sure that is, and why.

Suggestions are for a person to confirm: nothing is loaded by them. They tell shares and counts, never a value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.phrases import count
from wardkeeper.places.lettering import fold, tidy
from wardkeeper.places.postcodes import standardise
from wardkeeper.sources.names import TITLES
from wardkeeper.sources.synonyms import Called, is_about_others, read_heading
from wardkeeper.sources.terms import DATED, DateForm, Meaning
from wardkeeper.sources.values import (
    PATTERNS,
    Reader,
    read_dates,
    read_emails,
    read_nhs_numbers,
    read_ni_numbers,
    read_phones,
    read_sexes,
    read_uprns,
)


class Sureness(StrEnum):
    """How sure a suggestion is."""

    SURE = "sure"
    """Name and content agree, or the content has a check that chance does not pass."""
    LIKELY = "likely"
    """One of the two says so, and the other does not object."""
    UNSURE = "unsure"
    """A person must look."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One column: what it seems to hold, in which form where it holds dates, how sure, and why in plain words."""

    column: str
    meaning: Meaning
    sure: Sureness
    why: tuple[str, ...]
    form: DateForm | None = None
    person: int = 1


@dataclass(frozen=True, slots=True)
class _Test:
    """A way to tell a meaning by content: the share of filled cells that pass, and the least that convinces."""

    passes: Callable[[pl.Series], pl.Series]
    least: float
    words: str


MANY = 20
"""Filled cells from which on a share says something by itself."""

MOST_KINDS = 0.2
"""Share of different values below which a column repeats a few words."""

MOST_ODD = 0.05
"""Share of rows that may lack a key of their own, such as the totals at the foot, in what still looks like keys."""

OLDEST_YEAR, SPAN_YEARS = 1960, 40
"""Dates that reach back so far, over so many years, are mostly birth dates."""

STREET = r"\b(?:ROAD|RD|STREET|ST|AVENUE|AVE|CLOSE|LANE|LN|DRIVE|DR|WAY|COURT|CT|GROVE|CRESCENT|PLACE|TERRACE|GARDENS|HOUSE)\b"


def _readable(read: Reader) -> Callable[[pl.Series], pl.Series]:
    return lambda text: (answer := read(text))["value"].is_not_null() & answer["fault"].is_null()


def _matching(expression: pl.Expr) -> Callable[[pl.Series], pl.Series]:
    return lambda text: text.alias("text").to_frame().select(expression.alias("fits"))["fits"].fill_null(value=False)


_FOLDED = fold(pl.col("text"))

TESTS: Mapping[Meaning, _Test] = {
    Meaning.NHS_NUMBER: _Test(_readable(read_nhs_numbers), 0.9, "are ten digits with a right NHS check digit"),
    Meaning.NI_NUMBER: _Test(_readable(read_ni_numbers), 0.9, "have the form of a National Insurance number"),
    Meaning.EMAIL: _Test(_readable(read_emails), 0.8, "are e-mail addresses"),
    Meaning.POSTCODE: _Test(_matching(standardise(pl.col("text")).is_not_null()), 0.8, "have the shape of a postcode"),
    Meaning.TITLE: _Test(_matching(_FOLDED.str.strip_chars(". ").is_in(TITLES)), 0.9, "are titles such as Mr or Dr"),
    Meaning.SEX: _Test(lambda text: read_sexes(text)["fault"].is_null(), 0.95, "are words for a sex"),
    Meaning.PHONE: _Test(_readable(read_phones), 0.8, "can be dialled"),
    Meaning.ADDRESS: _Test(
        _matching(_FOLDED.str.contains(STREET) & _FOLDED.str.contains(r"\d")),
        0.5,
        "have a number and a word for a street",
    ),
    Meaning.NAME: _Test(
        _matching(_FOLDED.str.contains(rf"^[^\d,]+, [^\d,]+$|^(?:{'|'.join(TITLES)})\b[^\d]+ ")),
        0.6,
        "are written like a whole name",
    ),
}
"""How content tells a meaning, the surest first."""

CHECKED = frozenset({Meaning.NHS_NUMBER, Meaning.NI_NUMBER, Meaning.EMAIL, Meaning.POSTCODE})
"""Meanings whose content is told apart from everything else."""

SUPPORTED: Mapping[Meaning, _Test] = {
    **{meaning: test for meaning, test in TESTS.items() if meaning is not Meaning.ADDRESS},
    Meaning.UPRN: _Test(_readable(read_uprns), 0.9, "are numbers of at most twelve digits"),
    Meaning.GIVEN: _Test(_matching(~_FOLDED.str.contains(r"\d")), 0.95, "are words without digits"),
    Meaning.FAMILY: _Test(_matching(~_FOLDED.str.contains(r"\d")), 0.95, "are words without digits"),
    Meaning.NAME: _Test(_matching(~_FOLDED.str.contains(r"\d")), 0.9, "are words without digits"),
}
"""What the content must be for a name to be believed; a meaning that is not here is believed by its name alone."""


def suggest(frame: pl.DataFrame) -> tuple[Suggestion, ...]:
    """Suggest what each column holds. `frame` is all text, a column for each of the file's, in its order."""
    found = [_suggest(name, _filled(frame[name]), frame.height) for name in frame.columns]
    keys = [one for one in found if one.meaning is Meaning.KEY]
    best = min(keys, key=lambda one: (_SUREST.index(one.sure), read_heading(one.column) is None), default=None)
    return tuple(one if one.meaning is not Meaning.KEY or one is best else _second_key(one) for one in found)


_SUREST = tuple(Sureness)


def _second_key(one: Suggestion) -> Suggestion:
    why = (*one.why, "another column is a better key: a key of both is yours to write")
    return Suggestion(one.column, Meaning.UNUSED, Sureness.UNSURE, why)


def _filled(cells: pl.Series) -> pl.Series:
    return cells.alias("text").to_frame().select(tidy(pl.col("text")))["text"].drop_nulls()


def _suggest(name: str, filled: pl.Series, height: int) -> Suggestion:
    called = read_heading(name)
    if is_about_others(name):
        why = ("its name says that it is about somebody else than the resident",)
        return Suggestion(name, Meaning.UNUSED, Sureness.UNSURE, why)
    if filled.is_empty():
        meaning = called.meaning if called else Meaning.UNUSED
        form = DateForm.DAY_MONTH_YEAR if meaning in DATED else None
        return Suggestion(name, meaning, Sureness.UNSURE, ("it is empty in the rows looked at",), form)
    form, dated = _find_form(filled)
    if form is not None:
        return _suggest_date(name, called, filled, form, dated)
    if called is None or called.meaning in DATED:
        return _suggest_by_content(name, called, filled, height)
    return _suggest_by_name(name, called, filled, height)


# By name, held against the content


def _suggest_by_name(name: str, called: Called, filled: pl.Series, height: int) -> Suggestion:
    meaning = called.meaning
    told = f"its name is one for {meaning}" if called.exactly else f"its name has words for {meaning}"
    if meaning is Meaning.KEY:
        return _suggest_key(name, filled, height, told)
    test = SUPPORTED.get(meaning)
    if test is None:
        return Suggestion(name, meaning, Sureness.LIKELY, (told,), person=_person(called))
    share, words = _judge(test, filled)
    if share >= test.least:
        sure = Sureness.SURE if called.exactly or meaning in CHECKED else Sureness.LIKELY
        return Suggestion(name, meaning, sure, (told, words), person=_person(called))
    other = _find_content(filled)
    if other is not None and other[0] is not meaning:
        return Suggestion(name, other[0], Sureness.UNSURE, (told, f"but {other[1]}"))
    return Suggestion(name, meaning, Sureness.UNSURE, (told, f"but only {words}"), person=_person(called))


PERSONAL = frozenset({Meaning.NAME, Meaning.TITLE, Meaning.GIVEN, Meaning.FAMILY, Meaning.BIRTH_DATE})


def _person(called: Called) -> int:
    """Tell which person of the row it is about: a second telephone number is still the first person's."""
    return called.person if called.meaning in PERSONAL else 1


def _suggest_key(name: str, filled: pl.Series, height: int, told: str) -> Suggestion:
    other = _find_content(filled)
    # Many systems' keys have the form of a National Insurance number by chance.
    if other is not None and other[0] in CHECKED - {Meaning.NI_NUMBER}:
        return Suggestion(name, other[0], Sureness.UNSURE, (told, f"but {other[1]}"))
    empty, repeats = height - filled.len(), filled.len() - filled.n_unique()
    if not empty and not repeats:
        return Suggestion(name, Meaning.KEY, Sureness.SURE, (told, "every row has its own"))
    lacking = f"{count(empty, 'row has', 'rows have')} none"
    why = f"but {lacking} and {count(repeats, 'repeats', 'repeat')} another's"
    return Suggestion(name, Meaning.KEY, Sureness.UNSURE, (told, why))


# By content alone


def _suggest_by_content(name: str, called: Called | None, filled: pl.Series, height: int) -> Suggestion:
    found = _find_content(filled)
    contrary = (f"its name has words for {called.meaning}, but {_not_dates(filled)}",) if called else ()
    if found is not None:
        meaning, words = found
        sure = Sureness.LIKELY if meaning in CHECKED and not called else Sureness.UNSURE
        return Suggestion(name, meaning, sure, (*contrary, words, *(() if called else ("its name tells nothing",))))
    if called:
        return Suggestion(name, Meaning.UNUSED, Sureness.UNSURE, contrary)
    if filled.len() >= MANY and filled.n_unique() <= MOST_KINDS * filled.len():
        why = f"{filled.n_unique()} different values repeat: they may tell a known fact"
        return Suggestion(name, Meaning.FACT, Sureness.UNSURE, (why,))
    if height >= MANY and _looks_like_keys(filled, height):
        own = (
            "every row has its own"
            if filled.n_unique() == height
            else f"{filled.n_unique():,} of {height:,} rows differ"
        )
        return Suggestion(name, Meaning.KEY, Sureness.UNSURE, (f"{own}, and it has digits",))
    return Suggestion(name, Meaning.UNUSED, Sureness.UNSURE, ("neither its name nor its content is known",))


def _looks_like_keys(filled: pl.Series, height: int) -> bool:
    """Tell whether cells are numbers that repeat in no row, but for a few such as that of the totals at the foot."""
    odd = height - int(filled.str.contains(r"^\S*\d\S*$").sum()), height - filled.n_unique()
    return max(odd) <= MOST_ODD * height


def _find_content(filled: pl.Series) -> tuple[Meaning, str] | None:
    """Find the surest meaning that the content alone tells, with why."""
    for meaning, test in TESTS.items():
        share, words = _judge(test, filled)
        if share >= test.least:
            return meaning, words
    return None


def _judge(test: _Test, filled: pl.Series) -> tuple[float, str]:
    passed = int(test.passes(filled).sum())
    return passed / filled.len(), f"{passed:,} of {filled.len():,} filled cells {test.words}"


# Dates

LEAST_DATES = 0.8

TIMED = r"^\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}"


def _find_form(filled: pl.Series) -> tuple[DateForm | None, int]:
    """Find the form in which most cells are dates; of forms that read as many, the one whose own pattern they have."""
    timed = int(filled.str.contains(TIMED).sum())
    if timed >= LEAST_DATES * filled.len():
        return DateForm.TIMESTAMP, timed
    forms = [form for form in DateForm if form is not DateForm.TIMESTAMP]
    # Four digits alone are a year, or any number at all: they make no column one of dates.
    texts = filled.filter(~filled.str.contains(r"^\d{4}$"))
    counts = {form: int(read_dates(texts, form)["value"].is_not_null().sum()) for form in forms}
    own = {form: int(texts.str.to_date(PATTERNS[form][0], strict=False).is_not_null().sum()) for form in forms}
    best = max(forms, key=lambda form: (counts[form], own[form], -forms.index(form)))
    return (best, counts[best]) if counts[best] >= LEAST_DATES * filled.len() else (None, 0)


def _not_dates(filled: pl.Series) -> str:
    month_first = int(filled.str.to_date("%m/%d/%Y", strict=False).is_not_null().sum())
    if month_first >= LEAST_DATES * filled.len():
        return "its dates have the month first, which is not read: ask for the day first"
    return "its content is no date in a form that is read"


def _suggest_date(name: str, called: Called | None, filled: pl.Series, form: DateForm, dated: int) -> Suggestion:
    words = f"{dated:,} of {filled.len():,} filled cells are dates written {form}"
    if called and called.meaning in DATED:
        sure = Sureness.SURE if called.exactly else Sureness.LIKELY
        told = f"its name is one for {called.meaning}" if called.exactly else f"its name has words for {called.meaning}"
        return Suggestion(name, called.meaning, sure, (told, words), form, _person(called))
    years = read_dates(filled, form)["value"].drop_nulls().dt.year()
    oldest, newest = int(years.min() or 0), int(years.max() or 0)  # type: ignore[arg-type]
    if oldest < OLDEST_YEAR and newest - oldest >= SPAN_YEARS:
        why = f"they span {newest - oldest} years, as birth dates do; its name does not say so"
        return Suggestion(name, Meaning.BIRTH_DATE, Sureness.UNSURE, (words, why), form)
    return Suggestion(name, Meaning.UNUSED, Sureness.UNSURE, (words, "its name does not say of what"), form)
