"""Levels of areas: the kinds of code in a table in; whether they may stand side by side out."""

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.outbreaks.levels import check_levels


def codes(*kinds):
    """Three areas of the first kind, and one of each other."""
    first, *others = kinds
    return [f"{first}00100{at}" for at in range(3)] + [f"{kind}000001" for kind in others]


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(("E01",), id="LSOAs"),
        pytest.param(("E01", "W01", "S01", "N20"), id="small areas of four nations"),
        pytest.param(("E06", "E07", "E08", "E09"), id="districts and unitary authorities"),
        pytest.param(("E06", "E08", "E09", "E10"), id="counties and unitary authorities"),
        pytest.param(("E12", "W92", "S92", "N92"), id="regions, a nation being one"),
        pytest.param(("E92", "W92", "S92", "N92"), id="four nations"),
        pytest.param(("E01", "ABC"), id="a council's own areas are not judged"),
    ],
)
def test_areas_that_hold_no_others_stand_side_by_side(kinds):
    check_levels(codes(*kinds))


@pytest.mark.parametrize(
    ("kinds", "totals"),
    [
        pytest.param(("E01", "E08", "E92"), "E08, E92", id="LSOAs with their district and country"),
        pytest.param(("E01", "E02"), "E02", id="LSOAs and MSOAs"),
        pytest.param(("E07", "E10"), "E10", id="districts and their county"),
        pytest.param(("E08", "E11"), "E11", id="districts and their metropolitan county"),
        pytest.param(("E12", "E92"), "E92", id="regions and their country"),
        pytest.param(("E92", "W92", "K02"), "K02, W92", id="nations and the kingdom"),
    ],
)
def test_totals_beside_their_parts_are_refused_and_named(kinds, totals):
    with pytest.raises(BadInput, match="of several levels") as refused:
        check_levels(codes(*kinds))
    assert refused.value.where.rule == "one level of areas"
    assert refused.value.next.endswith(f"these are: {totals}.")
