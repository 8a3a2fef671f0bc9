"""A source that nobody had a contract for, from its first file to the review of its pairs; and each step done wrong."""

import pytest

from command_line import run_here
from wardkeeper.sources.shapes import shape

ANALYST = ("--as", "analyst@trafford.example")
DPO = ("--as", "dpo@trafford.example")
CREW = ("--as", "crew@gm-fire.example")
SURNAMES = ("Wojciechowska", "Oyelaran", "Featherstone", "Achterberg")
CSV = "Ref,Family Name,First Name,DOB,Postcode,Lift needed\n" + "".join(
    f"K-{number},{name},Alma,03/07/19{40 + number},M33 2AA,Yes\n" for number, name in enumerate(SURNAMES)
)
BLANKS = {
    'owner = ""': 'owner = "Lunch club"',
    'contact = ""': 'contact = "club@trafford.example"',
    "refresh_days = 0": "refresh_days = 31",
    'kind = ""': 'kind = "full"',
    "purposes = []": 'purposes = ["emergency-planning", "emergency-response"]',
    "gateways = []": 'gateways = ["cca-2004"]',
    "# FILL IN: starts and review_by, as": "starts = 2020-01-01\nreview_by = 2099-01-01\n#",
}


@pytest.fixture
def draft(authority):
    """The draft that `source add` made of the club's file."""
    file = authority / "lunch-club.csv"
    file.write_text(CSV, "utf-8")
    ran = run_here("source", "add", file, "--name", "lunch-club", *ANALYST, folder=authority)
    assert ran.code == 0, ran.err
    return authority / "sources" / "lunch-club.toml"


