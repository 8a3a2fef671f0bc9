"""The command line on the tests' fixed day: run as a program of its own, with the arguments of `wardkeeper`."""

from that_day import open_town
from wardkeeper.cli import desk, main

if __name__ == "__main__":
    desk.open_house = open_town
    main.run()
