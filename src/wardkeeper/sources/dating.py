"""On which day a file was extracted, when the file itself says so."""

from datetime import date

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import Contract, Meaning
from wardkeeper.sources.values import read_dates


def read_extract_day(raw: RawTable, contract: Contract) -> date | None:
    """Give the day most rows name in the column that dates the file; None when the contract leaves it to the file itself.

    Of timestamps, one a row, the latest counts. Raises BadInput when the contract promises the day and no row has one.
    """
    term = next((term for term in contract.columns if term.name == contract.file.dated_by), None)
    if term is None or term.form is None:
        return None
    days = read_dates(raw.frame[term.name], term.form)["value"].drop_nulls()
    if days.is_empty():
        raise BadInput(
            "No row says on which day the file was extracted.",
            "Ask the owner for the day.",
            Where(source=contract.name, column=term.name, rule="dated-by"),
        )
    # One row's slip ("2062") must not date a whole file; so not simply the latest.
    likely = days if term.meaning is Meaning.SEEN_ON else days.mode()
    newest: date = max(likely.to_list())
    return newest
