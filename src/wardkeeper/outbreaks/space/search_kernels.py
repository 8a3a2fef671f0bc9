"""The compiled search of all zones, for the real counts and for many data sets side by side (lanes, `L`).

Nothing is an approximation: bounds only skip what can't be a maximum. No kernel here calls one of another file.
"""

import math

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")
woven = njit(cache=True, nogil=True, error_model="numpy", inline="always")

BLOCK = 8
"""Zones looked at together: one more area each."""

LEVELS, LEVELS_A_UNIT, GRID = 80, 2, 257
"""Ratios 0, 0.5, … for which the counts that reach them are worked out, and at how many expected counts."""


@woven
def log_ratio(observed, expected, total):
    """Give the log likelihood ratio of a zone with more cases than expected (Kulldorff 1997), else 0."""
    ratio = 0.0
    if observed > expected:
        ratio = observed * math.log(observed / expected)
        if observed < total:
            ratio += (total - observed) * math.log((total - observed) / (total - expected))
    return ratio


@woven
def bounded(over, observed, awaited, total, best):
    """Tell whether a ratio surely does not pass `best`: it is at most (c - E)^2 / (2 E (1 - E / C)), if c is at most C - E."""
    return observed <= total - awaited and over * over <= 2.0 * best * awaited * (1.0 - awaited / total)


@kernel
def best_zones(centres, counts, expected, neighbours, starts, total, least, best, sizes):
    """Raise centres' best ratios by what their zones of one window give; set the size (areas in the zone) of those raised.

    `counts` int64 and `expected` float64 are [n], `best` and `sizes` [n]. Logarithms are taken only where a bound
    passes the best so far.
    """
    for centre in centres:
        most, observed, awaited = best[centre], 0, 0.0
        for at in range(starts[centre], starts[centre + 1]):
            area = neighbours[at]
            observed += counts[area]
            awaited += expected[area]
            over = observed - awaited
            if observed < least or over <= 0.0 or bounded(over, observed, awaited, total, most):
                continue
            ratio = log_ratio(float(observed), awaited, total)
            if ratio > most:
                most = ratio
                sizes[centre] = at - starts[centre] + 1
        best[centre] = most


@kernel
def raise_maxima(centres, table, offsets, expected, neighbours, starts, total, least, corrections, maxima):
    """Raise each lane's maximum ratio over the centres' zones, for counts `table` [n, L] + `offsets` [n] in one window.

    `table` has one more row, of zeros. A block of zones is added up for all lanes in small whole numbers, and each
    lane compared with about the least count that could raise its maximum; the few that pass are looked at closely.
    `corrections` [levels, grid] (see `fill_level`) keep what goes into those counts from one call to the next.
    """
    n, lanes = offsets.size, table.shape[1]
    longest = BLOCK
    for centre in centres:
        longest = max(longest, starts[centre + 1] - starts[centre] + BLOCK)
    awaited, taken, root = np.empty(longest), np.empty(longest, np.int64), np.empty(longest, np.float32)
    bound, chosen, more = np.empty(longest, np.int16), np.empty(longest, np.int64), np.empty(longest, np.float32)
    held, slack, limits = np.empty(lanes, np.int16), np.empty(lanes, np.int16), np.empty(lanes, np.float32)
    walked = np.empty(lanes, np.int16)
    changed = True
    for centre in centres:
        if changed:
            set_limits(maxima, limits)
            lowest, highest = limits.min(), limits.max()
            changed = False
        first, length = starts[centre], starts[centre + 1] - starts[centre]
        padded = (length + BLOCK - 1) // BLOCK * BLOCK
        summed, whole = 0.0, 0
        for at in range(padded):
            chosen[at] = n
            if at < length:
                chosen[at] = neighbours[first + at]
                summed += expected[chosen[at]]
                whole += offsets[chosen[at]]
            awaited[at], taken[at] = summed, whole
        for at in range(padded):
            root[at] = math.sqrt(np.float32(max(0.0, awaited[at] * (1.0 - awaited[at] / total))))
        set_bounds(bound, more, awaited, taken, root, total, least, lowest, corrections, padded)
        held[:] = 0
        slack_root = np.float32(-1.0)
        for at in range(0, padded, BLOCK):
            end = at + BLOCK - 1
            least_root = min(root[at], root[end])
            if 2.0 * awaited[end] + (highest + 3.0) * max(root[at], root[end]) > total:
                least_root = np.float32(0.0)
            if slack_root > least_root or slack_root < np.float32(0.9) * least_root or at == 0:
                slack_root = np.float32(0.98) * least_root
                set_slack(slack, limits, lowest, slack_root)
            if not add_block(table, chosen, bound, slack, at, held):
                continue
            walked[:] = held
            for back in range(end, at - 1, -1):
                near = awaited[back] - taken[back] + more[back], root[back], total - awaited[back] - taken[back]
                if any_passes(walked, near, limits) and look_closely(
                    walked, taken[back], awaited[back], total, least, maxima
                ):
                    changed = True
                    set_limits(maxima, limits)
                    set_slack(slack, limits, lowest, slack_root)
                row = table[chosen[back]]
                for lane in range(lanes):
                    walked[lane] = np.int16(walked[lane] - row[lane])