def edit(path, changes):
    text = path.read_text("utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def fill_in(draft):
    """Do what a person does: fill in the blanks and confirm each column."""
    edit(draft, BLANKS | {"confirmed = false": "confirmed = true"})
    edit(draft, {'name = "Lift needed"\nas = "unused"': 'name = "Lift needed"\nas = "fact"'})
    with draft.open("a", encoding="utf-8") as file:
        file.write('[[factor]]\ncolumn = "Lift needed"\nknown = ["No"]\n\n[factor.when]\nYes = "limited-mobility"\n')


def bring_into_force(authority):
    """Apply as the analyst and confirm as the data protection officer."""
    ran = run_here("apply", "--json", *ANALYST, folder=authority)
    assert (ran.code, ran.answer["outcome"]) == (0, "waiting"), ran.err
    confirmed = run_here("apply", "--confirm", ran.answer["proposal"], "--json", *DPO, folder=authority)
    assert (confirmed.code, confirmed.answer["outcome"]) == (0, "applied"), confirmed.err


def test_from_a_file_to_the_review_of_its_pairs(authority, draft):
    fill_in(draft)
    checked = run_here("apply", "--check", *ANALYST, folder=authority)
    assert checked.code == 0
    assert "sources/lunch-club.toml" in checked.out
    assert "It takes a second person in another role: director or dpo." in checked.words
    before = run_here("source", "check", authority / "lunch-club.csv", *ANALYST, folder=authority)
    assert (before.code, "There is no source called “lunch-club”." in before.words) == (4, True)
    assert "Its draft sources/lunch-club.toml waits: go over it, then run wardkeeper apply." in before.words
    bring_into_force(authority)
    checked = run_here("source", "check", authority / "lunch-club.csv", *ANALYST, folder=authority)
    assert checked.code == 0, checked.err
    assert "4 rows = 4 loaded + 0 repaired + 0 held back to fix." in checked.words
    assert run_here("source", "load", authority / "lunch-club.csv", *ANALYST, folder=authority).code == 0
    assert run_here("link", *ANALYST, folder=authority).code == 0
    listed = run_here("source", "list", "--json", *ANALYST, folder=authority).answer["sources"]
    assert next(one["delivery"]["loaded"] for one in listed if one["name"] == "lunch-club") == 4
    assert run_here("review", "list", "--json", *ANALYST, folder=authority).code == 0
    mandates = run_here("mandate", "list", "--json", *DPO, folder=authority).answer["mandates"]
    assert [one["state"] for one in mandates if one["id"] == "standing-lunch-club"] == ["in force"]
    assert run_here("ledger", "verify", folder=authority).code == 0


def test_a_file_named_like_no_source_asks_whose_it_is(authority):
    file = authority / "extract.csv"
    file.write_text(CSV, "utf-8")
    unnamed = run_here("source", "check", file, *ANALYST, folder=authority)
    assert (unnamed.code, "Give --source: use one of: adult-social-care" in unnamed.words) == (4, True)
    named = run_here("source", "load", file, "--source", "lunch", *ANALYST, folder=authority)
    assert (named.code, "Give --source" in named.words, "Use one of:" in named.words) == (4, False, True)


def test_the_day_of_a_file_is_written_either_way(authority):
    for day in ("2026-11-01", "01/11/2026"):
        given = ("--source", "lunch", "--dated", day)
        ran = run_here("source", "check", authority / "authority.toml", *given, *ANALYST, folder=authority)
        assert "There is no source called “lunch”." in ran.words


def test_from_a_shape_to_a_load(authority):
    text = run_here("source", "shapes", "blue-badge").out
    draft = authority / "sources" / "blue-badge.toml"
    draft.write_text(text, "utf-8")
    refused = run_here("apply", *ANALYST, folder=authority)
    assert (refused.code, "sources/blue-badge.toml, key source.owner" in refused.words) == (4, True)
    edit(draft, {old: new for old, new in BLANKS.items() if old in text})
    bring_into_force(authority)
    examples = authority / "blue-badge.csv"
    examples.write_text(
        ",".join(shape("blue-badge").columns)
        + "\nB-1,Mrs Ida Wojciechowska,04/07/1936,Female,,1 High Street,,Sale,M33 2AA,,,,Walking,None,14/02/2025,13/02/2099,Issued\n"
    )
    ran = run_here("source", "load", examples, *ANALYST, folder=authority)
    assert (ran.code, "1 rows = 1 loaded" in ran.words) == (0, True), ran.err


def test_the_second_person_may_look_first_and_nobody_confirms_their_own(authority, draft):
    fill_in(draft)
    proposal = run_here("apply", "--json", *ANALYST, folder=authority).answer["proposal"]
    looked = run_here("apply", "--confirm", proposal, "--check", "--json", *DPO, folder=authority)
    assert (looked.code, looked.answer["outcome"]) == (0, "checked")
    assert [one["name"] for one in looked.answer["documents"]] == ["lunch-club"]
    assert looked.answer["documents"][0]["says"] == [
        "From Lunch club: Lunch club.",
        "Held for emergency-planning, emergency-response, by cca-2004.",
        "Permission “standing-lunch-club” from 2020-01-01, to be reviewed by 2099-01-01; then: delete.",
        "Kept: key, family, given, birth-date, postcode, fact.",
        "Known facts: limited-mobility.",
    ]
    own = run_here("apply", "--confirm", proposal, *ANALYST, folder=authority)
    assert (own.code, "two people must agree" in own.words) == (3, True)
    # What was put forward is confirmed, not what the file says by now.
    edit(draft, {"refresh_days = 31": "refresh_days = 365"})
    assert run_here("apply", "--confirm", proposal, *DPO, folder=authority).code == 0
    answer = run_here("apply", "--check", "--json", *ANALYST, folder=authority).answer
    changes = [one["changes"] for one in answer["documents"] if one["name"] == "lunch-club"]
    assert changes == [[{"key": "source.refresh_days", "before": "31", "after": "365"}]]


def test_the_consequences_of_a_change_are_told_and_make_a_check_end_with_1(authority):
    edit(authority / "sources" / "council-tax.toml", {'key = ["Account No"]': 'key = ["Account No", "UPRN"]'})
    ran = run_here("apply", "--check", *ANALYST, folder=authority)
    assert ran.code == 1
    assert "the next load of council-tax must be a full file" in ran.words
    assert 'file.key: ["Account No"] → ["Account No", "UPRN"]' in " ".join(ran.out.split())


def test_a_draft_that_is_gone_is_kept_in_force_and_said_so(authority):
    (authority / "sources" / "council-tax.toml").unlink()
    ran = run_here("apply", *ANALYST, folder=authority)
    assert ran.code == 0
    assert "its draft is gone: what is applied stays in force" in " ".join(ran.out.split())
    assert run_here("source", "check", authority / "extracts" / "council-tax.csv", *ANALYST, folder=authority).code < 2


WRONG = {
    "unconfirmed columns": (
        {"[file]\nconfirmed = true": "[file]\nconfirmed = false"},
        "nobody has confirmed how the file is written",
    ),
    "an unknown purpose": ({'"emergency-planning"': '"marketing"'}, "names 'marketing', which is not known"),
    "an ended permission": ({"review_by = ": "ends = 2020-06-01\nreview_by = "}, "has ended already"),
    "a name that is in use": ({'name = "lunch-club"': 'name = "council-tax"'}, "the file is called 'lunch-club'"),
    "not TOML": ({"[source]": "[source"}, "This is not valid TOML"),
    "a key that is not known": ({"refresh_days": "refresh_dais"}, "'source.refresh_days' is missing"),
}


@pytest.mark.parametrize(("changes", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_draft_refuses_all_names_the_file_and_says_what_to_do(changes, words, authority, draft):
    fill_in(draft)
    edit(draft, changes)
    for check in (["--check"], []):
        ran = run_here("apply", *check, *ANALYST, folder=authority)
        assert ran.code == 4
        assert "sources/lunch-club.toml" in ran.words
        assert words in ran.words
    ran = run_here("source", "check", authority / "lunch-club.csv", *ANALYST, folder=authority)
    assert (ran.code, "There is no source called “lunch-club”." in ran.words) == (4, True)


def test_somebody_without_the_right_applies_nothing(authority, draft):
    fill_in(draft)
    for arguments in ((), ("--check",), ("--confirm", "0123456789ab")):
        assert run_here("apply", *arguments, *CREW, folder=authority).code == 3
    edit(authority / "purposes.toml", {"planning for emergencies": "planning"})
    ran = run_here("apply", *ANALYST, folder=authority)
    assert (ran.code, "purposes.toml is put forward by the director or the dpo" in ran.words) == (3, True)
    looked = run_here("apply", "--check", *ANALYST, folder=authority)
    assert (looked.code, "You may not do it" in looked.words) == (1, True)


def test_nobody_confirms_what_is_not_there(authority):
    ran = run_here("apply", "--confirm", "nothing", *DPO, folder=authority)
    assert (ran.code, "Waiting to be confirmed: none." in ran.words) == (4, True)
