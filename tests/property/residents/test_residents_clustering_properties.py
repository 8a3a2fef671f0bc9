"""Clustering agrees with greedy mean-link by the letter."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from resident_tables import encode_in_order
from wardkeeper.residents.clustering import UNSCORED, Scored, cluster, measure_certainty
from wardkeeper.residents.constraints import Veto
from wardkeeper.residents.weighing import LIMIT

NUMBERS = ("9990000018", "9990000026", None)
MOST_ROWS = 9
HAIR = 1e-12
"""Means that differ by less are equal: they may be added up in another order."""


def plain_groups(size, odds, forbidden):
    """Greedy mean-link by the letter: join the best pair of groups while its mean is above zero, the lowest rows of equals."""
    groups = [{row} for row in range(size)]
    edges = {pair for pair, value in odds.items() if value > 0 and pair not in forbidden}
    while True:
        best, chosen = 0.0, None
        for one, other in combinations(groups, 2):
            pairs = [tuple(sorted((a, b))) for a in one for b in other]
            if any(pair in forbidden for pair in pairs) or not connected(one | other, edges):
                continue
            mean = sum(odds.get(pair, UNSCORED) for pair in pairs) / len(pairs)
            if mean > best + HAIR:
                best, chosen = mean, (one, other)
        if chosen is None:
            return {frozenset(group) for group in groups}
        groups = sorted([group for group in groups if group not in chosen] + [chosen[0] | chosen[1]], key=min)


def connected(rows, edges):
    """Rows without any path of speaking pairs are never looked at together; within one component all are."""
    reached, following = set(), {min(rows)}
    while following:
        reached |= following
        following = {b for pair in edges for a, b in (pair, pair[::-1]) if a in reached} - reached
    return rows <= reached


@st.composite
def graphs(draw):
    """So many rows, the log odds of scored pairs, pairs that reviewers keep apart, and each row's NHS number."""
    size = draw(st.integers(2, MOST_ROWS))
    pairs = list(combinations(range(size), 2))
    values = draw(st.lists(st.integers(-30, 90), min_size=len(pairs), max_size=len(pairs)))
    scored = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    apart = draw(st.lists(st.integers(0, 9), min_size=len(pairs), max_size=len(pairs)))
    odds = {pair: value / 10 for pair, value, keep in zip(pairs, values, scored, strict=True) if keep}
    said = {pair for pair, chance in zip(pairs, apart, strict=True) if chance == 0 and pair in odds}
    return odds, said, draw(st.lists(st.sampled_from(NUMBERS), min_size=size, max_size=size))


def score(size, odds, said, ruled):
    pairs = sorted(odds)
    left, right = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    vetoes = [Veto.REVIEWER if pair in said else Veto.NHS_NUMBER if pair in ruled else Veto.NONE for pair in pairs]
    return Scored(
        size, left.copy(), right.copy(), np.array([odds[pair] for pair in pairs]), np.array(vetoes, dtype=np.int8)
    )


@settings(max_examples=250)
@given(graphs())
def test_clustering_agrees_with_greedy_mean_link_by_the_letter(graph):
    """Reviewers keep scored pairs apart; the rule about NHS numbers keeps any apart, also those never scored."""
    odds, said, numbers = graph
    size = len(numbers)
    ruled = {
        (one, other)
        for one, other in combinations(range(size), 2)
        if numbers[one] and numbers[other] and numbers[one] != numbers[other]
    }
    records = encode_in_order([{"record_id": f"s:{row}", "nhs_number": number} for row, number in enumerate(numbers)])
    pairs = score(size, odds, said, ruled)
    group = cluster(records, pairs)
    found = {frozenset(np.flatnonzero(group == one).tolist()) for one in group}
    assert found == plain_groups(size, odds, said | ruled)
    assert list(dict.fromkeys(group.tolist())) == list(range(len(found))), "numbered by their lowest row"


@settings(max_examples=100)
@given(graphs(), st.data())
def test_certainty_is_that_of_the_record_that_fits_least(graph, data):
    odds, _, numbers = graph
    size = len(numbers)
    drawn = data.draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    group = np.array([sorted(set(drawn)).index(one) for one in drawn])
    found = measure_certainty(score(size, odds, set(), set()), group)
    for one in range(group.max() + 1):
        rows = np.flatnonzero(group == one).tolist()
        means = [
            sum(
                np.clip(odds.get(tuple(sorted((row, other))), UNSCORED), -LIMIT, LIMIT)
                for other in rows
                if other != row
            )
            / (len(rows) - 1)
            for row in rows
            if len(rows) > 1
        ]
        assert np.isclose(found[one], 1 / (1 + np.exp(-min(means))) if means else 1.0)
