"""The compiled search for each area's nearest neighbours.

numba compiles a file anew when that file changes, and not when another does: no kernel here calls one elsewhere.
"""

import math

import numpy as np
from numba import njit

kernel = njit(cache=True, nogil=True, error_model="numpy")


@kernel
def nearest(centres, places, along, order, measure, most, reach):
    """List the neighbours of some centres, nearest first, until their summed measure passes `most`.

    `places` float64 [axes, n] and `measure` [n] stand in the order of the axis `along`; `order` [n] tells which area
    each is, and `centres` are areas. Gives the neighbours (areas), how many each centre has, and how far the last
    ones reached (squared): a guess to begin with, as `reach` is.

    Candidates within a guessed distance are put into buckets of squared distance, which in a plane hold about equal
    numbers, and each bucket is sorted by hand.
    """
    n = places.shape[1]
    listed, numbers = np.empty(max(n, 64), np.int32), np.zeros(centres.size, np.int64)
    squared, inside, sorted_at = np.empty(n), np.empty(n, np.int32), np.empty(n, np.int32)
    where = np.empty(n, np.int64)
    for at in range(n):
        where[order[at]] = at
    furthest, used = span_squared(places), 0
    for number in range(centres.size):
        here = where[centres[number]]
        reach, held = gather(places, along, here, measure, most, reach, furthest, squared, inside)
        sort_by_distance(squared, inside, held, reach, order, sorted_at)
        if used + held > listed.size:
            grown = np.empty(listed.size * 2 + held, np.int32)
            grown[:used] = listed[:used]
            listed = grown
        summed, last = 0.0, here
        for place in range(held):
            summed += measure[sorted_at[place]]
            if place and summed > most:
                break
            last = sorted_at[place]
            listed[used] = order[last]
            used += 1
            numbers[number] += 1
        reach = 1.1 * max(0.0, squared[last])
    return listed[:used].copy(), numbers, reach


@kernel
def span_squared(places):
    """Give a squared distance that no two places are beyond."""
    total = 0.0
    for axis in range(places.shape[0]):
        total += (places[axis].max() - places[axis].min()) ** 2
    return total * 1.000001


@kernel
def gather(places, along, here, measure, most, reach, furthest, squared, inside):
    """Collect the places within a squared distance wide enough to pass `most`, widening a first guess as needed.

    Only a strip across the sorted axis is looked at. The centre's own squared distance is set below all others.
    """
    axis = places[along]
    while True:
        wide = math.sqrt(reach) * 1.000001
        first, last = np.searchsorted(axis, axis[here] - wide), np.searchsorted(axis, axis[here] + wide, side="right")
        measure_from(places, here, first, last, squared)
        held, summed = 0, 0.0
        for place in range(first, last):
            inside[held] = place
            near = squared[place] <= reach
            held += near
            summed += near * measure[place]
        if summed > most or reach >= furthest:
            return reach, held
        reach = min(furthest, max(reach * 1.4, furthest * 1e-6, 1e-290))


@kernel
def measure_from(places, here, first, last, squared):
    """Fill in the squared distances of a strip from the centre."""
    squared[first:last] = 0.0
    for axis in range(places.shape[0]):
        along, middle = places[axis], places[axis, here]
        for place in range(first, last):
            step = along[place] - middle
            squared[place] += step * step
    squared[here] = -1.0


@kernel
def sort_by_distance(squared, inside, held, reach, order, sorted_at):
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
            held_here = held_here[np.argsort(order[held_here])]
            sorted_at[first:last] = held_here[np.argsort(squared[held_here], kind="mergesort")]
            continue
        for place in range(first + 1, last):
            area = sorted_at[place]
            distance, number = squared[area], order[area]
            back = place
            while back > first and is_behind(squared, order, sorted_at[back - 1], distance, number):
                sorted_at[back] = sorted_at[back - 1]
                back -= 1
            sorted_at[back] = area


@kernel
def is_behind(squared, order, place, distance, number):
    """Tell whether a place comes behind an area at some distance: further away, or as far and later in the table."""
    return squared[place] > distance or (squared[place] == distance and order[place] > number)
