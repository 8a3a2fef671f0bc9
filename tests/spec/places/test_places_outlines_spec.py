"""Which drawn outlines are taken, and what is said about the others."""

import json

import numpy as np
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.places import outlines

SALE = [[-2.34, 53.41], [-2.30, 53.41], [-2.30, 53.44], [-2.34, 53.44], [-2.34, 53.41]]
STRETFORD = [[-2.32, 53.44], [-2.29, 53.44], [-2.29, 53.46], [-2.32, 53.46], [-2.32, 53.44]]
BOW_TIE = [[-2.34, 53.41], [-2.30, 53.44], [-2.30, 53.41], [-2.34, 53.44], [-2.34, 53.41]]
PARIS = [[2.30, 48.80], [2.40, 48.80], [2.40, 48.90], [2.30, 48.90], [2.30, 48.80]]
LEEDS = [[-1.60, 53.78], [-1.50, 53.78], [-1.50, 53.83], [-1.60, 53.83], [-1.60, 53.78]]
ENGLAND = [[-4.0, 51.0], [1.0, 51.0], [1.0, 55.0], [-4.0, 55.0], [-4.0, 51.0]]
SWAPPED = [[latitude, longitude] for longitude, latitude in SALE]


def polygon(ring):
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry):
    return {"type": "Feature", "properties": {}, "geometry": geometry}


def zigzag(corners, *, upright=False):
    """A comb over Sale whose teeth are as many as its corners; `upright` turns it a quarter."""
    along = np.linspace(-2.34, -2.30, corners - 3)
    teeth = [[float(x), 53.42 if at % 2 else 53.44] for at, x in enumerate(along)]
    ring = [*teeth, [-2.30, 53.41], [-2.34, 53.41], teeth[0]]
    return [[y - 53.42 - 2.32, x + 2.32 + 53.42] for x, y in ring] if upright else ring


TAKEN = {
    "a polygon": polygon(SALE),
    "a polygon with heights": polygon([[*corner, 20.0] for corner in SALE]),
    "several polygons": {"type": "MultiPolygon", "coordinates": [[SALE], [STRETFORD]]},
    "a feature": feature(polygon(SALE)),
    "a collection from a drawing tool": {"type": "FeatureCollection", "features": [feature(polygon(SALE))]},
}

REFUSED = {
    "words": ("not json", "The outline is not GeoJSON.", "geojson"),
    "nothing": ("", "The outline is not GeoJSON.", "geojson"),
    "a point": ({"type": "Point", "coordinates": [-2.3, 53.4]}, "The outline is not a polygon.", "polygon"),
    "no features": ({"type": "FeatureCollection", "features": []}, "The outline is not a polygon.", "polygon"),
    "folded a thousandfold": ('{"type":"Feature","geometry":' * 100_000, "The outline is not GeoJSON.", "geojson"),
    "brackets without end": ("[" * 100_000, "The outline is not GeoJSON.", "geojson"),
    "no corners": (polygon([]), "The outline is empty.", "polygon"),
    "two corners": (polygon(SALE[:2]), "The outline's coordinates are broken.", "coordinates"),
    "crosses itself": (polygon(BOW_TIE), "The outline crosses itself.", "crosses-itself"),
    "latitude first": (polygon(SWAPPED), "The outline has latitude before longitude.", "swapped"),
    "another country": (polygon(PARIS), "The outline lies outside Great Britain.", "inside-britain"),
    "another district": (polygon(LEEDS), "The outline lies outside this authority's area.", "inside-authority"),
    "most of England": (polygon(ENGLAND), "The outline covers more than 10,000 square kilometres.", "size"),
}

AUTHORITY = outlines.parse(json.dumps({"type": "MultiPolygon", "coordinates": [[SALE], [STRETFORD]]}))


@pytest.mark.parametrize("drawn", TAKEN.values(), ids=TAKEN)
def test_taken(drawn):
    outline = outlines.parse(json.dumps(drawn), authority=AUTHORITY)
    assert json.loads(outline)["type"] in {"Polygon", "MultiPolygon"}
    assert outlines.within(outline, [-2.32], [53.42]).tolist() == [True]


@pytest.mark.parametrize(("drawn", "message", "rule"), REFUSED.values(), ids=REFUSED)
def test_refused(drawn, message, rule):
    text = drawn if isinstance(drawn, str) else json.dumps(drawn)
    with pytest.raises(BadInput) as caught:
        outlines.parse(text, authority=AUTHORITY)
    assert caught.value.message == message
    assert caught.value.where.rule == rule
    assert caught.value.next.endswith(".")


def test_an_outline_of_too_many_corners_is_refused():
    turns = np.linspace(0, 2 * np.pi, outlines.MOST_POINTS + 2)
    ring = np.column_stack([-2.32 + 0.01 * np.cos(turns), 53.42 + 0.01 * np.sin(turns)])
    ring[-1] = ring[0]
    with pytest.raises(BadInput, match="more than 20,000 corners"):
        outlines.parse(json.dumps(polygon(ring.tolist())))


def test_corners_are_counted_in_all_parts_together():
    half = outlines.MOST_POINTS // 2 + 1
    west = zigzag(half)
    east = [[x + 0.1, y] for x, y in west]
    with pytest.raises(BadInput, match="more than 20,000 corners"):
        outlines.parse(json.dumps({"type": "MultiPolygon", "coordinates": [[west], [east]]}))


def test_parts_that_cross_everywhere_are_refused_before_they_are_joined():
    crossing = [[zigzag(4_000)], [zigzag(4_000, upright=True)]]
    with pytest.raises(BadInput, match="cross each other too often"):
        outlines.parse(json.dumps({"type": "MultiPolygon", "coordinates": crossing}))


def test_an_outline_of_ten_thousand_teeth_answers_for_a_street():
    comb = outlines.parse(json.dumps(polygon(zigzag(10_000))))
    # In the solid back of the comb; 11 metres below it; 111 metres below it.
    assert outlines.within(comb, [-2.32] * 3, [53.415, 53.4099, 53.409], 25).tolist() == [True, True, False]


def test_overlapping_polygons_become_one_outline():
    twice = {"type": "FeatureCollection", "features": [feature(polygon(SALE)), feature(polygon(SALE))]}
    assert outlines.square_km(outlines.parse(json.dumps(twice))) == pytest.approx(
        outlines.square_km(outlines.parse(json.dumps(polygon(SALE))))
    )


def test_a_buffer_is_in_metres():
    outline = outlines.parse(json.dumps(polygon(SALE)))
    # 0.001 of a degree of latitude is 111 metres.
    north = 53.441
    assert outlines.within(outline, [-2.32], [north]).tolist() == [False]
    assert outlines.within(outline, [-2.32], [north], 105).tolist() == [False]
    assert outlines.within(outline, [-2.32], [north], 117).tolist() == [True]


def test_a_home_without_a_position_is_never_within():
    outline = outlines.parse(json.dumps(polygon(SALE)))
    assert outlines.within(outline, [np.nan, -2.32], [np.nan, 53.42], 1_000).tolist() == [False, True]


def test_a_home_on_the_line_is_within():
    outline = outlines.parse(json.dumps(polygon(SALE)))
    assert outlines.within(outline, [-2.34], [53.42]).tolist() == [True]


def test_area_in_square_kilometres():
    # 0.04° of longitude at 53.425° north is 2.66 km; 0.03° of latitude is 3.34 km.
    assert outlines.square_km(outlines.parse(json.dumps(polygon(SALE)))) == pytest.approx(2.66 * 3.34, rel=0.01)
