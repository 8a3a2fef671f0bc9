"""An alert in real browsers: an analyst looks, a public-health lead accepts with a reason, messages are planned from it.

Each page is pictured (build/pictures) and checked with axe, at a desk and on a phone.
"""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from risen_cases import WEEKS, load_risen
from wardkeeper.demo import cast
from wardkeeper.usecases.alert_book import Standing, kept_alerts
from web_server import serving

pytestmark = pytest.mark.browser

AXE = next((Path(__file__).parents[2] / "browser_assets").glob("axe-core-*.min.js")).read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PICTURES = Path(__file__).parents[3] / "build" / "pictures"
REASON = "Confirmed with the laboratory: it is one outbreak."


@pytest.fixture
def address(house, town):
    """The address of the town's pages, with cases that rose."""
    load_risen(house, town)
    with serving(house) as address:
        yield address


def picture(page, name):
    """Picture a page, and check it: axe finds nothing, and it is no wider than its screen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES)
    assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def look(page):
    """Look for alerts in the newest week of the counts."""
    page.goto("/outbreaks")
    page.click("text=Alerts: where to look first")
    page.select_option("#week", f"{WEEKS[-1]}")
    page.click("text=Look for alerts in this week")
    expect(page.locator("h1")).to_have_text("Alerts: week to 14 November 2026")


def test_an_alert_goes_from_looking_to_a_plan(enter, house):
    analyst, lead = enter(cast.ANALYST), enter(cast.PUBLIC_HEALTH)
    look(analyst)
    picture(analyst, "alerts")
    analyst.locator("ol.wk-cards a").first.click()
    expect(analyst.locator("main")).to_contain_text(f"Who may accept or decline it: {cast.PUBLIC_HEALTH.name}")
    assert analyst.get_by_role("button", name="Accept the alert").count() == 0

    lead.goto("/outbreaks")
    expect(lead.locator("main")).to_contain_text("for a public-health lead")
    picture(lead, "outbreaks")
    lead.click("text=Alerts: where to look first")
    lead.locator("ol.wk-cards a").first.click()
    picture(lead, "alert-waiting")

    # Without a reason nothing is decided, and it is said beside the field.
    lead.get_by_role("button", name="Accept the alert").click()
    expect(lead.locator("#reason-error")).to_contain_text("No reason was given.")
    picture(lead, "alert-no-reason")
    assert kept_alerts(house)[0].standing is Standing.WAITING
    lead.fill("#reason", REASON)
    lead.get_by_role("button", name="Accept the alert").click()
    expect(lead.locator("main")).to_contain_text(f"Accepted by {cast.PUBLIC_HEALTH.name}")
    expect(lead.locator("main")).to_contain_text(REASON)
    assert kept_alerts(house)[0].standing is Standing.ACCEPTED
    lead.locator("summary", has_text="The weeks as a table").click()
    picture(lead, "alert-accepted")

    # The plan starts with the alert's areas ticked.
    lead.get_by_role("button", name="Plan messages to these areas").click()
    ticked = lead.locator("input[name=area]:checked").evaluate_all("all => all.map(one => one.value)")
    assert sorted(ticked) == sorted(kept_alerts(house)[0].areas)


def test_the_pages_are_at_home_on_a_phone(enter):
    analyst, lead = enter(cast.ANALYST, size=PHONE), enter(cast.PUBLIC_HEALTH, size=PHONE)
    look(analyst)
    picture(analyst, "alerts-phone")
    lead.goto("/outbreaks/alerts")
    lead.locator("ol.wk-cards a").first.click()
    for summary in lead.locator("summary").all():
        summary.click()
    picture(lead, "alert-phone")
    lead.goto("/outbreaks")
    for summary in lead.locator("main details.govuk-details > summary").all():
        summary.click()
    picture(lead, "outbreaks-phone")


def test_all_of_it_works_without_scripts(enter, house):
    lead = enter(cast.PUBLIC_HEALTH, size=PHONE, scripts=False)
    look(lead)
    lead.locator("ol.wk-cards a").first.click()
    assert lead.locator("#alert-map").is_visible()
    assert lead.locator(".wk-map__buttons").first.is_hidden()
    lead.fill("#reason", REASON)
    lead.get_by_role("button", name="Decline the alert").click()
    expect(lead.locator("main")).to_contain_text(f"Declined by {cast.PUBLIC_HEALTH.name}")
    assert kept_alerts(house)[0].standing is Standing.DECLINED


def test_the_way_to_a_verdict_works_by_keyboard(enter, house):
    lead = enter(cast.PUBLIC_HEALTH)
    look(lead)
    lead.locator("ol.wk-cards a").first.press("Enter")
    lead.locator("#reason").focus()
    lead.keyboard.type(REASON)
    lead.keyboard.press("Tab")
    lead.keyboard.press("Enter")
    expect(lead.locator("main")).to_contain_text("Accepted by")
