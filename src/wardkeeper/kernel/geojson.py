"""The shape of a drawn outline as it travels between rooms: GeoJSON text, WGS 84 (RFC 7946)."""

from typing import NewType

Outline = NewType("Outline", str)
"""A valid GeoJSON Polygon or MultiPolygon geometry, already checked by `places.outlines`."""
