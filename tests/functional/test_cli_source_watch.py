"""`wardkeeper source watch`: files are loaded once, put away with a note, and one bad file never stops the others."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from command_line import WARDKEEPER, run_here
from table_files import make_zip
from wardkeeper.adapters import watched_folder
from wardkeeper.adapters.watched_folder import Place, WatchedFolder
from wardkeeper.bootstrap import open_house
from wardkeeper.usecases.receive_file import StillChanging

ANALYST = ("--as", "analyst@trafford.example")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def changed(authority, name="assisted-bins", *, rows=None):
    """A new file of a source: the demonstration's own, a row shorter."""
    content = (authority / "extracts" / f"{name}.csv").read_bytes().splitlines(keepends=True)
    return b"".join(content[: rows or -1])


def look(authority, inbox, *more):
    ran = run_here("source", "watch", inbox, "--once", "--settle", "0.05", "--json", *more, *ANALYST, folder=authority)
    return ran, [json.loads(line) for line in ran.out.splitlines()]


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def deliveries(authority, source="assisted-bins"):
    return open_house(authority).store.deliveries(source)


def test_a_file_is_loaded_and_put_away_with_a_note(authority, inbox):
    (inbox / "assisted-bins.csv").write_bytes(changed(authority))
    before = len(deliveries(authority))
    ran, (line,) = look(authority, inbox)
    assert ran.code == 0, ran.err
    assert (line["file"], line["source"], line["outcome"]) == ("assisted-bins.csv", "assisted-bins", "loaded")
    assert len(deliveries(authority)) == before + 1
    assert names(inbox) == []
    kept, note = names(inbox / "done")
    assert note == f"{kept}.txt"
    assert (inbox / "done" / kept).read_bytes() == changed(authority)
    text = (inbox / "done" / note).read_text("utf-8")
    assert text.startswith("assisted-bins.csv: loaded\n")
    assert "rows = " in text
    assert "assisted-bins.csv: loaded." in ran.words


def test_the_same_bytes_again_change_nothing_whatever_they_are_called(authority, inbox):
    (inbox / "assisted-bins").mkdir()
    for name in ("first.csv", "second.csv"):
        (inbox / "assisted-bins" / name).write_bytes(changed(authority))
    ran, lines = look(authority, inbox)
    assert ran.code == 0
    assert [line["outcome"] for line in lines] == ["loaded", "nothing-new"]
    assert len(names(inbox / "done" / "assisted-bins")) == 4


MATCHED = {
    "called as its source": ("assisted-bins.csv", "assisted-bins"),
    "in its source's folder": ("assisted-bins/anything at all.txt", "assisted-bins"),
}


@pytest.mark.parametrize(("name", "source"), MATCHED.values(), ids=MATCHED)
def test_whose_file_it_is(name, source, authority, inbox):
    (inbox / name).parent.mkdir(exist_ok=True)
    (inbox / name).write_bytes(changed(authority))
    _, (line,) = look(authority, inbox)
    assert (line["source"], line["outcome"]) == (source, "loaded")


def test_one_bad_file_never_stops_the_others(authority, inbox):
    bad = {
        "nobody.csv": b"A,B\n1,2\n",
        "assisted-bins.pdf": b"%PDF-1.7",
        "council-tax.csv": b"",
        "council-tax.zip": make_zip({"a.csv": b"A\n1\n"}),
        "shielding.csv": bytes(range(256)) * 20,
        "open-register.csv": changed(authority, "open-register")[:-30],
    }
    for name, content in bad.items():
        (inbox / name).write_bytes(content)
    (inbox / "unknown-source").mkdir()
    (inbox / "unknown-source" / "x.csv").write_bytes(b"A\n1\n")
    (inbox / "assisted-bins").mkdir()
    (inbox / "assisted-bins" / "good.csv").write_bytes(changed(authority))
    ran, lines = look(authority, inbox)
    assert ran.code == 1
    assert {line["file"]: line["outcome"] for line in lines} == {
        **dict.fromkeys(bad, "refused"), "x.csv": "refused", "good.csv": "loaded",
    }  # fmt: skip
    assert len(names(inbox / "refused")) == 2 * len(bad)
    assert names(inbox) == names(inbox / "assisted-bins") == []
    says = {line["file"]: " ".join(line["says"]) for line in lines}
    assert "No source watches for a file of this name." in says["nobody.csv"]
    assert "The file is a PDF, and the contract says csv." in says["assisted-bins.pdf"]
    assert "The folder unknown-source is named as no source." in says["x.csv"]
    assert all("fault" not in words for words in says.values())


