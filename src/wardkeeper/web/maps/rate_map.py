"""The map of an outbreak: areas shaded by rate, hatched where the count is withheld, ringed where it rose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from wardkeeper.web.maps.projection import fit, scale_bar
from wardkeeper.web.maps.shapes import path_of, rings

SHADES = 5
"""Steps of shading. Each holds about as many areas as the next, so a few very high rates hide nothing."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What the map shows of one area. `rate` is None where the count is withheld or not known."""

    code: str
    name: str
    rate: float | None
    suppressed: bool
    alarm: bool
    words: str


@dataclass(frozen=True, slots=True)
class ShadedArea:
    """One area as drawn."""

    css: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the map's key."""

    css: str
    words: str


@dataclass(frozen=True, slots=True)
class RateMap:
    """All a template needs to draw the map."""

    height: float
    areas: tuple[ShadedArea, ...]
    alarms: tuple[str, ...]
    keys: tuple[Key, ...]
    bar_length: float
    bar_words: str


def draw(rates: Sequence[Rate], outlines: Mapping[str, str]) -> RateMap | None:
    """Draw the areas whose outline is known; None when there are none to draw."""
    shown = [(rate, rings(outlines[rate.code])) for rate in rates if rate.code in outlines]
    if not shown:
        return None
    corners = np.vstack([ring for _, shape in shown for ring in shape])
    projection = fit(corners[:, 0], corners[:, 1])
    steps = shade_steps([rate.rate for rate, _ in shown if rate.rate is not None])
    length, words = scale_bar(projection)
    paths = [(rate, path_of(shape, projection)) for rate, shape in shown]
    return RateMap(
        height=round(projection.height, 1),
        areas=tuple(ShadedArea(shade_class(rate, steps), path, f"{rate.name}: {rate.words}") for rate, path in paths),
        alarms=tuple(path for rate, path in paths if rate.alarm),
        keys=_keys(steps, rates),
        bar_length=length,
        bar_words=words,
    )


def shade_steps(rates: Sequence[float]) -> list[float]:
    """Give the rates at which the shade deepens: the quintiles, each once."""
    if not rates:
        return []
    cuts = np.quantile(np.asarray(rates), np.arange(1, SHADES) / SHADES)
    return sorted({float(round(cut)) for cut in cuts} - {0.0})


def shade_class(rate: Rate, steps: Sequence[float]) -> str:
    """Give an area's class: its shade, or the hatching of a withheld count."""
    if rate.suppressed:
        return "wk-area--withheld"
    if rate.rate is None:
        return "wk-area--unknown"
    return f"wk-area--{int(np.searchsorted(steps, rate.rate, side='right')) + 1}"


def _keys(steps: Sequence[float], rates: Sequence[Rate]) -> tuple[Key, ...]:
    # searchsorted on the right: a rate equal to a step belongs to the deeper shade.
    bounds = [0.0, *steps]
    shades = [
        Key(f"wk-area--{number}", f"{low:,.0f} to under {high:,.0f}" if high is not None else f"{low:,.0f} or more")
        for number, (low, high) in enumerate(zip(bounds, [*steps, None], strict=True), start=1)
    ]
    withheld = [Key("wk-area--withheld", "A small count, withheld: a range such as 0 to 2, not read as zero")]
    unknown = [Key("wk-area--unknown", "Not reported")]
    return (
        *(shades if any(rate.rate is not None for rate in rates) else []),
        *(withheld if any(rate.suppressed for rate in rates) else []),
        *(unknown if any(rate.rate is None and not rate.suppressed for rate in rates) else []),
    )
