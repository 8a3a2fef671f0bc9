"""The compiled loops of the scan: nearest neighbours, random counts, and the search of all zones.

All of them stand in this one file, so that numba notices every change. Shapes: `n` areas, `L` replicates side by side
(lanes), zones as in `zones.Zones`. Nothing here is an approximation: bounds only skip what cannot be a maximum.
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

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST, SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S27, S30, S31, S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
LOW = np.uint64(0xFFFFFFFF)


@woven
def draw(state):
    """Give 64 random bits: SplitMix64 (Steele, Lea and Flood 2014, Fast splittable pseudorandom number generators)."""
    state[0] += GOLDEN
    bits = state[0]
    bits = (bits ^ (bits >> S30)) * FIRST
    bits = (bits ^ (bits >> S27)) * SECOND
    return bits ^ (bits >> S31)


@woven
def log_ratio(observed, expected, total):
    """Give the log likelihood ratio of a zone with more cases than expected (Kulldorff 1997), else 0."""
    ratio = 0.0
    if observed > expected:
        ratio = observed * math.log(observed / expected)
        if observed < total:
            ratio += (total - observed) * math.log((total - observed) / (total - expected))
    return ratio


# Nearest neighbours


@kernel
def nearest(places, measure, most):
    """List each area's neighbours, nearest first, until their summed measure passes `most`.

    `places` is float64 [axes, n]. Candidates within a guessed distance, taken from the centre before, are put into
    buckets of squared distance, which in a plane hold about equal numbers, and each bucket is sorted by hand.
    """
    n = places.shape[1]
    order, starts = np.empty(n * 64, np.int32), np.zeros(n + 1, np.int64)
    squared, inside, sorted_at = np.empty(n), np.empty(n, np.int32), np.empty(n, np.int32)
    reach = 0.0
    for centre in range(n):
        furthest = measure_from(places, centre, squared)
        reach, held = gather(squared, measure, most, reach, furthest, inside)
        sort_by_distance(squared, inside, held, reach, sorted_at)
        at = starts[centre]
        if at + held > order.size:
            grown = np.empty(order.size * 2 + held, np.int32)
            grown[:at] = order[:at]
            order = grown
        summed = 0.0
        for place in range(held):
            summed += measure[sorted_at[place]]
            if place and summed > most:
                break
            order[at] = sorted_at[place]
            at += 1
        starts[centre + 1] = at
        reach = 1.1 * max(0.0, squared[order[at - 1]])
    return order[: starts[n]].copy(), starts


@kernel
def measure_from(places, centre, squared):
    """Fill the squared distances from a centre, its own below all others; give the greatest."""
    axes, n = places.shape
    squared[:] = 0.0
    for axis in range(axes):
        here = places[axis, centre]
        along = places[axis]
        for area in range(n):
            step = along[area] - here
            squared[area] += step * step
    squared[centre] = -1.0
    furthest = 0.0
    for area in range(n):
        furthest = max(furthest, squared[area])
    return furthest


@kernel
def gather(squared, measure, most, reach, furthest, inside):
    """Collect the areas within a squared distance wide enough to pass `most`, widening a first guess as needed."""
    while True:
        held, summed = 0, 0.0
        for area in range(squared.size):
            inside[held] = area
            near = squared[area] <= reach
            held += near
            summed += near * measure[area]
        if summed > most or reach >= furthest:
            return reach, held
        reach = min(furthest, max(reach * 1.4, furthest * 1e-6))


@kernel
def sort_by_distance(squared, inside, held, reach, sorted_at):
    """Sort the first `held` of `inside` by squared distance, equal ones in table order, into `sorted_at`."""
    buckets = max(1, held)
    scale = (buckets - 1) / reach if reach > 0.0 else 0.0
    ends = np.zeros(buckets + 1, np.int32)
    for place in range(held):
        ends[1 + int(max(0.0, squared[inside[place]]) * scale)] += 1
    for bucket in range(buckets):
        ends[bucket + 1] += ends[bucket]
    filled = ends[:buckets].copy()
    for place in range(held):
        area = inside[place]
        bucket = int(max(0.0, squared[area]) * scale)
        sorted_at[filled[bucket]] = area
        filled[bucket] += 1
    for bucket in range(buckets):
        first, last = ends[bucket], ends[bucket + 1]
        if last - first > 48:
            held_here = sorted_at[first:last].copy()
            sorted_at[first:last] = held_here[np.argsort(squared[held_here], kind="mergesort")]
            continue
        for place in range(first + 1, last):
            area = sorted_at[place]
            distance = squared[area]
            back = place
            while back > first and squared[sorted_at[back - 1]] > distance:
                sorted_at[back] = sorted_at[back - 1]
                back -= 1
            sorted_at[back] = area


# Random counts


@kernel
def make_alias(weights, starts):
    """Make Walker's alias tables for several distributions laid end to end (Vose 1991): cut (uint32) and other (int32)."""
    cut, other = np.empty(weights.size, np.uint32), np.empty(weights.size, np.int32)
    most = 0
    for one in range(starts.size - 1):
        most = max(most, starts[one + 1] - starts[one])
    small, large, share = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most)
    for one in range(starts.size - 1):
        first, size = starts[one], starts[one + 1] - starts[one]
        total = weights[first : first + size].sum()
        smalls, larges = 0, 0
        for at in range(size):
            share[at] = weights[first + at] * size / total
            if share[at] < 1.0:
                small[smalls] = at
                smalls += 1
            else:
                large[larges] = at
                larges += 1
        while smalls and larges:
            smalls -= 1
            less, more = small[smalls], large[larges - 1]
            cut[first + less], other[first + less] = np.uint32(min(share[less] * 4294967296.0, 4294967295.0)), more
            share[more] -= 1.0 - share[less]
            if share[more] < 1.0:
                larges -= 1
                small[smalls] = more
                smalls += 1
        while larges:
            larges -= 1
            cut[first + large[larges]], other[first + large[larges]] = np.uint32(4294967295), large[larges]
        while smalls:
            smalls -= 1
            cut[first + small[smalls]], other[first + small[smalls]] = np.uint32(4294967295), small[smalls]
    return cut, other


