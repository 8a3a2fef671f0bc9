"""Roles: what each column of a file means to linkage. A file's own names are used nowhere else in this room."""

from enum import StrEnum


class Role(StrEnum):
    """What a column holds. Several columns may share a role: their texts are then joined in the order given."""

    ID = "id"
    SOURCE = "source"
    NAME = "name"
    TITLE = "title"
    GIVEN = "given"
    MIDDLE = "middle"
    FAMILY = "family"
    BIRTH_DATE = "birth-date"
    SEX = "sex"
    ADDRESS = "address"
    POSTCODE = "postcode"
    HOME = "home"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs-number"
    NI_NUMBER = "ni-number"
    NUMBER = "number"
    PLACE = "place"
    ATTRIBUTE = "attribute"
    SEEN_ON = "seen-on"
    PROTECTED = "protected"
