"""Area codes of two years: which of a file's codes are not those of the areas loaded, and changing one into the other.

Statistical areas are drawn anew with each census (2011, 2021). Which code belongs to which year can't be told from
the code, only from tables: the areas, the population, or a look-up between the years.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.counts import COLUMNS, ESTIMATES, Counts
from wardkeeper.outbreaks.given import Kind, take_frame, take_people, take_switch, take_text, take_texts

CODE_COLUMN = re.compile(r"^(oa|lsoa|msoa|wd|ward|lad|ltla|utla)(\d\d)_?(?:cd|code)$", re.IGNORECASE)
"""A heading such as msoa11cd or msoa21_code: the kind of area and the year."""


@dataclass(frozen=True, slots=True, eq=False)
class AreaLookup:
    """Pairs of area codes of two years that share ground: `pairs` has old and new; `years` are such as 2011 and 2021."""

    pairs: pl.DataFrame
    years: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """How a file's codes stand to the areas loaded. `old_only` and `new_only` need a look-up; all are counts."""

    known: int
    unknown: int
    old_only: int
    new_only: int
    absent: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Converted:
    """Counts under the other year's codes (the frame's columns kept), how many areas were set aside, and words."""

    frame: pl.DataFrame
    set_aside: int
    notes: tuple[str, ...]


def read_area_lookup(table: pl.DataFrame) -> AreaLookup:
    """Read a look-up between two years' areas of one kind, such as msoa11_code and msoa21_code. Raises BadInput."""
    table = take_text(table, "areas of two years")
    found: dict[str, dict[int, str]] = {}
    for column in table.columns:
        if match := CODE_COLUMN.fullmatch(column.strip()):
            found.setdefault(match[1].lower(), {})[2000 + int(match[2])] = column
    years = next((columns for columns in found.values() if len(columns) == 2), None)
    if years is None:
        raise BadInput(
            "The look-up has no two columns with the codes of one kind of area in two years.",
            "Name them as the ONS does, such as msoa11cd and msoa21cd.",
            Where(rule="look-up of areas"),
        )
    old, new = sorted(years)
    pairs = table.select(old=pl.col(years[old]).str.strip_chars(), new=pl.col(years[new]).str.strip_chars())
    return AreaLookup(pairs.drop_nulls().unique(maintain_order=True), (old, new))


def _check_lookup(lookup: object) -> None:
    if not isinstance(lookup, AreaLookup):
        raise BadInput("This is no look-up of areas.", "Give what read_area_lookup gives.", Where(key="lookup"))


def check_boundaries(codes: Collection[str], known: Collection[str], lookup: AreaLookup | None = None) -> Boundaries:
    """Tell how many of a file's codes are not among the areas loaded (`known`), and of which year they are."""
    if lookup is not None:
        _check_lookup(lookup)
    mine, loaded = frozenset(take_texts(codes, "codes")), frozenset(take_texts(known, "known"))
    strange = mine - loaded
    if not loaded or not strange:
        return Boundaries(len(mine), 0, 0, 0, len(loaded - mine), ())
    old, new = (frozenset(lookup.pairs[side]) if lookup else frozenset() for side in ("old", "new"))
    old_only, new_only = strange & (old - new), strange & (new - old)
    unknown = strange - old_only - new_only
    notes = (_say(mine, loaded, strange), *_say_years(old_only, new_only, unknown, lookup))
    return Boundaries(len(mine & loaded), len(unknown), len(old_only), len(new_only), len(loaded - mine), notes)


def _say(mine: frozenset[str], loaded: frozenset[str], strange: frozenset[str]) -> str:
    return (
        f"Areas of the file that are not among those loaded: {len(strange):,} of {len(mine):,}, such as {min(strange)}; "
        f"areas loaded that the file does not have: {len(loaded - mine):,}. They may be of another year (2011 and 2021)."
    )


def _say_years(
    old_only: frozenset[str], new_only: frozenset[str], unknown: frozenset[str], lookup: AreaLookup | None
) -> tuple[str, ...]:
    if lookup is None:
        return ("Load the boundaries and population of the file's year, or give a look-up of areas.",)
    old, new = lookup.years
    said = [
        (old_only, f"Areas that there are in {old} only: {len(old_only):,}."),
        (new_only, f"Areas that there are in {new} only: {len(new_only):,}."),
        (unknown, f"Areas that are in neither year of the look-up, or in both but not loaded: {len(unknown):,}."),
    ]
    mixed = (f"Codes of {old} and {new} are mixed in the file.",) if old_only and new_only else ()
    return (*mixed, *(text for codes, text in said if codes))


