"""On which day a file was extracted, when the file itself says so."""

from datetime import date

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import Contract
from wardkeeper.sources.values import read_dates


def read_extract_day(raw: RawTable, contract: Contract) -> date | None:
    """Give the latest day in the column that dates the file; None when the contract leaves it to the file's own date.

    Raises BadInput when the contract promises the day and no row has one.
    """
    term = next((term for term in contract.columns if term.name == contract.file.dated_by), None)
    if term is None or term.form is None:
        return None
    days = read_dates(raw.frame[term.name].unique(), term.form)["value"].drop_nulls().to_list()
    if not days:
        raise BadInput(
            "No row says on which day the file was extracted.",
            "Ask the owner for the day.",
            Where(source=contract.name, column=term.name, rule="dated-by"),
        )
    newest: date = max(days)
    return newest
