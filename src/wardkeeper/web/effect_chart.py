"""An effect with its interval, drawn beside zero on the server; the table below the drawing says the same."""

from dataclasses import dataclass
from math import ceil, floor, log10

from wardkeeper.messages.effects import Effect
from wardkeeper.web.charts import Tick

LEFT, RIGHT = 60.0, 940.0
MARGIN = 0.1
TICKS = 4


@dataclass(frozen=True, slots=True)
class EffectChart:
    """Places across the drawing: the effect, the ends of its interval, zero, and the axis' marks."""

    effect: float
    low: float
    high: float
    zero: float
    ticks: tuple[Tick, ...]


def effect_chart(found: Effect) -> EffectChart:
    """Draw an effect on an axis that holds its interval and zero."""
    lowest, highest = min(found.low, 0.0), max(found.high, 0.0)
    room = (highest - lowest or 1.0) * MARGIN
    start, width = lowest - room, highest - lowest + 2 * room or 1.0

    def place(value: float) -> float:
        return round(LEFT + (value - start) / width * (RIGHT - LEFT), 1)

    step = _round_step(width / TICKS)
    # Small ranges need more places, or neighbouring marks would read alike.
    places = max(0, -floor(log10(step)))
    # Whole steps from zero, so that zero itself has a mark.
    marks = [step * number for number in range(ceil(start / step), floor((start + width) / step) + 1)]
    return EffectChart(
        effect=place(found.effect),
        low=place(found.low),
        high=place(found.high),
        zero=place(0.0),
        ticks=tuple(Tick(place(mark), f"{mark:+.{places}f}".replace("-", "−") if mark else "0") for mark in marks),
    )


def _round_step(least: float) -> float:
    """Give the smallest of 1, 2, 5 and 10 times a power of ten that is no less."""
    power = 10.0 ** floor(log10(least))
    return next(one * power for one in (1, 2, 5, 10) if one * power >= least * (1 - 1e-9))
