"""The forms in which counts by area are published, each turned into one long table of text.

Four are known: *long* (a row for each area and week), *daily* (a row for each area and day), *weekly* (a row an area, a
column `wk_10` for each ISO week) and *rolling* (a row a day, a column an area, each cell a seven-day total).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from wardkeeper.kernel.areas import AREA_CODE
from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some
from wardkeeper.outbreaks.roles import COUNT_ROLES, LIST_ROLES, say_seen


class Form(StrEnum):
    """How a published table is laid out."""

    LONG = "long"
    DAILY = "daily"
    WEEKLY = "weekly"
    ROLLING = "rolling"


LEVELS = ("oa", "lsoa", "datazone", "msoa", "intzone", "intermediatezone", "wd", "ward", "ltla", "lad", "utla")
"""What the columns of area codes are called, the smallest areas first: the smallest are those that are counted."""

AREA_NAMES = (
    *("areacode", "geographycode", "area", "areacd", "onscode", "onsareacode", "gsscode"),
    *(
        f"{level}{year}{end}"
        for level in LEVELS
        for year in ("", "11", "19", "20", "21", "22", "2011", "2019", "2020", "2021", "2022")
        for end in ("cd", "code", "")
    ),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK_ENDS = (
    *("weekend", "weekended", "weekending", "weekenddate", "weekendingdate", "weekendingon", "dateweekending"),
    *("weekto", "weekendeddate", "we", "wedate", "week", "isoweek"),
    *(f"weekending{day}" for day in WEEKDAYS),
)
ENDS = (*WEEK_ENDS, "date", "specimendate", "dateofspecimen")
STARTS = (
    *("weekcommencing", "weekcommencingdate", "weekstarting", "weekstart", "weekbeginning", "wc", "wcdate"),
    *("weekstartdate", "weekstartingdate", "weekbeginningdate", "weekfrom", "dateweekcommencing"),
    *(f"week{word}{day}" for word in ("commencing", "beginning", "starting") for day in WEEKDAYS),
)
SEVEN_DAYS = (
    *("cases7", "newcasesbyspecimendaterollingsum", "positive7day", "rolling7daysumofcases", "7daycases"),
    *("cases7day", "cases7days", "caseslast7days", "casesinlast7days", "7daytotal", "7dayrollingsum", "rollingsum"),
)
WEEKS = (
    *("cases", "noofcases", "numberofcases", "numbercases", "numcases", "ncases", "casecount", "casescount"),
    *("countofcases", "casenumbers", "numbersofcases", "totalcases", "totalnoofcases", "totalnumberofcases"),
    *("confirmedcases", "noofconfirmedcases", "numberofconfirmedcases", "positivecases", "noofpositivecases"),
    *("numberofpositivecases", "labconfirmedcases", "weeklycases", "casesinweek", "casesperweek", "casesthisweek"),
    *("weeklycasecount", "weeklytotal", "newweeklycases", "covidcases", "covid19cases", "count", "counts"),
)
NEW = ("newcases", "noofnewcases", "numberofnewcases", "newconfirmedcases")
"""Counts of a week where the day ends or begins one, of a day elsewhere."""

ONE_DAY = (
    *("newcasesbyspecimendate", "dailylabconfirmedcases", "dailycases", "casesbyday", "casesperday", "newdailycases"),
    *("dailynewcases", "dailycasecount", "metricvalue"),
    *NEW,
)
OVERLAPPING = frozenset({"latest7days", *ONE_DAY, "cumcasesbyspecimendate", "cumulativelabconfirmedcases"})
"""Columns that count the same cases again: they are not used where there is a better one, and that is said."""

COMPANION = re.compile(
    r"(?:rgn|region|nation|ca|area|geography|(?:"
    + "|".join(LEVELS)
    + r"))(?:\d\d|\d{4})?(?:cd|code|nm|name|hclnm|type)?"
    r"|name|rate7?|crude.*|variation.*|cum.*|.*rate|newcasesbyspecimendate(?:change|changepercentage|direction)"
    r"|theme|subtheme|topic|metric|metricgroup|stratum|sex|age|year|month|epiweek|inreportingdelayperiod"
    r"|localauthority(?:name|code)?|districtname|week(?:no|number)|population|notes?|comments?"
)
"""Columns known from published files that hold nothing counted here."""

KINDS = ("areatype", "geographytype")
"""Columns that tell the kind of area."""

WEEK_COLUMN = re.compile(r"wk_?([0-9]{1,2})")

EXPECTED = (
    "Expected area, week_end and cases; area, date and new_cases; an area code and wk_01, wk_02 …; or specimenDate and "
    "a column an area."
)
SAY_COUNTS = f' Where columns are headed otherwise, say what they are: --map "COLUMN=role", with one of: {", ".join(COUNT_ROLES)}.'
SAY_LISTED = (
    " If it is a line list, a row for each case, it needs the day (event-date) and the place (postcode, uprn or area) of "
    f'each: --map "COLUMN=event-date" --map "COLUMN=postcode". Its roles are: {", ".join(LIST_ROLES)}.'
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a published table has what: its form, and the columns of codes, days and counts where it has one of each.

    `starts` tells that the day begins the week, `seven` that each count is said to be of seven days. `unused` are the
    columns that count the same cases again.
    """

    form: Form
    area: str = ""
    day: str = ""
    cases: str = ""
    starts: bool = False
    seven: bool = False
    unused: tuple[str, ...] = ()


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _only(columns: Sequence[str], names: Sequence[str], what: str) -> str:
    """Give the one column of these names; empty where there is none. Raises BadInput where there are two."""
    found = [column for column in columns if _plain(column) in names]
    if len(found) > 1:
        raise BadInput(
            f"The columns {found[0]} and {found[1]} both look like {what}.",
            f'Leave out the one that is not meant: --map "{found[1]}=ignore".',
            Where(column=found[1], rule="known columns"),
        )
    return found[0] if found else ""


