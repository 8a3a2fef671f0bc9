"""Where the reference data is: WARDKEEPER_REFERENCE, else `shared/data` beside the repository. It is no part of the project."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of real counts and of other programs' answers. A test that needs it says so where it is absent."""
    folder = Path(os.environ.get("WARDKEEPER_REFERENCE") or BESIDE) / "outbreaks"
    if not folder.is_dir():
        pytest.skip("the reference data is not here: set WARDKEEPER_REFERENCE to its folder")
    return folder
