"""Drawn outlines of hazards: reading and checking them, and telling which points lie within.

Coordinates are degrees in WGS 84, longitude first (RFC 7946). Buffers are metres on the British National Grid
(EPSG:27700); without Ordnance Survey's grid file the change of datum is good to about five metres, which is less
than the width of the pen that draws an outline.
"""

import json
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.geojson import Outline

LARGEST_SQUARE_KM = 10_000.0
"""Larger than any county of England: an outline above this is a slip of the hand."""

MOST_POINTS = 20_000
"""Corners of all parts together. The finest published flood outline of a district has some thousands."""

MOST_MEETINGS = 1_000_000
"""Pairs of sides that lie near each other. Joining parts that cross everywhere makes a corner at each crossing."""

SIDES_AT_A_TIME = 200

BRITAIN = (-9.0, 49.0, 2.5, 61.0)
"""West, south, east and north of Great Britain and its islands, in degrees."""


def parse(text: str, *, authority: Outline | None = None) -> Outline:
    """Read an outline from GeoJSON text: a geometry, a Feature or a FeatureCollection of polygons.

    Several polygons become one outline. With `authority` given, the outline must share ground with it.
    Raises BadInput that says what is wrong and how to draw it right.
    """
    parts = [_read_polygon(geometry) for geometry in _read_json(text)]
    _check_size(parts)
    for part in parts:
        _check_polygon(part)
    shape = shapely.union_all(parts)
    _check_place(shape)
    if authority is not None and not shapely.intersects(shape, shapely.from_geojson(authority)):
        raise _bad("The outline lies outside this authority's area.", "Draw it over the district.", "inside-authority")
    return Outline(shapely.to_geojson(shape))


def within(
    outline: Outline, longitude: npt.ArrayLike, latitude: npt.ArrayLike, buffer_metres: float = 0
) -> npt.NDArray[np.bool_]:
    """Tell which points lie in an outline or within `buffer_metres` of it. Points with NaN coordinates never do."""
    shape = shapely.from_geojson(outline)
    x, y = np.asarray(longitude, float), np.asarray(latitude, float)
    if buffer_metres > 0:
        return _near(_to_grid(shape), *_grid().transform(x, y), metres=buffer_metres)
    shapely.prepare(shape)
    return np.asarray(shapely.intersects_xy(shape, x, y), dtype=bool)


def _near(
    shape: BaseGeometry, x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], *, metres: float
) -> npt.NDArray[np.bool_]:
    """Measure from the shape as drawn: growing it first takes gigabytes when it has many corners."""
    west, south, east, north = shape.bounds
    near = (x >= west - metres) & (x <= east + metres) & (y >= south - metres) & (y <= north + metres)
    shapely.prepare(shape)
    near[near] = shapely.dwithin(shape, shapely.points(x[near], y[near]), metres)
    return np.asarray(near, dtype=bool)


def square_km(outline: Outline) -> float:
    """Give the ground an outline covers, in square kilometres."""
    return float(_to_grid(shapely.from_geojson(outline)).area / 1e6)


@cache
def _grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)


def _to_grid(shape: BaseGeometry) -> BaseGeometry:
    return shapely.transform(shape, lambda x, y: _grid().transform(x, y), interleaved=False)


def _bad(message: str, advice: str, rule: str) -> BadInput:
    return BadInput(message, advice, Where(rule=rule))


def _read_json(text: str) -> list[dict[str, object]]:
    try:
        return _geometries(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise _bad("The outline is not GeoJSON.", "Draw it on the map, or export it as GeoJSON.", "geojson") from error


def _geometries(document: object) -> list[dict[str, object]]:
    """Take the geometries out of whichever wrapping GeoJSON has."""
    match document:
        case {"type": "FeatureCollection", "features": [_, *_] as features}:
            return [geometry for feature in features for geometry in _geometries(feature)]
        case {"type": "Feature", "geometry": dict() as geometry}:
            return _geometries(geometry)
        case {"type": "Polygon", "coordinates": list() as rings}:
            return [{"type": "Polygon", "coordinates": rings}]
        case {"type": "MultiPolygon", "coordinates": [_, *_] as parts}:
            # Part by part: parts that touch or overlap are one outline, not a mistake.
            return [{"type": "Polygon", "coordinates": rings} for rings in parts]
    raise _bad(
        "The outline is not a polygon.", "Draw a closed shape around the area; points and lines have none.", "polygon"
    )


def _read_polygon(geometry: dict[str, object]) -> BaseGeometry:
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, RecursionError) as error:
        raise _bad(
            "The outline's coordinates are broken.",
            "Each ring needs at least four pairs of numbers, the last the same as the first.",
            "coordinates",
        ) from error
    if shape.is_empty:
        raise _bad("The outline is empty.", "Draw at least three corners.", "polygon")
    return shape


def _check_polygon(shape: BaseGeometry) -> None:
    if not shape.is_valid:
        raise _bad(f"The outline {_fault(shape)}.", "Move a corner so that no two sides cross.", "crosses-itself")


def _check_size(parts: list[BaseGeometry]) -> None:
    if sum(map(int, shapely.get_num_coordinates(parts))) > MOST_POINTS:
        raise _bad(f"The outline has more than {MOST_POINTS:,} corners.", "Simplify it first.", "size")
    if len(parts) > 1 and _meet_too_often(parts):
        raise _bad("The outline's parts cross each other too often.", "Draw them as one shape.", "size")


def _meet_too_often(parts: list[BaseGeometry]) -> bool:
    """Count pairs of sides by their boxes, a few at a time, and stop at the limit: the pairs can be hundreds of millions."""
    ends, ring = shapely.get_coordinates(shapely.get_rings(parts)), _rings_of_corners(parts)
    same = ring[1:] == ring[:-1]
    sides = shapely.linestrings(np.stack([ends[:-1][same], ends[1:][same]], axis=1))
    tree, met = shapely.STRtree(sides), 0
    for first in range(0, len(sides), SIDES_AT_A_TIME):
        met += tree.query(sides[first : first + SIDES_AT_A_TIME]).shape[1]
        if met > MOST_MEETINGS:
            return True
    return False


def _rings_of_corners(parts: list[BaseGeometry]) -> npt.NDArray[np.int64]:
    rings = shapely.get_rings(parts)
    return np.repeat(np.arange(len(rings)), shapely.get_num_coordinates(rings))


def _fault(shape: BaseGeometry) -> str:
    reason = explain_validity(shape)
    return "crosses itself" if "Self-intersection" in reason else f"is not a valid polygon ({reason.split('[')[0]})"


def _check_place(shape: BaseGeometry) -> None:
    west, south, east, north = shape.bounds
    swapped = _in_britain(south, west) and _in_britain(north, east)
    if swapped:
        raise _bad("The outline has latitude before longitude.", "Write longitude first, as GeoJSON asks.", "swapped")
    if not (_in_britain(west, south) and _in_britain(east, north)):
        raise _bad(
            "The outline lies outside Great Britain.", "Use degrees (WGS 84), longitude first.", "inside-britain"
        )
    if _to_grid(shape).area / 1e6 > LARGEST_SQUARE_KM:
        raise _bad(
            f"The outline covers more than {LARGEST_SQUARE_KM:,.0f} square kilometres.", "Draw a smaller one.", "size"
        )


def _in_britain(longitude: float, latitude: float) -> bool:
    west, south, east, north = BRITAIN
    return west <= longitude <= east and south <= latitude <= north
