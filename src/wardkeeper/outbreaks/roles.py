"""What each column of a line list or of published counts holds, as the person says who loads it; of lists also by heading.

Headings are compared without case, spaces and signs. What is not named here is not used, and not kept.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.kernel.naming import name_some


class Role(StrEnum):
    """What a column is for: of a line list, or from `week-end` to `cases-of-7-days` of published counts."""

    CASE = "case"
    EVENT = "event-date"
    REPORT = "report-date"
    POSTCODE = "postcode"
    UPRN = "uprn"
    AREA = "area"
    AGE = "age"
    SETTING = "setting"
    SETTING_UPRN = "setting-uprn"
    WEEK_END = "week-end"
    WEEK_START = "week-start"
    DATE = "date"
    CASES = "cases"
    DAY_CASES = "cases-of-day"
    SEVEN_DAYS = "cases-of-7-days"
    IGNORE = "ignore"


PLACES = (Role.AREA, Role.UPRN, Role.POSTCODE)
"""The roles that can place a case."""

COUNT_NAMES: Mapping[Role, str] = {
    Role.AREA: "area",
    Role.WEEK_END: "week_end",
    Role.WEEK_START: "week_commencing",
    Role.DATE: "date",
    Role.CASES: "cases",
    Role.DAY_CASES: "new_cases",
    Role.SEVEN_DAYS: "cases7",
}
"""What a column of published counts is called by its role."""

COUNT_ROLES = (*COUNT_NAMES, Role.IGNORE)
LIST_ROLES = tuple(role for role in Role if role not in COUNT_NAMES or role is Role.AREA)
OF_BOTH = (Role.AREA, Role.IGNORE)

DAYS, COUNTS = (Role.WEEK_END, Role.WEEK_START, Role.DATE), (Role.CASES, Role.DAY_CASES, Role.SEVEN_DAYS)
"""Published counts have one column of each."""

SYNONYMS: Mapping[Role, str] = {
    Role.CASE: "case caseid casid casenumber caseno caseref casereference caseidentifier personid patientid finalid "
    "recordid uniqueid ctasid hpzoneid hpzonecaseid pseudoid id",
    Role.EVENT: "eventdate dateofevent specimendate dateofspecimen earliestspecimendate specimendt specimencollectiondate "
    "collectiondate datecollected datesampled sampledate dateofsample swabdate dateofswab testdate dateoftest onset onsetdate dateonset dateofonset "
    "dateofsymptomonset datespecimen datesample datetested symptomonset symptomonsetdate episodestart episodestartdate infectionepisodestartdate",
    Role.REPORT: "reportdate reporteddate datereported dateofreport reportingdate reportedon labreportdate datelabreport resultdate dateresult "
    "dateofresult dateauthorised authoriseddate dateofauthorisation resultauthoriseddate dateresultauthorised "
    "notificationdate dateofnotification datenotification datenotified datereceived receiveddate publishdate",
    Role.POSTCODE: "postcode postalcode pcode pcd pcds homepostcode patientpostcode residentialpostcode residencepostcode "
    "postcodeofresidence postcoderesidence addresspostcode casepostcode",
    Role.UPRN: "uprn homeuprn residenceuprn addressuprn patientuprn uniquepropertyreferencenumber",
    Role.AREA: "area areacode lsoa lsoacode lsoa11 lsoa21 lsoa11cd lsoa21cd lsoa11code lsoa21code msoa msoacode msoa11 "
    "msoa21 msoa11cd msoa21cd msoa11code msoa21code datazone datazonecode",
    Role.AGE: "age ageyears ageinyears ageattest ageatspecimen ageband agegroup patientage",
    Role.SETTING: "setting settingname settingtype nameofsetting institution institutionname carehome carehomename school "
    "schoolname propertytype residencetype residentialcategory workplace",
    Role.SETTING_UPRN: "settinguprn institutionuprn carehomeuprn schooluprn workplaceuprn",
}
"""Headings seen in line lists, plainly written, a space between them, by role."""

COUNTED = ("cases", "count")
"""What the heading of a column of counts holds; a list of cases without ids has none."""

VALUE = r"(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[\d\s.,-]{4,}|[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2})"
"""A day, a long number or a postcode: in the place of a heading it is a case, whose words are not told."""


def plain(heading: str) -> str:
    """Give a heading in small letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


ROLE_BY_HEADING: Mapping[str, Role] = {name: role for role, names in SYNONYMS.items() for name in names.split()}


def parse_map(texts: Sequence[str]) -> dict[str, Role]:
    """Read `column=role` as given to a command. Raises BadInput naming the roles there are."""
    return dict(_parse_one(text) for text in texts)


def _parse_one(text: str) -> tuple[str, Role]:
    column, sign, role = text.rpartition("=")
    known = {plain(one): one for one in Role}
    if not sign or not column.strip() or plain(role) not in known:
        raise BadInput(
            f"“{text}” does not say which column has which role.",
            f"Write it as column=role, with one of: {', '.join(Role)}.",
            Where(rule="column=role"),
        )
    return column.strip(), known[plain(role)]


