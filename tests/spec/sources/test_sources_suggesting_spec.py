"""What a column seems to hold: by its name, by its content, and what is said when the two do not agree."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources import contract
from wardkeeper.sources.drafting import draft
from wardkeeper.sources.samples import Sample, find_top, name_columns
from wardkeeper.sources.suggesting import Sureness, suggest
from wardkeeper.sources.synonyms import CALLED, plain_words, read_heading
from wardkeeper.sources.terms import DateForm, FileForm, Format, Meaning

SURE, LIKELY, UNSURE = Sureness

NAMES = {
    "Forename": Meaning.GIVEN,
    "first_name": Meaning.GIVEN,
    "Given Name(s)": Meaning.GIVEN,
    "GivenNames": Meaning.GIVEN,
    "SURNAME": Meaning.FAMILY,
    "last name": Meaning.FAMILY,
    "Client Surname": Meaning.FAMILY,
    "dob": Meaning.BIRTH_DATE,
    "D.O.B.": Meaning.BIRTH_DATE,
    "DoB": Meaning.BIRTH_DATE,
    "Client DoB": Meaning.BIRTH_DATE,
    "DoD": Meaning.DIED_ON,
    "Date Of Birth": Meaning.BIRTH_DATE,
    "DateOfBirth": Meaning.BIRTH_DATE,
    "Tel.": Meaning.PHONE,
    "Mobile": Meaning.PHONE,
    "Tel No 2": Meaning.PHONE,
    "NHSNumber": Meaning.NHS_NUMBER,
    "NHS No": Meaning.NHS_NUMBER,
    "National Insurance Number": Meaning.NI_NUMBER,
    "e-mail": Meaning.EMAIL,
    "Post Code": Meaning.POSTCODE,
    "Address3": Meaning.ADDRESS,
    "Account No": Meaning.KEY,
}


@pytest.mark.parametrize(("heading", "meaning"), NAMES.items())
def test_names_that_sources_give(heading, meaning):
    assert read_heading(heading).meaning is meaning


@pytest.mark.parametrize("heading", ["", "Fruit", "Band", "Floor", "Exemption", "££", "123"])
def test_names_that_tell_nothing(heading):
    assert read_heading(heading) is None


def test_no_heading_is_in_the_table_twice_and_each_is_written_as_it_is_read():
    names = [name for called in CALLED.values() for name in called]
    assert len(names) == len(set(names))
    assert [name for name in names if plain_words(name) != name] == []


# The number of cells is small on purpose: shares are what counts.

NHS = ["9434765919", "943 476 5919", "4010232137", "9876543210"]
POSTCODES = ["M33 1AA", "m331ab", "SW1A 1AA", "B1 1AA"]
PHONES = ["0161 496 0001", "07700 900456", "+44 20 7946 0000", "01632 960001"]
DAYS = ["01/02/1950", "28/02/1961", "14/12/2001", "30/06/1972"]

COLUMNS = {
    "name and content agree": ("Surname", ["Ng", "O'Neill", "Zoë", "محمد"], Meaning.FAMILY, SURE),
    "NHS numbers under their name": ("NHS No", NHS, Meaning.NHS_NUMBER, SURE),
    "NHS numbers under another name": ("Field 7", NHS, Meaning.NHS_NUMBER, LIKELY),
    "NHS numbers under the key's name": ("Ref", NHS, Meaning.NHS_NUMBER, UNSURE),
    "ten digits with wrong check digits": ("NHS No", [f"{n:010}" for n in range(4)], Meaning.NHS_NUMBER, UNSURE),
    "postcodes": ("PC", POSTCODES, Meaning.POSTCODE, SURE),
    "postcodes under no name": ("X", POSTCODES, Meaning.POSTCODE, LIKELY),
    "telephone numbers": ("Mobile", PHONES, Meaning.PHONE, SURE),
    "e-mail under the telephone's name": ("Phone", [f"a{n}@x.org" for n in range(4)], Meaning.EMAIL, UNSURE),
    "sex": ("Gender", ["F", "M", "Female", "U"], Meaning.SEX, SURE),
    "titles": ("Title", ["Mr", "Mrs.", "DR", "Ms"], Meaning.TITLE, SURE),
    "a title of another kind": ("Title", ["Manager", "Clerk", "Cook", "Cleaner"], Meaning.TITLE, UNSURE),
    "whole names": ("Party", ["SMITH, Jane", "KHAN, Amir", "FOX, Ann", "DAY, Zoe"], Meaning.NAME, UNSURE),
    "addresses": (
        "Where",
        ["1 High Street", "2 Mill Lane", "Flat 3, 4 The Close", "9 Oak Rd"],
        Meaning.ADDRESS,
        UNSURE,
    ),
    "UPRNs": ("UPRN", ["100012345678", "9001", "77", "1"], Meaning.UPRN, SURE),
    "a key": ("Person ID", ["A1", "A2", "A3", "A4"], Meaning.KEY, SURE),
    "a key with repeats": ("Person ID", ["A1", "A1", "A3", ""], Meaning.KEY, UNSURE),
    "somebody else's name": ("GP Name", ["Dr A", "Dr B", "Dr C", "Dr D"], Meaning.UNUSED, UNSURE),
    "somebody else's telephone": ("Next of kin phone", PHONES, Meaning.UNUSED, UNSURE),
    "nothing in it": ("Email", ["", "", "", ""], Meaning.EMAIL, UNSURE),
    "nothing known": ("Notes", ["a", "b", "c", "d"], Meaning.UNUSED, UNSURE),
    "a few words that repeat": ("Band", ["A", "B"] * 20, Meaning.FACT, UNSURE),
}


@pytest.mark.parametrize(("name", "cells", "meaning", "sure"), COLUMNS.values(), ids=COLUMNS)
def test_what_a_column_seems_to_hold(name, cells, meaning, sure):
    (found,) = suggest(pl.DataFrame({name: cells}))
    assert (found.column, found.meaning, found.sure) == (name, meaning, sure)
    assert found.why


DATES = {
    "day first": ("DOB", DAYS, Meaning.BIRTH_DATE, SURE, DateForm.DAY_MONTH_YEAR),
    "month by name": ("DOB", ["01-Feb-50", "28-Mar-61"], Meaning.BIRTH_DATE, SURE, DateForm.DAY_NAME_YEAR),
    "year first": ("DOB", ["1950-02-01", "1961-03-28"], Meaning.BIRTH_DATE, SURE, DateForm.YEAR_MONTH_DAY),
    "in digits": ("DOB", ["19500201", "19610328"], Meaning.BIRTH_DATE, SURE, DateForm.YEAR_MONTH_DAY),
    "with a time": ("Updated", ["2026-11-20T09:30", "2026-11-21 10:00:05"], Meaning.SEEN_ON, SURE, DateForm.TIMESTAMP),
    "birth dates by their span": ("X", DAYS, Meaning.BIRTH_DATE, UNSURE, DateForm.DAY_MONTH_YEAR),
    "dates of something": ("X", ["01/02/2025", "02/02/2026"], Meaning.UNUSED, UNSURE, DateForm.DAY_MONTH_YEAR),
    "of the second person": ("Tenant 2 DOB", DAYS, Meaning.BIRTH_DATE, LIKELY, DateForm.DAY_MONTH_YEAR),
    "month first": ("DOB", ["02/28/1950", "12/14/2001"], Meaning.UNUSED, UNSURE, None),
}


@pytest.mark.parametrize(("name", "cells", "meaning", "sure", "form"), DATES.values(), ids=DATES)
def test_dates_and_the_form_they_are_in(name, cells, meaning, sure, form):
    (found,) = suggest(pl.DataFrame({name: cells}))
    assert (found.meaning, found.sure, found.form) == (meaning, sure, form)


def test_the_reasons_count_and_never_quote():
    (found,) = suggest(pl.DataFrame({"NHS No": [*NHS, "9434765918"]}))
    assert found.sure is UNSURE
    assert found.why == (
        "its name is one for nhs-number",
        "but only 4 of 5 filled cells are ten digits with a right NHS check digit",
    )


def test_a_second_person_has_a_name_of_their_own_but_one_telephone():
    found = suggest(
        pl.DataFrame({"Tenant 1": ["A"], "Tenant 2": ["B"], "Joint Surname": ["C"], "Phone 2": ["0161 496 0001"]})
    )
    assert [one.person for one in found] == [1, 2, 2, 1]


# The heading


def test_the_heading_is_found_among_titles():
    assert find_top([["Address list", ""], ["", ""], ["Surname", "Forename"], ["Ng", "Ann"]]) == 2


NO_HEADING = {
    "values": [["9434765919", "Jane", "M33 1AA"], ["4010232137", "Amir", "M33 1AB"]],
    "values and a word that is a heading too": [["House", "01/02/1950"], ["Name", "0161 496 0001"]],
    "words alone": [["Smith", "Jane"], ["Khan", "Amir"]],
}


@pytest.mark.parametrize("rows", NO_HEADING.values(), ids=NO_HEADING)
def test_without_a_sure_heading_nothing_is_written_down(rows):
    with pytest.raises(BadInput) as caught:
        find_top(rows)
    assert "--heading" in caught.value.next
    assert not any(cell in str(caught.value) for row in rows for cell in row)


def test_a_person_may_say_which_row_it_is():
    assert find_top([["x"], ["Colour"], ["red"]], told=2) == 1
    with pytest.raises(BadInput, match="not so many rows"):
        find_top([["x"]], told=2)


def test_names_that_cannot_be_used_are_told():
    assert name_columns(["Name", "", "name ", "Band"]) == (
        {"Name": 0, "Band": 3},
        (
            "1 columns have no name: a contract cannot list them",
            "two columns are called Name: ask the owner to rename one",
        ),
    )


# The draft


def make_draft(frame=None, **form):
    frame = pl.DataFrame({"Ref": ["A1", "A2"], "Name": ["A B", "C D"], "DOB": DAYS[:2]}) if frame is None else frame
    sample = Sample(FileForm(Format.CSV, tuple(frame.columns), **form), frame, ("a comma parts the cells",))
    return draft("lunch-club", "Lunch club", sample, suggest(frame))


ANSWERS = {
    'owner = "" #': 'owner = "The club" #',
    'contact = "" #': 'contact = "club@example.org" #',
    "refresh_days = 0 #": "refresh_days = 7 #",
    'kind = "" #': 'kind = "full" #',
    "purposes = [] #": 'purposes = ["emergency-planning"] #',
    "gateways = [] #": 'gateways = ["cca-2004"] #',
    "# FILL IN: starts and": "starts = 2026-04-01\nreview_by = 2027-04-01\n#",
}


def filled_in(text):
    for blank, answer in ANSWERS.items():
        assert blank in text
        text = text.replace(blank, answer)
    return text


def test_a_draft_is_refused_until_every_blank_is_filled_and_every_guess_is_confirmed():
    text = filled_in(make_draft())
    confirmed = 0
    while "confirmed = false" in text:
        with pytest.raises(BadInput, match="confirmed' is false: nobody has confirmed") as caught:
            contract.parse(text, "lunch-club.toml")
        assert caught.value.where.rule == "unconfirmed"
        text = text.replace("confirmed = false", "confirmed = true", 1)
        confirmed += 1
    terms = contract.parse(text, "lunch-club.toml")
    assert confirmed == 4  # how the file is written, and three columns
    assert terms.file.key == ("Ref",)
    assert [(one.name, one.meaning) for one in terms.columns] == [
        ("Ref", Meaning.KEY), ("Name", Meaning.NAME), ("DOB", Meaning.BIRTH_DATE),
    ]  # fmt: skip


@pytest.mark.parametrize("blank", ANSWERS)
def test_a_draft_with_a_blank_left_is_refused(blank):
    text = make_draft().replace("confirmed = false", "confirmed = true")
    for one, answer in ANSWERS.items():
        text = text if one == blank else text.replace(one, answer)
    with pytest.raises(BadInput):
        contract.parse(text, "lunch-club.toml")


def test_a_draft_says_how_sure_each_guess_is():
    assert "confirmed = false # sure: its name is one for key; every row has its own" in make_draft()
    assert "confirmed = false # a comma parts the cells" in make_draft()


def test_a_name_that_is_no_slug():
    with pytest.raises(BadInput, match="'Lunch club' is not a name for a source"):
        draft("Lunch club", "x", Sample(FileForm(Format.CSV, ("A",)), pl.DataFrame({"A": ["1"]})), ())


HEADINGS = st.lists(
    st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=4,
    unique_by=lambda name: name.strip(),
)  # fmt: skip


@settings(max_examples=60)
@given(HEADINGS, st.lists(st.text(max_size=8), min_size=1, max_size=4))
def test_whatever_headings_and_cells_the_draft_is_toml_that_names_each_column(names, cells):
    frame = pl.DataFrame({name: [cell.encode("utf-8", "replace").decode() for cell in cells] for name in names})
    text = filled_in(make_draft(frame)).replace("confirmed = false", "confirmed = true")
    try:
        terms = contract.parse(text, "x.toml")
    except BadInput as error:
        assert error.where.rule != "toml"  # noqa: PT017 - either it is a contract or a person is told what lacks
        return
    assert [one.name for one in terms.columns] == [name.strip() for name in names]


# The source's own key

NUMBERS = [f"LC{n:04}" for n in range(141)]


def write_draft(**columns):
    frame = pl.DataFrame(columns)
    sample = Sample(FileForm(Format.CSV, tuple(frame.columns)), frame)
    return suggest(frame), draft("lunch-club", "Lunch club", sample, suggest(frame))


def test_a_row_of_totals_hides_no_key_and_the_draft_names_it():
    found, text = write_draft(Code=[*NUMBERS, ""], Surname=[*["Ng", "Fox", "Day"] * 47, "Total"])
    assert (found[0].meaning, found[0].sure) == (Meaning.KEY, UNSURE)
    assert found[0].why == ("141 of 142 rows differ, and it has digits",)
    assert 'key = ["Code"]' in text


def test_of_two_keys_the_surer_is_named_and_no_other_is_left_a_key():
    found, text = write_draft(
        **{"Account No": [*NUMBERS[:-1], "LC0000"], "Person ID": NUMBERS, "Surname": ["Ng"] * 141}
    )
    assert [one.meaning for one in found[:2]] == [Meaning.UNUSED, Meaning.KEY]
    assert 'key = ["Person ID"]' in text
    assert "but 0 rows have none and 1 repeats another's" in found[0].why
