"""One walk of the demonstration, by the installed command, for every test of the command line."""

import shutil

import pytest

from command_line import walk_the_road


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The folder of a finished demonstration and what it answered. No test changes it."""
    folder = tmp_path_factory.getbasetemp() / "demonstration"
    return folder, walk_the_road(folder)


@pytest.fixture
def authority(demonstration, tmp_path):
    """A copy of the demonstration's folder."""
    folder, ran = demonstration
    assert ran.code == 0, ran.err
    return shutil.copytree(folder, tmp_path / "authority")
