import errno
import stat

import pytest

from wardkeeper.adapters.durable_files import make_private_folder, publish, shred, storage_failures
from wardkeeper.kernel.errors import StorageFailed


def test_a_published_file_is_whole_and_its_owners_alone(tmp_path):
    path = tmp_path / "file"
    assert publish(path, b"content")
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_left_beside_it(tmp_path):
    publish(tmp_path / "file", b"content")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_taken_name_is_left_as_it_is(tmp_path):
    path = tmp_path / "file"
    publish(path, b"first")
    assert not publish(path, b"second")
    assert path.read_bytes() == b"first"


def test_a_write_that_fails_leaves_no_file_at_all(tmp_path):
    with pytest.raises(FileNotFoundError):
        publish(tmp_path / "absent" / "file", b"content")
    with pytest.raises(TypeError):
        publish(tmp_path / "file", "text, not bytes")
    assert list(tmp_path.iterdir()) == []


def test_a_private_folder_is_its_owners_alone(tmp_path):
    make_private_folder(tmp_path / "outer" / "inner")
    assert stat.S_IMODE((tmp_path / "outer" / "inner").stat().st_mode) == 0o700


def test_a_shredded_file_is_overwritten_before_it_goes(tmp_path):
    path, second_name = tmp_path / "file", tmp_path / "second-name"
    publish(path, b"secret" * 10)
    second_name.hardlink_to(path)
    shred(path)
    assert not path.exists()
    assert len(second_name.read_bytes()) == 60
    assert b"secret" not in second_name.read_bytes()


def test_shredding_what_is_gone_does_nothing(tmp_path):
    shred(tmp_path / "absent")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_full_disk_is_told_in_plain_words(number):
    with pytest.raises(StorageFailed) as raised, storage_failures("the sealed file"):
        raise OSError(number, "as the system says", "/some/path")
    assert raised.value.message == "The disk is full: the sealed file could not be written, and nothing was changed."
    assert raised.value.next.startswith("Free some space")
    assert "/some/path" not in str(raised.value)


def test_another_failure_gives_the_systems_reason():
    with pytest.raises(StorageFailed, match=r"The key folder could not be read or written \(Permission denied\)"):  # noqa: SIM117 one context needs the other
        with storage_failures("the key folder"):
            raise PermissionError(errno.EACCES, "denied")


def test_a_failure_without_a_number_is_told_too():
    with pytest.raises(StorageFailed, match="unknown error"), storage_failures("the key folder"):
        raise OSError("odd")
