import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.forms import Form, find_layout, to_long


@pytest.mark.parametrize(
    ("columns", "form"),
    [
        # As published, 2020 to 2023.
        (["msoa11cd", "name", "week_end", "cases7", "rate7"], Form.LONG),
        (["areaCode", "areaName", "areaType", "date", "newCasesBySpecimenDateRollingSum"], Form.LONG),
        (["regionCode", "UtlaName", "areaCode", "date", "newCasesBySpecimenDateRollingSum"], Form.LONG),
        (["utla19_cd", "msoa11_cd", "msoa11_hclnm", "wk_05", "wk_06", "latest_7_days"], Form.WEEKLY),
        (["specimenDate", "E02000001", "W02000002"], Form.ROLLING),
        (["areaType", "areaCode", "areaName", "date", "newCasesBySpecimenDate", "cumCasesBySpecimenDate"], Form.DAILY),
        (["Area name", "Area code", "Area type", "Specimen date", "Daily lab-confirmed cases"], Form.DAILY),
        (["metric", "geography_type", "geography", "geography_code", "epiweek", "date", "metric_value"], Form.DAILY),
        # Scotland and Wales.
        (["IntZone", "IntZoneName", "CA", "Date", "Positive7Day", "CrudeRate7DayPositive"], Form.LONG),
        (["MSOA code", "MSOA name", "Week ending", "Rolling 7 day sum of cases"], Form.LONG),
        # As a council may write it.
        (["Area", "Week end", "Cases"], Form.LONG),
        (["LSOA21CD", "LSOA21NM", "week commencing", "cases"], Form.LONG),
        (["LSOA Code", "Week ending", "No. of cases"], Form.LONG),
        (["LSOA 2021 code", "LSOA 2021 name", "W/E", "Number of confirmed cases", "Population"], Form.LONG),
        (["Ward code", "Ward", "Week beginning (Monday)", "Count"], Form.LONG),
        (["ONS code", "Week ending", "New cases"], Form.LONG),
        (["Area code", "Date", "Number of new cases"], Form.DAILY),
        (["GSS code", "Date", "7-day cases"], Form.LONG),
    ],
)
def test_forms_are_known_by_their_columns(columns, form):
    assert find_layout(columns).form is form


@pytest.mark.parametrize(
    "columns",
    [
        ["area", "cases"],  # no date
        ["week_end", "cases"],  # no area
        ["area", "week_end"],  # no count
        ["specimenDate", "Sale", "Stretford"],  # names where codes belong
        [],
    ],
)
def test_other_columns_are_refused(columns):
    with pytest.raises(BadInput, match="not those of a table of counts"):
        find_layout(columns)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (["area", "week_end", "cases", "deaths"], "deaths"),
        (["area", "wk_01", "total"], "total"),
        (["date", "E02000001", "England"], "England"),
    ],
)
def test_an_unknown_column_is_named(columns, named):
    with pytest.raises(BadInput) as refused:
        find_layout(columns)
    assert refused.value.where.column == named


def test_a_weekly_table_keeps_the_row_of_the_file():
    weekly = pl.DataFrame({"area": ["E02000001", "E02000002"], "wk_53": ["1", "2"]})
    assert to_long(weekly, find_layout(weekly.columns), 2020).rows() == [
        (1, "E02000001", "2021-01-03", "1"),
        (2, "E02000002", "2021-01-03", "2"),
    ]


def test_the_smallest_areas_are_those_that_are_counted():
    assert find_layout(["utla19_cd", "lad19_cd", "msoa11_cd", "wk_05"]).area == "msoa11_cd"
    assert find_layout(["Area", "Area code", "date", "cases"]).area == "Area code"


@pytest.mark.parametrize("columns", [["area", "date", "week_end", "cases"], ["area", "date", "cases", "cases7"]])
def test_two_columns_of_one_kind_are_refused_by_name(columns):
    with pytest.raises(BadInput, match="both look like the"):
        find_layout(columns)


def test_columns_that_count_the_same_cases_again_are_told():
    layout = find_layout(["areaCode", "date", "newCasesBySpecimenDate", "newCasesBySpecimenDateRollingSum"])
    assert (layout.cases, layout.unused) == ("newCasesBySpecimenDateRollingSum", ("newCasesBySpecimenDate",))
