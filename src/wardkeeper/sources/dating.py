"""On which day a file was extracted, when the file itself says so."""

from datetime import date
from functools import partial

import polars as pl

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.places.lettering import tidy
from wardkeeper.sources.tables import RawTable
from wardkeeper.sources.terms import ColumnTerm, Contract, DateForm, Meaning
from wardkeeper.sources.values import read_dates, through_distinct


def read_extract_day(raw: RawTable, contract: Contract, *, today: date = date.max) -> date | None:
    """Give the day most rows name in the column that dates the file; None when the contract leaves it to the file itself.

    Of timestamps, one a row, the latest up to `today` counts. Raises BadInput when the contract promises the day and no
    row has one, or when the day is after `today`: such a file would keep every other out until then.
    """
    found = _find_term(contract)
    if found is None:
        return None
    term, form = found
    days = _read_days(raw, term, form).drop_nulls()
    if days.is_empty():
        raise BadInput(
            "No row says on which day the file was extracted.",
            "Ask the owner for the day.",
            Where(source=contract.name, column=term.name, rule="dated-by"),
        )
    # One row's slip ("2062") must not date a whole file.
    likely = days if term.meaning is Meaning.SEEN_ON else days.mode()
    past = likely.filter(likely <= today)
    newest: date = max((likely if past.is_empty() else past).to_list())
    if newest > today:
        raise BadInput(
            f"The file says that it was extracted on {newest}, which is after today, {today}.",
            "Ask the owner for the right day, have it put right in this column, and load the file again.",
            Where(source=contract.name, column=term.name, rule="extracted-in-future"),
        )
    return newest


def say_extract_day(raw: RawTable, contract: Contract, day: date) -> tuple[str, ...]:
    """Say what was assumed where the rows of one file do not all name its day. Timestamps differ, and are told by row."""
    found = _find_term(contract)
    if found is None or found[0].meaning is Meaning.SEEN_ON:
        return ()
    term, form = found
    days = _read_days(raw, term, form)
    filled = raw.frame.select(tidy(pl.col(term.name)).is_not_null())[term.name]
    others, unread = (days != day).sum(), (filled & days.is_null()).sum()
    told = (
        (others, f"{term.name} names another day in {others:,} rows: the one that most rows name, {day}, was taken"),
        (unread, f"{term.name} can't be read in {unread:,} rows: the file was taken to be of {day}"),
    )
    return tuple(sentence for count, sentence in told if count)


def _find_term(contract: Contract) -> tuple[ColumnTerm, DateForm] | None:
    """Give the column that dates the file, and the form of its days, if one does."""
    named = (term for term in contract.columns if term.name == contract.file.dated_by)
    return next(((term, term.form) for term in named if term.form is not None), None)


def _read_days(raw: RawTable, term: ColumnTerm, form: DateForm) -> pl.Series:
    return through_distinct(raw.frame[term.name], partial(read_dates, form=form))["value"]
