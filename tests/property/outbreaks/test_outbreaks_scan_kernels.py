"""The compiled search skips what can't be a maximum: it must find what a plain search of every zone finds."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.outbreaks.space import drawing_kernels as drawing
from wardkeeper.outbreaks.space import search_kernels as searching
from wardkeeper.outbreaks.space.zones import Zones, find_zones

LANES = 8


def plain_ratio(observed: int, expected: float, total: int) -> float:
    if observed < 2 or observed <= expected:
        return 0.0
    outside = total - observed
    rest = outside * math.log(outside / (total - expected)) if outside else 0.0
    return observed * math.log(observed / expected) + rest


def plain_maximum(counts: np.ndarray, expected: np.ndarray, zones: Zones) -> float:
    best = 0.0
    for centre in range(len(expected)):
        near = zones.about(centre)
        for size in range(1, len(near) + 1):
            chosen = near[:size]
            best = max(best, plain_ratio(int(counts[chosen].sum()), expected[chosen].sum(), int(counts.sum())))
    return best


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    areas=st.integers(1, 30),
    cases=st.integers(2, 3000),
    share=st.sampled_from([0.1, 0.5, 1.0]),
    evenness=st.sampled_from([0.1, 1.0, 10.0]),
)
def test_every_lane_gets_the_greatest_ratio_of_all_zones(seed, areas, cases, share, evenness):
    # Counts far from what is expected too: bounds that hold only under chance would show.
    rng = np.random.default_rng(seed)
    expected = cases * rng.dirichlet(np.full(areas, 1.0))
    zones = find_zones(*rng.normal(size=(2, areas)), measure=expected, share=share)
    counts = np.stack([rng.multinomial(cases, rng.dirichlet(np.full(areas, evenness))) for _ in range(LANES)], axis=1)
    offsets = np.round(expected).astype(np.int64)
    table = np.zeros((areas + 1, LANES), np.int16)
    table[:-1] = counts - offsets[:, None]
    maxima, corrections = np.zeros(LANES), np.full((searching.LEVELS, searching.GRID), -1.0)
    # Some centres first, as the scan has it: what they found must only spare work.
    for centres in (np.arange(0, areas, 3), np.arange(areas)):
        searching.raise_maxima(
            centres, table, offsets, expected, zones.neighbours, zones.starts, float(cases), 2, corrections, maxima
        )
    plain = [plain_maximum(counts[:, lane], expected, zones) for lane in range(LANES)]
    np.testing.assert_allclose(maxima, plain, rtol=1e-10, atol=1e-10)
    ratios, sizes, real = np.zeros(areas), np.zeros(areas, np.int64), np.ascontiguousarray(counts[:, 0])
    searching.best_zones(
        np.arange(areas), real, expected, zones.neighbours, zones.starts, float(cases), 2, ratios, sizes
    )
    np.testing.assert_allclose(ratios.max(), plain[0], rtol=1e-10, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), areas=st.integers(1, 120), share=st.sampled_from([0.05, 0.3, 1.0]))
def test_neighbours_come_nearest_first_up_to_the_share(seed, areas, share):
    rng = np.random.default_rng(seed)
    # Places on a small grid, so that many lie equally far apart, or on one spot.
    x, y = rng.integers(0, 6, size=(2, areas)).astype(float)
    measure = rng.integers(0, 50, areas).astype(float)
    zones = find_zones(x, y, measure=measure, share=share)
    for centre in range(areas):
        squared = (x - x[centre]) ** 2 + (y - y[centre]) ** 2
        squared[centre] = -1
        order = np.argsort(squared, kind="stable")
        fit = int((np.cumsum(measure[order]) <= share * measure.sum() * (1 + 1e-12)).sum())
        assert zones.about(centre).tolist() == order[: max(1, fit)].tolist()


def test_drawn_counts_are_multinomial():
    weights = np.array([5.0, 0.0, 45.0, 450.0])
    cases, lanes = 500, 4000
    table = np.zeros((4, lanes), np.int32)
    chances, starts, lowest = drawing.poisson_weights(weights * (cases - 4 * math.sqrt(cases)) / weights.sum())
    tables = (*drawing.make_alias(chances, starts), starts, lowest)
    places = drawing.make_alias(weights, np.array([0, 4]))
    drawing.draw_multinomial(table, cases, tables, places, np.array([7], np.uint64))
    shares = weights / weights.sum()
    assert (table.sum(axis=0) == cases).all()
    np.testing.assert_allclose(table.mean(axis=1), cases * shares, atol=4 * np.sqrt(cases * 0.25 / lanes))
    np.testing.assert_allclose(table.var(axis=1), cases * shares * (1 - shares), rtol=0.12, atol=1e-9)


def test_windows_summed_step_by_step_are_those_summed_anew():
    rng = np.random.default_rng(5)
    steps, areas, lanes = 5, 7, 16
    stepped = rng.poisson(4.0, (steps * areas, lanes)).astype(np.int32)
    offsets = rng.integers(0, 9, (2, areas))
    grown, anew = np.zeros((areas + 1, lanes), np.int8), np.zeros((areas + 1, lanes), np.int8)
    drawing.sum_window(stepped, 3, 5, offsets[0], grown)
    drawing.add_step(stepped, 2, offsets[1] - offsets[0], grown)
    drawing.sum_window(stepped, 2, 5, offsets[1], anew)
    assert (grown == anew).all()
    assert (anew[:-1] == stepped.reshape(steps, areas, lanes)[2:].sum(axis=0) - offsets[1][:, None]).all()


def test_permuted_times_keep_every_margin():
    rng = np.random.default_rng(3)
    areas = rng.integers(0, 5, 300).astype(np.int32)
    sizes = np.array([40, 60], np.int64)
    table = np.zeros((2 * 5, 2000), np.int32)
    drawing.permute_times(table, areas, np.arange(300, dtype=np.int32), sizes, np.array([9], np.uint64))
    by_step = table.reshape(2, 5, 2000)
    assert (by_step.sum(axis=1) == sizes[:, None]).all()
    shares = np.bincount(areas, minlength=5) / 300
    np.testing.assert_allclose(by_step[0].mean(axis=1), 40 * shares, atol=0.35)
