"""The authority that runs this Wardkeeper, from `authority.toml`: its name, area, partners and contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wardkeeper.governance.organisations import Category
from wardkeeper.kernel.areas import AreaKind, area_kind
from wardkeeper.kernel.toml_tables import Table, read


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party that may appear in agreements. `contact` is a work address, never a person's own."""

    slug: str
    name: str
    category: Category
    contact: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority. `control` is whom to ring for a home that needs Ring Control first.

    `logins` maps an operating-system user to a login, for the command line. A `demonstration` holds synthetic people
    only, and every screen says so. `notify_templates` are ids of GOV.UK Notify's templates by channel and, unless it is
    English, language: `text`, `email`, `text Polish`.
    """

    slug: str
    name: str
    area_codes: frozenset[str]
    organisations: Mapping[str, Organisation]
    control_name: str
    control_phone: str
    dpo_contact: str
    logins: Mapping[str, str]
    demonstration: bool = False
    notify_templates: Mapping[str, str] = field(default_factory=dict)

    @property
    def categories(self) -> dict[str, Category]:
        """Each organisation's category, as `decide` reads it."""
        return {slug: organisation.category for slug, organisation in self.organisations.items()}


def parse(text: str, file: str) -> Authority:
    """Read `authority.toml`. Raises BadInput naming file and key."""
    table = read(text, file)
    contacts = table.table("contacts")
    authority = Authority(
        slug=table.slug("slug"),
        name=table.text("name"),
        area_codes=frozenset(table.some_texts("area_codes")),
        organisations=table.by_slug("organisations", _read_organisation),
        control_name=contacts.text("control_name"),
        control_phone=contacts.text("control_phone"),
        dpo_contact=contacts.text("dpo"),
        logins=table.mapping("logins"),
        demonstration=table.flag("demonstration"),
        notify_templates=table.mapping("notify_templates"),
    )
    table.finish()
    _check_areas(table, authority)
    _check_itself(table, authority)
    return authority


def _read_organisation(table: Table) -> Organisation:
    return Organisation(
        slug=table.slug("slug"),
        name=table.text("name"),
        category=table.choice("category", Category),
        contact=table.text("contact"),
    )


def _check_areas(table: Table, authority: Authority) -> None:
    for code in sorted(authority.area_codes):
        if area_kind(code) is not AreaKind.DISTRICT:
            raise table.bad("area_codes", f"names '{code}', which is no district", "Use codes such as E08000009.")


def _check_itself(table: Table, authority: Authority) -> None:
    ruling = [slug for slug, category in authority.categories.items() if category is Category.AUTHORITY]
    if ruling != [authority.slug]:
        raise table.bad(
            "organisations",
            f"must hold '{authority.slug}', and only it, with the category 'authority'",
            "A neighbouring council is 'category-1'.",
        )