@kernel
def poisson_weights(means):
    """Give each mean's probabilities of the counts that can occur: weights, starts, lowest count."""
    n = means.size
    lowest, starts = np.zeros(n, np.int64), np.zeros(n + 1, np.int64)
    for one in range(n):
        spread = 12.0 * math.sqrt(means[one])
        lowest[one] = max(0, int(means[one] - spread))
        highest = int(means[one] + spread + 20.0) if means[one] > 0.0 else 0
        starts[one + 1] = starts[one] + highest - lowest[one] + 1
    weights = np.empty(starts[n])
    for one in range(n):
        for at in range(starts[one], starts[one + 1]):
            count = lowest[one] + at - starts[one]
            if means[one] > 0.0:
                weights[at] = math.exp(count * math.log(means[one]) - means[one] - math.lgamma(count + 1.0))
            else:
                weights[at] = 1.0
    return weights, starts, lowest


@woven
def pick(cut, other, first, size, bits):
    """Draw from one alias table with one number: its high half chooses the column, its low half which of the two."""
    column = ((bits >> S32) * np.uint64(size)) >> S32
    chosen = np.int64(column)
    if (bits & LOW) > np.uint64(cut[first + chosen]):
        chosen = np.int64(other[first + chosen])
    return chosen


@kernel
def draw_poisson(table, tables, state, sums):
    """Fill table [cells, L] with Poisson counts; `sums` [L] gets each lane's total."""
    cut, other, starts, lowest = tables
    sums[:] = 0
    for cell in range(lowest.size):
        first, size, low = starts[cell], starts[cell + 1] - starts[cell], lowest[cell]
        for lane in range(sums.size):
            count = low + pick(cut, other, first, size, draw(state))
            table[cell, lane] = count
            sums[lane] += count


@kernel
def draw_poisson_lane(table, lane, tables, state):
    """Draw one lane again; give its total."""
    cut, other, starts, lowest = tables
    total = 0
    for cell in range(lowest.size):
        count = lowest[cell] + pick(cut, other, starts[cell], starts[cell + 1] - starts[cell], draw(state))
        table[cell, lane] = count
        total += count
    return total


@kernel
def draw_multinomial(table, total, tables, places, state):
    """Fill table [cells, L] with multinomial counts that sum to `total` in every lane.

    Poisson counts whose mean is a little less than the whole are, given their sum, multinomial; the cases still
    missing are placed one by one. A lane that drew too many is drawn again, which leaves the distribution as it is.
    Without Poisson tables (no cells in them) every case is placed by itself.
    """
    cut, other = places
    sums = np.zeros(table.shape[1], np.int64)
    if tables[3].size:
        draw_poisson(table, tables, state, sums)
    else:
        table[:] = 0
    for lane in range(sums.size):
        while sums[lane] > total:
            sums[lane] = draw_poisson_lane(table, lane, tables, state)
        for _ in range(total - sums[lane]):
            table[pick(cut, other, 0, cut.size, draw(state)), lane] += 1


