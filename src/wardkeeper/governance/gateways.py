"""Legal powers (gateways) as dated data: who may rely on each, for what, from when until when.

This states facts and rules so that a decision can cite them; it is not legal advice.
`law.toml` beside this module is the packaged law; an authority adds its own in `gateways.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from wardkeeper.governance.organisations import PUBLIC_AUTHORITIES, Category
from wardkeeper.governance.purposes import Group
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.spans import Days
from wardkeeper.kernel.toml_tables import Table, read


class LawfulBasis(StrEnum):
    """The lawful bases of UK GDPR Article 6(1), with recognised legitimate interests as added in 2025."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal-obligation"
    VITAL_INTERESTS = "vital-interests"
    PUBLIC_TASK = "public-task"
    LEGITIMATE_INTERESTS = "legitimate-interests"
    RECOGNISED_LEGITIMATE_INTERESTS = "recognised-legitimate-interests"


NOT_FOR_PUBLIC_TASKS = frozenset({LawfulBasis.LEGITIMATE_INTERESTS, LawfulBasis.RECOGNISED_LEGITIMATE_INTERESTS})


class Condition(StrEnum):
    """The conditions of UK GDPR Article 9(2) for special-category data."""

    EXPLICIT_CONSENT = "9(2)(a)"
    EMPLOYMENT_AND_SOCIAL_PROTECTION = "9(2)(b)"
    VITAL_INTERESTS = "9(2)(c)"
    NOT_FOR_PROFIT_BODIES = "9(2)(d)"
    MADE_PUBLIC = "9(2)(e)"
    LEGAL_CLAIMS = "9(2)(f)"
    SUBSTANTIAL_PUBLIC_INTEREST = "9(2)(g)"
    HEALTH_OR_SOCIAL_CARE = "9(2)(h)"
    PUBLIC_HEALTH = "9(2)(i)"
    RESEARCH_AND_STATISTICS = "9(2)(j)"


NEEDS_SCHEDULE_1 = frozenset(
    {
        Condition.EMPLOYMENT_AND_SOCIAL_PROTECTION,
        Condition.SUBSTANTIAL_PUBLIC_INTEREST,
        Condition.HEALTH_OR_SOCIAL_CARE,
        Condition.PUBLIC_HEALTH,
        Condition.RESEARCH_AND_STATISTICS,
    }
)
"""Conditions that hold only with a paragraph of Schedule 1 (Data Protection Act 2018, section 10(2) and (3))."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What somebody rests their use on. `schedule_1` is a paragraph of the Data Protection Act 2018."""

    article_6: LawfulBasis | None = None
    article_9: Condition | None = None
    schedule_1: str = ""

    @property
    def opens_special_category(self) -> bool:
        """Whether special-category data may be used: a condition, with its paragraph where it needs one."""
        return self.article_9 is not None and (self.article_9 not in NEEDS_SCHEDULE_1 or bool(self.schedule_1))

    def fits(self, category: Category) -> bool:
        """Tell whether there is a lawful basis that such an organisation may rest its task on."""
        wrong_kind = category in PUBLIC_AUTHORITIES and self.article_6 in NOT_FOR_PUBLIC_TASKS
        return self.article_6 is not None and not wrong_kind


@dataclass(frozen=True, slots=True)
class Gateway:
    """One legal power. `groups` are the families of purpose it covers; `note` says its limits in a sentence."""

    slug: str
    title: str
    citation: str
    span: Days
    relied_on_by: frozenset[Category]
    groups: frozenset[Group]
    basis: Basis
    note: str = ""

    def in_force(self, now: datetime) -> bool:
        """Tell whether it is law on this day."""
        return self.span.holds(now)

    def serves(self, category: Category, group: Group) -> bool:
        """Tell whether such an organisation may rely on it for such a purpose, whatever the day."""
        return category in self.relied_on_by and group in self.groups


Gateways = Mapping[str, Gateway]


@lru_cache(maxsize=1)
def packaged_gateways() -> Gateways:
    """Give the packaged law: part of the program, as its code is."""
    text = files("wardkeeper.governance").joinpath("law.toml").read_text("utf-8")
    return MappingProxyType(_read_all(text, "law.toml"))


def parse(text: str, file: str) -> dict[str, Gateway]:
    """Read an authority's own `[[gateways]]`, which may not redefine packaged law. Raises BadInput naming file and key."""
    found = _read_all(text, file)
    repeated = sorted(packaged_gateways().keys() & found.keys())
    if repeated:
        raise BadInput(
            f"'{repeated[0]}' is packaged law and cannot be redefined.",
            "Give your own legal power another name.",
            Where(file=file, key="slug"),
        )
    return found


def read_basis(table: Table) -> Basis:
    """Take `article_6`, `article_9` and `schedule_1` from a table; the last two may be left out."""
    condition = table.optional_choice("article_9", Condition)
    basis = Basis(table.choice("article_6", LawfulBasis), condition, table.optional_text("schedule_1"))
    if condition is not None and not basis.opens_special_category:
        raise table.bad(
            "schedule_1",
            f"is missing: {condition} needs a paragraph of Schedule 1",
            "Name the paragraph of the Data Protection Act 2018, Schedule 1.",
        )
    return basis


def _read_all(text: str, file: str) -> dict[str, Gateway]:
    document = read(text, file)
    found = document.by_slug("gateways", _read_gateway)
    document.finish()
    return found


def _read_gateway(table: Table) -> Gateway:
    return Gateway(
        slug=table.slug("slug"),
        title=table.text("title"),
        citation=table.text("citation"),
        span=table.open_days("starts", "ends"),
        relied_on_by=table.choices("relied_on_by", Category),
        groups=table.choices("groups", Group),
        basis=read_basis(table),
        note=table.optional_text("note"),
    )
