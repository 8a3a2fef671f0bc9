"""Clustering by agreement of the whole group: greedy mean-link correlation clustering on log odds.

Two groups join while the mean of the log odds between their members is above zero and nothing forbids any pair. A pair that was
never scored counts slightly against. Chains of lucky pairs, which melt families into one person, therefore do not hold.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from wardkeeper.residents.arrays import Flags, Ints, Levels, Reals, pairs_within

UNSCORED = -1.0
"""Log odds of a pair that no blocking key brought together."""
LARGEST_COMPONENT = 400
"""Larger components are cut at their weakest pairs first, so time and memory stay bounded."""


@dataclass(frozen=True, slots=True)
class Scored:
    """Scored pairs, sorted by (left, right), lower row first; `size` is the number of rows in all."""

    size: int
    left: Ints
    right: Ints
    log_odds: Reals

    def find(self, left: Ints, right: Ints) -> Ints:
        """Give the place of any pairs among the scored ones; one past the end where there is none."""
        keys, wanted = self.left * self.size + self.right, left * self.size + right
        place = np.searchsorted(keys, wanted)
        known = np.append(keys, -1)[place] == wanted
        return np.where(known, place, len(keys))

    def look_up(self, left: Ints, right: Ints) -> Reals:
        """Give the log odds of any pairs, UNSCORED where there is none."""
        return np.asarray(np.append(self.log_odds, UNSCORED)[self.find(left, right)])


def cluster(pairs: Scored, find_vetoes: Callable[[Ints, Ints], Levels]) -> Ints:
    """Give each row the number of its group: groups are numbered by their lowest row."""
    component = _components(pairs, find_vetoes)
    left, right, _ = pairs_within(np.where(np.bincount(component)[component] > 1, component, -1))
    left, right = np.minimum(left, right), np.maximum(left, right)
    weights = np.where(find_vetoes(left, right) > 0, -np.inf, pairs.look_up(left, right))
    whole = np.ones(int(component.max(initial=-1)) + 1, dtype=np.bool_)
    whole[component[left[weights <= 0]]] = False
    group = np.where(whole[component], component, -1) if component.size else component
    return _number(_split_others(group, component, (left, right, weights), whole))


def _components(pairs: Scored, find_vetoes: Callable[[Ints, Ints], Levels]) -> Ints:
    """Components of the pairs that speak for joining; oversized ones lose their weakest pairs until they fit."""
    keep = (pairs.log_odds > 0) & (find_vetoes(pairs.left, pairs.right) == 0)
    cut = 0.0
    while True:
        component = _connect(pairs, keep)
        large = np.bincount(component, minlength=1)[component] > LARGEST_COMPONENT if component.size else component > 0
        oversized = keep & large[pairs.left]
        cut += 1.0
        # The surest pairs are never cut: what they alone hold together is one component, however large.
        if not oversized.any() or cut >= float(pairs.log_odds.max()):
            return component
        keep = keep & ~(oversized & (pairs.log_odds <= cut))


def _connect(pairs: Scored, keep: Flags) -> Ints:
    left, right = pairs.left[keep], pairs.right[keep]
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(pairs.size, pairs.size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _split_others(group: Ints, component: Ints, inner: tuple[Ints, Ints, Reals], whole: Flags) -> Ints:
    """Part the components in which some pair speaks against, one by one."""
    left, right, weights = inner
    wanted = ~whole[component[left]]
    left, right, weights = left[wanted], right[wanted], weights[wanted]
    order = np.argsort(component[left], kind="stable")
    left, right, weights = left[order], right[order], weights[order]
    ends = np.flatnonzero(np.r_[np.diff(component[left]) != 0, True]) + 1 if left.size else np.zeros(0, np.int64)
    following = int(component.max(initial=-1)) + 1
    start = 0
    for end in ends.tolist():
        rows = np.unique(np.r_[left[start:end], right[start:end]])
        links = np.full((len(rows), len(rows)), -np.inf)
        one, other = np.searchsorted(rows, left[start:end]), np.searchsorted(rows, right[start:end])
        links[one, other] = links[other, one] = weights[start:end]
        group[rows] = following + merge_greedily(links)
        following += len(rows)
        start = end
    return group


def merge_greedily(links: Reals) -> Ints:
    """Join the two groups with the highest mean link while it is above zero; ties go to the lowest rows.

    `links` is symmetric, minus infinity for forbidden pairs and on the diagonal. Gives each row the lowest row of its group.
    """
    sums, sizes, group = links.copy(), np.ones(len(links)), np.arange(len(links))
    while True:
        means = sums / np.outer(sizes, sizes)
        best = int(np.argmax(means))
        one, other = divmod(best, len(links))
        if means[one, other] <= 0:
            return group
        sums[one] += sums[other]
        sums[:, one] = sums[one]
        sums[one, one] = -np.inf
        sums[other] = sums[:, other] = -np.inf
        sizes[one] += sizes[other]
        group[group == other] = one


def _number(group: Ints) -> Ints:
    """Number groups 0, 1, 2 … by their lowest row."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])
