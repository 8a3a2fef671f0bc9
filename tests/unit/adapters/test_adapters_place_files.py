"""Shapes of areas as they are exported: what each needs, and what is said of one that lacks it."""

import json

import pytest

from wardkeeper.adapters.place_files import read_areas
from wardkeeper.kernel.errors import BadInput

SQUARE = {"type": "Polygon", "coordinates": [[[-2, 53], [-1.9, 53], [-1.9, 53.1], [-2, 53.1], [-2, 53]]]}


def write(folder, properties, geometry):
    path = folder / "areas.geojson"
    shape = {"type": "Feature", "properties": properties, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [shape]}))
    return path


@pytest.mark.parametrize("code", ["E02001261", "W02000001", "S02001236", "N20000001"])
def test_an_area_of_any_nation_is_known_by_the_property_that_looks_like_its_code(tmp_path, code):
    table = read_areas(write(tmp_path, {"FID": 7, "code": code, "Name": "Sale"}, SQUARE), None)
    assert table.frame.select("area", "name", "population").rows() == [(code, "Sale", None)]


FAULTS = {
    "no properties": (None, SQUARE, "A shape has no area code"),
    "no code": ({"name": "Sale"}, SQUARE, "A shape has no area code"),
    "no shape": ({"code": "E02001261"}, None, "The area E02001261 has no shape that can be drawn"),
    "an empty shape": (
        {"code": "E02001261"},
        {"type": "Polygon", "coordinates": []},
        "The area E02001261 has no shape that can be drawn",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_shape_that_is_of_no_use_is_named_by_its_row(tmp_path, fault):
    properties, geometry, words = FAULTS[fault]
    with pytest.raises(BadInput, match=words) as refused:
        read_areas(write(tmp_path, properties, geometry), None)
    assert refused.value.where.row == 1


@pytest.mark.parametrize("features", [[1], ["ab"], [None], [{"properties": [1]}], 7, None])
def test_a_file_whose_features_are_none_is_no_geojson(tmp_path, features):
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(BadInput, match="not a GeoJSON feature collection"):
        read_areas(path, None)
