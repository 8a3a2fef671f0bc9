"""The command line on the tests' fixed day, some minutes later: `python wardkeeper_later.py MINUTES ARGUMENTS…`."""

import sys
from datetime import timedelta

from that_day import open_town
from wardkeeper.cli import desk, main


def open_later(folder):
    """Open a house by a clock that stands some minutes after the fixed moment."""
    house = open_town(folder)
    house.clock.move(timedelta(minutes=MINUTES))
    return house


if __name__ == "__main__":
    MINUTES = int(sys.argv.pop(1))
    desk.open_house = open_later
    main.run()
