"""The single-valued fields of each row, read by their meaning, with what was wrong with them."""

from datetime import date
from functools import partial

import polars as pl

from wardkeeper.sources.findings import find_faults
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import ColumnTerm, Contract, DateForm, Meaning
from wardkeeper.sources.values import (
    Reader,
    read_birth_dates,
    read_dates,
    read_emails,
    read_nhs_numbers,
    read_ni_numbers,
    read_past_dates,
    read_phones,
    read_sexes,
    read_uprns,
    read_words,
    through_distinct,
)

READERS: dict[Meaning, Reader] = {
    Meaning.SEX: read_sexes,
    Meaning.NHS_NUMBER: read_nhs_numbers,
    Meaning.NI_NUMBER: read_ni_numbers,
    Meaning.PHONE: read_phones,
    Meaning.EMAIL: read_emails,
    Meaning.LANGUAGE: read_words,
    Meaning.UPRN: read_uprns,
    Meaning.CAUTION: read_words,
    Meaning.SAFE_CONTACT: read_words,
    Meaning.SAFE_PHONE: read_phones,
}

DATE_FIELDS = (Meaning.SEEN_ON, Meaning.ENDED_ON, Meaning.OBJECTED_ON, Meaning.DIED_ON)

_DATES = frozenset({*DATE_FIELDS, Meaning.BIRTH_DATE})

Read = tuple[pl.DataFrame, list[pl.DataFrame]]


def read_fields(cells: pl.DataFrame, contract: Contract, *, on: date) -> Read:
    """Read every field but names and addresses, UPRNs among them. `cells` has `row` and the contract's columns; `on` is the extract's day.

    Gives `row` with a column per field (null where nothing usable was given), and the findings.
    """
    fields: list[pl.Series] = [cells["row"]]
    findings: list[pl.DataFrame] = []
    for meaning in (*(one for one in READERS if one is not Meaning.UPRN), *DATE_FIELDS):
        values, found = read_field(cells, contract.named(meaning), on=on, meaning=meaning)
        fields.append(values.alias(meaning.value))
        findings += found
    return pl.DataFrame(fields), findings


def read_field(
    cells: pl.DataFrame, terms: tuple[ColumnTerm, ...], *, meaning: Meaning, on: date
) -> tuple[pl.Series, list[pl.DataFrame]]:
    """Read the columns of one meaning: the first usable value of each row, and the findings on all of them."""
    kind = pl.Date if meaning in _DATES else pl.String
    values = pl.Series(meaning.value, [None], dtype=kind).new_from_index(0, cells.height)
    findings = []
    for place, term in enumerate(terms):
        read = through_distinct(cells[term.name], _reader(term, on))
        values = values.zip_with(values.is_not_null(), read["value"]) if place else read["value"].cast(kind)
        findings.append(find_faults(cells["row"], read["fault"], column=term.name))
    return values, findings


def _reader(term: ColumnTerm, on: date) -> Reader:
    if term.form is None:
        return READERS[term.meaning]
    match term.meaning:
        case Meaning.BIRTH_DATE:
            return partial(read_birth_dates, form=term.form, on=on)
        case Meaning.SEEN_ON:
            return partial(read_past_dates, form=term.form, on=on)
        case Meaning.OBJECTED_ON | Meaning.DIED_ON:
            return partial(_read_marking_dates, form=term.form, on=on)
        case _:
            return partial(read_dates, form=term.form)


def _read_marking_dates(text: pl.Series, form: DateForm, *, on: date) -> pl.DataFrame:
    """Read dates of death or objection: a stand-in means none, any other that can't be believed holds the row back."""
    doubtful = pl.col("fault").is_in([Rule.IMPOSSIBLE_DATE, Rule.FUTURE_DATE])
    return read_past_dates(text, form, on=on).with_columns(
        pl.when(doubtful).then(pl.lit(Rule.UNREADABLE_MARKING.value)).otherwise("fault").alias("fault")
    )
