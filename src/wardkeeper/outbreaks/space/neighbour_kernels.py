"""The compiled search for each area's nearest neighbours.

numba compiles a file anew when that file changes, and not when another does: no kernel here calls one elsewhere.
"""

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")


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
        reach = min(furthest, max(reach * 1.4, furthest * 1e-6, 1e-290))


@kernel
def sort_by_distance(squared, inside, held, reach, sorted_at):
    """Sort the first `held` of `inside` by squared distance, equal ones in table order, into `sorted_at`."""
    buckets = max(1, held)
    # Squares of the smallest distances are no longer exact: such areas count as being in one place.
    scale = (buckets - 1) / reach if reach > 1e-290 else 0.0
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