def check_mapped(columns: Sequence[str], mapping: Mapping[str, Role]) -> None:
    """Refuse a mapping of a column that is not there."""
    absent = next((column for column in mapping if column not in columns), None)
    if absent is not None:
        raise BadInput(
            f"The file has no column “{absent}”.",
            f"Write the heading as it stands in the file. {say_seen(columns)}".strip(),
            Where(column=absent, rule="column=role"),
        )


def find_roles(columns: Sequence[str], mapping: Mapping[str, Role] | None = None) -> dict[Role, str]:
    """Tell which column has which role; `mapping` (column to role) goes before the headings.

    Raises BadInput when a mapped column is not there, or when two columns have one role.
    """
    given = mapping or {}
    check_mapped(columns, given)
    mapped = set(given.values()) - {Role.IGNORE}
    found: dict[Role, str] = {}
    for column in columns:
        role = given.get(column) or ROLE_BY_HEADING.get(plain(column))
        if role is None or role is Role.IGNORE or (column not in given and role in mapped):
            continue
        if role in found:
            raise BadInput(
                f"The columns “{found[role]}” and “{column}” both look like the {role}.",
                f'Say which it is: --map "{column}={role}"; or leave one out: --map "{column}=ignore".',
                Where(column=column, rule="one column a role"),
            )
        found[role] = column
    return found


def is_line_list(columns: Sequence[str], mapping: Mapping[str, Role] | None = None) -> bool:
    """Tell whether the columns are those of a line list: a day and a place for each case, and no count of cases.

    Roles that a mapping gives settle it. Raises BadInput where it gives roles of both.
    """
    given = {role for role in (mapping or {}).values() if role not in OF_BOTH}
    of_counts = sorted(role for role in given if role in COUNT_NAMES)
    of_lists = sorted(given.difference(COUNT_NAMES))
    if of_counts and of_lists:
        raise BadInput(
            f"The role {of_counts[0]} is of published counts, {of_lists[0]} of a line list: a file is one or the other.",
            f"For counts use {', '.join(COUNT_ROLES)}; for a line list {', '.join(LIST_ROLES)}.",
            Where(rule="column=role"),
        )
    if given:
        return bool(of_lists)
    plainly = {plain(column) for column in columns if (mapping or {}).get(column) is not Role.IGNORE}
    roles = {ROLE_BY_HEADING[name] for name in plainly if name in ROLE_BY_HEADING} | set((mapping or {}).values())
    counted = "cases" in plainly or (
        Role.CASE not in roles and any(word in name for name in plainly for word in COUNTED)
    )
    return Role.EVENT in roles and bool(roles & {Role.CASE, *PLACES}) and not counted


def say_seen(columns: Sequence[str]) -> str:
    """Name the columns that a file has; none where the first line looks like a case, for it may be about somebody."""
    if any(re.fullmatch(VALUE, column.strip(), re.IGNORECASE) for column in columns):
        return "The first line looks like a case: if the file has no headings, add them. "
    return f"The file has these columns: {name_some(columns)}. "


def to_known_names(columns: Sequence[str], mapping: Mapping[str, Role]) -> dict[str, str]:
    """Give each column of published counts that is kept its name: by its role where the mapping gives it one.

    A column that would be taken for what another was said to be is not kept. Raises BadInput for a column that is not
    there, a role that is there twice, and one that counts don't have.
    """
    check_mapped(columns, mapping)
    wrong = next((role for role in mapping.values() if role not in COUNT_ROLES), None)
    twice = [one for group in ((Role.AREA,), DAYS, COUNTS) for one in _spare(mapping, group)]
    if wrong or twice:
        raise BadInput(
            f"Published counts have no {wrong}."
            if wrong
            else f"Two columns are said to be the {twice[0]}, or like it.",
            f"Use each of these once: {', '.join(COUNT_ROLES)}; one day and one count for each row.",
            Where(rule="column=role"),
        )
    taken = {COUNT_NAMES[role] for role in mapping.values() if role is not Role.IGNORE}
    names = {column: column if column not in mapping else COUNT_NAMES.get(mapping[column], "") for column in columns}
    return {
        column: name
        for column, name in names.items()
        if name and (column in mapping or plain(name) not in map(plain, taken))
    }


def _spare(mapping: Mapping[str, Role], group: Sequence[Role]) -> list[Role]:
    return [role for role in mapping.values() if role in group][1:]


def check_roles(roles: Mapping[Role, str], columns: Sequence[str]) -> None:
    """Refuse a line list without a day, or without anything that can place a case; `columns` are all it has."""
    known = ", ".join(f"{role} = {column}" for role, column in roles.items())
    seen = say_seen(columns) + (f"Known of these: {known}. " if known and "these columns" in say_seen(columns) else "")
    if Role.EVENT not in roles:
        raise BadInput(
            "The line list has no column with the day of the event or specimen.",
            f'{seen}Name it event_date or specimen_date, or say which it is: --map "COLUMN=event-date".',
            Where(column="event_date", rule="columns of a line list"),
        )
    if not any(role in roles for role in PLACES):
        raise BadInput(
            "The line list has no column that tells where a case lives.",
            f"{seen}Give a postcode, a UPRN or an area code; or say which it is: "
            '--map "COLUMN=postcode" (or uprn, or area).',
            Where(column="postcode", rule="columns of a line list"),
        )
