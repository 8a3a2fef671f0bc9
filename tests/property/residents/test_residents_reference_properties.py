"""The fast parts of linking agree with slow, plain references."""

import math
from itertools import combinations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wardkeeper.residents.arrays import combine, count_distinct, pairs_within
from wardkeeper.residents.clustering import UNSCORED, Scored, cluster
from wardkeeper.residents.comparing import COLUMNS, pack, unpack
from wardkeeper.residents.evidence import FEATURES
from wardkeeper.residents.weighing import PRIOR_PAIRS, TOLERANCE, Patterns, fit, label

CODES = st.lists(st.integers(-1, 4), max_size=25)


@given(CODES, st.one_of(st.none(), st.integers(1, 6)))
def test_pairs_within_groups_are_all_pairs_of_rows_with_the_same_code(codes, cap):
    left, right, over = pairs_within(np.array(codes, dtype=np.int64), cap)
    large = {code for code in codes if cap is not None and codes.count(code) > cap and code >= 0}
    plain = {
        (one, other)
        for one, other in combinations(range(len(codes)), 2)
        if codes[one] == codes[other] >= 0 and codes[one] not in large
    }
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == sorted(plain)
    assert over.tolist() == [code in large for code in codes]


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 5)), min_size=1, max_size=25))
def test_distinct_values_are_counted_per_group(rows):
    groups, values = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    plain = [len({v for g, v in rows if g == group and v >= 0}) if group >= 0 else 0 for group, _ in rows]
    assert count_distinct(groups, values).tolist() == plain


@given(st.lists(st.tuples(*[st.integers(-1, 10**6)] * 3), min_size=1, max_size=20))
def test_combined_codes_are_equal_exactly_when_all_parts_are(rows):
    keys = combine(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))).tolist()
    for (one, key), (other, same) in combinations(zip(rows, keys, strict=True), 2):
        if min(one) >= 0 and min(other) >= 0:
            assert (key == same) == (one == other)
    assert [key < 0 for key in keys] == [min(row) < 0 for row in rows]


@given(st.lists(st.tuples(*(st.integers(0, feature.span - 1) for feature in COLUMNS)), min_size=1, max_size=10))
def test_patterns_unpack_to_the_levels_they_were_packed_from(rows):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    assert [tuple(row) for row in unpack(pack(columns)).tolist()] == rows


def plain_groups(size, odds, forbidden):
    """Greedy mean-link by the letter: join the best pair of groups while its mean is above zero."""
    groups = [{row} for row in range(size)]
    edges = {pair for pair, value in odds.items() if value > 0 and pair not in forbidden}
    while True:
        best, chosen = 0.0, None
        for one, other in combinations(groups, 2):
            pairs = [tuple(sorted((a, b))) for a in one for b in other]
            if any(pair in forbidden for pair in pairs) or not connected(one | other, groups, edges):
                continue
            mean = sum(odds.get(pair, UNSCORED) for pair in pairs) / len(pairs)
            if mean > best:
                best, chosen = mean, (one, other)
        if chosen is None:
            return {frozenset(group) for group in groups}
        groups = [group for group in groups if group not in chosen] + [chosen[0] | chosen[1]]


def connected(rows, groups, edges):
    """Rows without any path of speaking pairs are never looked at together; within one component all are."""
    reached, following = set(), {min(rows)}
    while following:
        reached |= following
        following = {b for pair in edges for a, b in (pair, pair[::-1]) if a in reached} - reached
    return rows <= reached


@st.composite
def graphs(draw):
    size = draw(st.integers(2, 7))
    pairs = list(combinations(range(size), 2))
    # Distinct powers keep means of different groups apart, so no tie hides a difference.
    values = draw(
        st.lists(st.floats(-9, 9, allow_subnormal=False), min_size=len(pairs), max_size=len(pairs), unique=True)
    )
    scored = draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs)))
    vetoed = draw(st.lists(st.integers(0, 9), min_size=len(pairs), max_size=len(pairs)))
    odds = {pair: value for pair, value, keep in zip(pairs, values, scored, strict=True) if keep}
    return size, odds, {pair for pair, chance in zip(pairs, vetoed, strict=True) if chance == 0}