def find_area(columns: Sequence[str]) -> str:
    """Give the column of area codes, of the smallest areas where there are several; empty where there is none."""
    return next(iter(find_areas(columns)), "")


def find_areas(columns: Sequence[str]) -> list[str]:
    """Give the columns of area codes, those of the smallest areas first."""
    coded = [column for column in columns if _plain(column) in AREA_NAMES]
    return sorted(coded, key=lambda column: AREA_NAMES.index(_plain(column)))


def list_areas(frame: pl.DataFrame) -> frozenset[str]:
    """Give the areas of a published table: the codes in its column, or those that its columns are headed by."""
    area = find_area(frame.columns)
    if area:
        return frozenset(frame[area].drop_nulls().str.strip_chars().unique())
    return frozenset(column for column in frame.columns if AREA_CODE.fullmatch(column))


def find_layout(columns: Sequence[str]) -> Layout:
    """Tell how a table with these columns is laid out. Raises BadInput naming what is missing, unknown or there twice."""
    area = find_area(columns)
    day, start = _only(columns, ENDS, "the day of a count"), _only(columns, STARTS, "the day of a count")
    weeks = [column for column in columns if WEEK_COLUMN.fullmatch(column.lower())]
    codes = [column for column in columns if AREA_CODE.fullmatch(column)]
    total = _only(columns, (*SEVEN_DAYS, *WEEKS), "the count")
    weekly = bool(start) or _plain(day) in WEEK_ENDS
    total = total or (_only(columns, NEW, "the count") if weekly else "")
    daily = "" if total else _only(columns, ONE_DAY, "the count of a day")
    if area and weeks:
        return Layout(Form.WEEKLY, area, unused=_check_known(columns, (area, *weeks)))
    if area and (start or day) and total:
        unused = _check_known(columns, (area, day, start, total))
        return Layout(Form.LONG, area, start or day, total, bool(start), _plain(total) in SEVEN_DAYS, unused)
    if area and day and daily:
        return Layout(Form.DAILY, area, day, daily, unused=_check_known(columns, (area, day, daily)))
    if day and codes:
        return Layout(Form.ROLLING, day=day, seven=True, unused=_check_known(columns, (day, *codes)))
    raise BadInput(
        "The columns are not those of a table of counts by area and week.",
        say_seen(columns) + EXPECTED + SAY_COUNTS + SAY_LISTED,
        Where(rule="known columns"),
    )


