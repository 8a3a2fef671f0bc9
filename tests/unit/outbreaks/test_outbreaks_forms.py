import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.forms import Form, recognise, to_long


@pytest.mark.parametrize(
    ("columns", "form"),
    [
        # As published, 2020 to 2023.
        (["msoa11cd", "name", "week_end", "cases7", "rate7"], Form.LONG),
        (["areaCode", "areaName", "areaType", "date", "newCasesBySpecimenDateRollingSum"], Form.LONG),
        (["regionCode", "UtlaName", "areaCode", "date", "newCasesBySpecimenDateRollingSum"], Form.LONG),
        (["utla19_cd", "msoa11_cd", "msoa11_hclnm", "wk_05", "wk_06", "latest_7_days"], Form.WEEKLY),
        (["specimenDate", "E02000001", "W02000002"], Form.ROLLING),
        # As a council may write it.
        (["Area", "Week end", "Cases"], Form.LONG),
    ],
)
def test_forms_are_known_by_their_columns(columns, form):
    assert recognise(columns) is form


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
        recognise(columns)


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
        recognise(columns)
    assert refused.value.where.column == named


def test_a_weekly_table_keeps_the_row_of_the_file():
    weekly = pl.DataFrame({"area": ["E02000001", "E02000002"], "wk_53": ["1", "2"]})
    assert to_long(weekly, 2020).rows() == [(1, "E02000001", "2021-01-03", "1"), (2, "E02000002", "2021-01-03", "2")]
