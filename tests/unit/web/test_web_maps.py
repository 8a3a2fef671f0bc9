"""Maps: true to scale, light with thousands of homes, hatched where a count is withheld."""

import json
import math

import numpy as np
import polars as pl
import pytest

from wardkeeper.incidents.checks import CheckStatus
from wardkeeper.usecases import view_incident
from wardkeeper.web.maps import incident_map, rate_map
from wardkeeper.web.maps.projection import MAX_HEIGHT, WIDTH, fit, scale_bar
from wardkeeper.web.maps.rate_map import Rate, shade_class, shade_steps
from wardkeeper.web.maps.shapes import dots, path_of, rings
from web_house import INCIDENT, LINES, make_lines, make_view, square

SALE = ([-2.35, -2.30], [53.41, 53.44])


class TestProjection:
    def test_north_is_up_and_east_is_right(self):
        x, y = fit(*SALE).project([-2.34, -2.31], [53.42, 53.43])
        assert x[0] < x[1]
        assert y[0] > y[1]

    def test_a_kilometre_is_as_long_northwards_as_eastwards(self):
        projection = fit(*SALE)
        kilometre = 1 / 111.32
        squeeze = math.cos(math.radians(53.425))
        x, y = projection.project([-2.33, -2.33 + kilometre / squeeze, -2.33], [53.42, 53.42, 53.42 + kilometre])
        assert x[1] - x[0] == pytest.approx(projection.units(1000), abs=0.2)
        assert y[0] - y[2] == pytest.approx(projection.units(1000), abs=0.2)

    @pytest.mark.parametrize(
        "points", [SALE, ([-2.3, -2.3], [53.4, 53.9]), ([-2.3], [53.4]), ([-2.9, -2.1], [53.4, 53.4])]
    )
    def test_everything_fits_inside_the_drawing(self, points):
        projection = fit(*points)
        x, y = projection.project(*points)
        assert (x >= 0).all()
        assert (x <= WIDTH).all()
        assert (y >= 0).all()
        assert (y <= projection.height).all()
        assert projection.height <= MAX_HEIGHT

    def test_one_home_is_not_a_map_of_its_doormat(self):
        assert fit([-2.3], [53.4]).units(100) < WIDTH / 2

    @pytest.mark.parametrize(("spread", "words"), [(0.002, "50 m"), (0.05, "500 m"), (1.0, "10 km")])
    def test_the_scale_bar_is_a_round_length_under_a_quarter_of_the_width(self, spread, words):
        length, said = scale_bar(fit([-2.3, -2.3 + spread], [53.4, 53.4 + spread / 3]))
        assert said == words
        assert length <= WIDTH / 4


