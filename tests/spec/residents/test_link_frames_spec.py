"""Linking the rows of any frames, in five lines:

>>> from wardkeeper.residents import link_frames
>>> roles = {"forename": "given", "surname": "family", "dob": "birth-date", "post code": "postcode"}
>>> linked = link_frames([visitors, members], roles)
>>> linked.clusters  # frame, row, cluster: which rows are one person's
>>> linked.pairs  # left, right, log_odds, probability: why
shape: ...

`roles` says what each column means; columns without a role play no part. So few rows are too few to learn from, so the cases on this
page run on the first guesses; a file of some hundred rows teaches the weights itself.
"""

from datetime import date

import polars as pl
import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.residents import link_frames
from wardkeeper.residents.roles import Role


def read(table):
    """A frame from a small table: columns parted by `|`, a dash is a blank."""
    heading, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    rows = [[None if cell == "-" else cell for cell in line] for line in lines]
    return pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row")


def groups(linked, name="who", *frames):
    """The clusters as sets of what a column of names holds, which linking has not seen."""
    named = [frame[name].to_list() for frame in frames]
    found = {}
    for frame, row, cluster in linked.clusters.iter_rows():
        found.setdefault(cluster, set()).add(named[frame][row])
    return {frozenset(group) for group in found.values()}


def parted(text):
    """Read groups written as `v1 m1 / v2`."""
    return {frozenset(part.split()) for part in text.split("/")}


VISITORS = read("""
who | forename | surname | dob        | post code
v1  | Mary     | Shelley | 30/08/1941 | ZZ1 1AA
v2  | Percy    | Shelley | 04/08/1942 | ZZ1 1AA
v3  | Mary     | Shelly  | 1941-08-30 | zz1 1aa
""")
MEMBERS = read("""
who | post code | surname | forename | dob
m1  | ZZ1 1AA   | SHELLEY | MARY     | 19410830
m2  | ZZ9 9ZZ   | SHELLEY | HARRIET  | 1795-08-01
""")
ROLES = {"forename": "given", "surname": "family", "dob": "birth-date", "post code": "postcode"}


def test_two_frames_are_linked_in_five_lines():
    linked = link_frames([VISITORS, MEMBERS], ROLES)
    assert groups(linked, "who", VISITORS, MEMBERS) == parted("v1 v3 m1 / v2 / m2")


def test_one_frame_is_linked_with_itself():
    linked = link_frames(VISITORS, ROLES)
    assert groups(linked, "who", VISITORS) == parted("v1 v3 / v2")


def test_each_row_has_its_cluster_and_frames_are_counted_from_0():
    clusters = link_frames([VISITORS, MEMBERS], ROLES).clusters
    assert clusters.schema == {"frame": pl.Int64, "row": pl.Int64, "cluster": pl.Int64}
    assert clusters.select("frame", "row").rows() == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert set(clusters["cluster"]) == {0, 1, 2}


def test_pairs_tell_the_odds_with_rows_counted_over_all_frames():
    linked = link_frames([VISITORS, MEMBERS], ROLES)
    likely = linked.pairs.filter(pl.col("log_odds") > linked.threshold)
    assert set(likely.select("left", "right").rows()) == {(0, 2), (0, 3), (2, 3)}
    assert linked.pairs.columns == ["left", "right", "log_odds", "probability"]
    assert (linked.pairs["left"] < linked.pairs["right"]).all()
    assert ((linked.pairs["probability"] > 0.5) == (linked.pairs["log_odds"] > 0)).all()
    assert linked.candidates >= linked.pairs.height


def test_the_account_tells_the_model_and_what_each_key_brought():
    linked = link_frames([VISITORS, MEMBERS], ROLES)
    assert linked.model == "first guesses"
    assert "too few to learn from" in linked.why
    brought = {key.name: key.pairs for key in linked.keys}
    assert brought["given name and family name"] == 1
    assert sum(key.alone for key in linked.keys) <= linked.candidates


