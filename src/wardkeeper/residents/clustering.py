"""Clustering by agreement of the whole group: greedy mean-link correlation clustering on log odds.

Two groups join while the mean of the log odds between their members is above zero and nothing forbids any pair. A pair that was
never scored counts slightly against. Chains of lucky pairs, which melt families into one person, therefore do not hold.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from wardkeeper.residents.arrays import Codes, Flags, Ints, Reals
from wardkeeper.residents.cells import Cells, Encoded
from wardkeeper.residents.compiled import kernel
from wardkeeper.residents.constraints import Vetoes, find_veto
from wardkeeper.residents.weighing import LIMIT

UNSCORED = -0.5
"""Log odds of a pair that no blocking key brought together."""
LARGEST_COMPONENT = 400
"""Larger components are cut at their weakest pairs first, so time and memory stay bounded."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Scored pairs, sorted by (left, right), lower row first; `size` is the number of rows in all."""

    size: int
    left: Codes
    right: Codes
    log_odds: Reals
    vetoes: Vetoes

    def find(self, left: Codes, right: Codes) -> Ints:
        """Give the place of any pairs (lower row first) among the scored ones; one past the end where there is none."""
        size = max(self.size, 1)
        keys, wanted = self.left.astype(np.int64) * size + self.right, left.astype(np.int64) * size + right
        place = np.searchsorted(keys, wanted)
        known = np.append(keys, -1)[place] == wanted
        return np.where(known, place, len(keys))


def cluster(records: Encoded, pairs: Scored) -> Codes:
    """Give each row the number of its group: groups are numbered by their lowest row."""
    return part(records, pairs, find_components(pairs))


def part(records: Encoded, pairs: Scored, component: Codes) -> Codes:
    """Part each component into groups; give each row its group's number, numbered by their lowest row."""
    order = np.argsort(component, kind="stable")
    first = np.searchsorted(pairs.left, np.arange(pairs.size + 1))
    return _part(
        records.cells, int(records.birth_rule), component, order, first, pairs.right, pairs.log_odds, pairs.vetoes
    )


def find_components(pairs: Scored) -> Codes:
    """Components of the pairs that speak for joining; oversized ones lose their weakest pairs until they fit."""
    keep = (pairs.log_odds > 0) & (pairs.vetoes == 0)
    cut = 0.0
    while True:
        component = _connect(pairs.size, pairs.left, pairs.right, keep)
        large = np.bincount(component, minlength=1)[component] > LARGEST_COMPONENT if component.size else component > 0
        oversized = keep & large[pairs.left]
        cut += 1.0
        # The surest pairs are never cut: what they alone hold together is one component, however large.
        if not oversized.any() or cut >= min(LIMIT, float(pairs.log_odds.max())):
            return component
        keep = keep & ~(oversized & (pairs.log_odds <= cut))


@kernel
def _connect(size: int, left: Codes, right: Codes, keep: Flags) -> Codes:
    """Give each row the lowest row it is connected with."""
    parent = np.arange(size).astype(np.int32)
    for pair in range(len(left)):
        if not keep[pair]:
            continue
        one, other = left[pair], right[pair]
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        while parent[other] != other:
            parent[other] = parent[parent[other]]
            other = parent[other]
        if one < other:
            parent[other] = one
        else:
            parent[one] = other
    for row in range(size):
        parent[row] = parent[parent[row]]
    return parent


@kernel
def _part(
    cells: Cells, rule: int, component: Codes, order: Ints, first: Ints, right: Codes, odds: Reals, vetoes: Vetoes
) -> Codes:
    """Part each component into groups; give each row its group's number, numbered by their lowest row."""
    size = len(component)
    group = np.empty(size, np.int32)
    start = 0
    while start < size:
        end = start + 1
        while end < size and component[order[end]] == component[order[start]]:
            end += 1
        if end - start == 1:
            group[order[start]] = order[start]
        else:
            rows = order[start:end]
            links = _link(cells, rule, rows, first, right, odds, vetoes)
            lowest = merge_greedily(links)
            for place in range(len(rows)):
                group[rows[place]] = rows[lowest[place]]
        start = end
    numbers, following = np.full(size, -1, np.int32), 0
    for row in range(size):
        if numbers[group[row]] < 0:
            numbers[group[row]] = following
            following += 1
        group[row] = numbers[group[row]]
    return group


@kernel
def _link(cells, rule, rows, first, right, odds, vetoes):
    """Give the log odds between rows of one component: UNSCORED where there is none, minus infinity where forbidden."""
    count = len(rows)
    links = np.full((count, count), -np.inf)
    for one in range(count):
        pair, end = first[rows[one]], first[rows[one] + 1]
        for other in range(one + 1, count):
            while pair < end and right[pair] < rows[other]:
                pair += 1
            if pair < end and right[pair] == rows[other]:
                value = odds[pair] if vetoes[pair] == 0 else -np.inf
            else:
                value = UNSCORED if find_veto(cells, rows[one], rows[other], rule) == 0 else -np.inf
            links[one, other] = links[other, one] = value
    return links


@kernel
def merge_greedily(links: Reals) -> Ints:
    """Join the two groups with the highest mean link while it is above zero; ties go to the lowest rows.

    `links` is symmetric, minus infinity for forbidden pairs and on the diagonal; it is used up. Gives each row the lowest row of
    its group.
    """
    count = len(links)
    sizes, group = np.ones(count), np.arange(count)
    while True:
        best, one, other = 0.0, -1, -1
        for row in range(count):
            if group[row] != row:
                continue
            for column in range(row + 1, count):
                if group[column] == column:
                    mean = links[row, column] / (sizes[row] * sizes[column])
                    if mean > best + 1e-12:
                        best, one, other = mean, row, column
        if one < 0:
            return group
        for column in range(count):
            links[one, column] += links[other, column]
            links[column, one] = links[one, column]
        sizes[one] += sizes[other]
        for row in range(count):
            if group[row] == other:
                group[row] = one


def measure_certainty(pairs: Scored, group: Codes) -> Reals:
    """Give each group the probability of its weakest record: from the mean of the log odds to the others; 1 for one alone."""
    total, others = _sum_within(pairs.left, pairs.right, np.clip(pairs.log_odds, -LIMIT, LIMIT), group)
    mean = np.divide(total, others, out=np.full(pairs.size, np.inf), where=others > 0)
    weakest = np.full(int(group.max(initial=-1)) + 1, np.inf)
    np.minimum.at(weakest, group, mean)
    return np.asarray(expit(weakest))


@kernel
def _sum_within(left: Codes, right: Codes, odds: Reals, group: Codes) -> tuple[Reals, Reals]:
    """Give each row the sum of its log odds with the rest of its group, UNSCORED where there is none, and their number."""
    size = len(group)
    members, scored, total = np.zeros(size + 1), np.zeros(size), np.zeros(size)
    for row in range(size):
        members[group[row]] += 1
    for pair in range(len(left)):
        one, other = left[pair], right[pair]
        if group[one] == group[other]:
            total[one] += odds[pair]
            total[other] += odds[pair]
            scored[one] += 1
            scored[other] += 1
    others = np.empty(size)
    for row in range(size):
        others[row] = members[group[row]] - 1
        total[row] += UNSCORED * (others[row] - scored[row])
    return total, others
