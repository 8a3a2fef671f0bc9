"""The names of datasets in the vault: one place, so that nobody spells one differently."""

from wardkeeper.kernel.ids import IncidentId

RESIDENTS = "residents"
MEMBERSHIP = "membership"
HOUSEHOLDS = "households"
HOMES = "homes"
FACTS = "facts"
AREA_WEEKS = "outbreaks/area-weeks"


def records(source: str) -> str:
    """Name a source's standardised records."""
    return f"records/{source}"


def source_factors(source: str) -> str:
    """Name the factors a source asserts."""
    return f"source-factors/{source}"


def quarantine(source: str) -> str:
    """Name a source's rows to fix."""
    return f"quarantine/{source}"


def incident_list(incident: IncidentId) -> str:
    """Name an incident's list."""
    return f"incidents/{incident}/list"


def incident_doors(incident: IncidentId) -> str:
    """Name the look-up from an incident's lines to homes."""
    return f"incidents/{incident}/doors"


def visits(incident: IncidentId) -> str:
    """Name the minimal visit record that outlives an incident."""
    return f"visits/{incident}"