ROLES_SHOWN = {
    Role.ID: (
        "an id plays no part",
        "who | key | name\na | 1 | Mary Shelley\nb | 1 | Percy Hogg",
        {"key": "id", "name": "name"},
        "a / b",
    ),
    Role.SOURCE: (
        "a source that holds each person once keeps its rows apart, if home and name do not agree",
        """
        who | file  | given | family | place
        a   | north | Ann   | Lee    | Leeds
        b   | north | Ann   | Lee    | Leeds
        c   | south | Ann   | Lee    | Leeds
        """,
        {"file": "source", "given": "given", "family": "family", "place": "place"},
        "a b c",
    ),
    Role.NAME: (
        "a whole name in one column",
        "who | name | born\na | Mary Shelley | 1941-08-30\nb | SHELLEY, M. | 1975-01-04\nc | Mary Shelley | 1941-08-30",
        {"name": "name", "born": "birth-date"},
        "a c / b",
    ),
    Role.TITLE: (
        "a title tells the sex",
        """
        who | title | given | family | pc
        a   | Mr    | S     | Lee    | ZZ1 1AA
        b   | Mrs   | S     | Lee    | ZZ1 1AA
        c   | Mr    | S     | Lee    | ZZ1 1AA
        """,
        {"title": "title", "given": "given", "family": "family", "pc": "postcode"},
        "a c / b",
    ),
    Role.GIVEN: (
        "a nickname is a form of the name",
        "who | given | family | born\na | William | Lee | 1949-04-11\nb | Bill | Lee | 1949-04-11\nc | Ann | Lee | 1949-04-11",
        {"given": "given", "family": "family", "born": "birth-date"},
        "a b / c",
    ),
    Role.MIDDLE: (
        "a middle name may be the given name of another record",
        "who | given | middle | family | born\na | Mary | Ann | Lee | 1949-04-11\nb | Ann | - | Lee | 1949-04-11",
        {"given": "given", "middle": "middle", "family": "family", "born": "birth-date"},
        "a b",
    ),
    Role.FAMILY: (
        "a double-barrelled name shares a part with either",
        "who | given | family | born\na | Ann | Lee-Oak | 1949-04-11\nb | Ann | Oak | 1949-04-11\nc | Bob | Elm | 1949-04-11",
        {"given": "given", "family": "family", "born": "birth-date"},
        "a b / c",
    ),
    Role.BIRTH_DATE: (
        "a birth date is read in several forms",
        "who | given | family | born\na | Ann | Lee | 11/04/1949\nb | Ann | Lee | 1949-04-11\nc | Ann | Lee | 3.12.1962",
        {"given": "given", "family": "family", "born": "birth-date"},
        "a b / c",
    ),
    Role.SEX: (
        "sex speaks against an initial that fits",
        """
        who | given | family | sex    | pc
        a   | S     | Lee    | male   | ZZ1 1AA
        b   | S     | Lee    | female | ZZ1 1AA
        c   | S     | Lee    | M      | ZZ1 1AA
        """,
        {"given": "given", "family": "family", "sex": "sex", "pc": "postcode"},
        "a c / b",
    ),
    Role.ADDRESS: (
        "an address may be in several columns, which are joined",
        """
        who | given | family | line 1      | line 2 | pc
        a   | Ann   | Lee    | 1 Mill Road | Sale   | ZZ1 1AA
        b   | A     | Lee    | 1 Mill Rd   | Sale   | ZZ1 1AA
        c   | A     | Lee    | 9 Oak Ave   | Sale   | ZZ9 9ZZ
        """,
        {"given": "given", "family": "family", "line 1": "address", "line 2": "address", "pc": "postcode"},
        "a b / c",
    ),
    Role.POSTCODE: (
        "a postcode is one with or without its space",
        "who | given | family | pc\na | Ann | Lee | ZZ1 1AA\nb | Anne | Lee | zz11aa\nc | Bob | Lee | ZZ1 1AA",
        {"given": "given", "family": "family", "pc": "postcode"},
        "a b / c",
    ),
    Role.HOME: (
        "a home's own number, where somebody has found it",
        "who | given | family | home\na | A | Lee | uprn:1\nb | Ann | Lee | uprn:1\nc | Bob | Lee | uprn:1",
        {"given": "given", "family": "family", "home": "home"},
        "a b / c",
    ),
    Role.PHONE: (
        "a telephone number, however it is written",
        """
        who | given | family | phone           | pc
        a   | Ann   | Lee    | 0161 496 0123   | ZZ1 1AA
        b   | Anna  | Lee    | +44 1614960123  | ZZ9 9ZZ
        c   | Bob   | Lee    | 0161 496 0123   | ZZ1 1AA
        """,
        {"given": "given", "family": "family", "phone": "phone", "pc": "postcode"},
        "a b / c",
    ),
    Role.EMAIL: (
        "an e-mail address of one's own brings a changed name together",
        """
        who | given | family | email   | born
        a   | Ann   | Lee    | a@b.org | 1949-04-11
        b   | Ann   | Oak    | A@B.ORG | 1949-04-11
        c   | Bob   | Elm    | b@b.org | 1950-07-30
        """,
        {"given": "given", "family": "family", "email": "email", "born": "birth-date"},
        "a b / c",
    ),
    Role.NHS_NUMBER: (
        "two different NHS numbers are two people, whatever else agrees",
        """
        who | given | family | born       | nhs
        a   | Ann   | Lee    | 1949-04-11 | 999 000 0018
        b   | Ann   | Lee    | 1949-04-11 | 9990000026
        c   | Anne  | Oak    | -          | 9990000018
        """,
        {"given": "given", "family": "family", "born": "birth-date", "nhs": "nhs-number"},
        "a c / b",
    ),
    Role.NI_NUMBER: (
        "a National Insurance number is nearly as good",
        "who | given | family | ni\na | Ann | Lee | QQ123456C\nb | Anne | Oak | QQ 12 34 56 C\nc | Bob | Elm | QQ654321C",
        {"given": "given", "family": "family", "ni": "ni-number"},
        "a b / c",
    ),
    Role.NUMBER: (
        "any other number given to one person; a slip of the pen in it happens",
        "who | given | family | card\na | Ann | Lee | 12345678\nb | Ann | Lee | 12345687\nc | Bob | Elm | 12345678",
        {"given": "given", "family": "family", "card": "number"},
        "a b / c",
    ),
    Role.PLACE: (
        "a place of birth, or any other",
        "who | given | family | from\na | Ann | Lee | Ely\nb | Ann | Lee | ELY\nc | Bob | Lee | Ely",
        {"given": "given", "family": "family", "from": "place"},
        "a b / c",
    ),
    Role.ATTRIBUTE: (
        "an occupation, or whatever else a person has",
        "who | given | family | work\na | Ann | Lee | Baker\nb | Ann | Lee | baker\nc | Bob | Lee | Baker",
        {"given": "given", "family": "family", "work": "attribute"},
        "a b / c",
    ),
}


