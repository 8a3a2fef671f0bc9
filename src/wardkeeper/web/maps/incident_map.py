"""The map of an incident: the outline, the areas it touches, and a dot for each home that may be shown."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wardkeeper.incidents.checks import CheckStatus
from wardkeeper.kernel.geojson import Outline
from wardkeeper.web.maps.projection import Projection, fit, scale_bar
from wardkeeper.web.maps.shapes import dots, path_of, rings

MOST_SINGLE_DOTS = 1500
"""Above this many homes the dots of a state are one path, and no longer follow live changes."""

DOT_CLASSES: dict[CheckStatus, str] = {
    CheckStatus.NEEDS_HELP: "wk-dot--needs-help",
    CheckStatus.TO_DO: "wk-dot--to-do",
    CheckStatus.TAKEN: "wk-dot--taken",
    CheckStatus.TRY_AGAIN: "wk-dot--try-again",
    CheckStatus.DONE: "wk-dot--done",
    CheckStatus.WITHHELD: "wk-dot--to-do",
}
"""The class of a dot by its check's state. Size and filling differ as well as colour."""


@dataclass(frozen=True, slots=True)
class Dots:
    """Path data of the dots of one class; `check_id` is set when it is a single, live one."""

    css: str
    path: str
    check_id: str = ""


@dataclass(frozen=True, slots=True)
class IncidentMap:
    """All a template needs to draw the map."""

    height: float
    outline: str
    areas: str
    dots: tuple[Dots, ...]
    shown: int
    hidden: int
    bar_length: float
    bar_words: str


def draw(outline: Outline, lines: pl.DataFrame, areas: list[str]) -> IncidentMap:
    """Draw an incident. `lines` may lack places altogether; `areas` are GeoJSON texts to draw faintly beneath."""
    shape = rings(outline)
    points = placed(lines)
    corners = np.vstack([*shape, points.select("longitude", "latitude").to_numpy()])
    projection = fit(corners[:, 0], corners[:, 1])
    length, words = scale_bar(projection)
    return IncidentMap(
        height=round(projection.height, 1),
        outline=path_of(shape, projection),
        areas="".join(path_of(rings(area), projection) for area in areas),
        dots=_dots(points, projection),
        shown=points.height,
        hidden=lines.height - points.height,
        bar_length=length,
        bar_words=words,
    )


def placed(lines: pl.DataFrame) -> pl.DataFrame:
    """Give the lines that have a place: the others are rung through Control."""
    if not {"longitude", "latitude"} <= set(lines.columns):
        return pl.DataFrame(schema={"check_id": pl.String, "status": pl.String, "longitude": float, "latitude": float})
    columns = ("check_id", "status", "longitude", "latitude")
    return lines.select(columns).drop_nulls(["longitude", "latitude"])


def _dots(points: pl.DataFrame, projection: Projection) -> tuple[Dots, ...]:
    x, y = projection.project(points["longitude"], points["latitude"])
    # What is drawn last lies on top: no other mark may hide a home that needs help.
    drawn = (
        points.select("check_id", "status")
        .with_columns(x=pl.Series(x), y=pl.Series(y))
        .sort(pl.col("status") == CheckStatus.NEEDS_HELP.value, maintain_order=True)
    )
    if drawn.height > MOST_SINGLE_DOTS:
        groups = drawn.partition_by("status", as_dict=True, maintain_order=True)
        return tuple(_grouped(str(status), group) for (status,), group in groups.items())
    return tuple(Dots(dot_class(status), f"M{a:g} {b:g}h0", check_id) for check_id, status, a, b in drawn.iter_rows())


def _grouped(status: str, group: pl.DataFrame) -> Dots:
    return Dots(dot_class(status), dots(group["x"].to_numpy(), group["y"].to_numpy()))


def dot_class(status: str) -> str:
    """Give a dot's class for a check's state."""
    return DOT_CLASSES[CheckStatus(status)]
