import pytest

from wardkeeper.kernel import errors
from wardkeeper.kernel.errors import EXIT_CODES, HTTP_STATUSES, BadInput, Refused, WardkeeperError, Where


def every_error():
    return [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, WardkeeperError)]


@pytest.mark.parametrize("error", [one for one in every_error() if one is not WardkeeperError])
def test_every_error_has_an_exit_code_and_a_status(error):
    assert EXIT_CODES[error] in {2, 3, 4, 5}
    assert 400 <= HTTP_STATUSES[error] < 600


def test_codes_are_told_apart():
    codes = [one.code for one in every_error()]
    assert len(codes) == len(set(codes))


def test_an_error_says_where_what_and_what_next():
    error = BadInput("The date does not exist.", "Correct it at the source.", Where("bins", row=3, column="Date"))
    assert str(error) == "bins, row 3, column Date: The date does not exist. Correct it at the source."
    assert error.to_dict() == {
        "error": {
            "code": "bad-input",
            "message": "The date does not exist.",
            "where": {"source": "bins", "row": 3, "column": "Date"},
            "next": "Correct it at the source.",
        }
    }


def test_an_error_without_a_place_is_just_its_words():
    assert str(BadInput("Nothing is here.", "Send a file.")) == "Nothing is here. Send a file."


def test_a_refusal_may_carry_its_decision():
    assert Refused("No.", "Ask.").decision is None


@pytest.mark.parametrize(
    ("where", "named"),
    [
        (Where(row=3), Where(source="cases", row=3)),
        (Where(source="bins", row=3), Where(source="bins", row=3)),
        (Where(file="bins.csv", row=3), Where(file="bins.csv", row=3)),
    ],
)
def test_bad_input_gets_the_name_of_its_source_where_it_has_none(where, named):
    with pytest.raises(BadInput) as raised, errors.naming("cases"):
        raise BadInput("The count is below zero.", "Correct it.", where)
    assert raised.value.where == named
