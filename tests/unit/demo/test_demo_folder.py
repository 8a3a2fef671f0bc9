"""Where a demonstration may be built: never over a file, nor through a link."""

from datetime import date

import pytest

from wardkeeper.demo.road import prepare_folder
from wardkeeper.kernel.errors import UsageError

TODAY = date(2026, 11, 22)


def test_a_file_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(UsageError, match="not a folder"):
        prepare_folder(path, tmp_path, TODAY)
    assert path.read_text() == "mine"


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_link_is_not_followed(tmp_path, target):
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / target)
    with pytest.raises(UsageError, match="not a folder"):
        prepare_folder(link, tmp_path, TODAY)
    assert link.is_symlink()
