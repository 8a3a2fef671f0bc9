"""`wardkeeper outbreak detect` on a file: the answer's shape, the settings named as in R, and what is refused.

Each case of bad input changes one sound file of weekly counts.
"""

import gzip
import math
from datetime import date, timedelta

import pytest

from command_line import run_here

MONDAY = date(2026, 8, 31)
COUNTS = "4 5 3 4 5 3 4 4 4 9".split()


def weekly(counts: list[str] = COUNTS, *, heading: str = "t,date,north", start: date = MONDAY) -> str:
    rows = (f"{at + 1},{start + timedelta(days=7 * at)},{count}" for at, count in enumerate(counts))
    return "\n".join([heading, *rows]) + "\n"


@pytest.fixture
def detect(tmp_path):
    """Run the command on a file with this text (or bytes); give what it did."""

    def detect(content: str | bytes, method: str, *options: str, as_json: bool = True):
        path = tmp_path / "series.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        asked = ["outbreak", "detect", "--series", str(path), "--method", method, *options]
        return run_here(*asked, *(["--json"] if as_json else []))

    return detect


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_the_answer_has_a_step_for_each_row_asked_for(detect, packed):
    text = weekly().encode()
    ran = detect(gzip.compress(text) if packed else text, "ears-c2", "--min-sigma", "1", "--from", "10")
    assert ran.code == 0
    assert ran.answer["method"] == "ears-c2"
    [step] = ran.answer["steps"]
    assert list(step)[:8] == ["t", "date", "observed", "expected", "upper", "score", "p", "alarm"]
    assert (step["t"], step["date"], step["observed"], step["alarm"]) == (10, "2026-11-02", 9, True)
    assert step["upper"] == pytest.approx(4 + 3.0902323)


@pytest.mark.parametrize("heading", ["Date", "dates", "Week ending", "week_start", "epoch", "Specimen date"])
def test_a_column_of_dates_may_have_another_usual_heading(detect, heading):
    told = detect(weekly(heading=f"t,{heading},north"), "ears-c1", "--from", "10").answer
    assert told == detect(weekly(), "ears-c1", "--from", "10").answer


def test_a_column_of_numbers_is_no_column_of_dates_whatever_its_heading(detect):
    text = "week,north\n" + "".join(f"{at + 1},{count}\n" for at, count in enumerate(COUNTS))
    ran = detect(text, "ears-c1", "--column", "north", "--from", "10")
    assert ran.answer["steps"][0]["date"] is None


def test_two_columns_of_dates_are_asked_about(detect):
    text = "week_start,week_end,north\n" + "".join(
        f"{MONDAY + timedelta(days=7 * at)},{MONDAY + timedelta(days=7 * at + 6)},4\n" for at in range(10)
    )
    ran = detect(text, "ears-c1")
    assert ran.answer["error"]["message"] == "The file has several columns of dates: week_start, week_end."


def test_rows_are_named_by_number_or_date(detect):
    by_date = detect(weekly(), "ears-c1", "--from", "2026-10-26", "--to", "2026-10-26")
    by_number = detect(weekly(), "ears-c1", "--from", "9", "--to", "9")
    assert by_date.answer == by_number.answer


def test_columns_are_added_up_when_more_than_one_is_named(detect):
    two = "date,north,south\n" + "".join(f"{MONDAY + timedelta(days=7 * at)},4,5\n" for at in range(9))
    added = detect(two, "ears-c1", "--column", "north", "--column", "south").answer
    assert {step["observed"] for step in added["steps"]} == {9}
    assert added["series"] == "north + south"
    unnamed = detect(two, "ears-c1")
    assert unnamed.code == 2
    assert "The file has 2 series: north, south." in unnamed.answer["error"]["message"]


