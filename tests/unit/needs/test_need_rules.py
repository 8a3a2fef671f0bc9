from datetime import date

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.hazards import Hazard
from wardkeeper.needs.coverage import Expected, Freshness, coverage
from wardkeeper.needs.references import spoken
from wardkeeper.needs.rules import parse

NEED = '[[need]]\nname = "n"\ntitle = "N"\nweight = 1\nany_of = ["f"]\n'
NO_WEIGHT = NEED.replace("weight = 1", "weight = 0")
WORDY_WEIGHT = NEED.replace("weight = 1", 'weight = "x"')
ENDLESS_WEIGHT = NEED.replace("weight = 1", "weight = inf")
NO_TITLE = NEED.replace('title = "N"\n', "")
NO_FACTORS = NEED.replace('["f"]', "[]")
WORDS = '[factors]\nf = "F"\n'


def test_a_rule_file_is_read():
    rules = parse(f'hazard = "heat"\n{NEED}{WORDS}', "needs/heat.toml")
    assert rules.hazard is Hazard.HEAT
    assert rules.factors == {"f"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hazard =", "not valid TOML"),
        (f'hazard = "meteor"\n{NEED}', "Use one of: flood, power-cut"),
        ('hazard = "heat"\n', r"'need' is missing. Add it. Start each with \[\[need\]\]."),
        (f'hazard = "heat"\n{NEED}', "'factors' gives no words for: f. Add them under"),
        (
            f'hazard = "heat"\n{NEED}extra = 1\n{WORDS}',
            "'need.1.extra' is not known here. Check its spelling, or take it out. Known here: any_of, name",
        ),
        (f'hazard = "heat"\n{NO_WEIGHT}{WORDS}', "'need.1.weight' is not a number above zero"),
        (f'hazard = "heat"\n{WORDY_WEIGHT}{WORDS}', "'need.1.weight' is not a number above zero"),
        (f'hazard = "heat"\n{ENDLESS_WEIGHT}{WORDS}', "'need.1.weight' is not a number above zero"),
        (f'hazard = "heat"\n{NO_TITLE}{WORDS}', "'need.1.title' is missing"),
        (f'hazard = "heat"\nhazrd = 1\n{NEED}{WORDS}', "'hazrd' is not known here"),
        (f'hazard = "heat"\n{NEED}[factors]\nf = 1\n', "'factors.f' is blank or not text"),
        (f'hazard = "heat"\n{NO_FACTORS}{WORDS}', "'need.1.any_of' is empty. Name at least one."),
    ],
)
def test_a_wrong_rule_file_is_refused_in_words(text, message):
    with pytest.raises(BadInput, match=message) as raised:
        parse(text, "needs/x.toml")
    assert raised.value.where.file == "needs/x.toml"


@pytest.mark.parametrize(
    ("position", "reference"),
    [
        (0, "Alpha 1"),
        (98, "Alpha 99"),
        (99, "Bravo 1"),
        (3 * 99 + 13, "Delta 14"),
        (26 * 99 - 1, "Zulu 99"),
        (26 * 99, "Alpha Alpha 1"),
        (26 * 27 * 99 - 1, "Zulu Zulu 99"),
        (26 * 27 * 99, "Alpha Alpha Alpha 1"),
    ],
)
def test_a_position_has_a_spoken_reference(position, reference):
    assert spoken(position) == reference


def test_spoken_references_do_not_repeat():
    assert len({spoken(position) for position in range(10_000)}) == 10_000


def source(name, newest):
    return Expected(name, name.title(), "someone@example.org", 7, newest)


def test_coverage_names_the_missing_then_the_late_then_the_fresh():
    today = date(2026, 11, 22)
    found = coverage(
        [
            source("fresh", today),
            source("week", date(2026, 11, 15)),
            source("late", date(2026, 11, 14)),
            source("none", None),
        ],
        today,
    )
    assert [(line.source, line.state) for line in found] == [
        ("none", Freshness.MISSING),
        ("late", Freshness.LATE),
        ("fresh", Freshness.FRESH),
        ("week", Freshness.FRESH),
    ]
    assert found[0].note == "No file has been received. Ask someone@example.org."
    assert found[1].note == "8 days old; it should be at most 7 days. Ask someone@example.org."
    assert found[2].note == "From today."
