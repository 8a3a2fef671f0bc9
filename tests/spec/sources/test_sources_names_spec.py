"""How names are read: what a source writes, and who that is."""

import polars as pl
import pytest

from wardkeeper.sources.names import PARTS, read_full, read_parts

ONE = {
    "SMITH, Mrs Jane": ("MRS", "JANE", None, "SMITH"),
    "SMITH, Mrs Jane Mary Ann": ("MRS", "JANE", "MARY ANN", "SMITH"),
    "Mrs J Smith": ("MRS", "J", None, "SMITH"),
    "Mrs. J. M. Smith": ("MRS", "J", "M", "SMITH"),
    "MR J SMITH (DECD)": ("MR", "J", None, "SMITH"),
    "Jane Smith": (None, "JANE", None, "SMITH"),
    "Smith": (None, None, None, "SMITH"),
    "Mr Smith": ("MR", None, None, "SMITH"),
    "Ms A Smith-Jones": ("MS", "A", None, "SMITH-JONES"),
    "Ms A Smith - Jones": ("MS", "A", None, "SMITH-JONES"),
    "Mr P O’Neill": ("MR", "P", None, "O'NEILL"),
    "Dr Zoë Łukasz": ("DR", "ZOË", None, "ŁUKASZ"),
    "Mr P van der Berg": ("MR", "P", None, "VAN DER BERG"),
    "VAN DER BERG, Mr P": ("MR", "P", None, "VAN DER BERG"),
    "Mr de Souza": ("MR", None, None, "DE SOUZA"),
    "Al Smith": (None, "AL", None, "SMITH"),
    "AL-FAYED, MOHAMED": (None, "MOHAMED", None, "AL-FAYED"),
    "Jack Ma": (None, "JACK", None, "MA"),
    "Miss A Jones OBE": ("MISS", "A", None, "JONES"),
    "Executors of Mr J Smith": ("MR", "J", None, "SMITH"),
    "Llŷr ap Siôn": (None, "LLŶR", "AP", "SIÔN"),
    "D'Arcy-O’Neill, N’Golo": (None, "N'GOLO", None, "D'ARCY-O'NEILL"),
    "Zoe\u0308 Day": (None, "ZOË", None, "DAY"),
    "مُحَمَّد عَلِيّ": (None, "مُحَمَّد", None, "عَلِيّ"),
    "王小明": (None, None, None, "王小明"),
    "محمد علي": (None, "محمد", None, "علي"),
}

TWO = {
    "MR & MRS J SMITH": (("MR", "J", None, "SMITH"), ("MRS", None, None, "SMITH")),
    "Mr and Mrs J K Smith": (("MR", "J", "K", "SMITH"), ("MRS", None, None, "SMITH")),
    "MR J & MRS M SMITH": (("MR", "J", None, "SMITH"), ("MRS", "M", None, "SMITH")),
    "Mr J K & Mrs M Smith": (("MR", "J", "K", "SMITH"), ("MRS", "M", None, "SMITH")),
    "J & M SMITH": ((None, "J", None, "SMITH"), (None, "M", None, "SMITH")),
    "John and Mary Smith": ((None, "JOHN", None, "SMITH"), (None, "MARY", None, "SMITH")),
    "John Smith & Mary Jones": ((None, "JOHN", None, "SMITH"), (None, "MARY", None, "JONES")),
    "SMITH, J & M": ((None, "J", None, "SMITH"), (None, "M", None, "SMITH")),
    "SMITH, Mr John & Mrs Mary": (("MR", "JOHN", None, "SMITH"), ("MRS", "MARY", None, "SMITH")),
    "Mr & Dr Patel": (("MR", None, None, "PATEL"), ("DR", None, None, "PATEL")),
}

NOBODY = ("", " ", None, "The Occupier", "VOID", "n/a", "(DECD)", "-", "n/k", "NK", "Not known", "Not Known")


def read(name):
    row = read_full(pl.Series([name], dtype=pl.String)).row(0, named=True)
    return tuple(row[part] for part in PARTS), tuple(row[f"second_{part}"] for part in PARTS)


@pytest.mark.parametrize(("name", "person"), ONE.items())
def test_one_person(name, person):
    assert read(name) == (person, (None, None, None, None))


@pytest.mark.parametrize(("name", "people"), TWO.items())
def test_two_people(name, people):
    assert read(name) == people


@pytest.mark.parametrize("name", NOBODY)
def test_nobody(name):
    assert read(name)[0][3] is None


COLUMNS = {
    ("Mrs", "Jane Mary", "Smith"): ("MRS", "JANE", "MARY", "SMITH"),
    (None, "Mrs Jane", "Smith "): ("MRS", "JANE", None, "SMITH"),
    (None, "Zoë", "O`Brien"): (None, "ZOË", None, "O'BRIEN"),
    ("", "Ji-won", "Na"): (None, "JI-WON", None, "NA"),
    ("", "", "NA"): (None, None, None, None),
    ("", "NK", "Patel"): (None, "NK", None, "PATEL"),
    ("", "n/k", "n/k"): (None, None, None, None),
    ("", "X", "Y"): (None, "X", None, "Y"),
    ("", "Ng", "Ng"): (None, "NG", None, "NG"),
    ("", "小明", "王"): (None, "小明", None, "王"),
    ("", "सुनीता", "शर्मा"): (None, "सुनीता", None, "शर्मा"),
    (None, None, "Smith"): (None, None, None, "SMITH"),
    (None, "Jane", None): (None, "JANE", None, None),
}


@pytest.mark.parametrize(("columns", "person"), COLUMNS.items())
def test_separate_columns(columns, person):
    title, given, family = (pl.Series([text], dtype=pl.String) for text in columns)
    assert read_parts(title, given, family).row(0) == person


def test_many_names_keep_their_order():
    names = pl.Series(["B Two", "A One", "B Two", None])
    assert read_full(names)["family"].to_list() == ["TWO", "ONE", "TWO", None]
