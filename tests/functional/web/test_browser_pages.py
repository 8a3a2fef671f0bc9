"""The pages in a real browser: accessible, at home on a phone, live, and usable without scripts."""

import pytest

from browser_eyes import DESK, PHONE, faults_of
from wardkeeper.demo import cast
from wardkeeper.usecases.record_check import take
from wardkeeper.usecases.stand_down import stand_down
from wardkeeper.usecases.view_incident import view

pytestmark = pytest.mark.browser

PAGES = [
    (cast.PLANNER, "/"),
    (cast.PLANNER, "/incidents/declare"),
    (cast.PLANNER, "/incidents/{incident}"),
    (cast.PLANNER, "/incidents/{incident}/stand-down"),
    (cast.PLANNER, "/incidents/{incident}/checks/{check}"),
    (cast.CREW, "/incidents/{incident}"),
    (cast.CREW, "/incidents/{incident}/checks/{check}"),
    (cast.CREW, "/sources"),
    (cast.ANALYST, "/sources"),
    (cast.ANALYST, "/sources/assisted-bins/rows-to-fix"),
    (cast.PLANNER, "/sources/missing?in=adult-social-care&not-in=shielding&incident={incident}"),
    (cast.PUBLIC_HEALTH, "/outbreaks"),
    (cast.PUBLIC_HEALTH, "/messages"),
    (cast.DPO, "/in-force"),
    (cast.DPO, "/activity"),
]


@pytest.fixture
def doors(flood):
    return view(flood.house, cast.CREW, flood.incident).lines["check_id"].to_list()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(("actor", "path"), PAGES, ids=lambda value: getattr(value, "login", value))
def test_every_page_is_accessible_and_never_wider_than_its_screen(enter, flood, doors, actor, path, size):
    page = enter(actor, size=size)
    page.goto(path.format(incident=flood.incident, check=doors[0]))
    assert faults_of(page) == []


def test_the_sign_in_page_is_accessible_with_and_without_faults(chromium, address):
    page = chromium.new_page(base_url=address, viewport=PHONE)
    page.goto("/sign-in")
    assert faults_of(page) == []
    page.click("main button:has-text('Sign in')")
    assert page.locator(".govuk-error-summary").is_visible()
    assert faults_of(page) == []
    page.close()


class TestLive:
    def test_a_crews_outcome_shows_on_the_planners_page_without_a_reload(self, enter, flood, doors):
        planner, crew = enter(cast.PLANNER), enter(cast.CREW, size=PHONE)
        planner.goto(f"/incidents/{flood.incident}")
        planner.evaluate("window.sameDocument = true")
        planner.wait_for_selector("[data-live-state]:has-text('Live')")
        before = int(planner.inner_text("[data-count='to do']").replace(",", ""))
        crew.goto(f"/incidents/{flood.incident}/checks/{doors[0]}")
        crew.check("input[value='safe']")
        crew.click("button:has-text('Record it')")
        planner.wait_for_selector(f"[data-line='{doors[0]}'][data-state='done']", timeout=1000)
        assert planner.inner_text("[data-count='done']") == "1"
        assert planner.inner_text("[data-count='to do']") == str(before - 1)
        assert "Safe – Greater Manchester Fire" in planner.inner_text(f"[data-line='{doors[0]}']")
        planner.wait_for_selector("[data-live-said]:has-text('done, safe')", state="attached", timeout=2000)
        assert planner.evaluate("window.sameDocument") is True

    def test_the_dot_on_the_map_follows(self, enter, flood, doors):
        planner = enter(cast.PLANNER)
        planner.goto(f"/incidents/{flood.incident}")
        planner.wait_for_selector("[data-live-state]:has-text('Live')")
        dot = planner.locator("[data-dot]").first
        check = dot.get_attribute("data-dot")
        take(flood.house, cast.CREW, flood.incident, check)
        planner.wait_for_selector(f".wk-dot--taken[data-dot='{check}']", state="attached", timeout=1000)

    def test_g5_stand_down_clears_an_open_page_and_says_why(self, enter, flood, doors):
        crew = enter(cast.CREW, size=PHONE)
        crew.goto(f"/incidents/{flood.incident}")
        crew.wait_for_selector("[data-live-state]:has-text('Live')")
        name = view(flood.house, cast.CREW, flood.incident).lines["names"].explode().drop_nulls()[0]
        assert name in crew.content()
        stand_down(flood.house, cast.PLANNER, flood.incident, "The water fell.")
        crew.wait_for_selector("text=You can no longer see this page", timeout=1500)
        assert name not in crew.content()
        assert "stood down" in crew.inner_text("main")
        assert faults_of(crew) == []

    def test_signing_out_in_one_window_clears_the_other(self, enter, flood):
        first = enter(cast.CREW)
        first.goto(f"/incidents/{flood.incident}")
        first.wait_for_selector("[data-live-state]:has-text('Live')")
        second = first.context.new_page()
        second.goto("/")
        second.click("button:has-text('Sign out')")
        first.wait_for_selector("text=You can no longer see this page", timeout=1500)

    def test_a_stream_that_is_turned_away_asks_the_page_why(self, enter, flood):
        crew = enter(cast.CREW)
        crew.route("**/stream*", lambda route: route.fulfill(status=403, body="{}"))
        crew.goto(f"/incidents/{flood.incident}", wait_until="commit")
        stand_down(flood.house, cast.PLANNER, flood.incident, "The water fell.")
        crew.wait_for_selector("text=stood down", timeout=3000)


