"""What the machine does to a run: a disk that fills up while a file is loaded, a linking that is killed.

Both happen for real, in a program of their own: the operating system refuses the write, and sends SIGKILL.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fakes import make_permit
from that_day import open_town
from wardkeeper.demo import cast
from wardkeeper.usecases.datasets import records
from wardkeeper.usecases.link_residents import link_residents
from wardkeeper.usecases.load_source import Received, load_source
from wardkeeper.usecases.verify_ledger import verify_ledger

TESTS = Path(__file__).parents[2]
SOURCE = "council-tax"


def command(*arguments):
    return [sys.executable, TESTS / "wardkeeper_that_day.py", *arguments, "--as", cast.ANALYST.login, "--json"]


def load(folder, file, *, room=None):
    """Run `wardkeeper source load`, with room for files of so many bytes only."""
    limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))) if room else None
    ask = command("source", "load", file, "--folder", folder)
    return subprocess.run(ask, capture_output=True, text=True, preexec_fn=limit, check=False)


def state(folder):
    """What is current, every act, every delivery, and whether the ledger verifies."""
    house = open_town(folder)
    current = {file.dataset: file.id for file in house.store.currents()}
    acts = [json.loads(leaf)["type"] for leaf in house.store.leaves()]
    deliveries = [one.id for one in house.store.deliveries()]
    verified = verify_ledger(house).verified
    house.store.close()
    return current, acts, deliveries, verified


@pytest.fixture
def newer(town, tmp_path):
    """A newer council tax file, with 40 accounts for every one: its records are large when sealed."""
    path = town.extract(SOURCE)
    heading, *rows = path.read_bytes().splitlines(keepends=True)
    newer = tmp_path / path.name
    newer.write_bytes(heading + b"".join(b"%d%s" % (number, row) for number in range(10, 50) for row in rows))
    return newer


ROOM = {"the database": 10_000, "the sealed file": 300_000}
"""Bytes that let everything before be written, but not this."""


@pytest.mark.parametrize("what", list(ROOM))
def test_disk_full_during_load_changes_nothing_and_the_load_works_when_there_is_room(folder, newer, what):
    current, acts, deliveries, _ = state(folder)
    refused = load(folder, newer, room=ROOM[what])
    assert refused.returncode == 4, refused.stderr
    told = json.loads(refused.stdout)["error"]
    assert told["code"] == "storage"
    assert told["message"].startswith("The disk is full")
    assert told["message"].endswith(f"{what} could not be written, and nothing was changed.")
    assert told["next"].startswith("Free some space, ")
    assert told["next"].endswith(", and do it again.")
    assert "Traceback" not in refused.stderr
    after, after_acts, after_deliveries, verified = state(folder)
    assert (after, after_deliveries, verified) == (current, deliveries, True)
    # That somebody was allowed to load, and compared with the file before, may be on the ledger; not that a file was loaded.
    assert after_acts[: len(acts)] == acts
    assert set(after_acts[len(acts) :]) <= {"decision.made", "data.read"}
    assert load(folder, newer).returncode == 0
    after, _, after_deliveries, verified = state(folder)
    assert after[records(SOURCE)] != current[records(SOURCE)]
    assert (len(after_deliveries), verified) == (len(deliveries) + 1, True)


def kill_when_files_appear(folder, *, fewest):
    """Start a linking, and kill it once it has sealed some of its files."""
    vault = folder / ".wardkeeper" / "vault"
    before, patience = len(list(vault.glob("*.parquet"))), time.monotonic() + 60
    linking = subprocess.Popen(command("link", "--folder", folder), stdout=subprocess.DEVNULL)
    while len(list(vault.glob("*.parquet"))) < before + fewest:
        assert linking.poll() is None, "the linking ended before it could be killed"
        assert time.monotonic() < patience
        time.sleep(0.001)
    os.kill(linking.pid, 9)
    assert linking.wait() == -9


def link_into_groups(folder):
    """Link, and give the records that were put together, whatever their residents are called."""
    house = open_town(folder)
    link_residents(house, cast.ANALYST)
    file = house.store.current("membership")
    permit = make_permit("membership", now=house.clock.now())
    joined = house.vault.read(file, ["record_id", "resident_id"], permit=permit)
    house.store.close()
    return set(map(frozenset, joined.group_by("resident_id").agg("record_id")["record_id"].to_list()))


def test_killed_during_link_leaves_the_old_result_and_a_second_run_gives_the_same(town, folder, tmp_path):
    path = town.extract("assisted-bins")
    fewer = b"".join(path.read_bytes().splitlines(keepends=True)[:-5])
    house = open_town(folder)
    load_source(house, cast.ANALYST, "assisted-bins", Received(path.name, fewer))
    house.store.close()
    undisturbed = shutil.copytree(folder, tmp_path / "undisturbed")
    current, _, _, _ = state(folder)
    kill_when_files_appear(folder, fewest=2)
    after, acts, _, verified = state(folder)
    assert (after, verified) == (current, True)
    assert acts[-1] == "decision.made"
    assert link_into_groups(folder) == link_into_groups(undisturbed)
    assert state(folder)[3]
