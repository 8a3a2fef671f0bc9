"""The drawing of an effect: zero and the whole interval are on it, and no two marks read alike."""

import pytest

from wardkeeper.messages.effects import Design, Effect
from wardkeeper.web.effect_chart import LEFT, RIGHT, effect_chart


@pytest.mark.parametrize(
    ("effect", "low", "high"), [(-4, -6, -2), (0, 0, 0), (0.01, -0.02, 0.04), (900, 400, 1400)], ids=str
)
def test_an_effect_is_drawn_within_the_axis_in_its_order(effect, low, high):
    drawn = effect_chart(Effect(Design.DIFFERENCES, effect, low, high, 0.1, 1, 9, 10, 6, 6))
    assert LEFT < drawn.low <= drawn.effect <= drawn.high < RIGHT
    assert LEFT < drawn.zero < RIGHT
    assert [tick.place for tick in drawn.ticks if tick.words == "0"] == [drawn.zero]
    assert 3 <= len(drawn.ticks) <= 7
    assert all(LEFT <= tick.place <= RIGHT for tick in drawn.ticks)
    assert len({tick.words for tick in drawn.ticks}) == len(drawn.ticks)
