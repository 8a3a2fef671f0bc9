"""The compiled draws of counts by chance: multinomial, and permuted in time.

Shapes: `n` areas, `L` data sets side by side (lanes). No kernel here calls one of another file.
"""

import math

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")
woven = njit(cache=True, nogil=True, error_model="numpy", inline="always")

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
    """Add to table [steps * n, L]: of all cases (`areas` [cases]) `sizes[step]` at random fall into each step.

    `order` is any order of the cases; it is shuffled on the way (Fisher and Yates), as far as the steps need.
    """
    lanes = table.shape[1]
    n = table.shape[0] // sizes.size
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


@kernel
def add_step(stepped, step, more, table):
    """Add a step of [steps * n, L] to [n, L], less by how much `more` each area's offset grows."""
    n = more.size
    for area in range(n):
        row, counted = table[area], stepped[step * n + area]
        for lane in range(row.size):
            row[lane] += counted[lane] - more[area]
