"""Names of columns as a keyboard gives them."""

import pytest

from wardkeeper.sources.typing_names import name_columns


@pytest.mark.parametrize("column", ["Member’s name", "Member's name", "Memberʼs name"])
@pytest.mark.parametrize("typed", ["Member’s name", "Member's name"])
def test_either_apostrophe_names_the_column(typed, column):
    assert name_columns({typed: "Ada"}, ["Ref", column]) == {column: "Ada"}


def test_of_two_alike_the_exact_one_is_meant_and_a_stranger_stays():
    columns = ["A's", "A’s"]
    assert name_columns({"A's": "1", "A’s": "2", "B": "3"}, columns) == {"A's": "1", "A’s": "2", "B": "3"}
