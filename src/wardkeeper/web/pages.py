"""Makes pages from templates. Whatever a template shows is escaped unless a macro of the design system marks it safe."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from jinja2.loaders import ChoiceLoader

from wardkeeper.governance.authority import Authority
from wardkeeper.governance.operations import OPERATIONS, Operation
from wardkeeper.kernel.errors import WardkeeperError
from wardkeeper.kernel.people import Actor
from wardkeeper.usecases.house import House
from wardkeeper.usecases.rulebook import rulebook
from wardkeeper.web import ways, wording
from wardkeeper.web.forms import form_token


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the navigation, shown to the roles that may do its operation. What it leads to decides again."""

    text: str
    href: str
    operation: Operation | None = None

    def is_for(self, actor: Actor) -> bool:
        """Tell whether the link is of use to a person of the authority; everybody has those without an operation."""
        return self.operation is None or actor.has(*OPERATIONS[self.operation].own)


NAVIGATION = (
    Link("Incidents", "/"),
    Link("Sources", "/sources", Operation.VIEW_SOURCES),
    Link("Joining", "/joining", Operation.VIEW_LINKING),
    Link("Outbreaks", "/outbreaks", Operation.VIEW_OUTBREAK),
    Link("Messages", "/messages", Operation.VIEW_CAMPAIGNS),
    Link("Activity record", "/activity", Operation.VIEW_ACTIVITY),
)


def navigation(actor: Actor, path: str) -> list[dict[str, object]]:
    """Give the navigation's links for a person, the current one marked."""
    useful = [link for link in NAVIGATION if link.is_for(actor)]
    return [{"text": link.text, "href": link.href, "active": is_within(path, link.href)} for link in useful]


def is_within(path: str, href: str) -> bool:
    """Tell whether a page belongs to a section. Incidents are the start page and all below /incidents."""
    if href == "/":
        return path == "/" or path.startswith("/incidents")
    return path == href or path.startswith(f"{href}/")


def build_environment() -> Environment:
    """Make the template environment: our templates, the design system's macros, our words as filters."""
    ours = PackageLoader("wardkeeper.web")
    theirs = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment = Environment(
        loader=ChoiceLoader([theirs, ours]),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(wording.FILTERS | ways.FILTERS)
    return environment


class Pages:
    """Renders templates with what every page shows: the authority, the person and the form's token."""

    def __init__(self, house: House) -> None:
        self.environment = build_environment()
        self.house = house

    def render(self, request: Request, template: str, **values: object) -> str:
        """Give a page as HTML."""
        return self.environment.get_template(template).render(**self.frame(request), **values)

    def authority(self) -> Authority | None:
        """Give the authority; None while there is none or it cannot be read, so that an error page still shows."""
        try:
            return rulebook(self.house.store).authority
        except WardkeeperError:
            return None

    def frame(self, request: Request) -> dict[str, object]:
        """Give the values of the page's frame."""
        found = getattr(request.state, "signed_in", None)
        now: datetime = self.house.clock.now()
        return {
            "authority": self.authority(),
            "actor": found.actor if found else None,
            "navigation": navigation(found.actor, request.url.path) if found else [],
            "csrf": form_token(request),
            "now": now,
        }