@kernel
def permute_times(table, areas, order, sizes, state):
    """Fill table [steps * n, L]: of all cases (`areas` [cases]) `sizes[step]` at random fall into each step.

    `order` is any order of the cases; it is shuffled on the way (Fisher and Yates), as far as the steps need.
    """
    lanes = table.shape[1]
    n = table.shape[0] // sizes.size
    table[:] = 0
    for lane in range(lanes):
        at = 0
        for step in range(sizes.size):
            for _ in range(sizes[step]):
                other = at + np.int64(((draw(state) >> S32) * np.uint64(order.size - at)) >> S32)
                case = order[other]
                order[other] = order[at]
                order[at] = case
                table[step * n + areas[case], lane] += 1
                at += 1


@kernel
def sum_window(stepped, first, last, offsets, table):
    """Sum the steps from `first` to before `last` of [steps * n, L] into [n, L], less each area's offset."""
    n = offsets.size
    for area in range(n):
        row = table[area]
        row[:] = -offsets[area]
        for step in range(first, last):
            counted = stepped[step * n + area]
            for lane in range(row.size):
                row[lane] += counted[lane]


# The search of all zones


@woven
def bounded(over, observed, awaited, total, best):
    """Tell whether a ratio surely does not pass `best`: it is at most (c - E)^2 / (2 E (1 - E / C)), if c is at most C - E."""
    return observed <= total - awaited and over * over <= 2.0 * best * awaited * (1.0 - awaited / total)


@kernel
def best_zones(counts, expected, neighbours, starts, total, least):
    """Find each centre's zone and window of the greatest ratio: ratio, size (areas in the zone), window.

    `counts` int64 and `expected` float64 are [windows, n]. Logarithms are taken only where a bound passes the best so far.
    """
    n = starts.size - 1
    ratios, sizes, windows = np.zeros(n), np.zeros(n, np.int64), np.zeros(n, np.int64)
    for centre in range(n):
        best = 0.0
        for window in range(counts.shape[0]):
            observed, awaited = 0, 0.0
            for at in range(starts[centre], starts[centre + 1]):
                area = neighbours[at]
                observed += counts[window, area]
                awaited += expected[window, area]
                over = observed - awaited
                if observed < least or over <= 0.0:
                    continue
                if bounded(over, observed, awaited, total, best):
                    continue
                ratio = log_ratio(float(observed), awaited, total)
                if ratio > best:
                    best = ratio
                    sizes[centre], windows[centre] = at - starts[centre] + 1, window
        ratios[centre] = best
    return ratios, sizes, windows


@kernel
def raise_maxima(table, offsets, expected, neighbours, starts, total, least, corrections, maxima):
    """Raise each lane's maximum ratio over all zones, for counts `table` [n, L] + `offsets` [n] in one window.

    `table` has one more row, of zeros. A block of zones is added up for all lanes in small whole numbers, and each
    lane compared with about the least count that could raise its maximum; the few that pass are looked at closely.
    `corrections` [levels, grid] (see `fill_level`) keep what goes into those counts from one call to the next.
    """
    n, lanes = offsets.size, table.shape[1]
    longest = BLOCK
    for centre in range(n):
        longest = max(longest, starts[centre + 1] - starts[centre] + BLOCK)
    awaited, taken, root = np.empty(longest), np.empty(longest, np.int64), np.empty(longest, np.float32)
    bound, chosen = np.empty(longest, np.int16), np.empty(longest, np.int64)
    held, slack, limits = np.empty(lanes, np.int16), np.empty(lanes, np.int16), np.empty(lanes, np.float32)
    walked = np.empty(lanes, np.int16)
    changed = True
    for centre in range(n):
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
        set_bounds(bound, awaited, taken, root, total, least, lowest, corrections, 0, padded)
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
                near = awaited[back] - taken[back], root[back], total - awaited[back] - taken[back]
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
def set_bounds(bound, awaited, taken, root, total, least, lowest, corrections, first, last):
    """Set the count (less the offsets) that a lane with the lowest maximum would have to pass in each zone."""
    levels, grid = corrections.shape
    level = min(levels - 1, int(0.5 * lowest * lowest * LEVELS_A_UNIT * 0.999))
    if corrections[level, 0] < 0.0:
        fill_level(corrections[level], level / LEVELS_A_UNIT, total)
    row, scale = corrections[level], np.float32(2.0 * (grid - 1) / math.sqrt(total))
    fewer = np.int64(least - 1)
    for at in range(first, last):
        place = min(grid - 2, np.int32(root[at] * scale))
        # Its fraction is cut off, which rounds down, as it is above zero.
        needed = np.int64(awaited[at] + lowest * root[at] + min(row[place], row[place + 1]) - 0.02)
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

    `near` is the zone's expected count, its root and C - E, counts being less the offsets.
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
