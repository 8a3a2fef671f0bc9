"""The map of alerts: every area faintly, those of an alert shaded, each alert's rank in its middle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wardkeeper.web.maps.projection import fit, scale_bar
from wardkeeper.web.maps.shapes import Ring, path_of, rings

LEAST_REACH = 0.01
"""Degrees shown on each side of an alert at least: about a kilometre."""


@dataclass(frozen=True, slots=True)
class Patch:
    """One alert's areas, the centre first; its words; and what is written in the middle of the centre."""

    areas: tuple[str, ...]
    words: str
    label: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """One alert as drawn. `x` and `y` are where its label stands."""

    css: str
    path: str
    title: str
    label: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class AlertMap:
    """All a template needs to draw the map."""

    height: float
    areas: str
    alerts: tuple[Drawn, ...]
    bar_length: float
    bar_words: str

    @property
    def kinds(self) -> set[str]:
        """The classes that are on it, for its key."""
        return {one.css for one in self.alerts}


def draw_alerts(patches: Sequence[Patch], outlines: Mapping[str, str], *, near: bool = False) -> AlertMap | None:
    """Draw the alerts over all areas whose outline is known; None when no alert has one. `near` shows what is around them."""
    shapes = {code: rings(outline) for code, outline in outlines.items()}
    known = [(patch, [code for code in patch.areas if code in shapes]) for patch in patches]
    placed = [(patch, codes) for patch, codes in known if codes]
    if not placed:
        return None
    corners = np.vstack([ring for shape in shapes.values() for ring in shape])
    if near:
        corners = _look_closer(
            corners, np.vstack([ring for _, codes in placed for code in codes for ring in shapes[code]])
        )
    projection = fit(corners[:, 0], corners[:, 1])
    length, bar = scale_bar(projection)
    paths = {code: path_of(shape, projection) for code, shape in shapes.items()}
    drawn = []
    for patch, codes in placed:
        outer = max(shapes[codes[0]], key=len)
        x, y = projection.project(outer[:, 0].mean(), outer[:, 1].mean())
        css = "wk-alert--accepted" if patch.accepted else "wk-alert--waiting"
        path = "".join(paths[code] for code in codes)
        drawn.append(Drawn(css, path, patch.words, patch.label, float(x), float(y)))
    return AlertMap(round(projection.height, 1), "".join(paths.values()), tuple(drawn), length, bar)


def _look_closer(whole: Ring, own: Ring) -> Ring:
    """Give two corners around an alert: as much ground on each side as it is wide or high, never more than there is."""
    low, high = own.min(axis=0), own.max(axis=0)
    reach = max(*(high - low), LEAST_REACH)
    return np.vstack([np.maximum(low - reach, whole.min(axis=0)), np.minimum(high + reach, whole.max(axis=0))])
