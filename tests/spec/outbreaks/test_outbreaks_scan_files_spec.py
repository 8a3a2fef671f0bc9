"""What a scan's files may look like: SaTScan's plain text and CSV with headings; a few lines in, rows out."""

import gzip
from datetime import date

import pytest

from wardkeeper.adapters.scan_files import read_scan_areas, read_scan_cases, read_scan_population


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes, name: str = "file.txt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


MAY = date(2020, 5, 30)


@pytest.mark.parametrize(
    "text",
    [
        "001 3 2020/05/30\n002 1 2020/05/30\n",
        "001  3\t2020-5-30\r\n002 1   2020-05-30\r\n",
        "001\t3 2020/05/30\n002\t1 2020/05/30\n",
        "001 3\t2020/05/30\n002 1\t2020/05/30\n",
        "001 \t 3\t  2020/05/30\t\n002\t1 \t2020/05/30 \t\n",
        "\t001 3 2020/05/30\n002\t1 2020/05/30\t\n",
        "001,3,2020/05/30\n002,1,2020/05/30\n",
        "001; 3; 2020/05/30\n002; 1; 2020/05/30\n",
        "001\t3\t2020-05-30\n\n002\t1\t2020-05-30",
        '// from the register\n"001" 3 2020/5/30\n\n# the other\n"002" 1 2020/5/30\n',
        "area,cases,date\n001,3,2020-05-30\n002,1,2020-05-30\n",
        "\ufeffDate;Cases;MSOA11CD\n2020-05-30;3;001\n2020-05-30T00:00:00;1;002\n",
        "week_end,msoa11_code,count\n2020-05-30,001,3\n2020-05-30,002,1\n",
    ],
)
def test_cases_are_read_from_either_form_and_ids_stay_text(write, text):
    assert read_scan_cases(write(text)).frame.rows() == [("001", 3, MAY), ("002", 1, MAY)]


def test_tabs_and_blanks_part_the_cells_of_areas_and_of_people_too(write):
    for text in ("a\t1.5 2.5\nb\t3 4\n", "a 1.5\t2.5\nb 3.0\t4\n", "a  1.5 \t 2.5\nb\t3\t4\n"):
        assert read_scan_areas(write(text)).frame.rows() == [("a", 1.5, 2.5), ("b", 3.0, 4.0)]
    for text in ("a\t2019 120\nb\t2019 90\n", "a 2019\t120\nb 2019\t90\n"):
        assert read_scan_population(write(text)).frame["population"].to_list() == [120, 90]


def test_an_area_whose_people_are_there_twice_is_told(write):
    assert read_scan_population(write("a 120\nb 90\na 120\n", "x.pop")).notes == (
        "x.pop: rows of people of one area, day and group were added up: 1 more rows than these.",
    )
    assert read_scan_population(write("a 2019 120 male\na 2019 120 female\n")).notes == ()


def test_blanks_stay_within_cells_that_tabs_part(write):
    text = "Ward 1\t3\t2020/05/30\t65 and over\nTown Hall\t1\t2020/05/30\t18 to 64\n"
    table = read_scan_cases(write(text)).frame
    assert table["area"].to_list() == ["Ward 1", "Town Hall"]
    assert table["group 1"].to_list() == ["65 and over", "18 to 64"]
    headed = "LSOA 2011 code\tNo. of cases\tWeek ending\na b\t3\t2020-05-30 00:00\n"
    assert read_scan_cases(write(headed)).frame.rows() == [("a b", 3, MAY)]


def test_an_id_in_quotation_marks_may_hold_spaces_and_commas(write):
    text = '"Los Alamos" 2\n"Truth, or Consequences" 1\n'
    assert read_scan_cases(write(text)).frame["area"].to_list() == ["Los Alamos", "Truth, or Consequences"]


@pytest.mark.parametrize(
    ("written", "read", "precision"),
    [
        ("1973", date(1973, 1, 1), "year"),
        ("2020/5", date(2020, 5, 1), "month"),
        ("2020-05", date(2020, 5, 1), "month"),
        ("2020/05/30", MAY, "day"),
        ("20/05/30", MAY, "day"),
        ("73/1/9", date(1973, 1, 9), "day"),
    ],
)
def test_a_date_may_be_a_day_a_month_or_a_year(write, written, read, precision):
    table = read_scan_cases(write(f"a 1 {written}\nb 2 {written}\n"))
    assert table.frame["date"].to_list() == [read, read]
    assert table.precision == precision


