"""The areas that alerts are about: their names, places and people, and which of them can be acted in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.ways import Way
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.counts import Counts
from wardkeeper.outbreaks.given import Kind, take_frame
from wardkeeper.outbreaks.space.epidemic import Ground, lay_ground

Numbers = NDArray[np.float64]

COLUMNS = ("area", "name", "place", "x", "y")
UNKNOWN_SHARE = 60
"""Areas in the largest cluster where nobody knows how many people live in them: half a million, in MSOAs."""


ENOUGH = 0.5
"""The share of areas whose people must be known for the others to be set aside; else nobody's are used."""


@dataclass(frozen=True, eq=False)
class AreaGround:
    """The areas in order of their codes, ready for any week. `frame` has area, name, place, people; `notes` what was set aside."""

    frame: pl.DataFrame
    ground: Ground
    people_known: bool
    notes: tuple[str, ...]


def check_counts(counts: object) -> None:
    """Refuse what is no Counts, as whoever calls this from a script of their own may give. Raises BadInput."""
    if not isinstance(counts, Counts):
        raise BadInput(
            "These are no counts.", "Give what from_published or count_line_list gives.", Where(rule="counts")
        )


def survey(
    counts: Counts, areas: pl.DataFrame, *, settings: AlertSettings, within: Collection[str] | None = None
) -> AreaGround:
    """Join the counted areas with their places (area, name, place, x, y in a plane) and find the zones.

    `within` are the areas where somebody can act; clusters hold no other. Areas without a place, or without people
    where most have them, are set aside and counted. Raises BadInput when none is left, or a table is not whole.
    """
    areas = take_frame(areas, "areas", {"area": Kind.ID, "x": Kind.NUMBER, "y": Kind.NUMBER})
    check_counts(counts)
    _check(areas)
    people = counts.frame.group_by("area").agg(people=pl.col("population").drop_nulls().last())
    joined = people.join(areas.select(COLUMNS), on="area", how="left").sort("area")
    placed = joined.filter(pl.col("x").is_finite() & pl.col("y").is_finite())
    known = float((placed["people"].fill_null(0) > 0).sum()) > ENOUGH * placed.height
    kept = placed.filter(pl.col("people") > 0) if known else placed.with_columns(people=pl.lit(1, pl.Int64))
    if kept.is_empty():
        raise BadInput(
            "None of the counted areas has a place.",
            "The table of areas, with x and y, must be of the same areas and the same year as the counts.",
            Where(column="area", rule="areas with a place"),
            way=Way.MATCH_BOUNDARIES,
        )
    inside = None if within is None else kept["area"].is_in(list(within)).to_numpy()
    if inside is not None and not inside.any():
        raise BadInput(
            "None of the counted areas is one of the authority's.", "Load cases of its areas.", Where(rule="areas")
        )
    heads = kept["people"].to_numpy().astype(np.float64)
    share = _share(heads if inside is None else heads[inside], settings, known=known)
    places = kept.select("x", "y").to_numpy().T.copy()
    notes = _notes(joined, placed, kept, areas, known=known)
    return AreaGround(kept, lay_ground(heads, places, share=share, within=inside), known, notes)


def tabulate(counts: Counts, ground: AreaGround, week: date, *, weeks: int) -> tuple[Numbers, Numbers]:
    """Give the least and greatest counts of the `weeks` up to `week`, areas by weeks; NaN where nothing is known.

    Raises NotFound when there are no counts for `week`. Weeks before the first that is held are left out.
    """
    counts.of_week(week)
    first = counts.weeks[0]
    held = min(weeks, (week - first).days // 7 + 1)
    start = week - timedelta(days=7 * (held - 1))
    index = ground.frame.select("area").with_row_index("at")
    rows = counts.frame.filter(pl.col("week_end").is_between(start, week)).join(index, on="area", how="inner")
    days = (rows["week_end"] - start).dt.total_days().to_numpy()
    whole = days % 7 == 0
    low, high = (np.full((index.height, held), np.nan) for _ in range(2))
    for table, name in ((low, "low"), (high, "high")):
        table[rows["at"].to_numpy()[whole], days[whole] // 7] = rows[name].cast(pl.Float64).to_numpy()[whole]
    return low, high


def _share(heads: Numbers, settings: AlertSettings, *, known: bool) -> float:
    most = settings.most_people / heads.sum() if known else UNKNOWN_SHARE / len(heads)
    return min(settings.most_share, float(most))


def _check(areas: pl.DataFrame) -> None:
    lacking = [name for name in COLUMNS if name not in areas.columns]
    if lacking:
        raise BadInput(
            f"The table of areas has no column {lacking[0]}.",
            f"Give it the columns {', '.join(COLUMNS)}.",
            Where(column=lacking[0]),
        )
    again = areas.filter(pl.col("area").is_duplicated())
    if not again.is_empty():
        message = f"The area {again['area'][0]} is there twice in the table of areas."
        raise BadInput(message, "Keep one row for each area.", Where(column="area", rule="one row an area"))


def _notes(
    joined: pl.DataFrame, placed: pl.DataFrame, kept: pl.DataFrame, areas: pl.DataFrame, *, known: bool
) -> tuple[str, ...]:
    uncounted = areas.filter(~pl.col("area").is_in(joined["area"].to_list())).height
    said = (
        (joined.height - placed.height, "Counted areas without a place, not looked at"),
        (placed.height - kept.height, "Counted areas without people, not looked at"),
        (uncounted, "Areas with a place but no counts, not looked at"),
    )
    notes = [f"{words}: {count:,}." for count, words in said if count]
    if not known:
        notes.append(
            "How many people live in the areas is not known (or of less than half): they are taken to be alike."
        )
    return tuple(notes)
