"""Long work says how far it has come, now and then; short work says nothing; Ctrl-C stops it with a word."""

import signal

import pytest
import typer

from wardkeeper.cli.progress import FIRST, NEXT, STOPPED, Progress


class Watched:
    """A progress whose clock is set by hand, and what it has said."""

    def __init__(self):
        self.now, self.said = 0.0, []
        self.progress = Progress(self.said.append, lambda: self.now)

    def at(self, now, part, share):
        self.now = now
        self.progress(part, share)


def test_short_work_says_nothing():
    watched = Watched()
    watched.at(1, "Searching", 0.5)
    watched.at(FIRST + 1, "Searching", 1.0)
    assert watched.said == []


def test_long_work_says_how_much_is_done_and_about_how_long_it_still_takes():
    watched = Watched()
    watched.at(0, "Searching", 0.0)
    watched.at(40, "Searching", 0.25)
    watched.at(40 + NEXT / 2, "Searching", 0.3)
    watched.at(400, "Searching", 0.5)
    assert watched.said == [
        "Searching: 25%, about 2 minutes left. Ctrl-C stops it.",
        "Searching: 50%, about 7 minutes left. Ctrl-C stops it.",
    ]


def test_each_part_is_timed_by_itself():
    watched = Watched()
    watched.at(100, "Finding", 0.001)
    watched.at(110, "Searching", 0.0)
    watched.at(120, "Searching", 0.5)
    assert watched.said == [
        "Finding: 0%. Ctrl-C stops it.",
        "Searching: 0%. Ctrl-C stops it.",
        "Searching: 50%, about 10 seconds left. Ctrl-C stops it.",
    ]


def test_ctrl_c_stops_at_the_next_step_with_a_word_and_an_exit_code_of_its_own():
    watched, before = Watched(), signal.getsignal(signal.SIGINT)

    def work():
        with watched.progress:
            signal.raise_signal(signal.SIGINT)
            watched.at(1, "Searching", 0.5)

    with pytest.raises(typer.Exit) as ended:
        work()
    assert ended.value.exit_code == STOPPED == 130
    assert watched.said == ["Stopped, as asked. Nothing was kept."]
    assert signal.getsignal(signal.SIGINT) is before