class TestMap:
    def test_zooms_by_keyboard_and_comes_back(self, enter, flood):
        page = enter(cast.PLANNER)
        page.goto(f"/incidents/{flood.incident}")
        drawing = page.locator("#incident-map")
        whole = drawing.get_attribute("viewBox")
        page.get_by_role("button", name="Zoom in").focus()
        page.keyboard.press("Enter")
        closer = drawing.get_attribute("viewBox")
        assert float(closer.split()[2]) < float(whole.split()[2])
        page.get_by_role("button", name="Move left").press("Enter")
        assert float(drawing.get_attribute("viewBox").split()[0]) < float(closer.split()[0])
        page.get_by_role("button", name="Whole map").press("Enter")
        assert [float(one) for one in drawing.get_attribute("viewBox").split()] == [float(one) for one in whole.split()]

    def test_never_leaves_its_own_edges(self, enter, flood):
        page = enter(cast.PLANNER)
        page.goto(f"/incidents/{flood.incident}")
        for name in ("Zoom out", "Move up", "Move left", "Zoom in", "Move down", "Move down", "Move down", "Move down"):
            page.get_by_role("button", name=name).press("Enter")
        left, top, width, _ = (float(one) for one in page.get_attribute("#incident-map", "viewBox").split())
        assert left >= 0
        assert top >= 0
        assert left + width <= 1000.1


class TestWithoutScripts:
    def test_a_crew_can_still_take_and_record_a_check(self, enter, flood, doors):
        page = enter(cast.CREW, size=PHONE, scripts=False)
        page.goto(f"/incidents/{flood.incident}")
        assert page.locator("text=Refresh").is_visible()
        assert page.locator(".wk-map__buttons").first.is_hidden()
        page.locator(".wk-door a.govuk-button").first.click()
        page.click("button:has-text('Take this check')")
        assert page.locator("text=Taken").first.is_visible()
        page.check("input[value='no reply']")
        page.click("button:has-text('Record it')")
        assert "No reply" in page.inner_text(f"[data-line='{doors[0]}']")

    def test_the_whole_map_is_shown(self, enter, flood):
        page = enter(cast.PLANNER, scripts=False)
        page.goto(f"/incidents/{flood.incident}")
        assert page.get_attribute("#incident-map", "viewBox").startswith("0 0 1000 ")


class TestPrint:
    def test_a_print_holds_the_list_and_the_map_and_no_buttons(self, enter, flood):
        page = enter(cast.PLANNER)
        page.goto(f"/incidents/{flood.incident}")
        page.emulate_media(media="print")
        assert page.locator("#incident-map").is_visible()
        assert page.locator(".wk-homes").is_visible()
        assert not page.locator(".wk-map__buttons").first.is_visible()
        assert not page.locator(".wk-actions").is_visible()


def test_the_way_to_give_an_area_shows_its_own_field_only(enter):
    page = enter(cast.PLANNER)
    page.goto("/incidents/declare")
    assert not page.locator("#outline-file").is_visible()
    page.check("input[name='area'][value='file']")
    assert page.locator("#outline-file").is_visible()
    assert not page.locator("#outline-text").is_visible()
