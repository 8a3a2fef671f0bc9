"""An effect with its interval, drawn beside zero on the server; the table below the drawing says the same."""

from dataclasses import dataclass
from math import floor, log10

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

    # Small ranges need more places, or neighbouring marks would read alike.
    places = max(0, 1 - floor(log10(width / TICKS)))
    marks = (start + width * number / TICKS for number in range(TICKS + 1))
    return EffectChart(
        effect=place(found.effect),
        low=place(found.low),
        high=place(found.high),
        zero=place(0.0),
        ticks=tuple(Tick(place(mark), f"{mark:+.{places}f}".replace("-", "−")) for mark in marks),
    )
