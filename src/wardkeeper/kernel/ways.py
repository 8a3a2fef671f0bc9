"""What a refusal sends its reader to do that a command and a page do differently. Each edge words them in one table."""

from enum import StrEnum


class Way(StrEnum):
    """A thing to do next. `cli/ways.py` names the command for it, `web/ways.py` the page."""

    LOAD_CASES = "load-cases"
    MATCH_BOUNDARIES = "match-boundaries"
    LIST_ALERTS = "list-alerts"
    RAISE_ALERTS = "raise-alerts"
    LIST_CAMPAIGNS = "list-campaigns"
    SUBMIT_CAMPAIGN = "submit-campaign"
    NAME_TEMPLATE = "name-template"
    JOIN_RECORDS = "join-records"
