"""Typed reading of TOML, key by key: each fault names file and key, and a key that nobody reads is a fault.

Every document an authority writes is read through this: there is one wording and one idea of what a slug or a day is.
"""

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.spans import Days

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Slugged(Protocol):
    """Something with a name of its own."""

    @property
    def slug(self) -> str:
        """The name."""


T = TypeVar("T")
Word = TypeVar("Word", bound=str)
Entry = TypeVar("Entry", bound=Slugged)


@dataclass(frozen=True, slots=True)
class _Form(Generic[T]):
    """A kind of value: how to take it (`None` when it is another kind), and what is said when it is not."""

    take: Callable[[object], T | None]
    fault: str
    advice: str


def _text(value: object) -> str | None:
    return (value.strip() or None) if isinstance(value, str) else None


def _written(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...] | None:
    found = [_text(item) for item in value] if isinstance(value, list) else [None]
    return None if None in found else tuple(item for item in found if item)


def _number(value: object) -> int | None:
    # In Python a truth value is also a whole number; in a document it is a slip.
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 1 else None


def _quantity(value: object) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= sys.float_info.max
    return float(value) if isinstance(value, int | float) and usable else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _values(value: object) -> dict[str, object] | None:
    return value if isinstance(value, dict) else None


def _entries(value: object) -> list[dict[str, object]] | None:
    whole = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    return value if isinstance(value, list) and whole else None


TEXT = _Form(_text, "is blank or not text", "Write some words between quotation marks.")
WRITTEN = _Form(_written, "is empty or not text", "Write it between quotation marks.")
TEXTS = _Form(_texts, "is not a list of words", 'Write it as ["one", "two"].')
NUMBER = _Form(_number, "is not a whole number of 1 or more", "Write digits without quotation marks.")
QUANTITY = _Form(_quantity, "is not a number above zero", "Write digits without quotation marks, as 2 or 0.5.")
FLAG = _Form(_flag, "is neither true nor false", "Write true or false without quotation marks.")
DAY = _Form(_day, "is not a date", "Write it as 2026-11-22 without quotation marks.")
TABLE = _Form(_values, "is not a table", "Start it with [{key}].")
TABLES = _Form(_entries, "is not a list of tables", "Start each with [[{key}]].")
MAPPING = _Form(_values, "is not a table of words by name", 'Write it as {{ one = "word" }}.')


