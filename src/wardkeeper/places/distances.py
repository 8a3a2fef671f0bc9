"""Distances between points on the ground."""

import polars as pl

EARTH_KILOMETRES = 6371.0088
"""Mean radius of the earth (IUGG)."""


def kilometres(here: tuple[float, float], columns: tuple[str, str]) -> pl.Expr:
    """Give each row's distance from a point, along a great circle (haversine): good to half a per cent.

    `here` and `columns` are longitude and latitude, in degrees. Null where a coordinate is.
    """
    longitude, latitude = (pl.col(name).radians() for name in columns)
    east, north = (pl.lit(degrees).radians() for degrees in here)
    half = ((latitude - north) / 2).sin() ** 2 + north.cos() * latitude.cos() * ((longitude - east) / 2).sin() ** 2
    return 2 * EARTH_KILOMETRES * half.sqrt().clip(0, 1).arcsin()
