"""The effect of a campaign on the command line: from two files, in any form people have them, with faults told in words."""

import pytest

from command_line import run_here

OUTCOME = """area_code,week_end,cases
a,2026-11-07,10
a,2026-11-14,16
b,2026-11-07,20
b,2026-11-14,28
c,2026-11-07,10
c,2026-11-14,20
d,2026-11-07,20
d,2026-11-14,32
"""
STARTS = "area,start\na,2026-11-14\nb,2026-11-14\nc,\nd,\n"
GROUPS = "area,group\na,treated\nb,Treated\nc,comparison\nd,control\n"


@pytest.fixture
def effect(tmp_path):
    def run(outcome, groups, *more):
        (tmp_path / "outcome.csv").write_text(outcome, "utf-8")
        (tmp_path / "groups.csv").write_text(groups, "utf-8")
        files = ["--outcome", tmp_path / "outcome.csv", "--groups", tmp_path / "groups.csv"]
        return run_here("message", "effect", *files, *more, "--json")

    return run


@pytest.mark.parametrize(("groups", "more"), [(STARTS, []), (GROUPS, ["--start", "2026-11-14"])])
def test_the_effect_comes_with_its_interval(effect, groups, more):
    done = effect(OUTCOME, groups, *more)
    assert done.code == 0
    assert done.answer["effect"] == pytest.approx(-4)
    assert done.answer["low"] < -4 < done.answer["high"]
    assert done.answer["method"] == "difference in differences"
    assert (done.answer["treated"], done.answer["compared"]) == (2, 2)


def test_in_words_it_has_a_unit(tmp_path):
    with_people = "\n".join(
        line + (",population" if place == 0 else ",50000") for place, line in enumerate(OUTCOME.split())
    )
    (tmp_path / "groups.csv").write_text(STARTS, "utf-8")
    said = {}
    for name, outcome in (("counts", OUTCOME), ("rates", with_people)):
        (tmp_path / "outcome.csv").write_text(outcome, "utf-8")
        done = run_here("message", "effect", "--outcome", tmp_path / "outcome.csv", "--groups", tmp_path / "groups.csv")
        said[name] = " ".join(done.err.split())
    assert "Effect -4.00 (95% interval" in said["counts"]
    assert (
        "counted as in the figures given, for each area and period; without it, 26.00 was to be expected"
        in said["counts"]
    )
    assert "Effect -8.00 (95% interval" in said["rates"]
    assert "for each 100,000 people, for each area and period" in said["rates"]


@pytest.mark.parametrize(
    ("outcome", "groups", "more", "code", "said"),
    [
        (OUTCOME.replace("16", "<5"), STARTS, [], 4, "no number"),
        (OUTCOME.replace("2026-11-07,10", "last week,10", 1), STARTS, [], 4, "no day"),
        (OUTCOME.replace("2026-11-14", "2999-11-14"), STARTS, [], 4, "4 rows of the outcome are of days to come"),
        (OUTCOME.replace("area_code", "town"), STARTS, [], 4, "no column area"),
        (OUTCOME, GROUPS, [], 4, "not said when"),
        (OUTCOME, GROUPS.replace("control", "somewhere"), ["--start", "2026-11-14"], 4, "neither treated"),
        (OUTCOME, STARTS.replace("b,2026-11-14", "b,soon"), [], 4, "no day"),
        (OUTCOME, STARTS, ["cam-1"], 2, "whose effect"),
        (OUTCOME, "", [], 4, "empty"),
    ],
)
def test_what_is_wrong_is_told_in_words(effect, outcome, groups, more, code, said):
    done = effect(outcome, groups, *more)
    assert done.code == code
    assert said in done.answer["error"]["message"]