class Table:
    """A table being read. Take each key by its kind; then `finish` refuses what nobody asked for.

    A key that may be left out gives its kind's nothing: `""`, `()`, `None` or `False`.
    """

    def __init__(self, content: Mapping[str, object], *, file: str, path: str = "") -> None:
        self._content, self._file, self._path = content, file, path
        self._asked: set[str] = set()
        self._inner: list[Table] = []

    def text(self, key: str) -> str:
        """Take words, without the spaces around them."""
        return self._required(key, TEXT)

    def optional_text(self, key: str) -> str:
        """Take words that may be left out."""
        return self._optional(key, TEXT) or ""

    def optional_written(self, key: str) -> str:
        """Take characters just as they are written, which may be spaces or a tab; they may be left out."""
        return self._optional(key, WRITTEN) or ""

    def slug(self, key: str) -> str:
        """Take a name such as `social-housing`."""
        found = self.text(key)
        if not SLUG.fullmatch(found):
            raise self.bad(key, f"is '{found}', which is not a slug", "Use small letters, digits and hyphens.")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of words that must be there; it may be empty."""
        return self._required(key, TEXTS)

    def some_texts(self, key: str) -> tuple[str, ...]:
        """Take a list of words with at least one in it."""
        found = self.texts(key)
        if not found:
            raise self.bad(key, "is empty", "Name at least one.")
        return found

    def optional_texts(self, key: str) -> tuple[str, ...]:
        """Take a list of words that may be left out."""
        return self._optional(key, TEXTS) or ()

    def number(self, key: str) -> int:
        """Take a whole number of 1 or more."""
        return self._required(key, NUMBER)

    def optional_number(self, key: str) -> int | None:
        """Take a whole number of 1 or more that may be left out."""
        return self._optional(key, NUMBER)

    def quantity(self, key: str) -> float:
        """Take a number above zero, whole or not."""
        return self._required(key, QUANTITY)

    def flag(self, key: str) -> bool:
        """Take true or false; false when left out."""
        return self._optional(key, FLAG) or False

    def optional_flag(self, key: str) -> bool | None:
        """Take true or false where it makes a difference whether it was left out."""
        return self._optional(key, FLAG)

    def day(self, key: str) -> date:
        """Take a date."""
        return self._required(key, DAY)

    def optional_day(self, key: str) -> date | None:
        """Take a date that may be left out."""
        return self._optional(key, DAY)

    def days(self, first: str, last: str) -> Days:
        """Take a span from one key's day to another's."""
        return self._span(first, last, self.day(last))

    def open_days(self, first: str, last: str) -> Days:
        """Take a span whose last day may be left out."""
        return self._span(first, last, self.optional_day(last))

    def choice(self, key: str, among: Iterable[Word]) -> Word:
        """Take one of some words: an Enum, or some of its members."""
        return self._member(key, self.text(key), among)

    def optional_choice(self, key: str, among: Iterable[Word]) -> Word | None:
        """Take one of some words; it may be left out."""
        found = self.optional_text(key)
        return self._member(key, found, among) if found else None

    def choices(self, key: str, among: Iterable[Word]) -> frozenset[Word]:
        """Take a list of such words, which may be empty."""
        known = tuple(among)
        return frozenset(self._member(key, text, known) for text in self.texts(key))

    def table(self, key: str) -> "Table":
        """Take a table that must be there."""
        return self._open(self._required(key, TABLE), key)

    def tables(self, key: str) -> tuple["Table", ...]:
        """Take a list of at least one table."""
        return self._open_each(self._required(key, TABLES), key)

    def optional_tables(self, key: str) -> tuple["Table", ...]:
        """Take a list of tables that may be left out."""
        return self._open_each(self._optional(key, TABLES) or [], key)

    def by_slug(self, key: str, read: Callable[["Table"], Entry]) -> dict[str, Entry]:
        """Take a list of tables, each read to something with a slug of its own."""
        found: dict[str, Entry] = {}
        for table in self.tables(key):
            entry = read(table)
            if entry.slug in found:
                raise table.bad("slug", f"repeats '{entry.slug}'", "Give each its own.")
            found[entry.slug] = entry
        return found

    def mapping(self, key: str) -> dict[str, str]:
        """Take a table of words by name, in its order; it may be left out."""
        found = self._optional(key, MAPPING) or {}
        inner = self._open(found, key)
        return {name: inner.text(name) for name in found}

    def finish(self) -> None:
        """Refuse a key that was not asked for, here or in a table taken from here: it would be believed, never read.

        Where a rule tells of keys left out, finish first, so that a misspelt one is told of as such.
        """
        for key in sorted(self._content.keys() - self._asked):
            known = ", ".join(sorted(self._asked))
            raise self.bad(key, "is not known here", f"Check its spelling, or take it out. Known here: {known}.")
        for table in self._inner:
            table.finish()

    def bad(self, key: str, fault: str, advice: str, *, rule: str = "") -> BadInput:
        """Make the error about one key. `rule` names the rule or law that it breaks, where there is one."""
        named = self._named(key)
        return BadInput(f"'{named}' {fault}.", advice, Where(file=self._file, key=named, rule=rule))

    def _named(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _optional(self, key: str, form: _Form[T]) -> T | None:
        self._asked.add(key)
        if key not in self._content:
            return None
        found = form.take(self._content[key])
        if found is None:
            raise self.bad(key, form.fault, form.advice.format(key=self._named(key)))
        return found

    def _required(self, key: str, form: _Form[T]) -> T:
        found = self._optional(key, form)
        if found is None:
            raise self.bad(key, "is missing", f"Add it. {form.advice.format(key=self._named(key))}")
        return found

    def _span(self, first: str, last: str, end: date | None) -> Days:
        start = self.day(first)
        if end is not None and end < start:
            raise self.bad(last, f"({end}) is before the start ({start})", "Set a later day.")
        return Days(start, end)

    def _member(self, key: str, text: str, among: Iterable[Word]) -> Word:
        known = tuple(among)
        for word in known:
            if word == text:
                return word
        raise self.bad(key, f"has the unknown value '{text}'", f"Use one of: {', '.join(known)}.")

    def _open(self, content: dict[str, object], place: str) -> "Table":
        table = Table(content, file=self._file, path=self._named(place))
        self._inner.append(table)
        return table

    def _open_each(self, contents: list[dict[str, object]], key: str) -> tuple["Table", ...]:
        return tuple(self._open(content, f"{key}.{number}") for number, content in enumerate(contents, 1))


def read(text: str, file: str) -> Table:
    """Read a whole TOML document. Raises BadInput when it is not TOML."""
    try:
        return Table(tomllib.loads(text), file=file)
    except (ValueError, RecursionError) as error:
        # Not only TOMLDecodeError: a number or a nesting too long for Python is told of in its own way.
        raise BadInput(
            f"This is not valid TOML: {error}.", "Correct it there.", Where(file=file, rule="toml")
        ) from error