def test_settings_are_named_as_in_r(detect):
    long = weekly(["4"] * 269 + ["9"], start=date(2015, 1, 5))
    flexible = (
        "--alpha", "0.01", "--b", "4", "--w", "3", "--no-periods", "10", "--past-weeks-not-included", "26", "--trend",
        "--threshold-method", "nbPlugin", "--limit54", "5,4", "--reweight", "--weights-threshold", "2.58",
        "--p-threshold-trend", "1", "--power-trans", "2/3", "--from", "270",
    )  # fmt: skip
    [step] = detect(long, "farrington-flexible", *flexible).answer["steps"]
    assert (step["upper"], step["alarm"], step["phi"], step["mu0"]) == (9, False, 1, pytest.approx(4))
    [step] = detect(long, "farrington", "--no-trend", "--no-reweight", "--power-trans", "none", "--from", "270").answer[
        "steps"
    ]
    assert step["upper"] == pytest.approx(4 + 1.9599640 * (4 * (1 + 1 / 35)) ** 0.5)
    cusum = detect(weekly(), "cusum", "--from", "2", "--k", "0.5", "--h", "2", "--m", "4", "--trans", "rossi")
    assert [step["alarm"] for step in cusum.answer["steps"]] == [False] * 8 + [False]


def test_a_setting_of_another_method_is_refused(detect):
    ran = detect(weekly(), "ears-c1", "--b", "4")
    assert ran.code == 2
    assert ran.answer["error"]["message"] == "--b is not for the method ears-c1."


def test_a_person_is_shown_the_alarms_in_a_table(detect):
    ran = detect(weekly(), "ears-c2", "--min-sigma", "1", as_json=False)
    assert "north, ears-c2: 1 alarms in 1 rows" in ran.out
    assert "raised" in ran.out


@pytest.mark.parametrize("mark", ["*", "<3", "0-2", "-99"])
def test_suppressed_counts_are_intervals_and_it_is_said(detect, mark):
    ran = detect(weekly([mark] * 9 + ["5"]), "ears-c2", "--min-sigma", "1")
    [step] = ran.answer["steps"]
    assert (step["alarm"], step["possible"]) == (False, True)
    assert ran.answer["notes"] == ["Suppressed counts were kept as all they may be, not read as zero: 9."]


def replaced(row: int, text: str) -> str:
    lines = weekly().splitlines()
    lines[row] = text
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("content", "says", "row"),
    [
        ("", "The file is empty.", None),
        ("t,date,north\n", "The file has no rows.", None),
        (replaced(4, "4,2026-09-20,4"), "From 14 September 2026 to 20 September 2026 is 6 days", 4),
        (weekly().replace("2026-09-21", "2026-09-14"), "The date 14 September 2026 stands twice.", 4),
        (weekly().replace("2026-09-21", "2026-09-07"), "the dates are out of order", 4),
        (weekly(heading="t,date,north").replace("\n4,", "\n5,"), "The rows are not numbered 1, 2, 3", 4),
        (replaced(4, "4,next week,4"), "This is not a date.", 4),
        (replaced(4, "4,2026-09-21,-3"), "A count is negative.", 4),
        (replaced(4, "4,2026-09-21,2.5"), "This is not a count.", 4),
        (replaced(4, "4,2026-09-21,"), "There is no count here.", 4),
        (weekly(start=date(2126, 8, 26)), "is in the future.", 1),
    ],
)
def test_bad_input_is_refused_with_its_row_and_what_to_do(detect, content, says, row):
    ran = detect(content, "ears-c1")
    assert ran.code == 4
    assert ran.answer["error"]["where"]["file"] == "series.csv"
    error = ran.answer["error"]
    assert says in error["message"]
    assert error["where"].get("row") == row
    assert error["next"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--from", "yesterday"), "--from “yesterday” is no row and no day."),
        (("--from", "2026-09-01"), "There is no row for 2026-09-01."),
        (("--from", "11"), "There is no row 11."),
        (("--from", "9", "--to", "8"), "Row 9 comes after row 8"),
        (("--column", "south"), "There is no column “south”."),
        (("--baseline", "10"), "The history is too short: 10 rows are needed"),
    ],
)
def test_what_can_not_be_looked_at_is_said(detect, options, says):
    ran = detect(weekly(), "ears-c1", *options)
    assert ran.code in {2, 4}
    assert says in ran.answer["error"]["message"]


