"""An alert in real browsers: an analyst looks, a public-health lead accepts with a reason, messages are planned from it.

Each page is pictured (build/pictures) and checked with axe, at a desk and on a phone.
"""

import pytest
from playwright.sync_api import expect

from browser_eyes import PHONE, faults_of, picture
from risen_cases import WEEKS, load_risen
from wardkeeper.demo import cast
from wardkeeper.usecases.alert_book import Standing, kept_alerts
from web_server import serving

pytestmark = pytest.mark.browser

REASON = "Confirmed with the laboratory: it is one outbreak."


@pytest.fixture
def address(house, town):
    """The address of the town's pages, with cases that rose."""
    load_risen(house, town)
    with serving(house) as address:
        yield address


def look_at(page, name):
    """Picture a page, and check it."""
    picture(page, name)
    assert faults_of(page) == []


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
    look_at(analyst, "alerts")
    analyst.locator("ol.wk-cards a").first.click()
    expect(analyst.locator("main")).to_contain_text(f"Who may accept or decline an alert: {cast.PUBLIC_HEALTH.name}")
    assert analyst.get_by_role("button", name="Accept the alert").count() == 0

    lead.goto("/outbreaks")
    expect(lead.locator("main")).to_contain_text("for a public-health lead")
    look_at(lead, "outbreaks")
    lead.click("text=Alerts: where to look first")
    lead.locator("ol.wk-cards a").first.click()
    look_at(lead, "alert-waiting")

    # Without a reason nothing is decided, and it is said beside the field.
    lead.get_by_role("button", name="Accept the alert").click()
    expect(lead.locator("#reason-error")).to_contain_text("No reason was given.")
    look_at(lead, "alert-no-reason")
    assert kept_alerts(house)[0].standing is Standing.WAITING
    lead.fill("#reason", REASON)
    lead.get_by_role("button", name="Accept the alert").click()
    expect(lead.locator("main")).to_contain_text(f"Accepted by {cast.PUBLIC_HEALTH.name}")
    expect(lead.locator("main")).to_contain_text(REASON)
    assert kept_alerts(house)[0].standing is Standing.ACCEPTED
    lead.locator("summary", has_text="The weeks as a table").click()
    look_at(lead, "alert-accepted")

    # The plan starts with the alert's areas ticked.
    lead.get_by_role("button", name="Plan messages to these areas").click()
    ticked = lead.locator("input[name=area]:checked").evaluate_all("all => all.map(one => one.value)")
    assert sorted(ticked) == sorted(kept_alerts(house)[0].areas)


def test_the_pages_are_at_home_on_a_phone(enter):
    analyst, lead = enter(cast.ANALYST, size=PHONE), enter(cast.PUBLIC_HEALTH, size=PHONE)
    look(analyst)
    look_at(analyst, "alerts-phone")
    lead.goto("/outbreaks/alerts")
    lead.locator("ol.wk-cards a").first.click()
    for summary in lead.locator("summary").all():
        summary.click()
    look_at(lead, "alert-phone")
    lead.goto("/outbreaks")
    for summary in lead.locator("main details.govuk-details > summary").all():
        summary.click()
    look_at(lead, "outbreaks-phone")


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
