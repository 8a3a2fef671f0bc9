"""`wardkeeper bench linkage`: what goes in, what comes out, and what never reaches the linking."""

import json

import polars as pl
import pytest

from command_line import run, run_here
from wardkeeper.cli import bench
from wardkeeper.cli.bench_sets import COLUMNS, TRUTH_INSIDE, LinkageSet
from wardkeeper.residents import FrameLinks
from wardkeeper.residents.headings import ROLES

PEOPLE = """person,id,Forename,Surname,DOB,household,shoe size
p,1,ada,byron,1815-12-10,h1,38
p,2,ada,byron,1815-12-10,h1,
q,3,mary,shelley,1797-08-30,h2,37
r,4,mary,shelley,,h3,
,5,percy,shelley,,h3,
"""


class Linker:
    """Stands in for linking: joins equal full names, and keeps what it was given."""

    def __init__(self):
        self.frames, self.roles, self.seeds = [], [], []

    def __call__(self, frame, roles, *, seed=1):
        self.frames.append(frame)
        self.roles.append(dict(roles))
        self.seeds.append(seed)
        columns = [name for name, role in roles.items() if role in {"given", "family"}]
        numbered = frame.select(*columns, row=pl.int_range(pl.len()))
        groups = numbered.select("row", frame=pl.lit(0), cluster=pl.struct(columns).rank("dense").cast(pl.Int64))
        pairs = numbered.join(numbered, on=columns).filter(pl.col("row") < pl.col("row_right"))
        found = pairs.select(left="row", right="row_right", log_odds=pl.lit(4.0), probability=pl.lit(0.98))
        return FrameLinks(
            clusters=groups, pairs=found, threshold=1.5, candidates=found.height, keys=(), model="", why=""
        )


@pytest.fixture
def linker(monkeypatch):
    linker = Linker()
    monkeypatch.setattr(bench, "link_frames", linker)
    monkeypatch.setattr(bench, "_load_kernels", lambda: None)
    return linker


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def linkage(*arguments):
    return run_here("bench", "linkage", *arguments)


def test_the_answer_has_its_agreed_shape_and_the_figures_counted_by_hand(linker, people):
    answer = linkage(people, "--set", "people", "--truth", "person", "--json").answer
    assert list(answer) == [
        *("records", "seconds", "cpu_seconds", "startup_cpu_seconds", "peak_mb", "pairs", "clusters", "threshold")
    ]
    assert answer["records"] == 5
    assert answer["threshold"] == 1.5
    assert answer["peak_mb"] > 10
    assert answer["startup_cpu_seconds"] > 0
    # Joined: the two of Ada (right) and the two of Mary (wrong). True: the two of Ada. One row has no truth.
    assert answer["pairs"] == {"precision": 0.5, "recall": 1, "f1": pytest.approx(2 / 3), "blocking_recall": 1}
    assert answer["clusters"] == {
        "precision": 0.5,
        "recall": 1,
        "f1": pytest.approx(2 / 3),
        "b3_precision": 0.75,
        "b3_recall": 1,
        "b3_f1": pytest.approx(6 / 7),
        "largest": 2,
    }


def test_truth_ids_households_and_the_order_of_rows_never_reach_the_linking(linker, people):
    ran = linkage(people, "--set", "people", "--truth", "person", "--json")
    assert linker.frames[0].columns == ["Forename", "Surname", "DOB"]
    assert linker.frames[0]["Forename"].to_list() != ["ada", "ada", "mary", "mary", "percy"]
    assert "Not used: shoe size." in ran.words
    assert "Never used: id, household." in ran.words
    assert "1 rows without a known truth" in ran.words


def test_the_same_rows_are_laid_in_the_same_order_each_time_and_in_another_for_each_seed(linker, people):
    for _ in range(2):
        linkage(people, "--set", "people", "--truth", "person", "--seeds", "3", "--json")
    assert linker.seeds == [1, 2, 3] * 2
    orders = [frame["Forename"].to_list() for frame in linker.frames]
    assert orders[:3] == orders[3:]


def test_several_seeds_tell_their_spread(linker, people):
    answer = linkage(people, "--set", "people", "--truth", "person", "--seeds", "2", "--json").answer
    assert answer["spread"]["seeds"] == 2
    assert answer["spread"]["clusters_f1"] == {
        "lowest": pytest.approx(2 / 3),
        "highest": pytest.approx(2 / 3),
        "spread": 0,
    }


def test_a_column_gets_the_role_that_is_asked_for(linker, people):
    linkage(people, "--set", "people", "--truth", "person", "--map", "shoe size=attribute", "--map", "DOB=unused")
    assert linker.roles == [{"Forename": "given", "Surname": "family", "shoe size": "attribute"}]


