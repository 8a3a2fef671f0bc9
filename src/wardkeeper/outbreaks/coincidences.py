"""Coincidences: two or more cases with one postcode, home or setting within a few days.

The simplest signal, and early: outbreaks in care homes, schools and single streets show here before any area count
moves. Cases of one household count once, so a family is no coincidence; people in a care home or another shared
place count one by one. What is found is about very few people: who may see it is for the door to decide.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import gammainc

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.outbreaks.given import Kind, take_day, take_frame, take_people, take_whole

Ints = npt.NDArray[np.int64]

WINDOW_DAYS = 7

SECRET_WORDS = ("refuge", "safe house", "safehouse", "protected")
"""Words of shared places that must not be found: whoever shows a coincidence withholds where it is."""

SHARED_WORDS = (
    *SECRET_WORDS,
    *("care home", "nursing home", "residential home", "residential care", "carehome", "prison", "hospital", "hospice"),
    *("hostel", "hotel", "barracks", "hall of residence", "halls of residence", "detention", "asylum"),
)
"""Words of places whose people live together without being one household."""

NO_SETTING = (
    *("private home", "private residence", "private dwelling", "own home", "home", "house", "flat", "household"),
    *("residential dwelling", "dwelling", "house in multiple occupancy", "none", "not known", "unknown", "n/a", "-"),
    *("other", "other property classifications", "undetermined", "not applicable"),
)
"""What stands in a column of settings where there is no particular one."""

KINDS_ONLY = (
    *("care home", "nursing home", "residential home", "care/nursing home", "residential institution"),
    *("residential institution (including residential education)", "school", "primary school", "secondary school"),
    *("nursery", "college", "university", "hospital", "prison", "hostel", "hotel", "refuge", "workplace", "hmo"),
    *("house in multiple occupancy (hmo)", "medical facilities (including hospitals and hospices, and mental health)"),
)
"""Kinds of place rather than one place: cases all over a district share them, so they are no coincidence."""


NUMBERED = "uprn "
"""How a setting begins that is known by its UPRN alone."""


class PlaceKind(StrEnum):
    """What the cases have in common, the most telling first."""

    SETTING = "setting"
    HOME = "home"
    POSTCODE = "postcode"


ORDER = {kind.value: place for place, kind in enumerate(PlaceKind)}
RESULT = {
    "rank": pl.Int64,
    "kind": pl.String,
    "place": pl.String,
    "name": pl.String,
    "postcode": pl.String,
    "area": pl.String,
    "cases": pl.Int64,
    "households": pl.Int64,
    "most": pl.Int64,
    "most_from": pl.Date,
    "first": pl.Date,
    "last": pl.Date,
    "population": pl.Int64,
    "expected": pl.Float64,
    "p": pl.Float64,
}
"""The columns of what is found, and their types."""


@dataclass(frozen=True, slots=True, eq=False)
class Coincidences:
    """What was found: `frame` has RESULT's columns, the least likely first; `notes` say what could not be taken in.

    `cases` and `households` are of the whole run of overlapping windows from `first` to `last`; `most` is the number
    of households within one window, which starts on `most_from`. `expected` is what chance would bring to such a
    place in that window, and `p` the chance of `most` or more; both are null where nobody knows how many live there.
    """

    frame: pl.DataFrame
    days: int
    cases: int
    notes: tuple[str, ...]


KINDS = {"event_date": Kind.DAY} | dict.fromkeys(("postcode", "home", "setting", "setting_home", "area"), Kind.ID)


def find_coincidences(
    cases: pl.DataFrame,
    *,
    days: int = WINDOW_DAYS,
    least: int = 2,
    since: date | None = None,
    population: pl.DataFrame | None = None,
    known: pl.DataFrame | None = None,
) -> Coincidences:
    """Find postcodes, homes and settings with `least` cases or more within `days` days (a sliding window).

    `cases`: event_date (Date) and any of postcode, home (UPRN), setting, setting_home (UPRN), area; a row a case.
    `population`: postcode, population (residents). `known`: name, kind, postcode, uprn (may be null) of care homes,
    schools and other places that names are taken from. `since` leaves out runs that ended before that day.

    Each case opens a window of `days` days; those with `least` households or more are joined where they overlap. The
    chance follows a Poisson count (as the tail of one fixed place and window) whose mean is the place's share of the
    population times the households with cases everywhere in the same window. Ranked by that, then by size and day;
    places whose residents nobody counted are ranked as if they were a postcode of mean size. Raises BadInput.
    """
    cases = take_frame(cases, "cases", KINDS)
    if since is not None:
        take_day(since, "since")
    for name, number in (("days", days), ("least", least)):
        take_whole(number, name)
    population = None if population is None else take_people(population, "postcode")
    _check(cases, days, least)
    rows = _with_all_columns(cases).drop_nulls("event_date")
    places = _known(known)
    tagged = _tag(rows, places)
    runs = _find_runs(_gather(tagged), days=days, least=least)
    runs = runs.filter(pl.col("last") >= since) if since else runs
    rated = _add_chance(_name(_keep_most_telling(runs), places), tagged, population, days)
    ranked = rated.sort(
        ["chance", "most", "cases", "last", "kind", "place"],
        descending=[False, True, True, True, False, False],
        nulls_last=True,
    ).with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    return Coincidences(
        ranked.select(pl.col(name).cast(kind) for name, kind in RESULT.items()), days, rows.height, _say(tagged)
    )


def _check(cases: pl.DataFrame, days: int, least: int) -> None:
    if days < 1 or least < 2:
        raise BadInput(
            f"A coincidence needs at least 2 cases within at least 1 day, not {least} within {days}.",
            "Give days of 1 or more and least of 2 or more.",
            Where(rule="coincidence"),
        )
    if "event_date" not in cases.columns or not {"postcode", "home", "setting"} & set(cases.columns):
        raise BadInput(
            "Coincidences need a day for each case, and a postcode, a home or a setting.",
            "Give event_date, and postcode, home or setting.",
            Where(rule="columns of a line list"),
        )


def _with_all_columns(cases: pl.DataFrame) -> pl.DataFrame:
    texts = ("postcode", "home", "setting", "setting_home", "area")
    return cases.select(
        pl.col("event_date").cast(pl.Date),
        *((pl.col(name) if name in cases.columns else pl.lit(None)).cast(pl.String).alias(name) for name in texts),
    )


def _known(known: pl.DataFrame | None) -> pl.DataFrame:
    if known is None:
        return pl.DataFrame(schema=dict.fromkeys(("name", "kind", "postcode", "uprn"), pl.String))
    names = ("name", "kind", "postcode", "uprn")
    return take_frame(known, "known places", dict.fromkeys(names, Kind.ID), needs=names).select(names)


def _tag(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Add the setting as one place (`settled`), and the household (null when the case counts for itself)."""
    living = places.filter(_is_shared(pl.col("kind")))
    shared_homes, shared_names = living["uprn"].drop_nulls(), living["name"].drop_nulls().str.to_lowercase()
    by_home = places.drop_nulls("uprn").unique("uprn").select(setting_home="uprn", setting_name=pl.col("name"))
    plain = bare("setting")
    named = pl.when(~plain.is_in([*NO_SETTING, *KINDS_ONLY])).then(plain)
    shared = _is_shared(plain) | plain.is_in(shared_names.implode()) | pl.col("home").is_in(shared_homes.implode())
    together = shared.fill_null(value=False) & (
        pl.col("setting_home").is_null() | (pl.col("setting_home") == pl.col("home")).fill_null(value=True)
    )
    joined = rows.join(by_home, on="setting_home", how="left", maintain_order="left")
    return joined.with_columns(
        settled=pl.coalesce(
            pl.col("setting_name").str.to_lowercase(), named, pl.lit(NUMBERED) + pl.col("setting_home")
        ),
        household=pl.when(~together).then(pl.col("home")),
    ).with_row_index("one")


