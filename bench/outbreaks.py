"""Planted outbreaks: how many are found, and how soon, at one false alert a week, beside a plain Poisson scan and EARS C2.

    .venv/bin/python bench/outbreaks.py [--trials 40] [--json]

The background is 1,000 small areas of about 8,000 people. Cases are negative binomial (dispersion 2) about each area's
own rate, the whole's course of falling and rising weeks, and a factor of each district of 40 areas that drifts from
week to week, as England's did in the summer of 2020. Counts of 0 to 2 are hidden from all three methods: the alerts
take them as intervals, the other two as 1. An outbreak multiplies the cases of an area and its nearest neighbours for
four weeks. Each method's threshold is the one at which a background without an outbreak gives one entry a week. The
alerts have two reasons, so two thresholds, passed equally often and together once a week.
An outbreak counts as found in the first week in which an entry above the threshold holds at least a third of its
areas, and is made of them to at least a third. For EARS, whose entries are single areas, those above the threshold
together must hold a third of its areas. It counts as touched when any entry above the threshold has one of its areas:
a weaker rule, the same for all.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import beta

from wardkeeper.outbreaks.alerting.ranking import find_candidates, pick
from wardkeeper.outbreaks.alerting.settings import AlertSettings
from wardkeeper.outbreaks.space.epidemic import Epidemic, Ground, lay_ground, look

AREAS, PAST, LASTS = 1_000, 12, 4
THETA, DRIFT, HIDDEN = 2.0, 0.15, 2
SIZES, STRENGTHS = (1, 5, 20, 40), (2.0, 3.0, 5.0)
MOST, SHARE = 15, 0.06
NEVER = -np.inf
SETTINGS = AlertSettings(epidemic=Epidemic(replicates=2))
OVERLAP = 1 / 3


@dataclass(frozen=True, eq=False)
class Town:
    """The areas, and their zones."""

    ground: Ground
    districts: np.ndarray


@dataclass(frozen=True, eq=False)
class Entry:
    """One entry of a week's list: its areas, its score, and how seldom chance shows it (minus the logarithm), if the method says."""

    score: float
    areas: np.ndarray
    seldom: float = NEVER


