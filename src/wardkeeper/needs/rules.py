"""Need rules: which factors make which need in a hazard. A rule file is a draft until it is applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wardkeeper.kernel.hazards import Hazard
from wardkeeper.kernel.toml_tables import Table, read


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


def parse(text: str, file_name: str) -> HazardRules:
    """Read one rule file. Raises BadInput naming the file and the key at fault."""
    document = read(text, file_name)
    result = HazardRules(
        hazard=document.choice("hazard", Hazard),
        needs=tuple(_read_rule(table) for table in document.tables("need")),
        factor_titles=document.mapping("factors"),
    )
    document.finish()
    untitled = sorted(result.factors - result.factor_titles.keys())
    if untitled:
        raise document.bad("factors", f"gives no words for: {', '.join(untitled)}", "Add them under [factors].")
    return result


def _read_rule(table: Table) -> NeedRule:
    return NeedRule(
        name=table.text("name"),
        title=table.text("title"),
        weight=table.quantity("weight"),
        any_of=frozenset(table.some_texts("any_of")),
    )