def test_files_are_laid_under_each_other_and_stand_for_their_sources_where_none_is_named(linker, people, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("person,Forename,Surname\nq,mary,shelley\n", "utf-8")
    answer = linkage(people, other, "--set", "people", "--truth", "person", "--json").answer
    assert answer["records"] == 6
    assert linker.roles[0][bench.FILE_NUMBER] == "source"
    assert sorted(linker.frames[0][bench.FILE_NUMBER].to_list()) == ["0"] * 5 + ["1"]
    named = tmp_path / "named.csv"
    named.write_text("person,Forename,Surname,source\nq,mary,shelley,tax\n", "utf-8")
    linkage(people, named, "--set", "people", "--truth", "person", "--json")
    assert "source" in linker.roles[1]
    assert bench.FILE_NUMBER not in linker.roles[1]


def test_the_truth_of_febrl_is_the_number_inside_its_id(linker, tmp_path):
    path = tmp_path / "febrl.csv"
    rows = [
        "rec_id, given_name, surname",
        "rec-7-org, ada, byron",
        "rec-7-dup-0, ada, byron",
        "rec-70-org, mary, shelley",
    ]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    answer = linkage(path, "--set", "febrl3", "--truth", "rec_id", "--json").answer
    assert (answer["clusters"]["f1"], answer["clusters"]["largest"]) == (1, 2)
    assert linker.frames[0].columns == ["given_name", "surname"]


def test_without_json_the_figures_are_a_table(linker, people):
    ran = linkage(people, "--set", "people", "--truth", "person")
    assert "clusters b3 f1" in ran.out
    assert "0.8571" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--set", "people", "--truth", "nobody"), 2, "no column “nobody” to tell the truth"),
        (("--set", "people", "--truth", "person", "--map", "hat=given"), 2, "no column “hat”"),
        (("--set", "people", "--truth", "person", "--map", "DOB=hat"), 2, "no role “hat”"),
        (("--set", "people", "--truth", "person", "--map", "DOB"), 2, "“DOB” is not COLUMN=ROLE"),
        (("--set", "people", "--truth", "person", "--map", "id=number"), 2, "never inputs"),
        (("--set", "people", "--truth", "person", "--map", "person=name"), 2, "never inputs"),
        (("--set", "hats", "--truth", "person"), 2, "council"),
        (("--set", "people"), 2, "--truth"),
        (("--set", "people", "--truth", "person", "--threads", "65"), 2, "--threads"),
        (("--set", "council", "--truth", "person"), 4, "No column has a role"),
        (("--set", "febrl4", "--truth", "Surname"), 4, "No column has a role"),
    ],
)
def test_what_was_wrongly_asked_is_told_in_words(linker, people, arguments, code, words):
    ran = linkage(people, *arguments)
    assert ran.code == code
    assert words in ran.words
    assert linker.frames == []


def test_a_truth_that_tells_nothing_is_refused(linker, tmp_path):
    path = tmp_path / "febrl.csv"
    path.write_text("rec_id,surname\nseven,byron\n", "utf-8")
    ran = linkage(path, "--set", "febrl3", "--truth", "rec_id")
    assert ran.code == 4
    assert "The truth is not told for any row" in ran.words


@pytest.mark.parametrize(("content", "words"), [("", "empty"), ("person,Surname\n", "no rows"), (None, "no such file")])
def test_a_file_that_cannot_be_read_is_bad_input(linker, tmp_path, content, words):
    path = tmp_path / "people.csv"
    if content is not None:
        path.write_text(content, "utf-8")
    ran = linkage(path, "--set", "people", "--truth", "person", "--json")
    assert ran.code == 4
    assert words in ran.answer["error"]["message"]


def test_every_set_names_known_roles_and_none_names_its_truth():
    assert set(COLUMNS) == set(LinkageSet)
    assert {role for table in COLUMNS.values() for role in table.values()} <= set(ROLES) - {"id"}
    forbidden = {"cluster", "rec_id", "unique_id", "household"}
    assert [table for table in COLUMNS.values() if forbidden & set(table)] == []
    assert set(TRUTH_INSIDE) == {LinkageSet.FEBRL3, LinkageSet.FEBRL4}


def test_a_number_of_threads_links_in_a_process_of_its_own_with_the_same_answer(people):
    answers = [
        json.loads(run("bench", "linkage", people, "--set", "people", "--truth", "person", "--json", *threads).out)
        for threads in ((), ("--threads", "1"))
    ]
    assert answers[0]["clusters"] == answers[1]["clusters"]