def of_people(number: int, weeks: int = 9, count: str = "4") -> str:
    rows = "".join(f"{date(2015, 1, 5) + timedelta(days=7 * at)},{count},{number}\n" for at in range(weeks))
    return f"date,north,people\n{rows}{date(2015, 1, 5) + timedelta(days=7 * weeks)},{count},{number * 2}\n"


def test_people_are_allowed_for(detect):
    [step] = detect(of_people(10), "cusum", "--from", "10", "--pop-column", "people").answer["steps"]
    assert step["expected"] == pytest.approx(8)
    [step] = detect(of_people(10, 269), "farrington", "--from", "270", "--pop-column", "people").answer["steps"]
    assert step["expected"] == pytest.approx(8)


def test_people_must_be_a_number_above_none_in_each_row_that_is_used(detect):
    refused = detect(of_people(0), "cusum", "--from", "5", "--pop-column", "people").answer["error"]
    says = "The population (or number of tests) must be a number above 0 in each row that is used."
    assert (refused["message"], refused["where"]["row"]) == (says, 1)
    assert detect(of_people(1), "ears-c1", "--pop-column", "people").code == 2


@pytest.mark.parametrize("people", ["0", "", "unknown"])
def test_people_need_not_be_known_in_rows_that_are_not_used(detect, people):
    rows = of_people(10, 269).splitlines()
    rows[101] = rows[101].rsplit(",", 1)[0] + f",{people}"
    assert detect("\n".join(rows), "farrington", "--from", "270", "--pop-column", "people").code == 0
    rows[269] = rows[269].rsplit(",", 1)[0] + f",{people}"
    assert detect("\n".join(rows), "farrington", "--from", "270", "--pop-column", "people").code == 0
    rows[270] = rows[270].rsplit(",", 1)[0] + f",{people}"
    refused = detect("\n".join(rows), "farrington", "--from", "270", "--pop-column", "people").answer["error"]
    assert refused["where"]["row"] == 270


def numbered(counts: list[str], heading: str = "t,north") -> str:
    return "\n".join([heading, *(f"{at},{count}" for at, count in enumerate(counts, 1))]) + "\n"


def test_rows_without_dates_are_weeks_by_their_order(detect):
    ran = detect(numbered(COUNTS), "ears-c2", "--min-sigma", "1", "--from", "10")
    [step] = ran.answer["steps"]
    assert (step["t"], step["date"], step["observed"], step["alarm"]) == (10, None, 9, True)
    says = "The file has no column date: its rows were taken as weeks, 52 a year, in order."
    assert ran.answer["notes"] == [says]
    unnumbered = "north\n" + "\n".join(COUNTS)
    assert detect(unnumbered, "ears-c2", "--min-sigma", "1", "--from", "10").answer == ran.answer
    assert "has no dates" in detect(unnumbered, "ears-c2", "--from", "2026-08-31").answer["error"]["next"]
    assert "–" in detect(unnumbered, "ears-c2", "--min-sigma", "1", as_json=False).out


@pytest.mark.parametrize("freq", [365, 52, 12, 4])
def test_rows_without_dates_are_of_a_year_of_so_many(detect, freq):
    """The same time of each year has 9 cases, all other rows 1: with half a window of 0 only the 9 are compared with."""
    counts = (["9"] + ["1"] * (freq - 1)) * 3 + ["9"]
    asked = ("--b", "3", "--w", "0", "--no-trend", "--no-reweight", "--limit54", "0,4", "--freq", str(freq))
    [step] = detect(numbered(counts), "farrington-flexible", *asked).answer["steps"]
    assert (step["t"], step["expected"]) == (3 * freq + 1, pytest.approx(9))


