"""The map of alerts: which areas are shaded, and where an alert's rank stands."""

from wardkeeper.web.maps.alert_map import Patch, draw_alerts
from web_house import make_areas

OUTLINES = make_areas().outlines()
FIRST, SECOND, THIRD, FOURTH = OUTLINES


def patch(*areas, label="1", accepted=False):
    return Patch(areas, f"Alert {label}", label, accepted)


def test_an_alerts_areas_are_one_shape_over_all_areas():
    found = draw_alerts([patch(FIRST, SECOND)], OUTLINES)
    assert found.areas.count("M") == len(OUTLINES)
    assert found.alerts[0].path.count("M") == 2
    assert found.alerts[0].path in found.areas


def test_the_rank_stands_in_the_middle_area():
    west, east = (draw_alerts([patch(code, THIRD)], OUTLINES).alerts[0] for code in (FIRST, SECOND))
    assert west.x < east.x
    assert west.y == east.y


def test_an_accepted_alert_looks_otherwise():
    found = draw_alerts([patch(FIRST), patch(FOURTH, label="2", accepted=True)], OUTLINES)
    assert [one.css for one in found.alerts] == ["wk-alert--waiting", "wk-alert--accepted"]
    assert found.kinds == {"wk-alert--waiting", "wk-alert--accepted"}


def test_near_shows_the_alert_larger():
    far, near = (draw_alerts([patch(FIRST)], wide(), near=near) for near in (False, True))
    assert near.bar_words != far.bar_words
    assert 0 < near.alerts[0].x < 1000
    assert 0 < near.alerts[0].y < near.height


def wide():
    """The areas, and one far away."""
    far = '{"type":"Polygon","coordinates":[[[-1.0,53.0],[-0.9,53.0],[-0.9,53.1],[-1.0,53.1],[-1.0,53.0]]]}'
    return {**OUTLINES, "E01009999": far}


def test_areas_without_an_outline_are_left_out():
    assert draw_alerts([patch("E01000099")], OUTLINES) is None
    assert draw_alerts([], OUTLINES) is None
    assert draw_alerts([patch("E01000099", FIRST)], OUTLINES).alerts[0].path.count("M") == 1
