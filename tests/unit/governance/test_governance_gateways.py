from dataclasses import replace
from datetime import date

import pytest

from governance_facts import NOW, text_of
from wardkeeper.governance.gateways import (
    NEEDS_SCHEDULE_1,
    NOT_FOR_PUBLIC_TASKS,
    Basis,
    Condition,
    LawfulBasis,
    packaged_gateways,
    parse,
    read_basis,
)
from wardkeeper.governance.organisations import PUBLIC_AUTHORITIES, Category
from wardkeeper.governance.purposes import Group
from wardkeeper.kernel.errors import BadInput
from wardkeeper.kernel.spans import Days
from wardkeeper.kernel.toml_tables import read

OWN = """
[[gateways]]
slug = "own-notice"
title = "our notice"
citation = "Our notice, 1"
starts = 2026-09-01
ends = 2027-03-31
relied_on_by = ["authority"]
groups = ["health"]
article_6 = "public-task"
"""


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("article_6", LawfulBasis)
def test_legitimate_interests_are_not_for_public_authorities(category, article_6):
    refused = category in PUBLIC_AUTHORITIES and article_6 in NOT_FOR_PUBLIC_TASKS
    assert Basis(article_6).fits(category) is not refused


def test_no_lawful_basis_fits_nobody():
    assert not Basis().fits(Category.UTILITY)


@pytest.mark.parametrize("condition", Condition)
def test_some_conditions_need_a_paragraph_of_schedule_1(condition):
    assert Basis(article_9=condition).opens_special_category is (condition not in NEEDS_SCHEDULE_1)
    assert Basis(article_9=condition, schedule_1="paragraph 6").opens_special_category


def test_no_condition_opens_no_special_category():
    assert not Basis(LawfulBasis.PUBLIC_TASK, schedule_1="paragraph 6").opens_special_category


def test_vital_interests_need_no_paragraph():
    basis = read_basis(read('article_6 = "vital-interests"\narticle_9 = "9(2)(c)"\n', "x.toml"))
    assert basis == Basis(LawfulBasis.VITAL_INTERESTS, Condition.VITAL_INTERESTS)


def test_a_power_serves_named_organisations_for_named_purposes():
    regulations = packaged_gateways()["cp-regs-2005"]
    assert regulations.serves(Category.CATEGORY_1, Group.EMERGENCY)
    assert not regulations.serves(Category.VOLUNTARY, Group.EMERGENCY)
    assert not regulations.serves(Category.CATEGORY_1, Group.DEBT)


def test_an_authority_adds_its_own():
    own = parse(OWN, "gateways.toml")["own-notice"]
    assert own.span == Days(date(2026, 9, 1), date(2027, 3, 31))
    assert own.in_force(NOW)
    assert not replace(own, span=Days(date(2027, 1, 1))).in_force(NOW)


def test_the_demonstrations_notice_says_that_it_is_invented():
    notice = parse(text_of("gateways.toml"), "gateways.toml")["demo-health-notice"]
    assert "no such notice" in notice.citation
    assert notice.span == Days(date(2026, 9, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace("own-notice", "cca-2004"), "'cca-2004' is packaged law and cannot be redefined."),
        (OWN + OWN, "'gateways.2.slug' repeats 'own-notice'."),
        (OWN.replace("2027-03-31", "2026-03-31"), "'gateways.1.ends' (2026-03-31) is before the start (2026-09-01)."),
        (OWN + 'article_9 = "9(2)(i)"\n', "'gateways.1.schedule_1' is missing: 9(2)(i) needs a paragraph"),
        (OWN.replace('"public-task"', '"because"'), "'gateways.1.article_6' has the unknown value 'because'."),
        (OWN.replace("starts = 2026-09-01\n", ""), "'gateways.1.starts' is missing."),
        (OWN + 'url = "here"\n', "'gateways.1.url' is not known here."),
        ("law = 1\n" + OWN, "'law' is not known here."),
    ],
)
def test_a_faulty_power_is_refused(text, message):
    with pytest.raises(BadInput) as caught:
        parse(text, "gateways.toml")
    assert message in caught.value.message
    assert caught.value.where.file == "gateways.toml"
