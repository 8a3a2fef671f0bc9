"""One emergency in real browsers: a planner at a desk, a fire crew on a phone, the data protection officer.

Each page is pictured (build/pictures) and checked with axe.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_eyes import DESK, PHONE, faults_of, picture
from districts import PASSWORD
from wardkeeper.demo import cast
from web_server import serving

pytestmark = pytest.mark.browser

WITHIN_A_SECOND = 1_000


@dataclass
class Visitor:
    """Somebody's browser."""

    page: Page
    address: str

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def picture(self, name: str) -> None:
        """Take a picture, and let axe and a ruler look at the page."""
        picture(self.page, name)
        assert faults_of(self.page) == []

    def says(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)


@pytest.fixture
def served(house):
    """The address of the small district's pages, before any incident."""
    with serving(house) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, served: str):
    """Opens browsers, each with its own cookies."""
    contexts = []

    def sign_in(actor, *, size=DESK, **options) -> Visitor:
        contexts.append(chromium.new_context(viewport=size, **options))
        visitor = Visitor(contexts[-1].new_page(), served)
        visitor.page.on("pageerror", lambda error: pytest.fail(f"a script failed: {error}"))
        visitor.open("/sign-in")
        visitor.page.fill("input[name=login]", actor.login)
        visitor.page.fill("input[name=password]", PASSWORD)
        visitor.page.press("input[name=password]", "Enter")
        visitor.page.wait_for_url(served + "/")
        return visitor

    yield sign_in
    for context in contexts:
        context.close()


@contextmanager
def without_leaving(page: Page):
    """Fail if the page is loaded again within the block."""
    page.evaluate("window.sameVisit = true")
    yield
    assert page.evaluate("window.sameVisit === true"), "the page was loaded again"


def declare_by_form(planner: Visitor, folder: Path) -> str:
    """Declare a flood as a planner does, with an outline from a file; give the incident's path."""
    planner.open("/incidents/declare")
    page = planner.page
    page.check("input[name=hazard][value=flood]")
    page.check("input[name=stage][value=active]")
    page.fill("input[name=name]", "Mersey flood")
    page.check("input[name=area][value=file]")
    page.set_input_files("input[name=outline-file]", folder / "places" / "mersey-flood.geojson")
    page.fill("textarea[name=necessity]", "Water is expected in homes by 3am.")
    page.get_by_role("button", name="Declare the incident").click()
    page.wait_for_url("**/incidents/inc-*")
    return page.url.removeprefix(planner.address)


def answer_no(visitor: Visitor, incident: str) -> None:
    visitor.open(f"{incident}/closing")
    for radio in visitor.page.locator("input[type=radio][value=no]").all():
        radio.check()
    visitor.page.get_by_role("button", name="Confirm").click()


def test_the_road_in_two_browsers(visit, folder):
    planner, crew = visit(cast.PLANNER), visit(cast.CREW, size=PHONE)
    planner.picture("start")
    planner.open("/incidents/declare")
    planner.picture("declare")

    # Before the declaration the crew sees nothing, and is told why.
    assert crew.page.locator("a[href^='/incidents/inc-']").count() == 0
    crew.open("/sources")
    crew.says("Refused")
    crew.picture("refused")

    incident = declare_by_form(planner, folder)
    planner.says("What may be missing")
    assert planner.page.locator("svg").first.is_visible()
    assert planner.page.locator("tr[data-line], [data-line]").count() > 10
    planner.picture("incident")

    # The crew sees names for this incident, on a phone, without sideways scrolling.
    crew.open(incident)
    crew.says("born 19")
    assert crew.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    crew.picture("crew")

    # A hidden door is on the list, and shows nothing but whom to ring.
    hidden = crew.page.locator("[data-line]", has_text="Ring Control first").first
    expect(hidden).to_be_visible()

    # What the crew records reaches the planner within a second, without a reload.
    first = crew.page.locator("[data-line]").first.get_attribute("data-line")
    crew.open(f"{incident}/checks/{first}")
    crew.picture("check")
    crew.page.check("input[name=outcome][value=safe]")
    with without_leaving(planner.page):
        crew.page.locator("form[action$='/done'] button[type=submit]").click()
        planner.page.wait_for_selector(f"[data-line='{first}'][data-state='done']", timeout=WITHIN_A_SECOND)
    expect(planner.page.locator("[data-count='done']")).to_have_text("1")

    # Standing down empties the crew's open page, and the reason is given on the next.
    crew.open(incident)
    planner.open(f"{incident}/stand-down")
    planner.picture("stand-down")
    planner.page.fill("textarea[name=reason]", "The river is below the warning level.")
    planner.page.get_by_role("button", name="Stand down now").click()
    planner.page.wait_for_load_state()
    expect(crew.page.locator("[data-personal]")).to_have_count(0, timeout=10_000)
    crew.open(incident)
    crew.says("Refused")
    crew.picture("crew-after-stand-down")

    # Two people close it, one of them the data protection officer; a receipt is given.
    dpo = visit(cast.DPO)
    answer_no(planner, incident)
    planner.says("data protection officer must still confirm")
    planner.picture("closing")
    answer_no(dpo, incident)
    dpo.open(f"{incident}/closing")
    dpo.says("The data is destroyed")
    dpo.picture("receipt")
    dpo.open("/activity")
    dpo.says("Verified")
    dpo.picture("activity")


def test_control_alone_can_look_behind_a_hidden_door(visit, folder):
    planner, control = visit(cast.PLANNER), visit(cast.CONTROL)
    incident = declare_by_form(planner, folder)
    hidden = planner.page.locator("[data-line]", has_text="Ring Control first").first.get_attribute("data-line")
    planner.open(f"{incident}/checks/{hidden}")
    assert planner.page.get_by_role("button", name="Show the address").count() == 0
    control.open(f"{incident}/checks/{hidden}")
    control.page.get_by_role("button", name="Show the address").click()
    control.says("Say why the address is needed now.")
    control.page.fill("input[name=reason]", "The crew is two streets away.")
    control.page.get_by_role("button", name="Show the address").click()
    control.says("Tell only the crew that goes.")
    control.picture("reveal")


def test_the_list_can_be_read_and_worked_without_scripts(visit, folder):
    planner = visit(cast.PLANNER, java_script_enabled=False)
    incident = declare_by_form(planner, folder)
    planner.open(incident)
    planner.says("Refresh")
    first = planner.page.locator("[data-line]").first.get_attribute("data-line")
    planner.open(f"{incident}/checks/{first}")
    planner.page.check("input[name=outcome][value=safe]")
    planner.page.locator("form[action$='/done'] button[type=submit]").click()
    planner.page.wait_for_load_state()
    expect(planner.page.locator("[data-count='done']")).to_have_text("1")
