"""The guide to the library: every example on the page runs and gives the answer printed, and no name is left out."""

import doctest
from pathlib import Path

import pytest

from wardkeeper.outbreaks import LIBRARY

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "outbreak-library.md"


def test_every_example_of_the_guide_gives_its_answer():
    failed, tried = doctest.testfile(str(GUIDE), module_relative=False)
    assert tried > 30
    assert failed == 0


@pytest.mark.parametrize("name", sorted(LIBRARY))
def test_the_guide_names_all_of_the_library(name):
    assert name in GUIDE.read_text("utf-8")
