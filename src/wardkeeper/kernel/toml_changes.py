"""What changed between two versions of a TOML document, key by key: for a person to read before the newer one counts."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

NAMING = ("name", "slug", "column", "organisation", "hazard")
"""Keys by which an entry of a list of tables is known, the first that it has."""

LONGEST = 80
"""Characters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key that differs. `before` is None where it was not there, `after` where it no longer is."""

    key: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.key}: added, {self.after}"
        if self.after is None:
            return f"{self.key}: taken out, was {self.before}"
        return f"{self.key}: {self.before} → {self.after}"


def compare(before: str, after: str) -> tuple[KeyChange, ...]:
    """List the keys whose values differ, in the order of the newer text. Both must be TOML; order and comments don't count."""
    return tuple(_compare("", tomllib.loads(before), tomllib.loads(after)))


def _compare(path: str, before: object, after: object) -> Iterator[KeyChange]:
    old, new = _tables(before), _tables(after)
    if old is None or new is None:
        if before != after:
            yield KeyChange(path, _show(before), _show(after))
        return
    for key in dict.fromkeys([*new, *old]):
        inner = f"{path}.{key}" if path else key
        if key not in old:
            yield KeyChange(inner, None, _show(new[key]))
        elif key not in new:
            yield KeyChange(inner, _show(old[key]), None)
        else:
            yield from _compare(inner, old[key], new[key])


def _tables(value: object) -> Mapping[str, object] | None:
    """Give a table's keys, or a list of tables by their names; nothing for a plain value."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return None
    found: dict[str, object] = {}
    for number, entry in enumerate(value, 1):
        name = next((str(entry[key]) for key in NAMING if key in entry), str(number))
        found[f"“{name}”" if f"“{name}”" not in found else f"“{name}” ({number})"] = entry
    return found


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
