"""What is wrong with a scan's files, and what is said: refused with what to do next, or set aside and counted.

Each case changes one of three small sound files.
"""

import pytest

from command_line import run_here

SOUND = {
    "cases": "a 2 2020/05/01\nb 9 2020/05/30\nc 1 2020/05/03\n",
    "areas": "a 0 0\nb 1 0\nc 0 2\nd 7 7\n",
    "population": "a 2020 500\nb 2020 400\nc 2020 300\nd 2020 200\n",
}
MSOA_2011, MSOA_2021 = ("E02000001", "E02006934"), ("E02006935", "E02007112")


@pytest.fixture
def outbreak_scan(tmp_path):
    """Run the command on the three files, some of them changed (None for none); give its exit code and its answer."""

    def outbreak_scan(*options: str, **changed: str | bytes | None) -> tuple[int, dict]:
        arguments = ["outbreak", "scan", "--replicates", "9", "--json", *options]
        for name, text in {**SOUND, **changed}.items():
            if text is not None:
                path = tmp_path / f"the.{name}"
                path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
                arguments += [f"--{name}", str(path)]
        ran = run_here(*arguments)
        return ran.code, ran.answer

    return outbreak_scan


def people(*areas: str) -> str:
    return "".join(f"{area} 2020 500\n" for area in areas)


def places(*areas: str) -> str:
    return "".join(f"{area} {at} 1\n" for at, area in enumerate(areas))