@pytest.mark.parametrize("role", ROLES_SHOWN)
def test_each_role(role):
    _, table, roles, expected = ROLES_SHOWN[role]
    assert role in roles.values()
    frame = read(table)
    assert groups(link_frames(frame, roles), "who", frame) == parted(expected)


TYPED = (Role.SEEN_ON, Role.PROTECTED)


def test_every_role_is_shown():
    assert {*ROLES_SHOWN, *TYPED} == set(Role)


def test_a_day_on_which_a_record_was_seen_tells_a_child_from_an_adult():
    frame = pl.DataFrame(
        {
            "who": ["a", "b"],
            "title": [None, "Mrs"],
            "given": ["Ann", "Ann"],
            "family": ["Lee", "Lee"],
            "born": [date(2025, 11, 20), None],
            "home": ["uprn:1", "uprn:1"],
            "seen": [date(2026, 6, 1), date(2026, 6, 1)],
        }
    )
    roles = {"title": "title", "given": "given", "family": "family", "born": "birth-date", "home": "home"}
    assert groups(link_frames(frame, roles), "who", frame) == parted("a b")
    assert groups(link_frames(frame, {**roles, "seen": "seen-on"}), "who", frame) == parted("a / b")


def test_a_protected_row_is_joined_at_its_own_home_alone():
    frame = pl.DataFrame(
        {
            "who": ["a", "b", "c"],
            "name": ["Nora Helmer"] * 3,
            "born": [date(1980, 3, 9)] * 3,
            "home": ["uprn:9", "uprn:1", "uprn:9"],
            "hidden": [True, False, False],
        }
    )
    roles = {"name": "name", "born": "birth-date", "home": "home", "hidden": "protected"}
    linked = link_frames(frame, roles)
    assert {"a", "b"} not in groups(linked, "who", frame)
    assert (0, 1) not in linked.pairs.select("left", "right").rows()
    assert (0, 2) in linked.pairs.select("left", "right").rows()


