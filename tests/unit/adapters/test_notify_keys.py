"""Notify's key and its callbacks' token come from a file or the environment, and are never told."""

import pytest

from notify_server import KEYS, SERVICE
from wardkeeper.adapters.notify_keys import callback_check, open_notify
from wardkeeper.adapters.notify_service import NotifyService
from wardkeeper.kernel.errors import BadInput

KEY = f"a_name-{SERVICE}-{KEYS['live']}"
TOKEN = "a token that is long enough to be one"


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("KEY", "TOKEN", "URL"):
        monkeypatch.delenv(f"WARDKEEPER_NOTIFY_{name}", raising=False)


def test_without_a_key_nothing_can_be_sent(tmp_path):
    with pytest.raises(BadInput, match="no API key"):
        open_notify(tmp_path)


def test_the_key_comes_from_a_file_or_the_environment(tmp_path, monkeypatch):
    (tmp_path / "notify.key").write_text(f"{KEY}\n", "utf-8")
    assert isinstance(open_notify(tmp_path), NotifyService)
    (tmp_path / "notify.key").unlink()
    monkeypatch.setenv("WARDKEEPER_NOTIFY_KEY", KEY)
    opened = open_notify(tmp_path)
    assert KEYS["live"] not in repr(opened) + str(vars(opened).keys())


@pytest.mark.parametrize("address", ["http://notify.example", "ftp://127.0.0.1", "notify", ""])
def test_numbers_never_travel_in_the_clear(tmp_path, monkeypatch, address):
    monkeypatch.setenv("WARDKEEPER_NOTIFY_KEY", KEY)
    monkeypatch.setenv("WARDKEEPER_NOTIFY_URL", address)
    with pytest.raises(BadInput, match="https://"):
        open_notify(tmp_path)


def test_a_token_is_right_only_when_it_is_set_long_enough_and_the_same(tmp_path, monkeypatch):
    is_right = callback_check(tmp_path)
    assert not is_right("")
    assert not is_right(TOKEN)
    (tmp_path / "notify-callback.key").write_text(f"{TOKEN}\n", "utf-8")
    assert is_right(TOKEN)
    assert not is_right(TOKEN + "x")
    monkeypatch.setenv("WARDKEEPER_NOTIFY_TOKEN", "short")
    assert not is_right("short")
    assert not is_right("é")
