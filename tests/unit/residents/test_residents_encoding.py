"""Records as rows of integers, read back in the order of the table they came from."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from resident_tables import codes_of, encode_table, read_records
from wardkeeper.residents.arrays import MISSING
from wardkeeper.residents.cells import Column, Mark
from wardkeeper.residents.encoding import break_ties, encode, read_dates
from wardkeeper.residents.linking import ROLES
from wardkeeper.residents.roles import Role

C = Column


def marked(encoded, mark):
    return [bool(marks & mark) for marks in codes_of(encoded, C.MARKS)]


def test_equal_values_have_equal_codes_and_blanks_are_missing():
    encoded = encode_table("""
        id    | given | family | phone
        a:1   | ANN   | LEE    | 0161 4960123
        a:2   | ANN   | OAK    | -
        a:3   | -     | LEE    | +441614960123
    """)
    for column, same, other in ((C.GIVEN, 1, 2), (C.FAMILY, 2, 1), (C.PHONE, 2, 1)):
        codes = codes_of(encoded, column)
        assert codes[0] == codes[same] >= 0
        assert codes[other] != codes[0]
    assert codes_of(encoded, C.GIVEN)[2] == codes_of(encoded, C.PHONE)[1] == MISSING


def test_names_share_one_numbering():
    encoded = encode_table("""
        id    | given | middle | family
        a:1   | LEE   | -      | ANN
        a:2   | ANN   | LEE    | LEE
    """)
    given, middle, family = (codes_of(encoded, column) for column in (C.GIVEN, C.MIDDLE, C.FAMILY))
    assert given[0] == family[1] == middle[1]
    assert given[1] == family[0]


def test_the_texts_behind_codes_are_those_of_their_records():
    encoded = encode_table("""
        id  | given | family | address   | phone        | email   | ni
        a:1 | ANN   | LEE    | 1 Mill Rd | 0161 4960123 | a@b.org | QQ123456C
    """)
    said = {C.GIVEN: "ANN", C.FAMILY: "LEE", C.ADDRESS: "1 MILL ROAD", C.PHONE: "1614960123", C.EMAIL: "a@b.org"}
    for column, text in {**said, C.NI_NUMBER: "QQ123456C"}.items():
        code, (units, starts, _) = codes_of(encoded, column)[0], encoded.texts
        assert "".join(map(chr, units[starts[code] : starts[code + 1]])) == text


def test_an_initial_is_no_given_name_in_full():
    encoded = encode_table("id | given\na:1 | A\na:2 | ANN")
    given, initial = codes_of(encoded, C.GIVEN), codes_of(encoded, C.INITIAL)
    assert given[0] == codes_of(encoded, C.ROOT)[0] == MISSING < given[1]
    assert initial[0] == initial[1] >= 0


def test_further_given_names_are_middle_names():
    encoded = encode_table("id | given | middle\na:1 | ANN MAY | -\na:2 | ANN | MAY\na:3 | ANN MAY | JUNE")
    given, middle = codes_of(encoded, C.GIVEN), codes_of(encoded, C.MIDDLE)
    assert given[0] == given[1] == given[2]
    assert middle[0] == middle[1] != middle[2]


def test_a_nickname_has_the_root_of_its_name():
    root = codes_of(encode_table("id | given\na:1 | BILL\na:2 | WILLIAM\na:3 | PETER"), C.ROOT)
    assert root[0] == root[1] != root[2]


def test_a_whole_name_is_given_and_family_name():
    frame = pl.DataFrame({"who": ["Ann May Lee", "Lee", None, "A. Lee"], "given": [None, None, None, "Bo"]})
    encoded = encode(frame, {"who": Role.NAME, "given": Role.GIVEN})
    parted = encode(
        pl.DataFrame({"given": ["Ann", "Lee", None, "Bo"], "family": ["Lee", None, None, "Lee"]}),
        {
            "given": Role.GIVEN,
            "family": Role.FAMILY,
        },
    )
    for column in (C.GIVEN, C.FAMILY):
        known = [[code >= 0 for code in codes_of(one, column)] for one in (encoded, parted)]
        assert known[0] == known[1]
    assert codes_of(encoded, C.FAMILY)[0] == codes_of(encoded, C.FAMILY)[3] == codes_of(encoded, C.GIVEN)[1]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1949-04-11", (1949, 4, 11)),
        ("1949/04/11", (1949, 4, 11)),
        ("19490411", (1949, 4, 11)),
        ("1949-04-11T00:00:00", (1949, 4, 11)),
        (" 11/04/1949 ", (1949, 4, 11)),
        ("11.4.1949", (1949, 4, 11)),
        ("1-4-1949", (1949, 4, 1)),
        ("11 4 1949", (1949, 4, 11)),
        ("31/02/1949", (1949, 2, 31)),
        ("1949", (1949, None, None)),
        ("1949-04", (1949, 4, None)),
        ("11 April 1949", (None, None, None)),
        ("11/04/49", (None, None, None)),
        ("about 1949", (None, None, None)),
        ("", (None, None, None)),
    ],
)
def test_dates_are_read_in_several_forms_and_never_guessed(born, expected):
    assert read_dates(pl.Series([born])).row(0) == expected


@pytest.mark.parametrize(
    "born",
    [
        pl.Series([date(1949, 4, 11), None]),
        pl.Series([date(1949, 4, 11), None]).cast(pl.Datetime),
        pl.Series(["11/04/1949", "?"]),
        pl.Series([19490411, None]),
    ],
    ids=["dates", "instants", "texts", "numbers"],
)
def test_birth_dates_of_any_column_are_years_months_and_days(born):
    encoded = encode(pl.DataFrame({"born": born}), {"born": Role.BIRTH_DATE})
    found = [codes_of(encoded, column) for column in (C.YEAR, C.MONTH, C.DAY, C.BIRTH)]
    assert found == [[1949, MISSING], [4, MISSING], [11, MISSING], [19490411, MISSING]]


def test_1_january_tells_the_year_alone_and_1900_nothing():
    encoded = encode_table("id | born\na:1 | 1949-01-01\na:2 | 1900-01-01\na:3 | 1949-01-02")
    assert codes_of(encoded, C.YEAR) == [1949, MISSING, 1949]
    assert codes_of(encoded, C.MONTH) == [MISSING, MISSING, 1]
    assert codes_of(encoded, C.BIRTH) == [MISSING, MISSING, 19490102]


def test_a_home_that_is_named_is_the_home():
    homes = codes_of(encode_table("id | home | address\na:1 | uprn:1 | 1 ELM ROAD\na:2 | uprn:2 | 1 ELM ROAD"), C.HOME)
    assert homes[0] != homes[1]


def test_where_no_home_is_named_address_and_postcode_tell_it():
    encoded = encode_table("""
        id  | address        | postcode
        a:1 | 1 Elm Rd       | ZZ1 1AA
        a:2 | 1 ELM ROAD     | zz11aa
        a:3 | 1 ELM ROAD     | ZZ2 2BB
        a:4 | 1 ELM ROAD     | -
        a:5 | FLAT 2 1 ELM RD | ZZ1 1AA
    """)
    homes = codes_of(encoded, C.HOME)
    assert homes[0] == homes[1] >= 0
    assert len({homes[0], homes[2], homes[4]}) == 3
    assert homes[3] == MISSING
    building = codes_of(encoded, C.BUILDING)
    assert building[4] == building[0] != building[2]


def test_sex_comes_from_the_column_then_the_title_then_the_name():
    encoded = encode_table("""
        id  | title | given | sex
        a:1 | MR    | KIM   | female
        a:2 | MR    | JOHN  | -
        a:3 | MR    | JOHN  | -
        a:4 | -     | JOHN  | -
        a:5 | DR    | ALEX  | -
    """)
    assert codes_of(encoded, C.SEX) == [0, 1, 1, 1, MISSING]


def test_a_name_that_both_sexes_bear_tells_none():
    encoded = encode_table("id | title | given\na:1 | MR | ALEX\na:2 | MRS | ALEX\na:3 | - | ALEX")
    assert codes_of(encoded, C.SEX) == [1, 0, MISSING]


def test_one_source_alone_tells_nothing():
    assert codes_of(encode_table("id | given\na:1 | ANN\na:2 | BOB"), C.SOURCE) == [MISSING, MISSING]


def test_a_child_is_told_by_age_when_seen_and_an_adult_by_title():
    encoded = encode_table("""
        id  | title | born       | seen_on
        a:1 | -     | 2020-05-01 | 2026-06-01
        a:2 | MISS  | 2010-05-01 | 2026-06-01
        a:3 | MRS   | -          | 2026-06-01
        a:4 | -     | 2030-05-01 | 2026-06-01
    """)
    assert marked(encoded, Mark.CHILD) == [True, False, False, False]
    assert marked(encoded, Mark.ADULT) == [False, False, True, False]


def test_marks_of_a_record_that_is_protected_or_on_the_address_list():
    encoded = encode_table("id | home | protected\na:1 | uprn:1 | yes\na:2 | addr:1 | no\na:3 | - | no")
    assert marked(encoded, Mark.PROTECTED) == [True, False, False]
    assert marked(encoded, Mark.LISTED_HOME) == [True, False, False]


TABLE = """
id  | given | family | born       | home   | postcode
a:1 | ANN   | LEE    | 1949-04-11 | uprn:1 | ZZ1 1AA
b:1 | BOB   | OAK    | 1962-07-30 | uprn:2 | ZZ1 1AB
a:2 | ANNE  | LEE    | -          | uprn:1 | ZZ1 1AA
"""


def test_order_tells_where_each_row_came_from():
    encoded = encode_table(TABLE)
    assert encoded.rank()[encoded.order].tolist() == list(range(encoded.size))
    assert codes_of(encoded, C.YEAR) == [1949, 1962, MISSING]
    assert np.array_equal(encoded.cells[:, C.YEAR], encoded.column(C.YEAR))


def test_the_order_of_columns_changes_nothing():
    records = read_records(TABLE)
    one, other = encode(records, ROLES), encode(records.select(reversed(records.columns)), ROLES)
    assert np.array_equal(one.cells, other.cells)
    assert np.array_equal(one.order, other.order)


def test_records_stand_in_the_same_order_however_the_rows_of_the_table_do():
    records = read_records(TABLE)
    one, other = encode(records, ROLES), encode(records.reverse(), ROLES)
    assert records["record_id"][one.order].to_list() == records.reverse()["record_id"][other.order].to_list()
    assert np.array_equal(one.tiebreaks, other.tiebreaks)
    assert np.array_equal(one.tiebreaks, np.sort(one.tiebreaks))


def test_what_a_record_is_ordered_by_does_not_hang_on_the_others():
    records = read_records(TABLE)
    alone = [break_ties(records[row], ROLES).item() for row in range(records.height)]
    assert break_ties(records, ROLES).tolist() == alone


def test_no_records_are_no_rows():
    encoded = encode(read_records(TABLE).clear(), ROLES)
    assert encoded.cells.shape == (0, len(Column))