def make_town(rng):
    """Scatter areas in a square, with people and districts."""
    places = rng.uniform(0, 100, (2, AREAS))
    people = np.clip(rng.normal(8_000, 1_500, AREAS), 4_000, 14_000)
    across = (places // 20).astype(int)
    return Town(lay_ground(people, places, share=SHARE), across[0] * 5 + across[1])


def make_background(town, rng):
    """Expect cases by area and week: own rate, the whole's course, and districts that drift."""
    weeks = PAST + LASTS
    rate = rng.gamma(6, 1 / 6, AREAS) * 4e-4
    course = np.exp(np.cumsum(rng.normal(0, 0.1, weeks)))
    drift = np.cumsum(rng.normal(0, DRIFT, (25, weeks)), axis=1)
    return (town.ground.people * rate)[:, None] * course * np.exp(drift[town.districts])


def draw(means, rng):
    """Draw counts."""
    return rng.poisson(rng.gamma(THETA, means / THETA)).astype(float)


def hide(counts):
    """Give the least and greatest that each count may be."""
    low, high = counts.copy(), counts.copy()
    hidden = counts <= HIDDEN
    low[hidden], high[hidden] = 0, HIDDEN
    return low, high


def list_alerts(town, counts):
    """List a week's entries as the alerts do, for both reasons."""
    return [replace(entry, seldom=seldom) for entry, seldom in _alerts(town, counts, SETTINGS)]


def list_by_score(town, counts):
    """List a week's entries by score alone."""
    return [entry for entry, _ in _alerts(town, counts, replace(SETTINGS, seldom=0.0))]


def _alerts(town, counts, settings):
    low, high = hide(counts)
    outlook = look(low, high, town.ground, settings.epidemic)
    found = find_candidates(outlook, least=settings.least_statistic)
    return [
        (
            Entry(float(found.score[one]), outlook.zone(int(found.kind[one]), int(found.centre[one]))),
            -float(np.log(found.chance[one])),
        )
        for one in pick(outlook, found, settings)
    ]


def list_plain(town, counts):
    """List a week's entries as a plain prospective Poisson scan does: windows of 1 to 4 weeks, expected by people."""
    shown = np.where(counts <= HIDDEN, 1.0, counts)
    zones = town.ground.zones
    best = []
    for window in range(1, 5):
        seen = shown[:, -window:].sum(axis=1)
        total, share = seen.sum(), town.ground.people / town.ground.people.sum()
        for centre in range(AREAS):
            about = zones.about(centre)
            observed, expected = np.cumsum(seen[about]), np.cumsum(share[about]) * total
            ratio = _ratio(observed, expected, total)
            size = int(ratio.argmax())
            best.append(Entry(float(ratio[size]), about[: size + 1]))
    taken, kept = np.zeros(AREAS, bool), []
    for entry in sorted(best, key=lambda one: -one.score):
        if not taken[entry.areas].any() and len(kept) < MOST:
            taken[entry.areas] = True
            kept.append(entry)
    return kept


def _ratio(observed, expected, total):
    """Give Kulldorff's log likelihood ratio."""
    rest, left = total - observed, total - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(observed > 0, observed * np.log(observed / expected), 0.0)
        outside = np.where(rest > 0, rest * np.log(rest / left), 0.0)
    return np.where(observed > expected, inside + outside, 0.0)


def list_ears(_town, counts):
    """List a week's entries as EARS C2 does, an area at a time: seven weeks, two left out."""
    shown = np.where(counts <= HIDDEN, 1.0, counts)
    past = shown[:, -10:-3]
    score = (shown[:, -1] - past.mean(axis=1)) / np.maximum(past.std(axis=1, ddof=1), 1.0)
    first = np.argsort(-score)[:MOST]
    return [Entry(float(score[one]), np.array([one])) for one in first]


METHODS = {
    "alerts": list_alerts,
    "alerts, by score alone": list_by_score,
    "plain Poisson scan": list_plain,
    "EARS C2": list_ears,
}


@dataclass(frozen=True)
class Threshold:
    """What an entry must reach in its score, or in how seldom chance shows it."""

    score: float
    seldom: float = np.inf

    def passed(self, entries):
        """Give the entries that reach it."""
        return [one for one in entries if one.score >= self.score or one.seldom >= self.seldom]


def is_found(entries, planted):
    """Tell whether entries are about the planted areas: one by itself, or single areas together."""
    single = [entry.areas for entry in entries if len(entry.areas) == 1]
    joined = [np.intersect1d(np.concatenate(single), planted)] if single else []
    return any(is_hit(areas, planted) for areas in [*(entry.areas for entry in entries), *joined])


def is_hit(areas, planted):
    """Tell whether areas are the planted ones to a third at least, either way."""
    shared = len(np.intersect1d(areas, planted))
    return shared > 0 and shared >= OVERLAP * len(planted) and shared >= OVERLAP * len(areas)


def is_touched(entries, planted):
    """Tell whether any entry has one of the planted areas."""
    return any(len(np.intersect1d(entry.areas, planted)) for entry in entries)


RULES = {"found": is_found, "touched": is_touched}


def find_thresholds(town, backgrounds, rng):
    """Find each method's threshold that a week without an outbreak passes once on average."""
    entries = {name: [] for name in METHODS}
    for means in backgrounds:
        counts = draw(means, rng)
        for name, listing in METHODS.items():
            entries[name] += listing(town, counts)
    return {name: find_threshold(found, len(backgrounds)) for name, found in entries.items()}


def find_threshold(entries, wanted):
    """Find the threshold that at most `wanted` entries pass: for either reason as many, where there are two."""
    scores, seldom = (
        sorted(marks, reverse=True) for marks in zip(*((e.score, e.seldom) for e in entries), strict=True)
    )
    if seldom[0] == NEVER:
        return Threshold(scores[min(wanted, len(scores)) - 1])
    # A method with few entries cannot pass more often than it has them.
    both = (Threshold(scores[count - 1], seldom[count - 1]) for count in range(min(wanted, len(entries)), 0, -1))
    return next((one for one in both if len(one.passed(entries)) <= wanted), Threshold(scores[0]))


def try_one(town, means, planted, strength, thresholds, rng):
    """Plant an outbreak; give by method and rule the delay in weeks (0: in its first week), None when it is not found."""
    raised = means.copy()
    raised[planted, -LASTS:] *= 1 + (strength - 1) * np.minimum(1.0, np.arange(1, LASTS + 1) / 2)
    counts = draw(raised, rng)
    delays = dict.fromkeys((name, rule) for name in METHODS for rule in RULES)
    for name, listing in METHODS.items():
        for week in range(LASTS):
            passed = thresholds[name].passed(listing(town, counts[:, : PAST + week + 1]))
            waiting = [rule for rule in RULES if delays[name, rule] is None]
            delays |= {(name, rule): week for rule in waiting if RULES[rule](passed, planted)}
            if None not in (delays[name, rule] for rule in RULES):
                break
    return delays


def interval(found, trials):
    """Give the Clopper-Pearson interval of 95 %."""
    low = beta.ppf(0.025, found, trials - found + 1) if found else 0.0
    high = beta.ppf(0.975, found + 1, trials - found) if found < trials else 1.0
    return round(float(low), 3), round(float(high), 3)


def measure(trials, seed):
    """Measure all sizes and strengths."""
    rng = np.random.default_rng(seed)
    town = make_town(rng)
    thresholds = find_thresholds(town, [make_background(town, rng) for _ in range(2 * trials)], rng)
    rows = []
    for size in SIZES:
        for strength in STRENGTHS:
            delays = {(name, rule): [] for name in METHODS for rule in RULES}
            for _ in range(trials):
                planted = town.ground.zones.about(int(rng.integers(AREAS)))[:size]
                one = try_one(town, make_background(town, rng), planted, strength, thresholds, rng)
                for key, delay in one.items():
                    delays[key].append(delay)
            for (name, rule), all_delays in delays.items():
                rows.append(_row(name, rule, size, strength, all_delays))
                print(_words(rows[-1]), file=sys.stderr)
    return rows


def _row(name, rule, size, strength, delays):
    found = [delay for delay in delays if delay is not None]
    low, high = interval(len(found), len(delays))
    return {
        "method": name,
        "rule": rule,
        "areas": size,
        "times": strength,
        "trials": len(delays),
        "found": len(found) / len(delays),
        "low": low,
        "high": high,
        "weeks": float(np.mean(found)) if found else None,
    }


def _words(row):
    weeks = "-" if row["weeks"] is None else f"{row['weeks']:.1f}"
    return f"{row['areas']:>3} areas x{row['times']:g} {row['method']:<22} {row['rule']:<7} {row['found']:.2f} ({row['low']:.2f} to {row['high']:.2f}), weeks {weeks}"


def main():
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    start = time.process_time()
    rows = measure(chosen.trials, chosen.seed)
    document = {"rows": rows, "cpu_seconds": round(time.process_time() - start, 1)}
    print(json.dumps(document, indent=2) if chosen.json else "\n".join(_words(row) for row in rows))


if __name__ == "__main__":
    main()