REFUSED = {
    "empty": ({"cases": ""}, "The file is empty."),
    "blank lines alone": ({"areas": "\n  \n// nothing\n"}, "The file is empty."),
    "headings alone": ({"cases": "area,cases\n"}, "The file has headings and no rows."),
    "binary": ({"areas": b"\x89PNG\r\n\x00\x00\x01"}, "The file is not text."),
    "a damaged gzip": ({"cases": b"\x1f\x8b\x08\x00abc"}, "The packed file is damaged."),
    "a quotation mark never closed": (
        {"areas": 'a 0 0\n"b 1 0\nc 0 2\n'},
        "A quotation mark is opened and never closed",
    ),
    "one column": ({"cases": "a\nb\n"}, "There is no column for: area, cases."),
    "a missing column": ({"cases": "area,date\na,2020-05-30\n"}, "There is no column for: cases."),
    "no y": ({"areas": "a 1\nb 2\n"}, "There is no column for: y."),
    "no people": ({"population": "area,year\na,2020\n"}, "There is no column for: population."),
    "no area id": ({"cases": "area,cases\n,3\nb,2\n"}, "The area has no id."),
    "a count that is a word": ({"cases": "a 2\nb many\n"}, "The number of cases is not a number."),
    "half a case": ({"cases": "a 2\nb 1.5\n"}, "The number of cases is not a whole number."),
    "a negative count": ({"cases": "a 12\nb -3\n"}, "The number of cases is negative."),
    "a hidden count, blank": ({"cases": "area,cases\na,2\nb,\n"}, "The number of cases is missing or hidden."),
    "a hidden count, -99": ({"cases": "a 2\nb -99\n"}, "The number of cases is missing or hidden."),
    "a hidden count, 0-2": ({"cases": "a 2\nb 0-2\n"}, "The number of cases is missing or hidden."),
    "a hidden count, <5": ({"cases": "a 2\nb <5\n"}, "The number of cases is missing or hidden."),
    "more people than can be": ({"population": "a 2020 inf\n"}, "The number of people is not a number."),
    "negative people": ({"population": people("a", "b", "c") + "d 2020 -5\n"}, "The number of people is negative."),
    "a coordinate of NaN": ({"areas": "a 0 0\nb nan 0\n"}, "The coordinate is not a number."),
    "an endless coordinate": ({"areas": "a 0 0\nb 0 -inf\n"}, "The coordinate is not a number."),
    "a date that is none": ({"cases": "area,cases,date\na,2,2020-02-31\n"}, "The date can't be read."),
    "days and months that nothing tells apart": (
        {"cases": "area,cases,date\na,2,05/06/2020\nb,1,01/07/2020\n"},
        "The dates may have the day or the month first",
    ),
    "days before months and months before days": (
        {"cases": "area,cases,date\na,2,30/05/2020\nb,1,05/30/2020\n"},
        "The date can't be read.",
    ),
    "in the future": (
        {"cases": "a 2 2020/05/01\nb 3 2999/01/01\n"},
        "Cases dated in the future: 3; the last is of 2999-01-01.",
    ),
    "one area": ({"areas": "b 1 0\n", "cases": "b 9\n"}, "There is only one area: nothing is beside it"),
    "an area in two places": ({"areas": SOUND["areas"] + "b 5 5\n"}, "An area has two places: the first is “b”."),
    "all zero": ({"cases": "a 0\nb 0\n"}, "There are no cases to scan."),
    "cases nearly all elsewhere": (
        {"cases": "x 8\ny 9\na 1\n"},
        "17 of 18 cases are in areas that have no coordinates.",
    ),
    "no people anywhere": ({"population": "a 2020 0\nb 2020 0\n"}, "The population is 0 in every area."),
    "cases where nobody lives": (
        {"population": people("a", "b", "d")},
        "An area has cases and no population; cases: 1.",
    ),
    "cases of 2021, areas of 2011": (
        {
            "cases": f"{MSOA_2021[0]} 4\n{MSOA_2021[1]} 5\n",
            "areas": places(*MSOA_2011),
            "population": people(*MSOA_2011),
        },
        "They have area codes of 2021, and the others are of 2011: give all for the same year.",
    ),
    "people of 2011, areas of 2021": (
        {"cases": f"{MSOA_2021[0]} 4\n", "areas": places(*MSOA_2021), "population": people(*MSOA_2011)},
        "They have area codes of 2011, and the others are of 2021: give all for the same year.",
    ),
    "cases in a group nobody belongs to": (
        {
            "cases": "a 2 2020/5/1 old\nb 9 2020/5/2 old\n",
            "population": "a 2020 5 young\nb 2020 9 young\nc 2020 1 old2\n",
        },
        "There are 11 cases in groups of people that the population does not have.",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_right_is_refused_in_words(outbreak_scan, fault):
    changed, message = REFUSED[fault]
    code, answer = outbreak_scan(**changed)
    assert code == 4
    assert message in answer["error"]["message"]
    assert answer["error"]["next"]


def test_an_error_names_the_file_and_the_line(outbreak_scan):
    _, answer = outbreak_scan(cases="// register\n\na 2\nb -3\nc -1\n")
    assert answer["error"]["where"] == {"file": "the.cases", "row": 4, "column": "cases"}
    assert answer["error"]["message"].endswith("More such rows: 1.")


def test_a_folder_and_a_missing_file_are_refused(outbreak_scan, tmp_path):
    code, answer = outbreak_scan("--cases", str(tmp_path), cases=None)
    assert (code, answer["error"]["message"]) == (4, "This is not a file.")
    code, answer = outbreak_scan("--cases", str(tmp_path / "none.cas"), cases=None)
    assert (code, answer["error"]["message"]) == (4, "There is no such file.")


SAID = {
    "cases elsewhere": (
        {"cases": SOUND["cases"] + "x 2 2020/05/04\ny 1 2020/05/04\n"},
        "Cases in areas without coordinates were left out: 3; areas: 2.",
    ),
    "an area written twice": (
        {"areas": SOUND["areas"] + "a 0 0\n"},
        "Areas written twice in the same place were counted once: 1.",
    ),
    "an area with no population": (
        {"population": people("a", "b", "c")},
        "Areas with no population: 1. No case is expected there, and none was reported.",
    ),
    "people elsewhere": (
        {"population": SOUND["population"] + "x 2020 50\n"},
        "People of areas without coordinates were left out; areas: 1.",
    ),
    "a group that only the cases have": (
        {"cases": "a 2 2020/5/1 old\nb 9 2020/5/2 young\n"},
        "Not adjusted for group 1: only the file of cases has it.",
    ),
    "a group that is the area": (
        {
            "cases": "area,cases,name\na,2,A\nb,9,B\n",
            "population": "area,population,name\na,5,A\nb,9,B\nc,8,C\nd,7,D\n",
        },
        "Not adjusted for name: it has a value for each area, and would explain every difference away.",
    ),
    "a column that names the area, where dates are shuffled": (
        {
            "cases": "area,cases,date,name\na,2,2020-05-01,A\nb,9,2020-05-30,B\nb,1,2020-05-29,B\n",
            "population": None,
        },
        "Not adjusted for name: it tells the area or the single case, and would explain every difference away.",
    ),
    "a few cases of another year's areas": (
        {
            "cases": f"{MSOA_2011[0]} 40\n{MSOA_2021[1]} 5\n",
            "areas": places(*MSOA_2011),
            "population": people(*MSOA_2011),
        },
        "left out: 5; areas: 1. They have area codes of 2021, and the others are of 2011: give all for the same year.",
    ),
}


@pytest.mark.parametrize("oddity", SAID)
def test_what_is_set_aside_is_counted_and_said(outbreak_scan, oddity):
    changed, note = SAID[oddity]
    model = [] if changed.get("population", "people") else ["--model", "permutation"]
    code, answer = outbreak_scan(*model, **changed)
    assert code == 0
    assert any(said.endswith(note) for said in answer["notes"])


def test_cases_outside_the_study_period_are_left_out_and_said(outbreak_scan):
    late = SOUND["cases"] + "a 4 2999/01/01\n"
    code, answer = outbreak_scan("--study-from", "2020-05-02", "--study-to", "2020/05/31", cases=late)
    assert (code, answer["cases"]) == (0, 10)
    assert answer["notes"] == ["Cases outside the study period were left out: 6."]


def test_the_order_of_the_days_in_the_file_does_not_matter(outbreak_scan):
    _, sound = outbreak_scan()
    _, turned = outbreak_scan(cases="".join(reversed(SOUND["cases"].splitlines(keepends=True))))
    assert turned["clusters"] == sound["clusters"]


OPTIONS = {
    "no day": (["--study-from", "yesterday"], 4, "--study-from: “yesterday” is not a day."),
    "ends before it begins": (
        ["--study-from", "2020-06-01", "--study-to", "2020-05-01"],
        4,
        "The study ends before it begins.",
    ),
    "two kinds of step": (["--aggregate-days", "7", "--aggregate-years", "1"], 2, "A step has days, months or years."),
    "no step": (["--aggregate-days", "0"], 2, "--aggregate-days is not 1 or more."),
    "degrees that are none": (["--coordinates", "latlong"], 4, "The latitude is beyond 90 degrees."),
}


def test_a_period_that_ends_before_it_begins_is_said_of_cases_without_dates_too(outbreak_scan):
    options = ["--study-from", "2020-06-01", "--study-to", "2020-05-01"]
    found, answer = outbreak_scan(*options, cases="area,cases\na,2\nb,1\n")
    assert (found, answer["error"]["message"]) == (4, "The study ends before it begins.")


@pytest.mark.parametrize("fault", OPTIONS)
def test_an_option_that_cannot_be_is_refused_in_words(outbreak_scan, fault):
    options, code, message = OPTIONS[fault]
    found, answer = outbreak_scan(*options, areas="a 100 0\nb 1 0\nc 0 2\n")
    assert (found, answer["error"]["message"]) == (code, message)


def test_years_alone_cannot_be_put_in_steps_of_days(outbreak_scan):
    code, answer = outbreak_scan("--aggregate-days", "7", cases="a 2 2019\nb 9 2020\n")
    assert code == 2
    assert answer["error"]["message"] == "Some cases tell only their year, so they can't be put in steps of days."


def test_cases_that_tell_only_their_month_are_put_in_steps_of_months(outbreak_scan):
    months = "a 2 2020/5\nb 9 2020/2\nb 9 2020/3\nc 1 2020/1\n"
    code, answer = outbreak_scan(cases=months)
    first = answer["clusters"][0]
    assert (code, first["areas"], first["start"], first["end"]) == (0, ["b"], "2020-02-01", "2020-03-31")
    _, yearly = outbreak_scan("--aggregate-years", "1", cases=months)
    assert (yearly["clusters"][0]["start"], yearly["clusters"][0]["end"]) == ("2020-01-01", "2020-05-31")


def test_poisson_without_people_is_refused_with_the_model_that_needs_none(outbreak_scan):
    code, answer = outbreak_scan(population=None)
    assert code == 4
    assert "permutation" in answer["error"]["next"]
