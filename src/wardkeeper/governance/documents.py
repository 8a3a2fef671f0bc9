"""Reading an authority's TOML documents: each value is checked as it is taken, and each error names file and key."""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from wardkeeper.kernel.errors import BadInput, Where

Kind = TypeVar("Kind", bound=StrEnum)


class Table:
    """One TOML table being read. `finish` refuses what nobody asked for: a misspelt key must not pass as absent."""

    def __init__(self, content: Mapping[str, object], *, file: str, path: str = "") -> None:
        self._content = content
        self._taken: set[str] = set()
        self.file = file
        self.path = path

    def text(self, key: str) -> str:
        """Take words that must be there and not be blank."""
        value = self._required(key)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(key, "is not text", "Write some words between quotation marks.")
        return value.strip()

    def optional_text(self, key: str) -> str:
        """Take words that may be left out; empty when they are."""
        return self.text(key) if key in self._content else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of words that must be there; it may be empty."""
        value = self._required(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.bad(key, "is not a list of words", 'Write it as ["one", "two"].')
        return tuple(item.strip() for item in value)

    def some_texts(self, key: str) -> tuple[str, ...]:
        """Take a list of words with at least one word in it."""
        found = self.texts(key)
        if not found:
            raise self.bad(key, "is empty", "Name at least one.")
        return found

    def number(self, key: str) -> int:
        """Take a whole number of 1 or more."""
        value = self._required(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.bad(key, "is not a whole number of 1 or more", "Write digits without quotation marks.")
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; false when left out."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            raise self.bad(key, "is neither true nor false", "Write true or false without quotation marks.")
        return value is True

    def day(self, key: str) -> date:
        """Take a date that must be there."""
        self._required(key)
        found = self.optional_day(key)
        assert found is not None
        return found

    def optional_day(self, key: str) -> date | None:
        """Take a date that may be left out."""
        value = self._take(key)
        if value is not None and (isinstance(value, datetime) or not isinstance(value, date)):
            raise self.bad(key, "is not a date", "Write it as 2026-11-22 without quotation marks.")
        return value

    def choice(self, key: str, kind: type[Kind]) -> Kind:
        """Take one of an Enum's values."""
        return self._member(key, self.text(key), kind)

    def choices(self, key: str, kind: type[Kind]) -> frozenset[Kind]:
        """Take a list of an Enum's values."""
        return frozenset(self._member(key, text, kind) for text in self.texts(key))

    def table(self, key: str) -> "Table":
        """Take a table that must be there."""
        value = self._required(key)
        if not isinstance(value, dict):
            raise self.bad(key, "is not a table", f"Start it with [{self._named(key)}].")
        return Table(value, file=self.file, path=self._named(key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Take a list of tables with at least one in it."""
        value = self._required(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.bad(key, "is not a list of tables", f"Start each with [[{self._named(key)}]].")
        return tuple(
            Table(item, file=self.file, path=f"{self._named(key)}.{number}") for number, item in enumerate(value, 1)
        )

    def mapping(self, key: str) -> dict[str, str]:
        """Take a table of words by name; empty when left out."""
        inner = self.table(key) if key in self._content else Table({}, file=self.file)
        return {name: inner.text(name) for name in inner.names()}

    def names(self) -> tuple[str, ...]:
        """Give the keys that are there."""
        return tuple(self._content)

    def finish(self) -> None:
        """Refuse keys that were not taken."""
        for key in sorted(set(self._content) - self._taken):
            raise self.bad(key, "is not known here", "Check its spelling, or take it out.")

    def bad(self, key: str, fault: str, advice: str) -> BadInput:
        """Make the error about one key."""
        named = self._named(key)
        return BadInput(f"'{named}' {fault}.", advice, Where(file=self.file, rule=named))

    def _named(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _take(self, key: str) -> object:
        self._taken.add(key)
        return self._content.get(key)

    def _required(self, key: str) -> object:
        if key not in self._content:
            raise self.bad(key, "is missing", "Add it.")
        return self._take(key)

    def _member(self, key: str, text: str, kind: type[Kind]) -> Kind:
        known = {member.value: member for member in kind}
        if text not in known:
            raise self.bad(key, f"has the unknown value '{text}'", f"Use one of: {', '.join(known)}.")
        return known[text]


def read(text: str, file: str) -> Table:
    """Read a whole TOML document. Raises BadInput when it is not TOML."""
    try:
        return Table(tomllib.loads(text), file=file)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"This is not valid TOML: {error}.", "Correct that line.", Where(file=file)) from error
