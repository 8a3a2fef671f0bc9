"""Need rules: which factors make which need in a hazard. A rule file is a draft until it is applied."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.hazards import Hazard


class Derived(StrEnum):
    """Factors that no source asserts: they follow from a resident's age or the kind of home."""

    AGED_UNDER_5 = "aged-under-5"
    AGED_75_TO_84 = "aged-75-to-84"
    AGED_85_OR_OVER = "aged-85-or-over"
    SPECIAL_HOME = "special-home"


@dataclass(frozen=True, slots=True)
class NeedRule:
    """One need: any of its factors gives it, and its weight adds to the home's score."""

    name: str
    title: str
    weight: float
    any_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class HazardRules:
    """The rules of one hazard, and the words for the factors they read."""

    hazard: Hazard
    needs: tuple[NeedRule, ...]
    factor_titles: Mapping[str, str]

    @property
    def factors(self) -> frozenset[str]:
        """Every factor that some rule reads."""
        return frozenset().union(*(rule.any_of for rule in self.needs))


RULE_KEYS = {"name", "title", "weight", "any_of"}


def parse(text: str, file_name: str) -> HazardRules:
    """Read one rule file. Raises BadInput naming the file and the key at fault."""
    content = _load(text, file_name)
    hazard = content.get("hazard")
    if hazard not in set(Hazard):
        known = ", ".join(Hazard)
        raise _bad(file_name, "hazard", "The hazard is not one that is known here.", f"Use one of: {known}.")
    rules = tuple(_rule(item, file_name) for item in content.get("need", []))
    if not rules:
        raise _bad(file_name, "need", "The file has no need rules.", "Add at least one [[need]] table.")
    result = HazardRules(Hazard(hazard), rules, dict(content.get("factors", {})))
    untitled = sorted(result.factors - set(result.factor_titles))
    if untitled:
        raise _bad(
            file_name, "factors", f"These factors have no words: {', '.join(untitled)}.", "Add them under [factors]."
        )
    return result


def _load(text: str, file_name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise _bad(file_name, "", f"The file is not valid TOML: {problem}.", "Correct the line it names.") from problem


def _rule(item: dict[str, Any], file_name: str) -> NeedRule:
    if set(item) != RULE_KEYS:
        wrong = ", ".join(sorted(set(item) ^ RULE_KEYS))
        keys = ", ".join(sorted(RULE_KEYS))
        raise _bad(file_name, "need", f"A need has missing or unknown keys: {wrong}.", f"Give exactly: {keys}.")
    weight, any_of = item["weight"], item["any_of"]
    if not isinstance(weight, int | float) or weight <= 0:
        raise _bad(file_name, "weight", f"The weight {weight!r} is not above zero.", "Set a number above zero.")
    if not isinstance(any_of, list) or not any_of:
        raise _bad(file_name, "any_of", "A need reads no factors.", "List at least one factor in any_of.")
    return NeedRule(str(item["name"]), str(item["title"]), float(weight), frozenset(map(str, any_of)))


def _bad(file_name: str, key: str, message: str, following: str) -> BadInput:
    return BadInput(message, following, Where(file=file_name, column=key))
