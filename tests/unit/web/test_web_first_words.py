"""The first words of a message are true of the alert that led to it, and pass every check."""

import pytest

from wardkeeper.messages.channels import Channel
from wardkeeper.messages.wording import Wording, advise
from wardkeeper.web.campaign_words import first_words


@pytest.mark.parametrize(
    ("growth", "said"),
    [
        (2.0, "Cases of infection are rising in your area."),
        (float("inf"), "Cases of infection are rising in your area."),
        (1.0, "Cases of infection are higher than usual in your area."),
        (0.4, "Cases of infection are higher than usual in your area."),
        (None, "Please help to keep infection from spreading in your area."),
    ],
)
def test_cases_are_said_to_rise_only_where_they_do(growth, said):
    words = first_words(growth)
    assert words.startswith(said)
    assert advise(Wording(words, "Infection"), [Channel.TEXT]) == ()
