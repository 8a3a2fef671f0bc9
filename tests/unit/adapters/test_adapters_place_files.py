"""Shapes of areas as they are exported: what each needs, and what is said of one that lacks it."""

import json

import pytest

from wardkeeper.adapters.place_files import read_areas
from wardkeeper.kernel.areas import AreaKind
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


def test_of_several_codes_the_one_of_the_kind_wanted_is_the_areas(tmp_path):
    shapes = write(tmp_path, {"LAD22CD": "E08000009", "LSOA21CD": "E01006100", "name": "Sale"}, SQUARE)
    assert read_areas(shapes, None, AreaKind.LSOA).frame["area"].to_list() == ["E01006100"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("area,population\nE01006100,many\n", "row 1, column population: The number of people is not a number"),
        ("area,population\nE01006100,1\nE01006100,2\n", "has an area twice"),
        ("name,people\nSale,10\n", "has no column of area codes, or none of people"),
    ],
)
def test_a_population_that_cannot_be_read_is_refused_in_words(tmp_path, written, says):
    people = tmp_path / "population.csv"
    people.write_text(written)
    with pytest.raises(BadInput, match=says):
        read_areas(write(tmp_path, {"code": "E01006100", "name": "Sale"}, SQUARE), people)
