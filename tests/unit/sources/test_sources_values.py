from datetime import date

import polars as pl
import pytest

from wardkeeper.sources.terms import DateForm
from wardkeeper.sources.values import (
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

ON = date(2026, 11, 20)


def one(read, text, *args, **options):
    return read(pl.Series([text], dtype=pl.String), *args, **options).row(0)


DATES = [
    ("05/06/1980", DateForm.DAY_MONTH_YEAR, date(1980, 6, 5)),
    ("5/6/1980", DateForm.DAY_MONTH_YEAR, date(1980, 6, 5)),
    ("05-06-1980", DateForm.DAY_MONTH_YEAR, date(1980, 6, 5)),
    ("05/06/1980 00:00", DateForm.DAY_MONTH_YEAR, date(1980, 6, 5)),
    ("1980-06-05", DateForm.DAY_MONTH_YEAR, date(1980, 6, 5)),
    ("29/02/2000", DateForm.DAY_MONTH_YEAR, date(2000, 2, 29)),
    ("05-Jun-80", DateForm.DAY_NAME_YEAR, date(1980, 6, 5)),
    ("1980-06-05", DateForm.YEAR_MONTH_DAY, date(1980, 6, 5)),
    ("2026-11-10T09:00:00Z", DateForm.TIMESTAMP, date(2026, 11, 10)),
    ("2026-11-10 09:00:00.123", DateForm.TIMESTAMP, date(2026, 11, 10)),
]


@pytest.mark.parametrize(("text", "form", "day"), DATES)
def test_dates_as_agreed(text, form, day):
    assert one(read_dates, text, form) == (day, None)


PARTS = [
    ("1950-06-05", (date(1950, 6, 5), None), date(1950, 6, 5)),
    ("1950-06", (date(1950, 6, 1), "partial-date"), None),
    ("1950", (date(1950, 1, 1), "partial-date"), None),
    ("1950-13", (None, "impossible-date"), None),
    ("50", (None, "impossible-date"), None),
]


@pytest.mark.parametrize(("text", "read", "born"), PARTS)
def test_a_part_of_a_date_is_its_first_day_but_nobodys_birthday(text, read, born):
    assert one(read_dates, text, DateForm.PARTIAL) == read
    assert one(read_birth_dates, text, DateForm.PARTIAL, on=ON) == (born, read[1])


IMPOSSIBLE = [
    ("31/02/1950", DateForm.DAY_MONTH_YEAR),
    ("29/02/1900", DateForm.DAY_MONTH_YEAR),
    ("06/28/1980", DateForm.DAY_MONTH_YEAR),
    ("1980", DateForm.DAY_MONTH_YEAR),
    ("05/06/1980", DateForm.YEAR_MONTH_DAY),
    ("unknown", DateForm.DAY_NAME_YEAR),
]


@pytest.mark.parametrize(("text", "form"), IMPOSSIBLE)
def test_impossible_dates(text, form):
    assert one(read_dates, text, form) == (None, "impossible-date")


@pytest.mark.parametrize("text", [None, "", "  "])
def test_absence_is_no_fault(text):
    assert one(read_dates, text, DateForm.DAY_MONTH_YEAR) == (None, None)
    for read in (read_nhs_numbers, read_ni_numbers, read_phones, read_emails, read_uprns, read_sexes, read_words):
        assert one(read, text) == (None, None)


BIRTHS = [
    ("20/11/2026", date(2026, 11, 20), None),
    ("21/11/2026", None, "future-date"),
    ("01/01/1900", None, "stand-in-date"),
    ("30/12/1899", None, "stand-in-date"),
    ("01/06/1902", None, "stand-in-date"),
    ("01/06/1910", date(1910, 6, 1), None),
]


@pytest.mark.parametrize(("text", "day", "fault"), BIRTHS)
def test_birth_dates(text, day, fault):
    assert one(read_birth_dates, text, DateForm.DAY_MONTH_YEAR, on=ON) == (day, fault)


@pytest.mark.parametrize(("text", "year"), [("05-Jun-45", 1945), ("05-Jun-20", 2020), ("05-Jun-30", 1930)])
def test_a_two_digit_birth_year_lies_in_the_past(text, year):
    assert one(read_birth_dates, text, DateForm.DAY_NAME_YEAR, on=ON) == (date(year, 6, 5), None)


def test_past_dates():
    assert one(read_past_dates, "01/01/2026", DateForm.DAY_MONTH_YEAR, on=ON) == (date(2026, 1, 1), None)
    assert one(read_past_dates, "01/01/2027", DateForm.DAY_MONTH_YEAR, on=ON) == (None, "future-date")


NHS = {
    "9434765919": "9434765919",
    "943 476 5919": "9434765919",
    "943-476-5919": "9434765919",
    "9434765918": None,
    "0000000000": None,
    "943476591": None,
    "94347659190": None,
    "A434765919": None,
}


@pytest.mark.parametrize(("text", "number"), NHS.items())
def test_nhs_numbers(text, number):
    assert one(read_nhs_numbers, text) == (number, None if number else "bad-nhs-number")


NI = {
    "AB123456C": "AB123456C",
    "ab 12 34 56 c": "AB123456C",
    "AB-12-34-56-C": "AB123456C",
    "AB123456 ": "AB123456",
    "AB123456E": None,
    "AB12345C": None,
    "AB1234567": None,
    "DA123456C": None,
    "AO123456C": None,
    "GB123456C": None,
    "TN010150F": None,
    "ÄB123456C": None,
    "A\u0412123456C": None,
    "AB\u0661\u0662\u0663456C": None,
}


@pytest.mark.parametrize(("text", "number"), NI.items())
def test_ni_numbers(text, number):
    assert one(read_ni_numbers, text) == (number, None if number else "bad-ni-number")


PHONES = {
    "07700 900123": "+447700900123",
    "0161 496 0001": "+441614960001",
    "(0161) 496-0001": "+441614960001",
    "+44 (0)161 496 0001": "+441614960001",
    "0044 161 496 0001": "+441614960001",
    "447700900123": "+447700900123",
    "0161 496 0001 ext 12": "+441614960001",
    "016977 3999": "+44169773999",
    "+353 1 234 5678": "+35312345678",
    "999": None,
    "496 0001": None,
    "n/a": None,
    "0770090012345": None,
    "+44 0000 000000": None,
}


@pytest.mark.parametrize(("text", "number"), PHONES.items())
def test_phones(text, number):
    assert one(read_phones, text) == (number, None if number else "bad-phone")


def test_a_lost_zero_is_put_back_and_noted():
    assert one(read_phones, "7700900123") == ("+447700900123", "lost-zero")
    assert one(read_phones, "1614960001") == ("+441614960001", "lost-zero")


EMAILS = {
    "Jane@Example.ORG": "jane@example.org",
    "j.o'neill+x@example.co.uk": "j.o'neill+x@example.co.uk",
    "jane@home": None,
    "jane example.org": None,
    "a@b.org, c@d.org": None,
    "jane@.org": None,
    "none": None,
}


@pytest.mark.parametrize(("text", "address"), EMAILS.items())
def test_emails(text, address):
    assert one(read_emails, text) == (address, None if address else "bad-email")


UPRNS = {"100012345678": "100012345678", "000090001": "90001", "90001.0": "90001", " 90001 ": "90001"}


@pytest.mark.parametrize(("text", "uprn"), UPRNS.items())
def test_uprns(text, uprn):
    assert one(read_uprns, text) == (uprn, None)


@pytest.mark.parametrize("text", ["x", "12 34", "1234567890123", "9.5"])
def test_bad_uprns(text):
    assert one(read_uprns, text) == (None, "bad-uprn")


@pytest.mark.parametrize("text", ["0", "000"])
def test_a_uprn_of_zeros_is_absent(text):
    assert one(read_uprns, text) == (None, None)


SEXES = {"F": "female", "male": "male", "Other": "other", "Unknown": None, "not stated": None}


@pytest.mark.parametrize(("text", "sex"), SEXES.items())
def test_sexes(text, sex):
    assert one(read_sexes, text) == (sex, None)


def test_an_unknown_sex_is_noted():
    assert one(read_sexes, "7") == (None, "unknown-value")


def test_through_distinct_reads_each_text_once_and_keeps_the_order():
    seen = []

    def read(texts):
        seen.extend(texts.to_list())
        return read_words(texts)

    column = pl.Series(["b", None, "a", "b", "b"])
    assert through_distinct(column, read)["value"].to_list() == ["b", None, "a", "b", "b"]
    assert sorted(seen, key=str) == [None, "a", "b"] or sorted(seen, key=str) == ["a", "b", None]


@pytest.mark.parametrize("text", ["943476591٩", "٩٤٣٤٧٦٥٩١٩"])
def test_digits_of_other_scripts_are_not_taken_for_numbers(text):
    """A regular expression's idea of a digit is wider than the check digit's."""
    assert one(read_nhs_numbers, text) == (None, "bad-nhs-number")
    assert one(read_uprns, text) == (None, "bad-uprn")
