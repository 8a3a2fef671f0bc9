"""Kinds of emergency."""

from enum import StrEnum


class Hazard(StrEnum):
    """A kind of emergency. The value is the slug used in files; `HAZARD_TITLES` has the words for screens."""

    FLOOD = "flood"
    POWER_CUT = "power-cut"
    WATER_LOSS = "water-loss"
    HEAT = "heat"
    COLD = "cold"
    INFECTION = "infection"
    EVACUATION = "evacuation"


HAZARD_TITLES: dict[Hazard, str] = {
    Hazard.FLOOD: "Flood",
    Hazard.POWER_CUT: "Power cut",
    Hazard.WATER_LOSS: "Loss of water",
    Hazard.HEAT: "Extreme heat",
    Hazard.COLD: "Extreme cold",
    Hazard.INFECTION: "Infection",
    Hazard.EVACUATION: "Evacuation",
}
