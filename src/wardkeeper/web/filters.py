"""What a reader of a long list wants to see of it: one state, the doors to ring Control about, or one door by name."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import polars as pl

from wardkeeper.incidents.checks import CheckStatus

RING_CONTROL = "ring-control"
"""The choice, among the states, that shows only doors that nobody goes to before ringing Control."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show. A door's name goes before a state: somebody who asks for a door wants it whatever its state."""

    state: str = ""
    door: str = ""

    @property
    def query(self) -> str:
        """What the address of another page of the same list ends in: "&state=done", or nothing."""
        chosen = {"door": self.door} if self.door else {"status": self.state} if self.state else {}
        return f"&{urlencode(chosen, quote_via=quote)}" if chosen else ""

    def keep(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Give the lines to show, in their order."""
        if self.door and "reference" not in lines.columns:
            return lines.clear()
        if self.door:
            return lines.filter(pl.col("reference").str.to_lowercase() == self.door.lower())
        if self.state == RING_CONTROL:
            return lines.filter(is_hidden(lines))
        return lines.filter(pl.col("status") == self.state) if self.state else lines


def read_filter(status: str, door: str) -> Filter:
    """Read what was asked for: spaces made single, and a state that there is none of left out."""
    known = {*CheckStatus, RING_CONTROL}
    return Filter(status if status in known else "", " ".join(door.split()))


def is_hidden(lines: pl.DataFrame) -> pl.Expr:
    """Tell which lines are doors to ring Control about; none when the reader is not told."""
    return pl.col("ring_control").fill_null(value=False) if "ring_control" in lines.columns else pl.lit(value=False)


def count_hidden(lines: pl.DataFrame) -> int:
    """Count the doors to ring Control about."""
    return lines.filter(is_hidden(lines)).height