COUNT_KINDS = {"area": Kind.ID, "week_end": Kind.DAY, "low": Kind.NUMBER, "high": Kind.NUMBER}


def convert_areas(
    frame: pl.DataFrame,
    lookup: AreaLookup,
    known: Collection[str],
    *,
    split: bool = False,
    population: pl.DataFrame | None = None,
) -> Converted:
    """Put counts (area, week_end, low, high, …) that are under the other year's codes under those that are `known`.

    Areas that stayed whole, or were joined whole, are carried over exactly. Where an area was divided, or a best-fit
    look-up can't tell, the counts of all areas it shares ground with are set aside, unless `split` is said: then they
    are shared out by `population` (area, population; evenly where it is not known), in whole cases that keep the
    total: an estimate. Of a hidden count each part may have none or all. A part that lies in an area not loaded keeps that area's code. Counts that one week has under
    the codes of both years are added up, and that is said.
    """
    _check_lookup(lookup)
    frame, known = take_frame(frame, "counts", COUNT_KINDS, needs=tuple(COUNT_KINDS)), take_texts(known, "known")
    take_switch(split, "split")
    population = None if population is None else take_people(population)
    loaded = frozenset(known)
    forward = len(loaded & frozenset(lookup.pairs["new"])) >= len(loaded & frozenset(lookup.pairs["old"]))
    pairs = lookup.pairs if forward else lookup.pairs.select(old="new", new="old")
    moving = _moving(pairs, frame["area"].unique(), loaded)
    taken = moving if split else moving.filter(~pl.col("divided"))
    aside = frozenset(frame["area"]) & frozenset(moving["old"]) - frozenset(taken["old"])
    carried = _share_out(frame.join(_shares(taken, population), left_on="area", right_on="old"))
    kept = frame.filter(~pl.col("area").is_in([*taken["old"].unique(), *aside]))
    together = pl.concat([kept.select("area", "week_end", "low", "high"), carried])
    done = together.group_by("area", "week_end").agg(pl.col("low", "high").sum()).sort("area", "week_end")
    said = _say_converted(taken, len(aside), loaded - frozenset(pairs["new"]))
    return Converted(done, len(aside), (*said, *_say_twice(kept, carried)))


def _moving(pairs: pl.DataFrame, mine: pl.Series, loaded: frozenset[str]) -> pl.DataFrame:
    """Give the pairs that strange areas move by: old, new, and whether their counts can only be estimated (`divided`).

    They can when every old area of a group became one new one, all of them are in the file, and the look-up can tell:
    one that gives each old area a single new one and leaves some of the areas loaded out is a best fit, in which a
    divided area looks like a renamed one. An area divided between one that is loaded and one that is not is divided too.
    """
    strange = mine.filter(~mine.is_in(pl.Series(list(loaded), dtype=pl.String).implode()))
    touching = pairs.join(_connected(pairs, strange), on="old").with_columns(
        parts=pl.len().over("old"),
        joined=pl.len().over("new"),
        absent=~pl.col("old").is_in(mine.implode()),
    )
    sized = touching.filter(pl.col("new").is_in(list(loaded)).any().over("old"))
    best_fit = not pairs["old"].is_duplicated().any() and bool(_alike(loaded - frozenset(pairs["new"]), sized["new"]))
    renamed = (pl.col("old") != pl.col("new")) & (pl.col("joined") == 1) & pl.lit(best_fit)
    unsure = (pl.col("parts") > 1) | pl.col("absent") | renamed
    return sized.with_columns(divided=unsure.any().over("group"))


def _alike(codes: frozenset[str], others: pl.Series) -> frozenset[str]:
    """Give the codes of the same country and kind of area as the others."""
    kinds = frozenset(others.str.slice(0, 3))
    return frozenset(code for code in codes if code[:3] in kinds)


