import json

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.places import outlines
from wardkeeper.places.areas import AreaTable


def square(west, south):
    ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.1], [west, south + 0.1], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


@pytest.fixture
def areas():
    return AreaTable(
        pl.DataFrame(
            {
                "area": ["E01000002", "E01000001"],
                "name": ["East", "West"],
                "population": [1500, 1600],
                "longitude": [-2.15, -2.25],
                "latitude": [53.45, 53.45],
                "geometry": [square(-2.2, 53.4), square(-2.3, 53.4)],
            }
        )
    )


def test_find_the_area_of_points(areas):
    found = areas.find([-2.25, -2.15, -1.0], [53.45, 53.45, 53.45])
    assert found.to_list() == ["E01000001", "E01000002", None]


def test_a_point_on_a_shared_border_always_gets_the_first_area_of_the_table(areas):
    assert areas.find([-2.2], [53.45]).to_list() == ["E01000002"]


def test_no_points_find_no_areas(areas):
    assert areas.find([], []).to_list() == []


def test_touching_an_outline(areas):
    assert areas.touching(outlines.parse(square(-2.24, 53.42))) == ["E01000002", "E01000001"]
    assert areas.touching(outlines.parse(square(-2.45, 53.42))) == []


def test_boundary_is_all_areas_together(areas):
    whole = outlines.square_km(areas.boundary())
    assert whole == pytest.approx(sum(outlines.square_km(shape) for shape in areas.outlines().values()), rel=1e-6)


def test_choose_by_code(areas):
    assert areas.choose(["E01000001"]).codes == ["E01000001"]
    with pytest.raises(BadInput, match="There is no area E01999999 here"):
        areas.choose(["E01000001", "E01999999"])


def test_a_table_without_a_column_is_refused(areas):
    with pytest.raises(BadInput, match="no column population"):
        AreaTable(areas.frame.drop("population"))