def _check_known(columns: Sequence[str], used: Sequence[str]) -> tuple[str, ...]:
    """Refuse a column that nobody knows; give those that count the same cases again."""
    others = [column for column in columns if column not in used]
    overlapping = tuple(column for column in others if _plain(column) in OVERLAPPING)
    unknown = next((one for one in others if one not in overlapping and not COMPANION.fullmatch(_plain(one))), None)
    if unknown is not None:
        raise BadInput(
            "The column is not one a published table of counts has.",
            f'Say what it is, --map "{unknown}=cases", or that it is not needed, --map "{unknown}=ignore". ' + EXPECTED,
            Where(column=unknown, rule="known columns"),
        )
    return overlapping


def to_long(frame: pl.DataFrame, layout: Layout, year: int | None) -> pl.DataFrame:
    """Give a text table of row (in the file, 1 first), area, day and cases, in the file's order.

    `year` is the year of the week numbers in the weekly form, which does not say it.
    """
    rows = frame.with_row_index("row", offset=1).with_columns(pl.col(frame.columns).cast(pl.String))
    match layout.form:
        case Form.LONG | Form.DAILY:
            _check_one_kind(frame)
            _check_metric(frame)
            return rows.select("row", area=layout.area, day=layout.day, cases=layout.cases)
        case Form.WEEKLY:
            return _from_weekly(rows, layout.area, year)
        case Form.ROLLING:
            return _from_rolling(rows, layout.day)


def _check_one_kind(frame: pl.DataFrame) -> None:
    """Refuse a table with wards beside districts, say: their cases would count twice."""
    for column in frame.columns:
        if _plain(column) not in KINDS:
            continue
        kinds = frame[column].drop_nulls().unique().sort().to_list()
        if len(kinds) > 1:
            raise BadInput(
                f"The table has areas of several kinds: {name_some(kinds)}. Their cases would count twice.",
                "Keep the rows of one kind.",
                Where(column=column, rule="one kind of area"),
            )


def _check_metric(frame: pl.DataFrame) -> None:
    """Refuse the UK Health Security Agency's table of another metric than cases by day."""
    column = next((one for one in frame.columns if _plain(one) == "metric"), None)
    odd = (
        [one for one in frame[column].unique().sort() if not _plain(str(one)).endswith("casesbyday")] if column else []
    )
    if odd:
        raise BadInput(
            f"The table has the metric {odd[0]}, which is no count of cases by day.",
            "Ask for the metric that ends in casesByDay, and for that alone.",
            Where(column=column or "", rule="cases by day"),
        )


def _from_weekly(rows: pl.DataFrame, area: str, year: int | None) -> pl.DataFrame:
    if year is None:
        raise BadInput(
            "The file has week numbers but does not say which year they belong to.",
            "Say the year when loading it, such as --year 2020.",
            Where(rule="year of the week numbers"),
        )
    weeks = [column for column in rows.columns if WEEK_COLUMN.fullmatch(column.lower())]
    ends = {column: _last_day(column, year) for column in weeks}
    long = rows.unpivot(weeks, index=["row", area], variable_name="week", value_name="cases")
    return long.select("row", pl.col(area).alias("area"), pl.col("week").replace_strict(ends).alias("day"), "cases")


def _last_day(column: str, year: int) -> str:
    """Give the Sunday that ends an ISO 8601 week."""
    try:
        return date.fromisocalendar(year, int(re.sub(r"\D", "", column)), 7).isoformat()
    except ValueError:
        raise BadInput(
            f"{year} has no such week.", "Check the heading and the year.", Where(column=column, rule="ISO week")
        ) from None


def _from_rolling(rows: pl.DataFrame, day: str) -> pl.DataFrame:
    areas = [column for column in rows.columns if AREA_CODE.fullmatch(column)]
    long = rows.unpivot(areas, index=["row", day], variable_name="area", value_name="cases")
    return long.select("row", "area", pl.col(day).alias("day"), "cases")
