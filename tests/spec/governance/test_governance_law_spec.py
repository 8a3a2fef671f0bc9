"""The packaged law: which power, cited how, in force when, for whom and for what. Facts, and not legal advice."""

from datetime import UTC, datetime, timedelta

import pytest

from wardkeeper.governance.gateways import Condition, LawfulBasis, packaged_gateways
from wardkeeper.governance.organisations import PUBLIC_AUTHORITIES, Category
from wardkeeper.governance.purposes import WALLED_OFF, Group
from wardkeeper.kernel.spans import day_end, day_start

LAW = packaged_gateways()


@pytest.mark.parametrize(
    ("slug", "cites"),
    [
        ("cca-2004", "Civil Contingencies Act 2004, section 2"),
        ("cp-regs-2005", "SI 2005/2042"),
        ("copi-regs-2002", "SI 2002/1438"),
        ("copi-2020", "Health Service (Control of Patient Information) Regulations 2002"),
        ("dea-2017-part5", "Digital Economy Act 2017, Part 5"),
        ("duaa-2025", "Data (Use and Access) Act 2025"),
        ("rpr-2001-reg107", "regulation 107"),
        ("rpr-2001-open-register", "SI 2001/341"),
        ("care-act-2014", "Care Act 2014"),
        ("lgfa-1992", "Local Government Finance Act 1992"),
        ("housing-act-1996", "Housing Act 1996"),
    ],
)
def test_each_power_cites_its_law(slug, cites):
    assert cites in LAW[slug].citation
    assert "http" not in LAW[slug].citation


def test_there_is_no_other_packaged_law():
    assert len(LAW) == 11


@pytest.mark.parametrize(
    ("slug", "day", "in_force"),
    [
        ("cca-2004", (2005, 11, 13), False),
        ("cca-2004", (2005, 11, 14), True),
        ("cp-regs-2005", (2005, 11, 13), False),
        ("cp-regs-2005", (2026, 11, 22), True),
        ("copi-2020", (2020, 3, 1), False),
        ("copi-2020", (2022, 6, 30), True),
        ("copi-2020", (2022, 7, 1), False),
        ("dea-2017-part5", (2018, 7, 18), False),
        ("dea-2017-part5", (2018, 7, 19), True),
        ("duaa-2025", (2026, 2, 4), False),
        ("duaa-2025", (2026, 2, 5), True),
        ("care-act-2014", (2015, 3, 31), False),
        ("care-act-2014", (2015, 4, 1), True),
    ],
)
def test_a_power_holds_between_its_dates(slug, day, in_force):
    assert LAW[slug].in_force(datetime(*day, 12, tzinfo=UTC)) is in_force


@pytest.mark.parametrize("slug", LAW)
def test_a_power_starts_and_ends_at_london_midnight(slug):
    span = LAW[slug].span
    assert not LAW[slug].in_force(day_start(span.start) - timedelta(seconds=1))
    assert LAW[slug].in_force(day_start(span.start))
    if span.end:
        assert LAW[slug].in_force(day_end(span.end) - timedelta(seconds=1))
        assert not LAW[slug].in_force(day_end(span.end))


@pytest.mark.parametrize(
    ("slug", "group", "serves"),
    [
        ("cca-2004", Group.EMERGENCY, True),
        ("cp-regs-2005", Group.EMERGENCY, True),
        ("dea-2017-part5", Group.EMERGENCY, False),
        ("dea-2017-part5", Group.SERVICES, True),
        ("copi-regs-2002", Group.HEALTH, True),
        ("copi-regs-2002", Group.EMERGENCY, False),
        ("rpr-2001-reg107", Group.EMERGENCY, False),
        ("rpr-2001-reg107", Group.HEALTH, False),
        ("rpr-2001-reg107", Group.STATISTICS, True),
        ("rpr-2001-open-register", Group.EMERGENCY, True),
        ("care-act-2014", Group.EMERGENCY, False),
        ("lgfa-1992", Group.EMERGENCY, False),
        ("housing-act-1996", Group.EMERGENCY, False),
    ],
)
def test_what_the_authority_may_rely_on_each_power_for(slug, group, serves):
    assert LAW[slug].serves(Category.AUTHORITY, group) is serves


@pytest.mark.parametrize("category", Category)
def test_recognised_legitimate_interests_are_not_for_public_authorities(category):
    power = LAW["duaa-2025"]
    assert power.basis.article_6 is LawfulBasis.RECOGNISED_LEGITIMATE_INTERESTS
    if category in PUBLIC_AUTHORITIES:
        assert not power.serves(category, Group.EMERGENCY)


@pytest.mark.parametrize(
    ("slug", "condition"),
    [
        ("cca-2004", Condition.SUBSTANTIAL_PUBLIC_INTEREST),
        ("copi-regs-2002", Condition.PUBLIC_HEALTH),
        ("care-act-2014", Condition.HEALTH_OR_SOCIAL_CARE),
        ("duaa-2025", None),
        ("lgfa-1992", None),
        ("rpr-2001-open-register", None),
    ],
)
def test_which_power_carries_a_condition_for_special_category_data(slug, condition):
    assert LAW[slug].basis.article_9 is condition
    assert LAW[slug].basis.opens_special_category is (condition is not None)


@pytest.mark.parametrize("slug", [slug for slug in LAW if slug != "rpr-2001-reg107"])
def test_no_power_but_the_full_registers_serves_a_walled_off_purpose(slug):
    assert not LAW[slug].groups & WALLED_OFF
