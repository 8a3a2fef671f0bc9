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
        ('hazard = "heat"\n', "Add at least one"),
        (f'hazard = "heat"\n{NEED}', "These factors have no words: f"),
        (f'hazard = "heat"\n{NEED}extra = 1\n{WORDS}', "missing or unknown keys: extra"),
        (f'hazard = "heat"\n{NO_WEIGHT}{WORDS}', "The weight 0 is not above zero"),
        (f'hazard = "heat"\n{WORDY_WEIGHT}{WORDS}', "not above zero"),
        (f'hazard = "heat"\n{NO_FACTORS}{WORDS}', "List at least one factor"),
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