@pytest.mark.parametrize(
    ("text", "read", "how"),
    [
        ("a 1 12/6/1973\nb 2 5/30/1974\n", [date(1973, 12, 6), date(1974, 5, 30)], "the month first: some days"),
        ("a 1 12-6-1973\nb 2 1-2-1974\n", [date(1973, 12, 6), date(1974, 1, 2)], "the month first, as SaTScan does"),
        (
            "area,cases,date\na,1,01/02/2020 00:00\nb,2,30/05/2020 00:00\n",
            [date(2020, 2, 1), MAY],
            "the day first: some days",
        ),
    ],
)
def test_a_year_may_stand_last_and_what_stands_first_is_said(write, text, read, how):
    table = read_scan_cases(write(text))
    assert table.frame["date"].to_list() == read
    assert table.frame.columns == ["area", "cases", "date"]
    assert how in table.notes[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # A year's people are those of 1 July, a month's those of its 15th.
        ("1980", date(1980, 7, 1)),
        ("73", date(1973, 7, 1)),
        ("05", date(2005, 7, 1)),
        ("1980/03", date(1980, 3, 15)),
        ("1980/03/02", date(1980, 3, 2)),
    ],
)
def test_people_are_those_of_a_date_in_the_midst(write, written, read):
    assert read_scan_population(write(f"a {written} 9\nb {written} 8.5\n")).frame.rows() == [
        ("a", 9.0, read),
        ("b", 8.5, read),
    ]


def test_two_digit_years_are_said(write):
    table = read_scan_population(write("a 73 9\na 82 10\n", "nm.pop"))
    assert table.notes == ("nm.pop: years of two digits were read as 1950 to 2049: 2 rows.",)


def test_what_follows_the_date_are_groups_to_adjust_for(write):
    cases = read_scan_cases(write("Grant 1 1977 2 m\nLea 2 1978 3 f\n")).frame
    people = read_scan_population(write("Grant 1973 500 2 m\n")).frame
    assert cases.columns == ["area", "cases", "date", "group 1", "group 2"]
    assert people.columns == ["area", "population", "date", "group 1", "group 2"]
    assert cases["group 1"].to_list() == ["2", "3"]


def test_cases_without_dates_may_have_groups_too(write):
    assert read_scan_cases(write("a 1 2 1\nb 1 12 2\n")).frame.columns == ["area", "cases", "group 1", "group 2"]


def test_population_may_stand_without_a_date(write):
    assert read_scan_population(write("a 900\nb 800\n")).frame.rows() == [("a", 900.0), ("b", 800.0)]


def test_thousands_may_be_parted_by_commas_in_quotation_marks(write):
    assert read_scan_population(write('area,population\na,"1,234,567"\n')).frame["population"].to_list() == [1234567.0]


@pytest.mark.parametrize(
    "text", ["a 1.5 -2\nb 0 1e3\n", "y,x,id\n-2,1.5,a\n1000,0,b\n", "lsoa21cd,e,n\na,1.5,-2\nb,0,1e3\n"]
)
def test_places_are_read_by_heading_or_in_order(write, text):
    assert read_scan_areas(write(text)).frame.rows() == [("a", 1.5, -2.0), ("b", 0.0, 1000.0)]


@pytest.mark.parametrize(
    "text", ["a 53.4 -2.3\n", "area,lat,long\na,53.4,-2.3\n", "longitude;latitude;id\n-2.3;53.4;a\n"]
)
def test_degrees_have_the_latitude_first(write, text):
    frame = read_scan_areas(write(text), latlong=True).frame
    assert frame.columns == ["area", "latitude", "longitude"]
    assert frame.rows() == [("a", 53.4, -2.3)]


def test_degrees_taken_for_plane_coordinates_are_said(write):
    (note,) = read_scan_areas(write("area,lat,long\na,53.4,-2.3\n", "nm.geo")).notes
    assert note == (
        "nm.geo: latitude and longitude were taken as plane coordinates; for degrees give --coordinates latlong."
    )


def test_a_third_coordinate_is_not_looked_at_and_that_is_said(write):
    (note,) = read_scan_areas(write("a 1 2 3\nb 4 5 6\n", "x.geo")).notes
    assert note == "x.geo: what stands behind the first two coordinates is not looked at."


def test_any_file_may_be_packed(write):
    assert read_scan_cases(write(gzip.compress(b"a 1\nb 2\n"), "x.cas.gz")).frame["cases"].to_list() == [1, 2]


def test_a_file_that_is_not_utf_8_is_read_as_windows_1252_and_said(write):
    table = read_scan_cases(write("Llanf\xe2n 1\n".encode("cp1252"), "x.cas"))
    assert table.frame["area"].to_list() == ["Llanfân"]
    assert table.notes == ("x.cas was read as Windows-1252: it is not UTF-8.",)
