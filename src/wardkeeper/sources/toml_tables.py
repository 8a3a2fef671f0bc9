"""Typed reading of one TOML table, key by key: each fault names the file and the key, and a key nobody reads is a fault."""

import tomllib
from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from wardkeeper.kernel.errors import BadInput, Where

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def read_document(text: str, file: str) -> "TomlTable":
    """Read TOML text. Raises BadInput with the line that is wrong."""
    try:
        return TomlTable(tomllib.loads(text), file)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(
            f"The file is not valid TOML: {error}.", "Correct that line.", Where(file=file, rule="toml")
        ) from error


class TomlTable:
    """A table being read. Ask for each key by its kind, then `close` to refuse the keys that were never asked for."""

    def __init__(self, values: dict[str, object], file: str, path: str = "") -> None:
        self._values, self._file, self._path = values, file, path
        self._asked: set[str] = set()

    def bad(self, key: str, message: str, advice: str, rule: str = "contract") -> BadInput:
        """Make the error for a key of this table."""
        return BadInput(message, advice, Where(file=self._file, column=f"{self._path}{key}", rule=rule))

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self._values

    def text(self, key: str, default: str | None = None) -> str:
        """Give text that isn't blank, or the default."""
        value = self._take(key, str, "text in quotes", default)
        if not value.strip() and default is None:
            raise self.bad(key, f"The key {self._path}{key} is blank.", "Fill it in.")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """Give a whole number above zero."""
        value = self._take(key, int, "a whole number", default)
        if value < 1:
            raise self.bad(key, f"The key {self._path}{key} must be 1 or more.", "Write a whole number.")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Give true or false."""
        return self._take(key, bool, "true or false", default)

    def day(self, key: str) -> date | None:
        """Give a date written without quotes, or None when the key is absent."""
        self._asked.add(key)
        value = self._values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        raise self.bad(key, f"The key {self._path}{key} is not a date.", "Write it without quotes, as 2027-03-31.")

    def choice(self, key: str, kinds: type[E]) -> E:
        """Give one of an Enum's values."""
        return kinds(self.one_of(key, [kind.value for kind in kinds]))

    def one_of(self, key: str, choices: Collection[str]) -> str:
        """Give one of the texts allowed."""
        value = self.text(key)
        if value not in choices:
            raise self.bad(
                key, f"The key {self._path}{key} is {value!r}.", f"Write one of: {', '.join(sorted(choices))}."
            )
        return value

    def texts(self, key: str, *, least: int = 0) -> tuple[str, ...]:
        """Give a list of texts."""
        values = self._take(key, list, "a list of texts", [] if least == 0 else None)
        if len(values) < least or not all(isinstance(value, str) and value for value in values):
            raise self.bad(key, f"The key {self._path}{key} needs texts.", 'Write them as ["one", "two"].')
        return tuple(values)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """Give a table of text to text, as pairs in its order; none when it is absent."""
        values = self._take(key, dict, "a table of texts", {})
        if not all(isinstance(value, str) and value for value in values.values()):
            raise self.bad(key, f"The key {self._path}{key} needs a text for each value.", 'As { Yes = "a-factor" }.')
        return tuple(values.items())

    def table(self, key: str) -> "TomlTable":
        """Give a table inside this one."""
        return TomlTable(self._take(key, dict, "a table", None), self._file, f"{self._path}{key}.")

    def tables(self, key: str) -> list["TomlTable"]:
        """Give a list of tables; none when it is absent."""
        values = self._take(key, list, "a list of tables", [])
        return [TomlTable(value, self._file, f"{self._path}{key} {place}, ") for place, value in enumerate(values, 1)]

    def close(self) -> None:
        """Refuse a key that nothing asked for: it would be believed and never read."""
        unknown = sorted(self._values.keys() - self._asked)
        if unknown:
            raise self.bad(
                unknown[0],
                f"The key {self._path}{unknown[0]} is not known.",
                f"Correct its spelling or remove it. Known here: {', '.join(sorted(self._asked))}.",
            )

    def _take(self, key: str, kind: type[T], called: str, default: T | None) -> T:
        self._asked.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.bad(key, f"The key {self._path}{key} is missing.", f"Add it: {called}.")
        # In Python a truth value is also a whole number; in a contract it is a slip.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.bad(key, f"The key {self._path}{key} is not {called}.", f"Write {called}.")
        return value
