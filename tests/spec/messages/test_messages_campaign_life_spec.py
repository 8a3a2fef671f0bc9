"""Every state of a campaign beside everything that can be done with it: where it leads, or that it may not be done."""

import pytest

from wardkeeper.messages.campaign_life import NEXT, State, Step, can_follow

TABLE = """
          | submit    approve  decline  compare   send    finish take-file hand-over put-away close  destroy   stop
draft     | submitted -        -        -         -       -      -         -         -        -      -         stopped
submitted | -         approved declined submitted -       -      -         -         -        -      -         stopped
approved  | -         -        -        approved  sending -      approved  sent      approved -      -         stopped
declined  | -         -        -        -         -       -      -         -         -        -      -         -
sending   | -         -        -        -         -       sent   sending   sending   sending  -      -         stopped
sent      | -         -        -        -         sending -      sent      sent      sent     closed -         stopped
stopped   | -         -        -        -         -       -      -         stopped   stopped  closed -         -
closed    | -         -        -        -         -       -      -         -         -        -      destroyed -
destroyed | -         -        -        -         -       -      -         -         -        -      -         -
"""
"""A dash: refused, with what to do. Closing is refused besides while a file is out, and where nothing was ever approved."""


def read(table):
    head, *rows = (line.split("|") for line in table.strip("\n").splitlines())
    steps = [Step(name) for name in head[1].split()]
    return {
        (State(state.strip()), step): None if to == "-" else State(to)
        for state, cells in rows
        for step, to in zip(steps, cells.split(), strict=True)
    }


CELLS = read(TABLE)


def test_the_table_has_every_state_and_every_step():
    assert {state for state, _ in CELLS} == set(State)
    assert {step for _, step in CELLS} == set(Step)
    assert len(CELLS) == len(State) * len(Step)


@pytest.mark.parametrize(("state", "step"), CELLS, ids=lambda one: one.value)
def test_each_step_leads_where_the_table_says(state, step):
    assert NEXT.get((state, step)) == CELLS[state, step]
    assert can_follow(state, step) == (CELLS[state, step] is not None)
