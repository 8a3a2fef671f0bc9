"""A line list as it comes: one row a report of a case, under many headings, made into one typed frame.

What can't be right is set aside with its reason and counted; a case that can't be placed in an area is kept without
one. Notes and errors name rows, columns and rules, never a value. Counting is left to `cases`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some
from wardkeeper.outbreaks.days import read_days, swap
from wardkeeper.outbreaks.given import take_day, take_text
from wardkeeper.outbreaks.placing import Gazetteer, place_cases
from wardkeeper.outbreaks.roles import PLACES, Role, check_roles, find_roles
from wardkeeper.places.postcodes import standardise

COLUMNS = (*("case", "event_date", "report_date", "postcode", "home", "area", "age_group", "setting", "setting_home"),)
"""The columns of a read line list; `home` and `setting_home` are UPRNs. Any but case and event_date may be null."""

TEXT_ROLES = (Role.CASE, Role.POSTCODE, Role.UPRN, Role.AREA, Role.AGE, Role.SETTING, Role.SETTING_UPRN)
LONGEST_CELL = 200
"""No case id, place or setting is longer; a longer cell is a paste gone wrong, and is read as empty."""

SHORTENED = r"^[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,2}$"
"""A long number as a spreadsheet shows it: its last digits are lost, so two of them may look the same."""

UNNAMED = r"^row [0-9]+$"
"""What stands for the id of a case in a list that has none: its row, which says nothing of it in another list."""

IN_MONTHS = r"^[0-9]+\s*(?:m|mths?|months?|w|wks?|weeks?|d|days?)\b"
DATED = r"[0-9][/.-][0-9]{1,2}[/.-][0-9]"
"""A day of birth in the place of an age: its first number is no age."""

AGE_GROUPS = {4: "0 to 4", 17: "5 to 17", 39: "18 to 39", 64: "40 to 64", 79: "65 to 79", 125: "80 and over"}
"""Groups by their oldest age in years: all that is kept of an age."""

OLDEST_YEARS = 10
"""An event this long before the day of the list is a slip of the pen, and would make thousands of empty weeks."""

LONGEST_DELAY = timedelta(days=60)
"""A delay up to this is believable when day and month are exchanged."""

MOST_SET_ASIDE = 0.1
FEW_ROWS = 10
"""Up to so many faulty rows are set aside; more than that, and more than a tenth, and the file is refused."""

ROWS_NAMED = 5

ANOTHER_EVENT = timedelta(days=90)
"""Reports of one case whose events lie further apart are of two events: a second infection, or an id used again."""


@dataclass(frozen=True, slots=True, eq=False)
class LineList:
    """Cases as known on `as_of`: `frame` has COLUMNS, a row a case, sorted by event date and case.

    `rows` were in the file; `set_aside` counts those that could not be read, by reason, and `unplaced` the cases kept
    without an area. `dated` tells whether the list says when cases were reported, `named` whether it has case ids.
    """

    frame: pl.DataFrame
    as_of: date
    rows: int
    set_aside: Mapping[str, int]
    unplaced: int
    dated: bool
    named: bool
    notes: tuple[str, ...]


def read_line_list(
    table: pl.DataFrame, *, as_of: date, gazetteer: Gazetteer | None = None, mapping: Mapping[str, Role] | None = None
) -> LineList:
    """Read a table of text columns as a line list, as it was known on `as_of`.

    Columns are told by their headings, or by `mapping` (column to role). A case is placed by its home, else its
    postcode, else its area code. A case reported more than once is kept once: its newest place and date, and the day
    of its first report. Raises BadInput when a column is missing, or when too many rows can't be right.
    """
    table = take_text(table, "cases")
    take_day(as_of, "as_of")
    if not isinstance(mapping, Mapping | None):
        raise BadInput("The mapping is none.", "Give a dict of column to role.", Where(key="mapping"))
    roles = find_roles(table.columns, mapping)
    check_roles(roles, table.columns)
    if table.is_empty():
        raise BadInput("The line list has no rows.", "Check that the whole file was sent.", Where(rule="not empty"))
    typed, reading = _typed(table, roles)
    sound, set_aside, faults = _set_aside(typed, as_of, named=Role.CASE in roles)
    known = sound.filter(pl.col("report_date").fill_null(pl.col("event_date")) <= as_of)
    single, repeats = _once_a_case(known)
    placed = place_cases(single, gazetteer or Gazetteer())
    frame = placed.frame.select(COLUMNS).sort("event_date", "case")
    notes = (
        *_columns_unused(table, roles),
        *_columns_absent(roles),
        *reading,
        *faults,
        *_counted("Cases reported after {} were left out, as not known yet: {:,}.", as_of, sound.height - known.height),
        *repeats,
        *placed.notes,
    )
    return LineList(
        frame, as_of, table.height, set_aside, placed.unplaced, Role.REPORT in roles, Role.CASE in roles, notes
    )


def _typed(table: pl.DataFrame, roles: Mapping[Role, str]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Give row, the roles' columns tidied and days read, and what was assumed while reading them."""
    texts = {
        role: pl.col(roles[role]).cast(pl.String).str.strip_chars() if role in roles else pl.lit(None, pl.String)
        for role in TEXT_ROLES
    }
    long = pl.any_horizontal([text.str.len_chars() > LONGEST_CELL for text in texts.values()])
    tidy = {
        role: pl.when((text != "") & (text.str.len_chars() <= LONGEST_CELL)).then(text) for role, text in texts.items()
    }
    dates = [table[roles[role]] for role in (Role.EVENT, Role.REPORT) if role in roles]
    event = read_days(dates[0], "event_date", beside=dates[1:])
    report = read_days(dates[1], "report_date", beside=dates[:1]) if dates[1:] else None
    reported = report.days if report else pl.Series("report_date", [None] * table.height, dtype=pl.Date)
    written = dates[1].fill_null("").str.strip_chars() != "" if report else None
    frame = table.select(
        case=tidy[Role.CASE].str.replace(r"^([0-9]+)\.0+$", "${1}"),
        postcode=standardise(tidy[Role.POSTCODE]),
        place_given=pl.any_horizontal([tidy[role].is_not_null() for role in PLACES]),
        home=_uprn(tidy[Role.UPRN]),
        area_given=tidy[Role.AREA].str.to_uppercase(),
        age_group=_age_group(tidy[Role.AGE]),
        age_given=tidy[Role.AGE].is_not_null(),
        setting=tidy[Role.SETTING].str.replace_all(r"\s+", " "),
        setting_home=_uprn(tidy[Role.SETTING_UPRN]),
        long=long.fill_null(value=False),
    ).with_columns(event.days, reported)
    unread = (
        pl.lit(value=False)
        if written is None
        else pl.Series("report_unread", written) & pl.col("report_date").is_null()
    )
    # A setting that is written as a number is the UPRN of the place.
    number = _uprn(pl.col("setting"))
    done = frame.with_columns(
        report_unread=unread,
        setting_home=pl.coalesce("setting_home", number),
        setting=pl.when(number.is_null()).then(pl.col("setting")),
    ).with_row_index("row", offset=1)
    ages = int(done.select(pl.col("age_given") & pl.col("age_group").is_null()).to_series().sum())
    said = (
        *_counted("Ages that could not be {} were left out: {:,}.", "read", ages),
        *_counted(
            "Cells longer than {} characters were read as empty, in so many rows: {:,}.",
            LONGEST_CELL,
            int(done["long"].sum()),
        ),
    )
    return done, (*event.notes, *(report.notes if report else ()), *said)


