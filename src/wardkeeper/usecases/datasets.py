"""The names of datasets in the vault: one place, so that nobody spells one differently."""

from wardkeeper.kernel.ids import IncidentId

RESIDENTS = "residents"
MEMBERSHIP = "membership"
HOUSEHOLDS = "households"
HOMES = "homes"
FACTS = "facts"
PAIRS_TO_REVIEW = "pairs-to-review"
PAIR_TALLY = "pair-tally"
LINKS = "links"
ID_CHANGES = "id-changes"
LABELS = "labels/"
AREA_WEEKS = "outbreaks/area-weeks"
ALL_AREAS = "outbreaks/all-areas"
CASE_LINES = "outbreaks/line-list"


def records(source: str) -> str:
    """Name a source's standardised records."""
    return f"records/{source}"


def source_factors(source: str) -> str:
    """Name the factors a source asserts."""
    return f"source-factors/{source}"


def quarantine(source: str) -> str:
    """Name a source's rows to fix."""
    return f"quarantine/{source}"


def removed(source: str) -> str:
    """Name the entries that a source took out."""
    return f"removed/{source}"


def labels(one: str, other: str) -> str:
    """Name the labels of pairs between two sources: held under their permissions only, so they outlive the end of others."""
    low, high = sorted((one, other))
    return f"{LABELS}{low}/{high}"


def fixes(source: str) -> str:
    """Name what was put right in a source's rows."""
    return f"fixes/{source}"


def incident_list(incident: IncidentId) -> str:
    """Name an incident's list."""
    return f"incidents/{incident}/list"


def incident_doors(incident: IncidentId) -> str:
    """Name the look-up from an incident's lines to homes."""
    return f"incidents/{incident}/doors"


def written_to(campaign: str) -> str:
    """Name the look-up from a campaign's messages to the homes and numbers they go to."""
    return f"campaigns/{campaign}/written-to"


def visits(incident: IncidentId) -> str:
    """Name the minimal visit record that outlives an incident."""
    return f"visits/{incident}"
