"""The places pack that the demo is built on: complete, small, and consistent with itself."""

import json
import re
from pathlib import Path

import polars as pl
import pytest
import shapely

from wardkeeper.demo import parameters
from wardkeeper.demo.pack import Pack, order_areas

PLACES = Path(__file__).parents[3] / "examples" / "trafford" / "places"


def test_the_postcodes_have_the_agreed_columns(pack):
    assert pack.postcodes.columns == ["postcode", "output_area", "lsoa", "msoa", "longitude", "latitude"]


def test_every_postcode_is_complete_and_appears_once(pack):
    assert pack.postcodes["postcode"].n_unique() == len(pack.postcodes)
    assert sum(pack.postcodes.null_count().row(0)) == 0


def test_postcodes_are_written_with_one_space(pack):
    assert pack.postcodes["postcode"].str.contains(r"^(M|WA)\d{1,2} \d[A-Z]{2}$").all()


@pytest.mark.parametrize(
    ("column", "prefix", "count"), [("output_area", "E00", 729), ("lsoa", "E01", 138), ("msoa", "E02", 28)]
)
def test_the_district_has_all_its_areas(pack, column, prefix, count):
    codes = pack.postcodes[column].unique()
    assert codes.str.starts_with(prefix).all()
    assert len(codes) == count


def test_areas_nest(pack):
    assert pack.postcodes.group_by("output_area").agg(pl.col("lsoa").n_unique())["lsoa"].max() == 1
    assert pack.postcodes.group_by("lsoa").agg(pl.col("msoa").n_unique())["msoa"].max() == 1


def test_postcodes_lie_in_or_near_their_own_area(pack):
    features = _features("areas.geojson")
    shapes = {feature["properties"]["code"]: shapely.geometry.shape(feature["geometry"]) for feature in features}
    points = shapely.points(pack.postcodes["longitude"].to_numpy(), pack.postcodes["latitude"].to_numpy())
    own = [shapes[code] for code in pack.postcodes["lsoa"]]
    away = shapely.distance(own, points)
    # The boundaries are generalised, so some lie just outside; none is a mile off.
    assert (away == 0).mean() > 0.85
    assert (away < 0.004).mean() > 0.998
    assert away.max() < 0.02


def test_the_map_is_small_and_its_coordinates_are_rounded():
    text = (PLACES / "areas.geojson").read_text()
    assert len(text) < 400_000
    assert not re.search(r"\d\.\d{6,}", text)


def test_areas_have_code_name_and_kind():
    kinds = [feature["properties"]["kind"] for feature in _features("areas.geojson")]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"LSOA": 138, "MSOA": 28}
    assert all(set(feature["properties"]) == {"code", "name", "kind"} for feature in _features("areas.geojson"))


def test_every_shape_is_valid():
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in _features("areas.geojson")]
    assert all(shape.is_valid for shape in shapes)


def test_msoas_cover_the_same_ground_as_lsoas():
    ground = {"LSOA": [], "MSOA": []}
    for feature in _features("areas.geojson"):
        ground[feature["properties"]["kind"]].append(shapely.geometry.shape(feature["geometry"]))
    one, other = (shapely.union_all(shapes) for shapes in ground.values())
    assert one.symmetric_difference(other).area < 0.001 * one.area


def test_the_flood_outline_is_one_valid_polygon_holding_a_fitting_share_of_postcodes(pack):
    assert pack.outline.geom_type == "Polygon"
    assert pack.outline.is_valid
    inside = shapely.contains_xy(pack.outline, pack.postcodes.select("longitude", "latitude").to_numpy())
    assert 0.05 <= inside.mean() <= 0.10


def test_the_attribution_names_every_owner_and_every_file():
    text = (PLACES / "ATTRIBUTION.md").read_text()
    for words in ("National Statistics data ©", "OS data ©", "Royal Mail data ©", "Open Government Licence"):
        assert words in text
    for path in PLACES.iterdir():
        assert path.name == "ATTRIBUTION.md" or path.name in text


def test_areas_inside_the_outline_come_first(pack):
    ordered = order_areas(pack)
    assert sorted(ordered) == sorted(set(pack.postcodes["output_area"]))
    assert _distance(pack, ordered[0]) == 0
    assert _distance(pack, ordered[-1]) > _distance(pack, ordered[300]) > 0


def test_the_parameters_know_exactly_the_packs_areas(pack):
    assert set(parameters.load().areas) == set(pack.postcodes["output_area"])


def _distance(pack: Pack, area: str) -> float:
    centre = pack.postcodes.filter(pl.col("output_area") == area).select(pl.col("longitude", "latitude").mean()).row(0)
    return shapely.distance(pack.outline, shapely.Point(centre))


def _features(name: str):
    return json.loads((PLACES / name).read_text())["features"]