def _uprn(text: pl.Expr) -> pl.Expr:
    """Give a UPRN's digits without leading zeros; null for other text. A spreadsheet's ".0" is taken off."""
    return text.str.replace_all(r"[\s,]", "").str.replace(r"\.0+$", "").str.extract(r"^0*([0-9]{5,12})$")


def _age_group(text: pl.Expr) -> pl.Expr:
    """Give the group of an age in years, months or weeks, or of the band that starts with it; null for a day."""
    written = text.str.to_lowercase()
    young = written.str.contains(IN_MONTHS) | written.str.contains(r"^(?:<|under)\s*[1-5]\b")
    first = pl.when(~written.str.contains(DATED)).then(written.str.extract(r"^([0-9]{1,3})"))
    years = pl.when(young).then(0).otherwise(first.cast(pl.Int64))
    return pl.coalesce(pl.when(years <= oldest).then(pl.lit(name)) for oldest, name in AGE_GROUPS.items())


def _set_aside(rows: pl.DataFrame, as_of: date, *, named: bool) -> tuple[pl.DataFrame, dict[str, int], tuple[str, ...]]:
    """Part the rows that can't be right from the others, each with its first reason."""
    event, report = pl.col("event_date"), pl.col("report_date")
    rules = (
        (pl.col("case").is_null() & named, "have no case id"),
        (pl.col("case").str.contains(SHORTENED), "have a case id that a spreadsheet shortened"),
        (event.is_null(), "have no event date that can be read"),
        (pl.col("report_unread"), "have a report date that can't be read"),
        (report < event, "were reported before they happened"),
        ((event > as_of) & (report.is_null() | (report <= as_of)), "happened in the future"),
        (event < as_of - timedelta(days=365 * OLDEST_YEARS), f"happened more than {OLDEST_YEARS} years ago"),
    )
    reason = reduce(
        lambda otherwise, rule: pl.when(rule[0].fill_null(value=False)).then(pl.lit(rule[1])).otherwise(otherwise),
        reversed(rules),
        pl.lit(None, pl.String),
    )
    judged = rows.with_columns(reason=reason)
    faulty = judged.filter(pl.col("reason").is_not_null())
    _check_share(faulty, rows.height)
    counts = dict(faulty.group_by("reason", maintain_order=True).len().iter_rows())
    said = [
        f"Rows that {why} were set aside: {count:,} ({_name_rows(faulty.filter(pl.col('reason') == why))})."
        for why, count in counts.items()
    ]
    sound = judged.filter(pl.col("reason").is_null()).drop("reason")
    if not named:
        sound = sound.with_columns(case=pl.format("row {}", "row"))
    return sound, counts, (*said, *_say_swapped(faulty, as_of))