class TestShapes:
    def test_a_hole_and_several_parts_are_all_drawn(self):
        hole = [[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]
        assert len(rings(json.dumps({"type": "Polygon", "coordinates": hole}))) == 2
        assert len(rings(json.dumps({"type": "MultiPolygon", "coordinates": [hole, hole]}))) == 4

    def test_points_that_fall_together_are_written_once(self):
        crowded = np.array([[-2.35, 53.41], [-2.35, 53.41], [-2.350000001, 53.41], [-2.30, 53.44], [-2.35, 53.41]])
        assert path_of([crowded], fit(*SALE)).count(",") == 3

    def test_dots_are_strokes_of_no_length(self):
        assert dots(np.array([1.0, 2.5]), np.array([3.0, 4.0])) == "M1 3h0M2.5 4h0"


class TestIncidentMap:
    def test_draws_only_homes_that_have_a_place(self):
        drawing = incident_map.draw(square(-2.315, 53.415), make_lines(), [])
        assert drawing.shown == len(LINES) - 1
        assert drawing.hidden == 1
        assert "chk-000000000002" not in {dot.check_id for dot in drawing.dots}

    def test_each_dot_shows_its_checks_state(self):
        drawing = incident_map.draw(square(-2.315, 53.415), make_lines(), [])
        classes = {dot.check_id: dot.css for dot in drawing.dots}
        assert classes["chk-000000000003"] == "wk-dot--taken"
        assert classes["chk-000000000005"] == "wk-dot--done"

    def test_a_home_that_needs_help_is_drawn_last_so_that_nothing_hides_it(self):
        rows = [
            ("Alpha 1", False, "needs help", "Needs help now", "gm-fire", None, False),
            ("Alpha 2", False, "done", "Safe", "gm-fire", None, False),
            ("Alpha 3", False, "to do", None, None, None, False),
        ]
        drawing = incident_map.draw(square(-2.315, 53.415), make_lines(rows), [])
        assert [dot.css for dot in drawing.dots] == ["wk-dot--done", "wk-dot--to-do", "wk-dot--needs-help"]

    @pytest.mark.parametrize("status", CheckStatus)
    def test_every_state_has_a_class(self, status):
        assert incident_map.dot_class(status.value).startswith("wk-dot--")

    def test_a_viewer_without_places_gets_the_outline_alone(self):
        drawing = incident_map.draw(square(-2.315, 53.415), make_lines().drop("longitude", "latitude"), [])
        assert drawing.shown == 0
        assert drawing.outline.startswith("M")

    def test_ten_thousand_homes_stay_light(self):
        rows = [(f"Alpha {n}", False, "to do" if n % 3 else "done", None, None, None, False) for n in range(10_000)]
        many = make_view(make_lines(rows))
        drawing = incident_map.draw(many.outline, many.lines, [])
        assert len(drawing.dots) == 2
        assert drawing.shown == 10_000
        assert sum(len(dot.path) for dot in drawing.dots) < 200_000

    def test_the_map_has_a_name_a_description_and_a_scale(self, planner, monkeypatch):
        monkeypatch.setattr(view_incident, "view", lambda *_: make_view())
        page = planner.get(f"/incidents/{INCIDENT}").text
        assert 'role="img" aria-labelledby="map-title map-text"' in page
        assert "The table below lists the same homes." in page
        assert "1 home is not on the map: ring Control first." in page
        assert 'class="wk-map__scale"' in page


def rate(number, value, *, suppressed=False, alarm=False):
    return Rate(f"E0100000{number}", f"Sale {number}", value, suppressed, alarm, "words")


OUTLINES = {f"E0100000{number}": square(-2.3 + number / 100, 53.4) for number in range(1, 5)}


class TestRateMap:
    def test_a_withheld_count_is_hatched_and_never_shaded_as_zero(self):
        drawing = rate_map.draw([rate(1, None, suppressed=True), rate(2, 10.0)], OUTLINES)
        assert drawing.areas[0].css == "wk-area--withheld"
        assert "A small count, withheld: a range such as 0 to 2, not read as zero" in {
            key.words for key in drawing.keys
        }

    def test_an_area_with_no_figure_looks_like_neither(self):
        assert shade_class(rate(1, None), [10.0]) == "wk-area--unknown"

    def test_higher_rates_are_deeper(self):
        steps = shade_steps([1.0, 50.0, 100.0, 200.0, 900.0])
        shades = [shade_class(rate(1, value), steps) for value in (1.0, 50.0, 100.0, 200.0, 900.0)]
        assert shades == sorted(shades)
        assert shades[0] == "wk-area--1"
        assert shades[-1] == "wk-area--5"

    @pytest.mark.parametrize("rates", [[], [0.0], [0.0, 0.0, 0.0], [7.0, 7.0]])
    def test_few_or_equal_rates_still_make_a_key(self, rates):
        steps = shade_steps(rates)
        assert steps == sorted(set(steps))
        assert 0.0 not in steps

    def test_every_shade_in_use_is_in_the_key(self):
        rates = [rate(number, number * 100.0) for number in range(1, 5)]
        drawing = rate_map.draw(rates, OUTLINES)
        assert {area.css for area in drawing.areas} <= {key.css for key in drawing.keys}

    def test_a_rise_is_outlined_and_told_in_words(self):
        drawing = rate_map.draw([rate(1, 900.0, alarm=True), rate(2, 10.0)], OUTLINES)
        assert len(drawing.alarms) == 1
        assert drawing.areas[0].title == "Sale 1: words"

    def test_without_outlines_there_is_no_map(self):
        assert rate_map.draw([rate(1, 10.0)], {}) is None


def test_area_outlines_lie_under_the_incident(planner, monkeypatch):
    monkeypatch.setattr(view_incident, "view", lambda *_: make_view(make_lines().filter(pl.col("rank") == 1)))
    assert 'class="wk-map__areas"' in planner.get(f"/incidents/{INCIDENT}").text
