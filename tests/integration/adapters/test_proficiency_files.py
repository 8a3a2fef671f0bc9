"""Tables of English proficiency as councils have them: plain, or as the 2021 Census came."""

import gzip

import pytest

from reference_data import reference
from wardkeeper.adapters.proficiency_files import find_proficiency, read_proficiency
from wardkeeper.kernel.errors import BadInput

__all__ = ["reference"]

PLAIN = "area,share\nE01006100,0.05\nE01006101,0\n"
WIDE = (
    '"msoa21_code","Main language is English (English or Welsh in Wales)","Main language is not English (English or'
    ' Welsh in Wales)","Main language is not English (English or Welsh in Wales): Cannot speak English","Proportion who'
    ' cannot speak English (well)"\n"E02000001",60,40,10,0.1\n'
)
LONG = "area_code,proficiency,value\n" + "".join(
    f"E00030771,{answer},{people}\n"
    for answer, people in {
        "Main language is English": 60,
        "Main language is not English: Can speak English very well": 20,
        "Main language is not English: Can speak English well": 10,
        "Main language is not English: Cannot speak English well": 8,
        "Main language is not English: Cannot speak English": 2,
    }.items()
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (PLAIN, [("E01006100", 0.05, None), ("E01006101", 0.0, None)]),
        (WIDE, [("E02000001", 0.1, 100.0)]),
        (LONG, [("E00030771", 0.1, 100.0)]),
    ],
    ids=["plain", "wide", "long"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_each_form_gives_the_share_who_cannot_speak_english_well(tmp_path, text, rows, packed):
    path = tmp_path / ("proficiency.csv.gz" if packed else "proficiency.csv")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    found = find_proficiency(tmp_path)
    assert found is not None
    assert found.select("area", "share", "people").rows() == rows


def test_a_folder_without_one_has_none(tmp_path):
    assert find_proficiency(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", r"proficiency\.csv.*does not tell who cannot speak English well.*columns area and share"),
        ("area,share\nE01006100,5\n", r"row 1.*a share that is not between 0 and 1"),
        ("area,share\nE01006100,0.1\nE01006101,\n", r"row 2.*a share that is not between 0 and 1"),
        ("area,share\nTotal,0.1\n", r"row 1.*whose area is no ONS code"),
        ("area,share\nE01006100,0.1\nE01006100,0.2\n", r"The area E01006100 is in the table twice"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(tmp_path, text, message):
    path = tmp_path / "proficiency.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=message):
        read_proficiency(path)


def test_the_census_tables_are_read_as_they_came(reference):
    shares = read_proficiency(reference / "england" / "proficiency21_msoa21.csv.gz")
    assert shares.height > 6_000
    first = shares.filter(area="E02000001").row(0, named=True)
    assert first["share"] == pytest.approx((116 + 19) / (6_624 + 1_826))
    assert first["people"] == 6_624 + 1_826
    trafford = reference.parent / "demo" / "trafford" / "2021_population_english_proficiency_oa_trafford.csv.gz"
    if trafford.is_file():
        assert read_proficiency(trafford).height == 738


def written(tmp_path, *answers):
    path = tmp_path / "proficiency.csv"
    rows = [f"E02000001,{answer},{value}" for answer, value in answers]
    path.write_text("\n".join(["area_code,proficiency,value", *rows]) + "\n")
    return path


def test_a_total_of_all_residents_does_not_count_them_twice(tmp_path):
    path = written(
        tmp_path,
        ("Total: All usual residents aged 3 years and over", 100),
        ("Main language is English (English or Welsh in Wales)", 90),
        ("Main language is not English (English or Welsh in Wales): Can speak English very well or well", 6),
        ("Main language is not English (English or Welsh in Wales): Cannot speak English or cannot speak it well", 4),
    )
    assert read_proficiency(path).rows() == [("E02000001", 0.04, 100.0)]


def test_answers_that_do_not_tell_who_cannot_speak_english_well_are_refused(tmp_path):
    with pytest.raises(BadInput, match="does not tell who cannot speak English well"):
        read_proficiency(written(tmp_path, ("Main language is English", 90), ("Main language is not English", 10)))
