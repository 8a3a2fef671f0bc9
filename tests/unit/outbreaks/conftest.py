"""Where the reference figures are: WARDKEEPER_REFERENCE, else `shared/data` beside the repository."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def reference() -> Path:
    named = os.environ.get("WARDKEEPER_REFERENCE")
    folder = (Path(named) if named else BESIDE) / "outbreaks"
    if not folder.is_dir():
        pytest.skip(f"reference figures are absent: no {folder.name} in {named or 'shared/data'}")
    return folder
