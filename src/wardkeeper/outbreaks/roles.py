"""What each column of a line list holds, told from its heading or by the person who loads it.

Headings are compared without case, spaces and signs. What is not named here is not used, and not kept.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from wardkeeper.kernel.errors import BadInput, Where


class Role(StrEnum):
    """What a column of a line list is for."""

    CASE = "case"
    EVENT = "event-date"
    REPORT = "report-date"
    POSTCODE = "postcode"
    UPRN = "uprn"
    AREA = "area"
    AGE = "age"
    SETTING = "setting"
    SETTING_UPRN = "setting-uprn"
    IGNORE = "ignore"


PLACES = (Role.AREA, Role.UPRN, Role.POSTCODE)
"""The roles that can place a case."""

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


def find_roles(columns: Sequence[str], mapping: Mapping[str, Role] | None = None) -> dict[Role, str]:
    """Tell which column has which role; `mapping` (column to role) goes before the headings.

    Raises BadInput when a mapped column is not there, or when two columns have one role.
    """
    given = mapping or {}
    absent = next((column for column in given if column not in columns), None)
    if absent is not None:
        raise BadInput(
            f"The file has no column “{absent}”.",
            "Write the heading as it stands in the file's first line.",
            Where(column=absent, rule="column=role"),
        )
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
    """Tell whether the columns are those of a line list: a day and a place for each case, and no count of cases."""
    if mapping:
        return True
    plainly = {plain(column) for column in columns}
    roles = {ROLE_BY_HEADING[name] for name in plainly if name in ROLE_BY_HEADING}
    counted = "cases" in plainly or (
        Role.CASE not in roles and any(word in name for name in plainly for word in COUNTED)
    )
    return Role.EVENT in roles and bool(roles & {Role.CASE, *PLACES}) and not counted


def check_roles(roles: Mapping[Role, str]) -> None:
    """Refuse a line list without a day, or without anything that can place a case."""
    if Role.EVENT not in roles:
        raise BadInput(
            "The line list has no column with the day of the event or specimen.",
            "Name it event_date or specimen_date, or say which it is: --map COLUMN=event-date.",
            Where(column="event_date", rule="columns of a line list"),
        )
    if not any(role in roles for role in PLACES):
        raise BadInput(
            "The line list has no column that tells where a case lives.",
            "Give a postcode, a UPRN or an area code; or say which it is: --map COLUMN=postcode.",
            Where(column="postcode", rule="columns of a line list"),
        )
