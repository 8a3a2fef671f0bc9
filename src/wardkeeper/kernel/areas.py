"""Statistical areas by their nine-character ONS codes."""

import re
from enum import StrEnum
from typing import NewType

AreaCode = NewType("AreaCode", str)


class AreaKind(StrEnum):
    """Kinds of area, smallest first."""

    OUTPUT_AREA = "output area"
    LSOA = "LSOA"
    MSOA = "MSOA"
    WARD = "ward"
    DISTRICT = "district"


KIND_BY_PREFIX: dict[str, AreaKind] = {
    "E00": AreaKind.OUTPUT_AREA,
    "W00": AreaKind.OUTPUT_AREA,
    "E01": AreaKind.LSOA,
    "W01": AreaKind.LSOA,
    "E02": AreaKind.MSOA,
    "W02": AreaKind.MSOA,
    "E05": AreaKind.WARD,
    "W05": AreaKind.WARD,
    "E06": AreaKind.DISTRICT,
    "E07": AreaKind.DISTRICT,
    "E08": AreaKind.DISTRICT,
    "E09": AreaKind.DISTRICT,
    "W06": AreaKind.DISTRICT,
}
"""Entity codes of the ONS register of geographic codes (England and Wales)."""

AREA_CODE = re.compile(r"[ENSW][0-9]{8}")
"""England, Northern Ireland, Scotland, Wales."""


def area_kind(code: str) -> AreaKind | None:
    """Tell what kind of area a code names; `None` when it is no area code known here."""
    return KIND_BY_PREFIX.get(code[:3]) if AREA_CODE.fullmatch(code) else None