def test_two_refused_files_of_one_name_are_both_kept(authority, inbox):
    for content in (b"one", b"two"):
        (inbox / "nobody.csv").write_bytes(content)
        look(authority, inbox)
    kept = [name for name in names(inbox / "refused") if not name.endswith(".txt")]
    assert sorted((inbox / "refused" / name).read_bytes() for name in kept) == [b"one", b"two"]


# Paths


def test_links_are_refused_and_never_followed(authority, inbox, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(changed(authority))
    outside = tmp_path / "assisted-bins"
    outside.mkdir()
    (outside / "x.csv").write_bytes(changed(authority))
    (inbox / "assisted-bins.csv").symlink_to(secret)
    (inbox / "council-tax").symlink_to(outside)
    os.mkfifo(inbox / "shielding.csv")
    before = len(deliveries(authority))
    ran, lines = look(authority, inbox)
    assert ran.code == 1
    assert {line["outcome"] for line in lines} == {"refused"}
    assert len(lines) == 3
    assert len(deliveries(authority)) == before
    assert secret.read_bytes() == changed(authority)
    assert (outside / "x.csv").exists()
    assert names(inbox) == []


def test_a_shelf_that_is_a_link_is_not_written_through(authority, inbox, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (inbox / "done").symlink_to(tmp_path / "elsewhere")
    ran = run_here("source", "watch", inbox, "--once", "--settle", "0", *ANALYST, folder=authority)
    assert ran.code == 4
    assert "The folder done is a link." in ran.words


@pytest.mark.parametrize("name", ["a\nb\x1b[2J.csv", "ü" * 120 + ".csv", b"\xff\xfe.csv", "-rf.csv"])
def test_strange_names_are_put_away_too(name, authority, inbox):
    (inbox / os.fsdecode(name)).write_bytes(b"A\n1\n")
    ran, (line,) = look(authority, inbox)
    assert line["outcome"] == "refused"
    assert "\x1b" not in ran.out + ran.err
    assert len(names(inbox / "refused")) == 2


# Files that are still being written


def test_names_of_unfinished_files_are_left_alone(authority, inbox):
    left = [".hidden.csv", "~$assisted-bins.xlsx", "assisted-bins.csv.part", "assisted-bins.csv.crdownload"]
    for name in left:
        (inbox / name).write_bytes(b"x")
    assert look(authority, inbox)[1] == []
    assert all((inbox / name).exists() for name in left)


def test_a_file_that_changes_between_two_looks_waits(inbox, monkeypatch):
    path = inbox / "a.csv"
    path.write_bytes(b"1")
    (inbox / "b.csv").write_bytes(b"2")
    monkeypatch.setattr(watched_folder.time, "sleep", lambda _: path.write_bytes(b"12"))
    with watched_folder.watch(inbox) as watched:
        arrivals, waiting = watched.arrivals_now(settle=1)
    assert [one.name for one in arrivals] == ["b.csv"]
    assert waiting == 1


def test_a_file_is_whole_when_it_has_not_changed_for_the_time_given(inbox, monkeypatch):
    path = inbox / "a.csv"
    path.write_bytes(b"1")
    clock = iter(range(100))
    writes = iter([b"12", b"123"])

    def sleep(_):
        content = next(writes, None)
        if content:
            path.write_bytes(content)

    monkeypatch.setattr(watched_folder.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(watched_folder.time, "sleep", sleep)
    with watched_folder.watch(inbox) as watched:
        rounds = watched.arrivals(settle=2, every=1)
        given = [[one.size for one in next(rounds)] for _ in range(6)]
    assert given == [[], [], [], [], [3], [3]]


def test_a_file_that_changes_while_it_is_read_or_moved_stays(inbox):
    path = inbox / "a.csv"
    path.write_bytes(b"1")
    with watched_folder.watch(inbox) as watched:
        (arrival,) = watched.look()
        path.write_bytes(b"12")
        with pytest.raises(StillChanging):
            watched.read(arrival)
        with pytest.raises(StillChanging):
            watched.put_away(arrival, Place.DONE, mark="x", note="n")
    assert path.read_bytes() == b"12"


def test_oldest_first(inbox):
    for age, name in ((1, "b.csv"), (3, "a.csv"), (2, "c.csv")):
        (inbox / name).write_bytes(b"x")
        os.utime(inbox / name, (age, age))
    with watched_folder.watch(inbox) as watched:
        assert [one.name for one in watched.arrivals_now(settle=0)[0]] == ["b.csv", "c.csv", "a.csv"]


# Being killed


class KilledHere(BaseException):
    pass


def killed(*_, **__):
    raise KilledHere


STEPS = {
    "before the note": (watched_folder, "_write_note"),
    "between note and moving": (WatchedFolder, "_move"),
    "before anything is put away": (WatchedFolder, "put_away"),
}


@pytest.mark.parametrize(("owner", "step"), STEPS.values(), ids=STEPS)
def test_killed_between_any_two_steps_the_next_run_finishes(owner, step, authority, inbox, monkeypatch):
    (inbox / "assisted-bins.csv").write_bytes(changed(authority))
    (inbox / "nobody.csv").write_bytes(b"A\n1\n")
    before = len(deliveries(authority))
    for _ in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, killed)
            look(authority, inbox)
        assert names(inbox) == ["assisted-bins.csv", "nobody.csv"]
    ran, lines = look(authority, inbox)
    assert {line["file"]: line["outcome"] for line in lines} == {
        "assisted-bins.csv": "nothing-new", "nobody.csv": "refused",
    }  # fmt: skip
    assert len(deliveries(authority)) == before + 1
    assert (len(names(inbox / "done")), len(names(inbox / "refused")), names(inbox)) == (2, 2, [])
    assert ran.code == 1


def test_two_watchers_do_not_share_a_folder(authority, inbox):
    with watched_folder.watch(inbox):
        ran = run_here("source", "watch", inbox, "--once", "--settle", "0", *ANALYST, folder=authority)
    assert ran.code == 4
    assert "The folder is being watched already." in ran.words


def test_a_folder_that_is_not_there(authority, tmp_path):
    ran = run_here("source", "watch", tmp_path / "none", "--once", *ANALYST, folder=authority)
    assert ran.code == 4
    assert "There is no such folder to watch." in ran.words


def test_those_who_may_not_load_load_nothing(authority, inbox):
    (inbox / "assisted-bins.csv").write_bytes(changed(authority))
    before = len(deliveries(authority))
    ran = run_here(
        "source", "watch", inbox, "--once", "--settle", "0", "--json", "--as", "crew@gm-fire.example", folder=authority
    )
    assert ran.code == 1
    assert "Refused" in json.loads(ran.out)["says"][0]
    assert len(deliveries(authority)) == before


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_watches_until_it_is_stopped(how, authority, inbox):
    """The installed command, in a process of its own: a file comes while it watches, then it is stopped."""
    command = [WARDKEEPER, "source", "watch", inbox, "--settle", "0.2", "--every", "0.1", "--json", *ANALYST]
    watching = subprocess.Popen(
        [*command, "--folder", authority], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert watching.stderr.readline().startswith("Watching.")
        (inbox / "assisted-bins.csv").write_bytes(changed(authority))
        line = json.loads(watching.stdout.readline())
        assert line["outcome"] == "loaded"
        wait_for(inbox / "done")
        watching.send_signal(how)
        code = watching.wait(30)
    finally:
        watching.kill()
        out, err = watching.communicate()
    assert code == (0 if how != signal.SIGKILL else -signal.SIGKILL)
    assert out == ""
    assert "Traceback" not in err
    if how != signal.SIGKILL:
        assert "Stopped." in err
    with watched_folder.watch(inbox):
        assert len(names(inbox / "done")) == 2


def wait_for(folder: Path):
    deadline = time.monotonic() + 20
    while len(names(folder)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
