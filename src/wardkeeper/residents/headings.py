"""Which role a column plays in linking, told by its heading: for files that have no contract, such as those of a measurement.

What is wrong in a mapping is raised here; reading the columns is left to others. Ids and known truth are never given a role:
in some published sets the id holds the truth.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wardkeeper.kernel.errors import UsageError, Where
from wardkeeper.residents.roles import Role

UNUSED = "unused"
SHARED = ("address",)
"""Roles that several columns may have: their cells are read as one."""

SYNONYMS: dict[str, str] = {
    "source": "source source_dataset source_name source_system dataset",
    "name": "name full_name fullname person_name",
    "title": "title salutation name_title",
    "given": "given given_name given_names givenname first_name first_names firstname forename forenames",
    "middle": "middle middle_name middle_names middlename middle_initial",
    "family": "family family_name familyname last_name lastname surname",
    "birth-date": "dob d_o_b date_of_birth dateofbirth birth_date birthdate birthday born",
    "sex": "sex gender",
    "address": "address addr flat flat_number unit unit_number building house house_number house_name street street_number "
    "street_name street_address road line_1 line_2 line_3",
    "postcode": "postcode post_code postcode_fake zip zipcode zip_code postal_code",
    "phone": "phone phone_number phone_no telephone telephone_number tel tel_no mobile mobile_number mobile_phone",
    "email": "email e_mail email_address",
    "nhs-number": "nhs nhs_number nhs_no nhsno nhsnumber",
    "ni-number": "ni nino ni_number ni_no national_insurance national_insurance_number",
    "number": "ssn soc_sec_id social_security social_security_number",
    "home": "uprn",
    "place": "place birth_place birthplace place_of_birth city town suburb village locality",
    "attribute": "occupation job state ethnicity race_ethnicity language",
}
"""Headings of each role, folded as `fold` folds them."""

ROLES = tuple(role.value for role in Role)
_ROLE_OF = {heading: role for role, headings in SYNONYMS.items() for heading in headings.split()}
_NUMBERED_ADDRESS = re.compile(r"(address|addr)_?(line_?)?\d+|(address|addr)_.*")
_NEVER = re.compile(r"(.*_)?(id|ids|uuid|key|cluster|household|truth|label|index|row)(_.*)?")
"""Ids, and what is commonly the truth or made from it."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """The roles of a file's columns, by heading; the columns without one; and those that can never have one."""

    roles: dict[str, str]
    unused: tuple[str, ...]
    never: tuple[str, ...]


def fold(heading: str) -> str:
    """Write a heading in lower case with underscores between its words."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", heading.strip())
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def suggest_roles(
    headings: Iterable[str],
    truth: str,
    *,
    table: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
) -> Suggested:
    """Give each heading its role: as `asked`, else by `table` (a known set's own), else by its synonyms.

    Raises UsageError for a column or role that is not known, or a role given to the truth, to an id, or to a second column.
    """
    headings, asked = list(headings), dict(asked or {})
    _check_asked(headings, truth, asked)
    roles = {heading: role for heading, role in asked.items() if role not in {UNUSED, "id"}}
    free = [heading for heading in headings if heading not in asked and heading != truth]
    for heading in free:
        role = (table or {}).get(heading) if table else _synonym(heading)
        if role and (role in SHARED or role not in roles.values()):
            roles[heading] = role
    left = [heading for heading in headings if heading not in roles and heading != truth]
    never = tuple(heading for heading in left if _is_never(heading))
    return Suggested(
        {heading: roles[heading] for heading in headings if heading in roles},
        tuple(heading for heading in left if heading not in never),
        never,
    )


def _check_asked(headings: list[str], truth: str, asked: dict[str, str]) -> None:
    if truth not in headings:
        raise _unknown_column(truth, headings)
    for heading, role in asked.items():
        if heading not in headings:
            raise _unknown_column(heading, headings)
        if role not in {*ROLES, UNUSED}:
            message = f"There is no role “{role}”."
            raise UsageError(message, f"Roles: {', '.join((*ROLES, UNUSED))}.", Where(column=heading))
        if role not in {"id", UNUSED} and (heading == truth or _is_never(heading)):
            message = "The truth, ids and households are never inputs: they can hold the answer."
            raise UsageError(message, "Leave this column out.", Where(column=heading))
    given = [role for role in asked.values() if role not in {*SHARED, "id", UNUSED}]
    twice = next((role for role in given if given.count(role) > 1), "")
    if twice:
        raise UsageError(f"Two columns have the role “{twice}”.", f"Only {', '.join(SHARED)} can have several.")


def _unknown_column(name: str, headings: list[str]) -> UsageError:
    return UsageError(f"There is no column “{name}”.", f"The file has: {', '.join(headings)}.")


def _synonym(heading: str) -> str | None:
    folded = fold(heading)
    role = _ROLE_OF.get(folded)
    return role or ("address" if _NUMBERED_ADDRESS.fullmatch(folded) else None)


def _is_never(heading: str) -> bool:
    folded = fold(heading)
    return folded not in _ROLE_OF and _NEVER.fullmatch(folded) is not None