@kernel
def set_bounds(bound, more, awaited, taken, root, total, least, lowest, corrections, length):
    """Set the count (less the offsets) that a lane with the lowest maximum would have to pass in each zone.

    `more` is by how much any lane's count must pass E + r sqrt(2 ratio), r being the root (see `fill_level`).
    """
    levels, grid = corrections.shape
    level = min(levels - 1, int(0.5 * lowest * lowest * LEVELS_A_UNIT * 0.999))
    if corrections[level, 0] < 0.0:
        fill_level(corrections[level], level / LEVELS_A_UNIT, total)
    row, scale = corrections[level], np.float32(2.0 * (grid - 1) / math.sqrt(total))
    fewer = np.int64(least - 1)
    for at in range(length):
        place = min(grid - 2, np.int32(root[at] * scale))
        more[at] = min(row[place], row[place + 1]) - 0.01
        # Its fraction is cut off, which rounds down, as it is above zero.
        needed = np.int64(awaited[at] + lowest * root[at] + more[at] - 0.01)
        if awaited[at] >= 0.5 * total:
            needed = np.int64(0)
        bound[at] = np.int16(max(fewer, needed) - taken[at])


@kernel
def fill_level(row, ratio, total):
    """Set, for roots r = sqrt(E (1 - E / C)) evenly from 0 to sqrt(C) / 2, by how much the count that has this ratio passes E + r sqrt(2 ratio).

    Along the grid it rises and then falls, so that the lesser of two neighbours holds for all between them; and it
    rises with the ratio. Newton's steps come down to the root of a convex function from above.
    """
    row[0] = 0.0
    for at in range(1, row.size):
        root = 0.5 * math.sqrt(total) * at / (row.size - 1)
        awaited = 0.5 * total * (1.0 - math.sqrt(max(0.0, 1.0 - 4.0 * root * root / total)))
        count = awaited + math.sqrt(2.0 * ratio) * root
        row[at] = 0.0
        if ratio > 0.0 and count + ratio < total - awaited:
            solved = count
            for _ in range(5):
                odds = math.log(solved * (total - awaited) / (awaited * (total - solved)))
                solved -= (log_ratio(solved, awaited, total) - ratio) / odds
                solved = min(max(solved, count), 0.5 * (total + awaited))
            if log_ratio(solved - 0.01, awaited, total) <= ratio:
                row[at] = max(0.0, solved - 0.01 - count)


@kernel
def set_slack(slack, limits, lowest, root):
    """Set by how much more each lane would have to pass it, in zones whose root is at least this.

    The count needed grows with the square root of the ratio by `root` at least, as long as it is below C - E.
    """
    for lane in range(slack.size):
        slack[lane] = np.int16(math.floor((limits[lane] - lowest) * root))


@kernel
def set_limits(maxima, limits):
    """Set each lane's limit, the square root of twice its maximum."""
    for lane in range(maxima.size):
        limits[lane] = math.sqrt(np.float32(2.0 * maxima[lane]))


@kernel
def any_passes(walked, near, limits):
    """Tell whether any lane's count is beyond what its own maximum allows, or too near to all cases for that bound.

    `near` is what must be passed beside the root's share (expected and `more`), the root, and C - E, counts being less the offsets.
    """
    gap, root, ceiling = np.float32(near[0] - 0.01), near[1], np.float32(near[2] - 0.01)
    passed = 0
    for lane in range(walked.size):
        count = np.float32(walked[lane])
        passed |= (count > gap + limits[lane] * root) | (count > ceiling)
    return passed != 0


@kernel
def look_closely(walked, taken, awaited, total, least, maxima):
    """Work out the ratio of every lane in one zone; tell whether any maximum was raised."""
    changed = False
    for lane in range(walked.size):
        count = walked[lane] + taken
        over = count - awaited
        if over <= 0.0 or count < least or bounded(over, count, awaited, total, maxima[lane]):
            continue
        ratio = log_ratio(float(count), awaited, total)
        if ratio > maxima[lane]:
            maxima[lane] = ratio
            changed = True
    return changed


@kernel
def add_block(table, chosen, bound, slack, at, held):
    """Add eight areas to all lanes, one after the other; tell whether any lane passes a bound on the way."""
    a, b, c, d = table[chosen[at]], table[chosen[at + 1]], table[chosen[at + 2]], table[chosen[at + 3]]
    e, f, g, h = table[chosen[at + 4]], table[chosen[at + 5]], table[chosen[at + 6]], table[chosen[at + 7]]
    p, q, r, s = bound[at], bound[at + 1], bound[at + 2], bound[at + 3]
    t, u, v, w = bound[at + 4], bound[at + 5], bound[at + 6], bound[at + 7]
    most = np.int16(-32768)
    for lane in range(held.size):
        count = np.int16(held[lane] + a[lane])
        over = np.int16(count - p)
        count = np.int16(count + b[lane])
        over = max(over, np.int16(count - q))
        count = np.int16(count + c[lane])
        over = max(over, np.int16(count - r))
        count = np.int16(count + d[lane])
        over = max(over, np.int16(count - s))
        count = np.int16(count + e[lane])
        over = max(over, np.int16(count - t))
        count = np.int16(count + f[lane])
        over = max(over, np.int16(count - u))
        count = np.int16(count + g[lane])
        over = max(over, np.int16(count - v))
        count = np.int16(count + h[lane])
        over = max(over, np.int16(count - w))
        held[lane] = count
        most = max(most, np.int16(over - slack[lane]))
    return most > 0
