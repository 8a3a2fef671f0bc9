"""GeoJSON shapes as SVG path data."""

import json
from collections.abc import Iterator

import numpy as np

from wardkeeper.web.maps.projection import Numbers, Projection

Ring = Numbers
"""Points of one ring, a row each: longitude, latitude."""


def rings(geometry: str) -> list[Ring]:
    """Give the rings of a GeoJSON Polygon or MultiPolygon, outer and inner alike."""
    return [np.asarray(ring, float)[:, :2] for polygon in _polygons(json.loads(geometry)) for ring in polygon]


def _polygons(geometry: dict[str, object]) -> Iterator[list[list[list[float]]]]:
    coordinates = geometry.get("coordinates", [])
    assert isinstance(coordinates, list)
    if geometry.get("type") == "Polygon":
        yield coordinates
    elif geometry.get("type") == "MultiPolygon":
        yield from coordinates


def path_of(shape: list[Ring], projection: Projection) -> str:
    """Write rings as path data. Points that fall on the same tenth of a unit are written once."""
    return "".join(f"M{_points(ring, projection)}z" for ring in shape)


def _points(ring: Ring, projection: Projection) -> str:
    x, y = projection.project(ring[:, 0], ring[:, 1])
    moved = np.ones(len(x), dtype=bool)
    moved[1:] = (np.diff(x) != 0) | (np.diff(y) != 0)
    return " ".join(f"{a:g},{b:g}" for a, b in zip(x[moved].tolist(), y[moved].tolist(), strict=True))


def dots(x: Numbers, y: Numbers) -> str:
    """Write points as one path of zero-length strokes: with round caps each is a dot, and thousands stay light."""
    return "".join(f"M{a:g} {b:g}h0" for a, b in zip(x.tolist(), y.tolist(), strict=True))
