"""Standardising against plain references, and the promise that every row of a file is accounted for."""

from datetime import date

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardkeeper.adapters.tables import read_table
from wardkeeper.places.addresses import COLUMNS, AddressList
from wardkeeper.places.postcodes import PostcodeTable
from wardkeeper.sources import contract
from wardkeeper.sources.names import PARTICLES, read_full
from wardkeeper.sources.standardising import standardise
from wardkeeper.sources.terms import DateForm
from wardkeeper.sources.values import read_dates, read_nhs_numbers

TERMS = contract.parse(
    """
[source]
name = "club"
title = "Club"
owner = "The club"
contact = "club@example.org"
refresh_days = 7
kind = "full"
[mandate]
id = "standing-club"
kind = "standing"
title = "Club"
purposes = ["emergency-planning"]
gateways = ["cca-2004"]
starts = 2026-04-01
review_by = 2027-04-01
at_end = "delete"
[file]
format = "csv"
key = ["No"]
[[column]]
name = "No"
as = "key"
[[column]]
name = "Name"
as = "name"
[[column]]
name = "Born"
as = "birth-date"
form = "dd/mm/yyyy"
[[column]]
name = "Died"
as = "died-on"
form = "dd/mm/yyyy"
[[column]]
name = "NHS"
as = "nhs-number"
[[column]]
name = "Address"
as = "address"
""",
    "club.toml",
)

NO_ADDRESSES = AddressList(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)))
NO_POSTCODES = PostcodeTable(
    pl.DataFrame(schema=dict.fromkeys(("postcode", "output_area", "lsoa", "msoa", "longitude", "latitude"), pl.String))
)

CELL = st.one_of(
    st.sampled_from(
        ["", " ", "Mr & Mrs J Smith", "SMITH, Jane", "31/02/1950", "01/02/1950", "9434765919", "1 High St"]
    ),
    st.text(st.characters(exclude_characters='\x00",\r\n', exclude_categories=("Cs",)), max_size=12),
)


def nhs_number_is_valid(digits):
    """The reference: the NHS Data Dictionary's rule, digit by digit."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit() or digits == "0000000000":
        return False
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    check = 11 - total % 11
    return check != 10 and int(digits[9]) == check % 11


@settings(max_examples=60)
@given(st.lists(st.from_regex(r"\A\d{9,11}\Z"), min_size=1, max_size=20))
@example(["9434765919", "0000000000", "00000000\u06600"])
def test_nhs_numbers_agree_with_the_plain_rule(numbers):
    read = read_nhs_numbers(pl.Series(numbers, dtype=pl.String))
    assert read["value"].is_not_null().to_list() == [nhs_number_is_valid(number) for number in numbers]


@settings(max_examples=60)
@given(st.integers(0, 35), st.integers(0, 14), st.integers(1850, 2100))
def test_a_date_is_read_exactly_when_the_calendar_has_it(day, month, year):
    try:
        expected = date(year, month, day)
    except ValueError:
        expected = None
    text = f"{day:02}/{month:02}/{year}"
    assert read_dates(pl.Series([text]), DateForm.DAY_MONTH_YEAR).row(0) == (
        expected,
        None if expected else "impossible-date",
    )


@settings(max_examples=30)
@given(st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=8))
def test_whatever_comes_every_row_is_loaded_repaired_or_held_back(rows):
    content = "\n".join(",".join(row) for row in [TERMS.file.columns, *rows, ["z", "A B", "", "", "", ""]]) + "\n"
    raw = read_table(content.encode(), TERMS.file)
    done = standardise(
        raw,
        TERMS,
        delivery="dlv-1",
        postcodes=NO_POSTCODES,
        addresses=NO_ADDRESSES,
        extracted_on=date(2026, 11, 20),
    )
    held = set(done.quarantined["row"])
    recorded = set(done.records["row"])
    repeated = {note.row for note in done.notes if note.rule == "repeated-key"}
    assert done.loaded + done.repaired + done.quarantined_rows == done.rows == raw.height
    assert held.isdisjoint(recorded)
    assert held | recorded | repeated == set(raw.rows) | {fault.row for fault in raw.faults}
    assert done.records["record_id"].is_unique().all()


TELLING = {*PARTICLES, "MR", "DR", "NA", "MS", "MX", "AND"}
"""Words that are part of a family name, or no name at all, wherever they stand."""
PART = st.text(st.characters(categories=("Lu",), max_codepoint=90), min_size=2, max_size=8).filter(
    lambda name: name not in TELLING
)


@settings(max_examples=80)
@given(st.sampled_from(["", "Mr ", "Mrs ", "Dr. "]), PART, PART)
def test_a_name_reads_the_same_in_either_order(title, given_name, family):
    both = read_full(pl.Series([f"{title}{given_name} {family}", f"{family}, {title}{given_name}"]))
    assert both.row(0) == both.row(1)


def standardise_rows(rows):
    content = "\n".join(",".join(row) for row in [TERMS.file.columns, *rows]) + "\n"
    return standardise(
        read_table(content.encode(), TERMS.file),
        TERMS,
        delivery="dlv-1",
        postcodes=NO_POSTCODES,
        addresses=NO_ADDRESSES,
        extracted_on=date(2026, 11, 20),
    )


@settings(max_examples=40)
@given(st.lists(st.lists(CELL, min_size=5, max_size=5), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_their_numbers(rows, random):
    """Each row has a key of its own: what stands for an empty or shared one is the row's number."""
    keyed = [[f"k{place}", *row] for place, row in enumerate([*rows, ["A B", "", "", "", ""]])]
    shuffled = random.sample(keyed, len(keyed))
    one, other = standardise_rows(keyed), standardise_rows(shuffled)
    assert one.records.drop("row").sort("record_id").equals(other.records.drop("row").sort("record_id"))
    assert one.factors.sort("record_id").equals(other.factors.sort("record_id"))
    assert (one.loaded, one.repaired, one.quarantined_rows) == (other.loaded, other.repaired, other.quarantined_rows)
    held = [sorted(done.quarantined.select("column", "rule", "content").rows()) for done in (one, other)]
    assert held[0] == held[1]