def _name_rows(rows: pl.DataFrame) -> str:
    first = ", ".join(str(row) for row in rows["row"].head(ROWS_NAMED))
    return f"row {first}" if rows.height == 1 else f"rows {first}{' …' if rows.height > ROWS_NAMED else ''}"


def _say_swapped(faulty: pl.DataFrame, as_of: date) -> tuple[str, ...]:
    """Tell how many faulty rows would be right with a day and a month exchanged. Nothing is changed by guessing."""
    event, report = pl.col("event_date"), pl.col("report_date")

    def right(one: pl.Expr, other: pl.Expr) -> pl.Expr:
        return ((other - one).is_between(timedelta(0), LONGEST_DELAY) & (other <= as_of)).fill_null(value=False)

    either_way = right(swap(event), report) | right(event, swap(report)) | right(swap(event), swap(report))
    exchanged = faulty.filter(either_way & ~right(event, report))
    if exchanged.is_empty():
        return ()
    return (
        (
            f"Of the rows set aside, {exchanged.height:,} would be right with day and month exchanged, as a spreadsheet "
            f"does it ({_name_rows(exchanged)}). Nothing was changed: ask for the file as its system wrote it."
        ),
    )


def _check_share(faulty: pl.DataFrame, rows: int) -> None:
    few = faulty.height <= FEW_ROWS or faulty.height <= MOST_SET_ASIDE * rows
    if faulty.is_empty() or (few and faulty.height < rows):
        return
    why, count = faulty.group_by("reason").len().sort("len", "reason", descending=[True, False]).row(0)
    row = int(faulty.filter(pl.col("reason") == why)["row"][0])
    raise BadInput(
        f"{faulty.height:,} of {rows:,} rows can't be right: {count:,} {why}, first in row {row}.",
        "Check that the columns and the order of day and month are right (--map COLUMN=role), then load it again.",
        Where(row=row, rule="line list"),
    )


def _once_a_case(known: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep each case's newest known place and date, and the day of its first report (what the delay is about).

    A report from before the newest known date was of something else, and is not the first of this event.
    """
    told = pl.col("report_date").fill_null(pl.col("event_date"))
    ordered = known.with_columns(told=told).sort("case", "told", "row")
    if not ordered["case"].is_duplicated().any():
        return ordered, ()
    place = ("postcode", "home", "area_given")
    placed = pl.any_horizontal(pl.col(place).is_not_null())
    event, report = pl.col("event_date"), pl.col("report_date")
    single = ordered.group_by("case", maintain_order=True).agg(
        event.last(),
        report.filter(report >= event.last()).min(),
        pl.col("row").last(),
        # All of a place comes from one report, the newest that tells one; a report without one takes none away.
        *(pl.col(name).filter(placed).last() for name in place),
        *(pl.col(name).drop_nulls().last() for name in ("age_group", "setting", "setting_home")),
        place_given=pl.col("place_given").any(),
        moved=pl.struct(place).filter(placed).n_unique() > 1,
        apart=event.max() - event.min() > ANOTHER_EVENT,
    )
    said = [f"Repeated reports of the same case were counted once: {known.height - single.height:,}."]
    moved = int(single["moved"].sum())
    if moved:
        said.append(f"Cases whose place was changed by a later report count where they were last placed: {moved:,}.")
    apart = int(single["apart"].sum())
    if apart:
        said.append(
            f"Cases with events more than {ANOTHER_EVENT.days} days apart, of which only the newest counts: {apart:,}. "
            "Ask whether their ids were used again for other people or infections; those need ids of their own."
        )
    return single.drop("moved", "apart"), tuple(said)


def _columns_unused(table: pl.DataFrame, roles: Mapping[Role, str]) -> tuple[str, ...]:
    unused = [column for column in table.columns if column not in roles.values()]
    return (f"Columns that are not used were not kept: {name_some(unused)}.",) if unused else ()


def _columns_absent(roles: Mapping[Role, str]) -> tuple[str, ...]:
    said = []
    if Role.CASE not in roles:
        said.append("The list has no case ids: each row counts as a case, and a case in two rows counts twice.")
    if Role.REPORT not in roles:
        said.append("The list has no report dates: how late reports come can't be told, nor the newest days estimated.")
    return tuple(said)


def _counted(words: str, what: object, count: int) -> tuple[str, ...]:
    return (words.format(what, count),) if count else ()
