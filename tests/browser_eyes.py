"""What the browser tests look with: two sizes of screen, axe, a ruler and a camera."""

from pathlib import Path

AXE = next((Path(__file__).parent / "browser_assets").glob("axe-core-*.min.js")).read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PICTURES = Path(__file__).parents[1] / "build" / "pictures"
"""Where screenshots go, for a person to look at."""


def faults_of(page):
    """What axe finds, a line each with the first element it is about, and whether the page is wider than its screen."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules}).then(result => result.violations)", RULES)
    faults = [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}" for one in found]
    return faults + ["wider than its screen"] * is_too_wide(page)


def is_too_wide(page):
    """Whether a person must scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def picture(page, name):
    """Keep a picture of the whole page; one name for each page and size."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
