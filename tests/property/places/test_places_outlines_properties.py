"""Nearness to an outline against a plain reference: the outline grown by the distance."""

import json

import numpy as np
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Transformer

from wardkeeper.places.outlines import parse, within

TO_GRID = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)

FINE = 64
"""Sides a quarter of a circle is drawn with; a circle so drawn lies within 0.01% of the true one."""

degrees_east = st.floats(-2.34, -2.30)
degrees_north = st.floats(53.41, 53.44)
corners = st.lists(st.tuples(degrees_east, degrees_north), min_size=3, max_size=12)
metres = st.floats(1, 2_000)


def grow(shape, by):
    on_grid = shapely.transform(shape, TO_GRID.transform, interleaved=False)
    return on_grid.buffer(by, quad_segs=FINE)


@given(corners, metres, st.integers(0, 1_000))
def test_near_is_within_the_outline_grown(drawn, by, seed):
    shape = shapely.convex_hull(shapely.multipoints(drawn))
    assume(shape.geom_type == "Polygon" and shape.area > 1e-9)
    random = np.random.default_rng(seed)
    longitude, latitude = random.uniform(-2.37, -2.27, 200), random.uniform(53.39, 53.46, 200)
    x, y = TO_GRID.transform(longitude, latitude)
    found = within(parse(json.dumps(shapely.geometry.mapping(shape))), longitude, latitude, by)
    surely = shapely.contains_xy(grow(shape, by * 0.999), x, y)
    perhaps = shapely.contains_xy(grow(shape, by * 1.001), x, y)
    assert found[surely].all()
    assert not found[~perhaps].any()


@given(metres)
def test_a_hole_is_not_within_except_at_its_edge(by):
    west, east, south, north = -2.36, -2.28, 53.39, 53.46
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    hole = [(-2.34, 53.41), (-2.34, 53.44), (-2.30, 53.44), (-2.30, 53.41), (-2.34, 53.41)]
    outline = parse(json.dumps({"type": "Polygon", "coordinates": [ring, hole]}))
    # The middle of the hole is about 1,330 metres from its nearest side.
    assert within(outline, [-2.32], [53.425], by).tolist() == [by > 1_330] or 1_320 < by < 1_340