@settings(max_examples=200)
@given(graphs())
def test_clustering_agrees_with_greedy_mean_link_by_the_letter(graph):
    size, odds, forbidden = graph
    pairs = sorted(odds)
    scored = Scored(
        size,
        np.array([one for one, _ in pairs], dtype=np.int64),
        np.array([other for _, other in pairs], dtype=np.int64),
        np.array([odds[pair] for pair in pairs], dtype=np.float64),
    )

    def find_vetoes(left, right):
        met = [tuple(sorted(pair)) in forbidden for pair in zip(left.tolist(), right.tolist(), strict=True)]
        return np.array(met, dtype=np.int16)

    group = cluster(scored, find_vetoes).tolist()
    found = {frozenset(row for row in range(size) if group[row] == number) for number in group}
    assert found == plain_groups(size, odds, forbidden)


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
    totals = [1.0 + sum(n * chance[group] for n, chance in zip(counts, chances, strict=True)) for group in (0, 1)]
    tables = []
    for place in range(len(FEATURES)):
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
        for code in range(len(FEATURES[place].levels))
    ]


def plain_table(place, overall, rows, counts, chances, sign):
    levels = FEATURES[place].levels
    expected = [value * math.exp(sign * level.guess) for value, level in zip(overall, levels, strict=True)]
    seen = [
        PRIOR_PAIRS * value / sum(expected)
        + sum(n * chance for row, n, chance in zip(rows, counts, chances, strict=True) if row[place] == code + 1)
        for code, value in enumerate(expected)
    ]
    return [value / sum(seen) for value in seen]


ROW = st.tuples(*(st.integers(0, min(feature.span - 1, 4)) for feature in FEATURES), st.sampled_from([0, 0, 1, 2]))


DRAWN = st.lists(ROW, min_size=3, max_size=8, unique=True).flatmap(
    lambda rows: st.tuples(
        st.just(rows),
        st.lists(st.integers(1, 500), min_size=len(rows), max_size=len(rows)),
        st.lists(st.floats(0.05, 0.95), min_size=len(rows), max_size=len(rows)),
    )
)
# The likelihood stands still here from the first round on, while the tables are still being drawn to the prior.
STILL = ([(0,) * 11, (0,) * 9 + (1, 0), (0,) * 9 + (2, 0)], [1, 1, 1], [0.5, 0.5, 0.5])


def fit_drawn(drawn, **stop):
    rows, counts, start = drawn
    levels, chances = np.array(rows, dtype=np.int16), np.array(start)
    patterns = Patterns(levels, np.array(counts, dtype=np.float64), label(levels))
    return patterns, fit(patterns, np.stack([chances, 1 - chances], axis=1), same=1, **stop)


@settings(max_examples=15)
@given(DRAWN)
@example(STILL)
def test_em_agrees_with_em_by_the_letter(drawn):
    rows, counts, start = drawn
    patterns, model = fit_drawn(drawn, rounds=4, tolerance=0.0)
    plain = plain_fit([row[:-1] for row in rows], counts, patterns.labels.tolist(), start, rounds=4)
    odds = model.log_odds(patterns.evidence)
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
    for place in range(len(FEATURES)):
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
    evidence, labels = [row[:-1] for row in rows], patterns.labels.tolist()
    shares, tables = model.shares.tolist(), [np.exp(table[:, 1:]).tolist() for table in model.tables]
    chances = [clamp(plain_expect(row, shares, tables), known) for row, known in zip(evidence, labels, strict=True)]
    reached = plain_posterior(evidence, counts, labels, shares, tables)
    further = plain_posterior(evidence, counts, labels, *plain_maximise(evidence, counts, chances))
    # Not once the tolerance: near a saddle a round may gain somewhat more than the one before it.
    assert -1e-9 <= (further - reached) / abs(reached) < 10 * TOLERANCE
