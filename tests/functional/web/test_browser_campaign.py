"""A campaign in real browsers: communications plans it, public health approves it, and it is sent. Each page is pictured."""

from dataclasses import replace

import polars as pl
import pytest
from playwright.sync_api import expect
from test_browser_road import Visitor, visit

from browser_eyes import DESK, PHONE, is_too_wide, picture
from campaign_drafts import DRAFT, make_draft
from campaign_house import make_notify, name_templates
from districts import TODAY
from wardkeeper.demo import cast
from wardkeeper.usecases.approve_campaign import approve
from wardkeeper.usecases.save_campaign import save
from wardkeeper.usecases.submit_campaign import submit
from web_server import serving

__all__ = ["visit"]

pytestmark = pytest.mark.browser

WORDS = "Cases are rising near you. Free tests are at Sale library. For large print or audio ring 0161 496 0000."


@pytest.fixture
def notify(monkeypatch):
    """A Notify with the plainest templates, named as authority.toml does."""
    fake = make_notify("((message))")
    name_templates(monkeypatch, fake)
    return fake


@pytest.fixture
def served(house, notify):
    with serving(replace(house, message_service=lambda: notify)) as address:
        yield address


def look(visitor, name):
    """Take a picture for a person, and let a ruler look."""
    picture(visitor.page, name)
    assert not is_too_wide(visitor.page)


@pytest.mark.parametrize(
    ("size", "scripts"), [(DESK, True), (PHONE, False)], ids=["at a desk", "on a phone without scripts"]
)
def test_the_road_of_a_campaign(visit, notify, town, tmp_path, size, scripts):
    kind = "desk" if scripts else "phone"
    # Axe itself is a script, so it looks only where there are any.
    see = Visitor.picture if scripts else look
    author = visit(cast.COMMUNICATIONS, size=size, java_script_enabled=scripts) if scripts else quiet(visit, size)
    page = author.page
    chosen = town.homes["lsoa"].unique().sort().to_list()[:3]

    author.open("/messages?" + "&".join(f"area={one}" for one in chosen))
    see(author, f"campaign-1-form-{kind}")
    page.check("input[name=kind][value=routine]")
    page.check("input[name=channel][value=text]")
    page.fill("#subject", "Tests near you")
    page.fill("#body", WORDS)
    page.check("input[name=made][value=easy-read]")
    page.click("button:has-text('Make the plan')")
    author.says("Message plan:")
    see(author, f"campaign-2-plan-{kind}")
    page.click("button:has-text('Save as a campaign')")
    author.says("It is a draft.")
    page.click("button:has-text('Submit for approval')")
    author.says("It waits for a public-health lead")
    campaign = page.url.removeprefix(author.address)

    lead = visit(cast.PUBLIC_HEALTH, size=size) if scripts else quiet(visit, size, cast.PUBLIC_HEALTH)
    lead.open(campaign)
    see(lead, f"campaign-3-approval-{kind}")
    for box in lead.page.locator("input[name=acknowledged]").all():
        box.check()
    lead.page.click("button:has-text('Approve, as Dr Mina Shah')")
    lead.says("It is approved.")

    page.goto(f"{author.address}{campaign}/send")
    see(author, f"campaign-4-send-{kind}")
    assert notify.held == []
    page.click("button:has-text('Send now')")
    author.says("Tick the box")
    page.check("#really")
    page.click("button:has-text('Send now')")
    expect(page.locator("main")).to_contain_text("The last sending has ended.", timeout=20_000)
    assert len(notify.held) > 0
    see(author, f"campaign-5-sent-{kind}")

    author.open(f"{campaign}/effect")
    page.set_input_files("#outcome", figures(town, tmp_path))
    page.click("button:has-text('Show what it changed')")
    author.says("beside the others")
    see(author, f"campaign-6-effect-{kind}")

    author.open("/messages")
    author.says("Sent")
    see(author, f"campaign-7-list-{kind}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["at a desk", "on a phone"])
def test_a_file_is_taken_handed_over_and_in_the_end_everything_is_destroyed(visit, house, town, size):
    kind = "desk" if size is DESK else "phone"
    areas = tuple(town.homes["lsoa"].unique().sort().to_list())
    save(house, cast.COMMUNICATIONS, make_draft(areas=areas))
    submit(house, cast.COMMUNICATIONS, DRAFT.id)
    approve(house, cast.PUBLIC_HEALTH, DRAFT.id)
    campaign = f"/messages/campaigns/{DRAFT.id}"
    author = visit(cast.COMMUNICATIONS, size=size)
    author.open(f"{campaign}/send")
    with author.page.expect_download() as taken:
        author.page.click("form:has(input[value=letters-to-print]) button[value=csv]")
    assert taken.value.suggested_filename.startswith("letters-to-print-")
    author.open(f"{campaign}/send")
    author.says("Files that were taken")
    author.picture(f"campaign-10-file-{kind}")
    author.page.click("button:has-text('It was posted or handed over')")
    author.open(campaign)
    author.says("Handed over or posted as a file.")
    author.page.check("text=I have read this. Closing cannot be undone.")
    author.page.click("button:has-text('Close the campaign')")
    author.says("A second person must destroy that.")

    officer = visit(cast.DPO, size=size)
    officer.open(campaign)
    officer.page.click("button:has-text('Destroy to whom it went')")
    officer.says("Receipt of the destruction")
    officer.picture(f"campaign-11-destroyed-{kind}")


def test_a_comparison_is_explained_and_asks_for_the_leads_word(visit, town):
    author = visit(cast.COMMUNICATIONS)
    areas = town.homes["lsoa"].unique().sort().to_list()[:8]
    author.open("/messages?" + "&".join(f"area={one}" for one in areas))
    author.page.check("input[name=kind][value=routine]")
    author.page.check("input[name=channel][value=text]")
    author.page.fill("#subject", "Tests near you")
    author.page.click("button:has-text('Make the plan')")
    author.page.click("button:has-text('Save as a campaign')")
    author.page.click("button:has-text('Submit for approval')")
    campaign = author.page.url.removeprefix(author.address)
    lead = visit(cast.PUBLIC_HEALTH)
    lead.open(f"{campaign}/compare")
    lead.picture("campaign-8-compare-desk")
    lead.page.check("input[name=design][value=stepped]")
    lead.page.fill("#days", f"{TODAY}\n2026-12-06")
    lead.page.click("button:has-text('Draw it')")
    lead.says("Tick the box to approve the comparison")
    lead.picture("campaign-9-compare-fault-desk")
    lead.page.check("input[name=approved]")
    lead.page.click("button:has-text('Draw it')")
    lead.says("A start in steps: chance decided by area")


def quiet(visit, size, actor=cast.COMMUNICATIONS):
    """A phone's browser without scripts."""
    return visit(actor, size=size, java_script_enabled=False)


def figures(town, folder):
    """Cases by area before and after, the first three areas being those of the campaign."""
    areas = [*town.homes["lsoa"].unique().sort().to_list()[:3], *(f"E0900000{number}" for number in range(6))]
    rows = [
        (one, day, number % 3 + 10) for number, one in enumerate(areas) for day in ("2026-11-01", TODAY.isoformat())
    ]
    path = folder / "cases.csv"
    pl.DataFrame(rows, schema=["area", "date", "value"], orient="row").write_csv(path)
    return path