@pytest.mark.parametrize(
    ("content", "freq", "says"),
    [
        (numbered(COUNTS), "51", "There can't be 51 rows a year."),
        (weekly(), "12", "The file's dates are a week apart, 52 rows a year, not 12."),
    ],
)
def test_rows_a_year_that_can_not_be_are_refused(detect, content, freq, says):
    assert detect(content, "cusum", "--from", "5", "--freq", freq).answer["error"]["message"] == says


def by_month(count: int, months: int, day: int = 1) -> str:
    last = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    at = [divmod(months * row, 12) for row in range(count)]
    rows = (f"{2015 + year}-{month + 1:02}-{min(day, last[month]):02},{9 if month == 0 else 1}" for year, month in at)
    return "\n".join(["date,north", *rows]) + "\n"


@pytest.mark.parametrize(("months", "day"), [(1, 1), (1, 31), (3, 1), (3, 31)])
def test_rows_can_be_months_or_quarters(detect, months, day):
    content = by_month(5 * 12 // months + 1, months, day)
    asked = ("--b", "4", "--w", "0", "--no-trend", "--no-reweight", "--limit54", "0,4")
    ran = detect(content, "farrington-flexible", *asked)
    assert ran.code == 0, ran.out
    steps = ran.answer["steps"]
    assert [step["expected"] for step in steps] == [pytest.approx(step["observed"]) for step in steps]
    assert steps[-1]["date"] == f"2020-01-{day:02}"
    refused = detect(content, "farrington-flexible", "--years", "dates", *asked)
    assert "only where all rows are one day, or one week, apart" in refused.answer["error"]["message"]


def test_a_trend_over_months_goes_by_their_days_in_the_flexible_method_alone(detect):
    """Cases fall by 0.1 % a day: only a line through days fits them. The first row's 31 days are the trend's unit."""
    days = [(date(2015 + at // 12, at % 12 + 1, 1) - date(2015, 1, 1)).days for at in range(49)]
    rows = "".join(f"{date(2015, 1, 1) + timedelta(days=day)},{round(1e6 * 0.999**day)}\n" for day in days)
    asked = ("--b", "3", "--w", "1", "--no-reweight", "--from", "48")
    trends = [
        detect("date,north\n" + rows, method, *asked, "--to", "48").answer["steps"][0]["trend"]
        for method in ("farrington-flexible", "farrington")
    ]
    a_day = math.log(0.999)
    assert trends[0] == pytest.approx(31 * a_day, rel=1e-5)
    assert trends[1] == pytest.approx(365.25 / 12 * a_day, rel=1e-2)
    assert trends[1] != pytest.approx(365.25 / 12 * a_day, rel=1e-6)


def without(missing: date, weeks: int = 300) -> str:
    days = [date(2014, 12, 29) + timedelta(days=7 * at) for at in range(weeks)]
    return "date,north\n" + "".join(f"{day},4\n" for day in days if day != missing)


def test_week_53_may_be_left_out_and_it_is_said(detect):
    ran = detect(without(date(2015, 12, 28)), "farrington", "--from", "270", "--to", "270")
    assert ran.answer["steps"][0]["date"] == "2020-03-02"
    assert ran.answer["notes"] == [
        "The file leaves out week 53 (28 December 2015): its rows follow each other, and 52 are a year."
    ]
    refused = detect(without(date(2015, 12, 21)), "farrington")
    assert "From 14 December 2015 to 28 December 2015 is 14 days" in refused.answer["error"]["message"]


def test_expected_counts_can_be_given_for_each_row(detect):
    found = detect(weekly(), "cusum", "--from", "9", "--m", "4,8").answer["steps"]
    assert [step["expected"] for step in found] == [4, 8]
    refused = detect(weekly(), "cusum", "--from", "8", "--m", "4,8").answer["error"]
    assert refused["message"] == "The setting m has 2 expected counts, for 3 rows looked at."