def _say_converted(taken: pl.DataFrame, aside: int, left_out: frozenset[str]) -> tuple[str, ...]:
    exact = taken.filter(~pl.col("divided"))["old"].n_unique()
    estimated = taken.filter("divided")["old"].n_unique()
    beyond = len(_alike(left_out, taken["new"]))
    said = (
        (exact, f"Areas of another year whose counts were carried over whole: {exact:,}."),
        (estimated, f"Areas whose counts were shared out by population or best fit, an estimate: {estimated:,}."),
        (
            aside,
            (
                f"Areas that were divided or joined in part, or may have been, were set aside: {aside:,}. "
                "Their counts are in no area. They can be shared out by population."
            ),
        ),
        (
            beyond,
            (
                f"The look-up leaves out areas that are loaded: {beyond:,}. Where it gives each old area one new one "
                "(a best fit), an area that was divided can't be told from one that was renamed."
            ),
        ),
    )
    return tuple(text for count, text in said if count)


def _say_twice(kept: pl.DataFrame, carried: pl.DataFrame) -> tuple[str, ...]:
    twice = kept.join(carried, on=["area", "week_end"], how="semi")["area"].n_unique()
    if not twice:
        return ()
    return (
        (
            f"Areas with counts of one week under the codes of both years, which were added up: {twice:,}. "
            "If they are the same cases, they count twice: keep the rows of one year."
        ),
    )


def rebase(
    counts: Counts, lookup: AreaLookup, known: Collection[str], *, split: bool, population: pl.DataFrame | None
) -> Counts:
    """Put counts under the codes of the areas loaded (`known`), as `convert_areas` does, with what was done in the notes."""
    converted = convert_areas(counts.frame, lookup, known, split=split, population=population)
    weeks = counts.frame.select("week_end", "incomplete").unique("week_end")
    people = counts.frame.select("area", "population").unique("area") if population is None else population
    frame = converted.frame.join(weeks, on="week_end").join(people.select("area", "population"), on="area", how="left")
    # Late reports were estimated for the areas as they were.
    bare = frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ESTIMATES)
    done = bare.select(COLUMNS).sort("area", "week_end")
    return Counts(done, counts.delay_days, counts.missing, (*counts.notes, *converted.notes))


def _connected(pairs: pl.DataFrame, strange: pl.Series) -> pl.DataFrame:
    """Group the old areas that share ground, by way of new ones, with a strange one: columns old, group.

    Old areas of a group are all needed together: a new area made of two old ones has the counts of both or of none.
    """
    group = pairs.with_columns(group=pl.col("old").rank("dense").cast(pl.Int64))
    while True:
        spread = group.with_columns(pl.col("group").min().over("new")).with_columns(pl.col("group").min().over("old"))
        if spread.equals(group):
            break
        group = spread
    touched = group.filter(pl.col("old").is_in(strange.implode()))["group"].unique()
    return group.filter(pl.col("group").is_in(touched.implode())).select("old", "group").unique()


def _shares(taken: pl.DataFrame, population: pl.DataFrame | None) -> pl.DataFrame:
    """Give old, new and the share of the old area's counts that each new one takes; the shares of one add up to 1."""
    people = pl.DataFrame(schema={"area": pl.String, "population": pl.Int64}) if population is None else population
    sized = taken.join(people.select("area", "population"), left_on="new", right_on="area", how="left")
    weight = pl.when(pl.col("population").is_null().any().over("old")).then(1.0).otherwise(pl.col("population"))
    return sized.with_columns(weight=weight.cast(pl.Float64)).select(
        "old", "new", share=pl.col("weight") / pl.col("weight").sum().over("old")
    )


def _share_out(rows: pl.DataFrame) -> pl.DataFrame:
    """Share each count out in whole cases by largest remainder (Hamilton's method), so that the total stays.

    Where a hidden count's cases lie nobody knows: each of several parts may have none of them, or all.
    """
    if rows.is_empty():
        return rows.select("area", "week_end", "low", "high").clear()
    key = ["area", "week_end"]
    exact = pl.col("low") * pl.col("share")
    floor = (exact + 1e-9).floor()
    left = pl.col("low") - floor.sum().over(key)
    place = (exact - floor).rank("ordinal", descending=True).over(key)
    part = (floor + (place <= left).cast(pl.Float64)).cast(pl.Int64)
    hidden = pl.col("low") < pl.col("high")
    return rows.select(
        pl.col("new").alias("area"),
        "week_end",
        low=pl.when(hidden & (pl.len().over(key) > 1)).then(0).otherwise(part),
        high=pl.when(hidden).then(pl.col("high")).otherwise(part),
    )