def test_a_column_without_a_role_plays_no_part():
    one, other = (link_frames(frame, ROLES) for frame in (VISITORS, VISITORS.drop("who")))
    assert one.pairs.equals(other.pairs)


def test_a_frame_may_lack_a_column_and_columns_may_differ_in_kind():
    dated = VISITORS.with_columns(dob=pl.Series([date(1941, 8, 30), date(1942, 8, 4), None]))
    undated = MEMBERS.drop("dob", "post code")
    for frames in ([dated, undated], [undated, dated], [dated, MEMBERS]):
        assert len(groups(link_frames(frames, ROLES), "who", *frames)) < 5


def test_a_column_called_frame_is_a_column_like_any_other():
    rows = {"name": ["Ann Lee", "Ann Lee"], "born": ["1949-04-11"] * 2}
    frames = [pl.DataFrame({**rows, "frame": ["9990000018", "9990000026"]})]
    linked = link_frames(frames, {"name": "name", "born": "birth-date", "frame": "nhs-number"})
    assert linked.clusters["cluster"].n_unique() == 2


def test_blank_homes_are_no_home():
    rows = {"given": ["A", "Ann"], "family": ["Lee", "Lee"]}
    roles = {"given": "given", "family": "family", "home": "home"}
    frames = [pl.DataFrame({**rows, "home": homes}) for homes in (["", " "], [None, None])]
    blank, unknown = (link_frames(frame, roles).pairs["log_odds"].to_list() for frame in frames)
    assert blank == unknown


@pytest.mark.parametrize(
    ("role", "values"),
    [("home", [100012, 100012]), ("phone", [1614960123] * 2), ("number", [7, 7]), ("postcode", [2600, 2600])],
)
def test_numbers_are_read_as_texts(role, values):
    frame = pl.DataFrame({"given": ["A", "Ann"], "family": ["Lee", "Lee"], "value": values})
    linked = link_frames(frame, {"given": "given", "family": "family", "value": role})
    assert linked.pairs.height == 1


def test_no_rows_are_no_clusters():
    linked = link_frames([VISITORS.clear(), MEMBERS.clear()], ROLES)
    assert linked.clusters.is_empty()
    assert linked.pairs.is_empty()


@pytest.mark.parametrize(
    ("frames", "roles", "said", "advice"),
    [
        ([VISITORS], {"forename": "first name"}, "no role “first name” (column “forename”)", "birth-date"),
        ([VISITORS], {"first": "given"}, "No frame has a column “first”", "as the frames do"),
        ([], {"first": "given"}, "No frame has a column “first”", "as the frames do"),
        ([VISITORS], {}, "No column has a role by which people can be told", "Say what"),
        ([VISITORS], {"who": "id"}, "No column has a role by which people can be told", "Say what"),
        (
            [VISITORS],
            {"who": "protected"},
            "“who” has the role “protected”, but does not hold true or false",
            "Convert",
        ),
        ([VISITORS], {"dob": "seen-on"}, "“dob” has the role “seen-on”, but does not hold dates", "Convert"),
    ],
)
def test_what_is_wrong_is_said(frames, roles, said, advice):
    with pytest.raises(BadInput) as failed:
        link_frames(frames, roles)
    assert said in str(failed.value)
    assert advice in f"{failed.value} {failed.value.args} {vars(failed.value)}"
