"""Bad papers, and what is said about each."""

from dataclasses import replace
from datetime import date

import pytest

from governance_facts import (
    ANALYST,
    CREW,
    FIRE,
    NOW,
    RESIDENTS,
    STANDING,
    answer,
    opening,
    standing,
    text_of,
    with_agreement,
)
from wardkeeper.governance import agreements
from wardkeeper.governance.decide import Operation, Tier
from wardkeeper.governance.wording import explain
from wardkeeper.kernel.decisions import Outcome
from wardkeeper.kernel.errors import EXIT_CODES, BadInput
from wardkeeper.kernel.mandates import MandateKind

ENDED = with_agreement(span=replace(FIRE.span, end=date(2026, 10, 31)), review_by=date(2026, 10, 31))


def test_an_agreement_past_its_end_in_an_emergency_is_for_a_named_officer():
    decision = answer(opening(CREW), agreements=ENDED)
    assert decision.outcome is Outcome.NEEDS_A_HUMAN
    assert not decision.allows
    assert explain(decision) == (
        "not allowed without a named officer: agreement fire-flood version 1 ended on 31 October 2026; "
        "agree and sign a new version; in an emergency a named officer must decide; "
        "emergency access is not built yet, so nothing is opened here"
    )


def test_an_agreement_past_its_end_in_quiet_times_is_refused():
    decision = answer(opening(CREW, incident=None), agreements=ENDED)
    assert decision.outcome is Outcome.REFUSE
    assert "agreement fire-flood version 1 ended on 31 October 2026" in explain(decision)


@pytest.mark.parametrize(
    ("kind", "review_by", "outcome", "words"),
    [
        (MandateKind.STANDING, date(2027, 1, 1), Outcome.ALLOW, "allowed"),
        (MandateKind.STANDING, None, Outcome.REFUSE, "'adult social care, for planning' has no end"),
        (MandateKind.NOTICE, date(2027, 1, 1), Outcome.REFUSE, "'adult social care, for planning' has no end"),
    ],
)
def test_g4_a_source_without_a_mandate_end_is_not_loaded(kind, review_by, outcome, words):
    mandate = replace(STANDING, kind=kind, ends=None, review_by=review_by)
    request = standing(ANALYST, Operation.LOAD, tier=Tier.NAMES, fields=frozenset({"given"}))
    decision = answer(request, NOW, mandates={RESIDENTS: (mandate,)})
    assert decision.outcome is outcome
    assert words in explain(decision)


def test_g4_a_source_without_any_mandate_is_not_loaded():
    decision = answer(standing(ANALYST, Operation.LOAD), mandates={RESIDENTS: ()})
    assert explain(decision) == (
        "refused: no permission is recorded for 'residents'; record one with an end or a review date"
    )


@pytest.mark.parametrize(
    ("fault", "old", "new", "message"),
    [
        (
            "no end",
            "ends = 2031-03-31\n",
            "",
            "file fire-flood.toml, key ends: 'ends' is missing. Add it.",
        ),
        (
            "an end before the start",
            "ends = 2031-03-31",
            "ends = 2026-03-31",
            "'ends' (2026-03-31) is before the start (2026-04-01). Set a later day.",
        ),
        (
            "an end that is not a date",
            "ends = 2031-03-31",
            'ends = "next year"',
            "'ends' is not a date. Write it as 2026-11-22 without quotation marks.",
        ),
        (
            "31 February",
            "ends = 2031-03-31",
            "ends = 2031-02-31",
            "This is not valid TOML",
        ),
        (
            "one organisation approves twice",
            'position = "Area manager, prevention"\norganisation = "gm-fire"',
            'position = "Area manager, prevention"\norganisation = "trafford-council"',
            "'approvals' does not come from two different organisations. Ask the other party to approve (rule G15).",
        ),
        (
            "the author approves",
            'name = "Daniel Okafor"',
            'name = "Priya Nair"',
            "'approvals' includes the author. Somebody else must approve (rule G15).",
        ),
        (
            "no Article 9 condition",
            'article_9 = "9(2)(g)"\nschedule_1 = "paragraph 6 (statutory purposes)"\ngateway = "cp-regs-2005"',
            'gateway = "cp-regs-2005"',
            "'parties' gives 'gm-fire' no Article 9 condition, but 'needs' is special-category data.",
        ),
        (
            "a condition without its paragraph",
            'schedule_1 = "paragraph 6 (statutory purposes)"\ngateway = "cp-regs-2005"',
            'gateway = "cp-regs-2005"',
            "'parties.2.schedule_1' is missing: 9(2)(g) needs a paragraph of Schedule 1.",
        ),
        (
            "a public authority on legitimate interests",
            'category = "category-1"\narticle_6 = "public-task"',
            'category = "category-1"\narticle_6 = "recognised-legitimate-interests"',
            "'parties.2.article_6' rests the task of a public authority ('gm-fire') on recognised-legitimate-interests.",
        ),
        (
            "no impact assessment",
            'impact_assessment = "DPIA-DEMO-7, approved 16 March 2026"\n',
            "",
            "'impact_assessment' is missing. Add it.",
        ),
        (
            "names listed among counts",
            'counts = ["check_id"',
            'counts = ["names", "check_id"',
            "'fields.counts' lists 'names', which tells more than counts. Move it to a later list.",
        ),
    ],
)
def test_a_faulty_agreement_is_not_accepted(fault, old, new, message):
    text = text_of("agreements/fire-flood.toml")
    assert old in text, fault
    with pytest.raises(BadInput) as caught:
        agreements.parse(text.replace(old, new, 1), "fire-flood.toml")
    assert message in str(caught.value)
    assert caught.value.where.file == "fire-flood.toml"
    assert EXIT_CODES[type(caught.value)] == 4
