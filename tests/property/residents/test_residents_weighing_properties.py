"""EM agrees with EM by the letter, and stops only when there is next to nothing to gain."""

import math
from itertools import pairwise

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardkeeper.residents.evidence import (
    FAMILY_ONLY_FROM,
    FEATURES,
    FIXED,
    GIVEN_ONLY_FROM,
    INITIALS_FROM,
    LEARNED,
    NAME,
)
from wardkeeper.residents.weighing import PRIOR_PAIRS, PRIOR_SHARE, TOLERANCE, Patterns, fit, label


def plain_fit(rows, counts, labels, start, rounds):
    """EM for two classes, pattern by pattern and level by level. Gives each row's chance of being one person."""
    chances = [[one, 1 - one] for one in start]
    chances = [clamp(chance, given) for chance, given in zip(chances, labels, strict=True)]
    for _ in range(rounds):
        shares, tables = plain_maximise(rows, counts, chances)
        chances = [clamp(plain_expect(row, shares, tables), given) for row, given in zip(rows, labels, strict=True)]
    return [one for one, _ in chances]


def clamp(chance, given):
    if given < 0:
        return chance
    return [1.0, 0.0] if given == 1 else [0.0, 1.0]


def plain_expect(row, shares, tables):
    joint = plain_joint(row, shares, tables)
    return [value / sum(joint) for value in joint]


def plain_joint(row, shares, tables):
    joint = list(shares)
    for place, code in enumerate(row):
        if code:
            joint = [value * tables[place][group][code - 1] for group, value in enumerate(joint)]
    return joint


def plain_maximise(rows, counts, chances):
    totals = [
        PRIOR_SHARE + sum(n * chance[group] for n, chance in zip(counts, chances, strict=True)) for group in (0, 1)
    ]
    tables = []
    for place in range(len(LEARNED)):
        overall = plain_overall(place, rows, counts)
        tables.append(
            [
                plain_table(place, overall, rows, counts, [chance[group] for chance in chances], sign)
                for group, sign in ((0, 0.5), (1, -0.5))
            ]
        )
    return [total / sum(totals) for total in totals], tables


def plain_overall(place, rows, counts):
    """Give each level's count among all pairs, and the half that keeps it above nothing."""
    return [
        0.5 + sum(n for row, n in zip(rows, counts, strict=True) if row[place] == code + 1)
        for code in range(len(LEARNED[place].levels))
    ]


def plain_table(place, overall, rows, counts, chances, sign):
    """Each level's share in one class. The shares of each part add up to 1: a name in full and an initial are two parts."""
    levels = LEARNED[place].levels
    expected = [value * math.exp(sign * level.guess) for value, level in zip(overall, levels, strict=True)]
    shares = []
    for start, end in pairwise(PARTS if LEARNED[place] is NAME else (0, len(levels))):
        whole = sum(expected[start:end])
        seen = [
            PRIOR_PAIRS * expected[code] / whole
            + sum(n * chance for row, n, chance in zip(rows, counts, chances, strict=True) if row[place] == code + 1)
            for code in range(start, end)
        ]
        shares += [value / sum(seen) for value in seen]
    return shares


PARTS = (0, INITIALS_FROM - 1, FAMILY_ONLY_FROM - 1, GIVEN_ONLY_FROM - 1, len(NAME.levels))
STRONG = {"NI number": [0, 0, 0, 1, 3], "NHS number": [0, 0, 0, 1, 2]}
"""What fixed features show: mostly nothing; else they label a pair."""
ROW = st.tuples(
    *(st.integers(0, min(feature.span - 1, 4)) for feature in LEARNED),
    *(st.sampled_from(STRONG[feature.name]) for feature in FIXED),
)
DRAWN = st.lists(ROW, min_size=3, max_size=8, unique=True).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.lists(st.integers(1, 500), min_size=len(rows), max_size=len(rows)),
        st.lists(st.floats(0.05, 0.95), min_size=len(rows), max_size=len(rows)),
    )
)
# The likelihood stands still here from the first round on, while the tables are still being drawn to the prior.
STILL = (
    [(0,) * len(FEATURES), *((0,) * 9 + (code,) + (0,) * (len(FEATURES) - 10) for code in (1, 2))],
    [1] * 3,
    [0.5] * 3,
)


def fit_drawn(drawn, **stop):
    rows, counts, start = drawn
    levels, chances = np.array(rows, dtype=np.uint8), np.array(start)
    patterns = Patterns(levels, np.array(counts, dtype=np.float64), label(levels))
    return patterns, fit(patterns, np.stack([chances, 1 - chances], axis=1), same=1, **stop)


@settings(max_examples=15)
@given(DRAWN)
@example(STILL)
def test_em_agrees_with_em_by_the_letter(drawn):
    rows, counts, start = drawn
    patterns, model = fit_drawn(drawn, rounds=4, tolerance=0.0)
    plain = plain_fit([row[: len(LEARNED)] for row in rows], counts, patterns.labels.tolist(), start, rounds=4)
    odds = model.log_odds(patterns.levels)
    unlabelled = patterns.labels < 0
    # The model's tables are those of its last round, so one more look at the rows gives the reference's chances.
    assert np.allclose(
        np.clip(1 / (1 + np.exp(-odds[unlabelled])), 1e-5, 1 - 1e-5),
        np.clip(np.array(plain)[unlabelled], 1e-5, 1 - 1e-5),
        atol=1e-4,
    )


def plain_posterior(rows, counts, labels, shares, tables):
    """Log posterior by the letter, but for a constant: the rows' likelihood, and that of the pairs the prior adds."""
    posterior = sum(math.log(share) for share in shares)
    for row, n, known in zip(rows, counts, labels, strict=True):
        joint = plain_joint(row, shares, tables)
        posterior += n * math.log(sum(joint) if known < 0 else joint[1 - known])
    for place in range(len(LEARNED)):
        overall = plain_overall(place, rows, counts)
        for group, sign in ((0, 0.5), (1, -0.5)):
            added = plain_table(place, overall, [], [], [], sign)
            logs = [math.log(value) for value in tables[place][group]]
            posterior += PRIOR_PAIRS * sum(share * log for share, log in zip(added, logs, strict=True))
    return posterior


@settings(max_examples=15)
@given(DRAWN)
@example(STILL)
def test_em_stops_only_when_another_round_would_hardly_raise_the_posterior(drawn):
    rows, counts, _ = drawn
    patterns, model = fit_drawn(drawn, rounds=5000)
    evidence, labels = [row[: len(LEARNED)] for row in rows], patterns.labels.tolist()
    shares = model.shares.tolist()
    tables = [np.exp(model.table(place)).T.tolist() for place in range(len(LEARNED))]
    chances = [clamp(plain_expect(row, shares, tables), known) for row, known in zip(evidence, labels, strict=True)]
    reached = plain_posterior(evidence, counts, labels, shares, tables)
    further = plain_posterior(evidence, counts, labels, *plain_maximise(evidence, counts, chances))
    # Not once the tolerance: near a saddle a round may gain somewhat more than the one before it.
    assert -1e-9 <= (further - reached) / abs(reached) < 10 * TOLERANCE