def _is_shared(text: pl.Expr) -> pl.Expr:
    return pl.any_horizontal([text.str.to_lowercase().str.contains(word, literal=True) for word in SHARED_WORDS])


def _gather(tagged: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each case and place it shares: kind, place, day, household, one; sorted by place and day.

    Only places with more than one case are kept. Without a household, a case is its own.
    """
    columns = {PlaceKind.SETTING: "settled", PlaceKind.HOME: "home", PlaceKind.POSTCODE: "postcode"}
    own = pl.lit("case ") + pl.col("one").cast(pl.String)
    parts = []
    for kind, column in columns.items():
        part = tagged.drop_nulls(column).filter(pl.col(column).is_duplicated())
        parts.append(
            part.select(
                pl.lit(kind.value).alias("kind"),
                pl.col(column).alias("place"),
                pl.col("event_date").alias("day"),
                pl.col("household").fill_null(own).alias("household"),
                *("one", "postcode", "area", "setting"),
            )
        )
    return pl.concat(parts).sort("kind", "place", "day", "one")


def _find_runs(rows: pl.DataFrame, *, days: int, least: int) -> pl.DataFrame:
    """Find runs of overlapping windows with enough households; a row a run.

    `rows` are sorted by place and day. Window i holds the rows of its place from row i to the last within `days`. Row
    j is the first of its household in the windows that start after the household's row before, `earlier`, and hold
    j: from `first_window` to j. Adding one over each such stretch (by differences) counts households in all windows.
    """
    if rows.is_empty():
        return rows.select(
            "kind", "place", *("postcode", "area", "setting"), first="day", last="day", most_from="day",
            postcodes=pl.lit(0, pl.UInt32), cases=pl.lit(0, pl.Int64), households=pl.lit(0, pl.Int64), most=pl.lit(0, pl.Int64), members=pl.lit(0, pl.UInt64),
        ).clear()  # fmt: skip
    group = rows.select(pl.struct("kind", "place").rle_id().cast(pl.Int64)).to_series().to_numpy()
    day = rows["day"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    base = int(day.min()) - days
    span = int(day.max()) - base + days + 1
    key = group * span + (day - base)
    index = np.arange(rows.height)
    first_window = np.searchsorted(key, key - (days - 1), side="left")
    end = np.searchsorted(key, key + (days - 1), side="right") - 1
    same = rows.with_row_index("at").select(
        pl.col("at").cast(pl.Int64).shift(1).over("kind", "place", "household").fill_null(-1)
    )
    start = np.maximum(first_window, same.to_series().to_numpy() + 1)
    change = np.zeros(rows.height + 1, np.int64)
    np.add.at(change, start, 1)
    np.add.at(change, index + 1, -1)
    count = np.cumsum(change)[:-1]
    return _join_windows(rows, _overlap(count >= least, end, group), count)


def _overlap(enough: npt.NDArray[np.bool_], end: Ints, group: Ints) -> pl.DataFrame:
    """Join windows that overlap: columns run, window (the row it starts at), end."""
    windows = np.flatnonzero(enough)
    if not windows.size:
        return pl.DataFrame(schema={"run": pl.Int64, "window": pl.Int64, "end": pl.Int64})
    fresh = np.ones(windows.size, bool)
    fresh[1:] = (windows[1:] > end[windows[:-1]]) | (group[windows[1:]] != group[windows[:-1]])
    return pl.DataFrame({"run": np.cumsum(fresh) - 1, "window": windows, "end": end[windows]})


def _join_windows(rows: pl.DataFrame, windows: pl.DataFrame, count: Ints) -> pl.DataFrame:
    """Describe each run by its rows: what is common, how many, and its fullest window (the latest of equals)."""
    counted = windows.with_columns(most=pl.Series(count[windows["window"].to_numpy()], dtype=pl.Int64))
    fullest = counted.sort("run", "most", "window").group_by("run", maintain_order=True).last()
    spans = counted.group_by("run", maintain_order=True).agg(
        first_row=pl.col("window").min(), last_row=pl.col("end").max()
    )
    lengths = (spans["last_row"] - spans["first_row"] + 1).to_numpy()
    run = np.repeat(np.arange(spans.height), lengths)
    offset = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    members = rows[np.repeat(spans["first_row"].to_numpy(), lengths) + offset].with_columns(
        run=pl.Series(run, dtype=pl.Int64)
    )
    described = members.group_by("run", maintain_order=True).agg(
        pl.col("kind", "place").first(),
        *(pl.col(name).drop_nulls().mode().sort().first() for name in ("postcode", "area", "setting")),
        postcodes=pl.col("postcode").n_unique(),
        first=pl.col("day").min(),
        last=pl.col("day").max(),
        cases=pl.len().cast(pl.Int64),
        households=pl.col("household").n_unique().cast(pl.Int64),
        members=pl.col("one").hash(seed=1).sum(),
    )
    opened = rows["day"].gather(fullest["window"])
    joined: pl.DataFrame = described.with_columns(most=fullest["most"], most_from=opened).drop("run")
    return joined


def _keep_most_telling(runs: pl.DataFrame) -> pl.DataFrame:
    """Tell the very same cases once: as their setting, else their home, else their postcode."""
    ordered = runs.with_columns(order=pl.col("kind").replace_strict(ORDER, return_dtype=pl.Int64)).sort("order")
    return ordered.unique(["members", "cases", "first", "last"], keep="first", maintain_order=True).drop(
        "order", "members"
    )


def _name(runs: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Add the name of a setting as it was written, and of the known places at a home or postcode.

    A setting is where it is known to be; else where its cases live, if people live there or all of them share one postcode.
    Otherwise the postcode that most of them have is that of somebody's home.
    """
    listed = pl.col("name").unique().sort().str.join("; ")
    homes = places.drop_nulls("uprn").group_by(place="uprn").agg(home_name=listed)
    streets = places.drop_nulls("postcode").group_by(place="postcode").agg(street_name=listed)
    settings = places.drop_nulls("postcode").group_by(bare=bare("name")).agg(own=pl.col("postcode").unique())
    known = settings.filter(pl.col("own").list.len() == 1).with_columns(pl.col("own").list.first())
    joined = (
        runs.join(homes, on="place", how="left")
        .join(streets, on="place", how="left")
        .with_columns(bare=bare("place"))
        .join(known, on="bare", how="left")
    )
    kind = pl.col("kind")
    lived_in = (kind != PlaceKind.SETTING) | _is_shared(pl.col("place")) | (pl.col("postcodes") == 1)
    own = pl.coalesce(pl.when(kind == PlaceKind.SETTING).then("own"), pl.when(lived_in).then("postcode"))
    return joined.with_columns(
        postcode=own,
        area=pl.when((kind != PlaceKind.SETTING) | (own == pl.col("postcode"))).then("area"),
        name=pl.when(kind == PlaceKind.SETTING)
        .then(pl.coalesce(pl.when(pl.col("setting").str.to_lowercase() == pl.col("place")).then("setting"), "place"))
        .when(kind == PlaceKind.HOME)
        .then("home_name")
        .otherwise("street_name"),
    )


def bare(name: str) -> pl.Expr:
    """Give the column of names as they are compared: without capitals, full stops and spaces around them."""
    return pl.col(name).str.to_lowercase().str.strip_chars().str.replace_all("[.]", "")


def _add_chance(runs: pl.DataFrame, tagged: pl.DataFrame, population: pl.DataFrame | None, days: int) -> pl.DataFrame:
    """Add population, expected and p where the residents are known (postcodes), and `chance`, to rank all by.

    A place whose residents nobody counted is ranked as if it were a postcode of mean size.
    """
    nobody = pl.DataFrame(schema={"postcode": pl.String, "population": pl.Int64})
    people = nobody if population is None else population
    lived_in = people.filter(pl.col("population") > 0).unique("postcode", keep="first")
    total = float(lived_in["population"].sum())
    joined = runs.join(lived_in.select(place="postcode", population="population"), on="place", how="left")
    rated = joined.with_columns(population=pl.when(pl.col("kind") == PlaceKind.POSTCODE).then("population"))
    everywhere = _count_everywhere(tagged, rated["most_from"], days)
    share = rated["population"].cast(pl.Float64).fill_null(total / max(1, lived_in.height)).to_numpy() / max(total, 1.0)
    mean = share * everywhere
    tail = gammainc(rated["most"].to_numpy(), mean) if total else np.ones(rated.height)
    known = pl.col("population").is_not_null()
    return rated.with_columns(
        pl.Series("mean", mean, dtype=pl.Float64), pl.Series("chance", tail, dtype=pl.Float64)
    ).with_columns(expected=pl.when(known).then("mean"), p=pl.when(known).then("chance"))


def _count_everywhere(tagged: pl.DataFrame, starts: pl.Series, days: int) -> Ints:
    """Count the households anywhere in the window from each start, as `most` does: without one, a case is its own.

    A case is the first of its household in the windows that hold it and start after the household's case before.
    """
    if starts.is_empty():
        return np.zeros(0, np.int64)
    own = pl.lit("case ") + pl.col("one").cast(pl.String)
    day = pl.col("event_date").cast(pl.Int32).cast(pl.Int64)
    first = tagged.select(day=day, household=pl.col("household").fill_null(own)).sort("day")
    before = pl.max_horizontal(pl.col("day") - days, pl.col("day").shift(1).over("household"))
    start, end = first.select(before.alias("before"), "day").to_numpy().T
    base = start.min()
    change = np.zeros(end[-1] - base + 2, np.int64)
    np.add.at(change, start + 1 - base, 1)
    np.add.at(change, end + 1 - base, -1)
    count: Ints = np.cumsum(change)[starts.cast(pl.Int32).cast(pl.Int64).to_numpy() - base]
    return count


def _say(tagged: pl.DataFrame) -> tuple[str, ...]:
    nowhere = tagged.filter(pl.all_horizontal(pl.col("postcode", "home", "settled").is_null())).height
    homeless = tagged.filter(pl.col("home").is_null() & pl.col("postcode").is_not_null()).height
    said = []
    if nowhere:
        said.append(f"Cases without a postcode, a home or a setting can't coincide with others: {nowhere:,}.")
    if homeless:
        said.append(
            f"Cases whose home (UPRN) is not known count one by one, so a family may show as a coincidence: {homeless:,}."
        )
    return tuple(said)
