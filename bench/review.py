"""What 100 to 300 labels are worth: a simulated reviewer, over several seeds.

For each seed: link, draw pairs, let a reviewer who knows the truth (and errs now and then) label them, calibrate, and compare
the curve with the truth over all compared pairs; tell whether the intervals of precision and recall held the truth; link again
with the drawn labels, and with as many doubtful ones more, and give the F1 of the clusters before and after.

    .venv/bin/python bench/review.py council_100k.parquet --labels 200 --errors 0.03 --seeds 5
"""

import argparse
import json
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.residents.constraints import Veto
from wardkeeper.residents.errors import estimate, learn
from wardkeeper.residents.resolving import Judged, Resolved, resolve
from wardkeeper.residents.roles import Role
from wardkeeper.residents.sampling import choose_pairs
from wardkeeper.residents.strata import GROUPINGS
from wardkeeper.residents.truth import score

COUNCIL = {
    "source_dataset": Role.SOURCE,
    "first_name": Role.GIVEN,
    "surname": Role.FAMILY,
    "dob": Role.BIRTH_DATE,
    "sex": Role.SEX,
    "address": Role.ADDRESS,
    "postcode": Role.POSTCODE,
    "phone": Role.PHONE,
    "email": Role.EMAIL,
    "nino": Role.NI_NUMBER,
}
HISTORICAL = {
    "full_name": Role.NAME,
    "first_name": Role.GIVEN,
    "surname": Role.FAMILY,
    "dob": Role.BIRTH_DATE,
    "birth_place": Role.PLACE,
    "postcode_fake": Role.POSTCODE,
    "gender": Role.SEX,
    "occupation": Role.ATTRIBUTE,
}
BINS = 10
FEWEST = 0.01
"""Bins with a smaller share of the pairs are not compared."""
NO_LABELS = pl.DataFrame(schema={"left": pl.String, "right": pl.String})


def read(path, seed):
    """Give the frame without its truth, shuffled, its roles, and the truth."""
    whole = pl.read_parquet(path).sample(fraction=1, shuffle=True, seed=seed)
    roles = COUNCIL if "source_dataset" in whole.columns else HISTORICAL
    return whole.select(list(roles)), roles, whole["cluster"].to_numpy()


def name_rows(rows):
    return pl.Series(rows).cast(pl.String).str.zfill(8)


def pairs_of(found: Resolved, truth):
    """Give the compared pairs as `Linked.pairs`, with the truth."""
    order, candidates = found.encoded.order, found.candidates
    one, other = order[candidates.left], order[candidates.right]
    low, high = np.minimum(one, other), np.maximum(one, other)
    return pl.DataFrame(
        {
            "left": name_rows(low),
            "right": name_rows(high),
            "pattern": found.patterns,
            "log_odds": found.log_odds,
            "probability": 1 / (1 + np.exp(-found.log_odds)),
            "veto": found.scored.vetoes.astype(np.int16),
            "joined": found.group[candidates.left] == found.group[candidates.right],
            "true": truth[low] == truth[high],
        }
    )


def people_of(found: Resolved):
    order = found.encoded.order
    frame = pl.DataFrame({"record_id": name_rows(order), "resident_id": name_rows(found.group)})
    return frame.with_columns(
        *(pl.lit("all").alias(name) for name in GROUPINGS),
        home_id=pl.lit("none"),
        matter=pl.lit(0.0),
        withheld=pl.lit(value=False),
    )


def f1_of(found: Resolved, truth):
    order = found.encoded.order
    membership = pl.DataFrame({"record_id": name_rows(order), "resident_id": name_rows(found.group)})
    known = pl.DataFrame({"record_id": name_rows(np.arange(len(truth))), "person_id": truth})
    return score(membership, known)["clusters"]["f1"]


def label(pairs, errors, seed):
    """What a reviewer says who knows the truth and now and then errs."""
    wrong = np.random.default_rng(seed).random(pairs.height) < errors
    same = pairs["true"].to_numpy() ^ wrong
    return pairs.with_columns(verdict=pl.Series(np.where(same, "same", "different")))


def judge(labels):
    left, right = (labels[name].cast(pl.Int64).to_numpy() for name in ("left", "right"))
    return Judged(left, right, (labels["verdict"] == "same").to_numpy())


def worst(log_odds, probability, true):
    """The greatest difference between predicted and true share, in bins of equal size and in bins of predicted probability."""
    rank = np.argsort(np.argsort(log_odds, kind="stable"), kind="stable")
    found = {}
    ways = {
        "in ten bins of equal size": rank * BINS // len(rank),
        "in twenty bins of equal size": rank * 2 * BINS // len(rank),
        "in bins of a tenth of probability": np.minimum((probability * BINS).astype(int), BINS - 1),
    }
    for name, place in ways.items():
        sizes = np.bincount(place)
        off = np.abs(np.bincount(place, probability - true)) / np.maximum(sizes, 1)
        found[name] = round(float(off[sizes >= FEWEST * len(rank)].max()), 4)
    return found


def run(path, *, labels, errors, seed):
    frame, roles, truth = read(path, seed)
    first = resolve(frame, roles)
    pairs = pairs_of(first, truth)
    chosen = choose_pairs(pairs.drop("true"), people_of(first), NO_LABELS, drawn=labels, seed=seed)
    told = chosen.pairs.join(pairs.select("left", "right", "true"), on=["left", "right"]).sort("turn")
    drawn = label(told.filter(pl.col("sampling").is_not_null()), errors, seed)
    calibration = learn(drawn)
    free = pairs.filter(pl.col("veto") == Veto.NONE)
    odds, true = free["log_odds"].to_numpy(), free["true"].to_numpy().astype(float)
    whole = estimate(chosen.tally.filter(pl.col("grouping") == "all"), drawn, calibration)[0]
    joined = free["joined"].to_numpy()
    figures = {"precision": true[joined].mean(), "recall": true[joined].sum() / true.sum()}
    doubtful = label(told.filter(pl.col("sampling").is_null()).head(labels), errors, seed + 1000)
    both = pl.concat([drawn, doubtful])
    return {
        "seed": seed,
        "labels": drawn.height,
        "before labels": worst(odds, free["probability"].to_numpy(), true),
        "after labels": worst(odds, calibration.probability(odds), true),
        "intervals": {
            name: {
                "true": round(float(value), 4),
                "low": round(getattr(whole, name).low, 4),
                "high": round(getattr(whole, name).high, 4),
                "held": bool(getattr(whole, name).low <= value <= getattr(whole, name).high),
            }
            for name, value in figures.items()
        },
        "cluster F1": {
            "without labels": round(f1_of(first, truth), 4),
            "with the drawn labels": round(f1_of(resolve(frame, roles, judged=judge(drawn)), truth), 4),
            "with as many doubtful ones more": round(f1_of(resolve(frame, roles, judged=judge(both)), truth), 4),
        },
    }


def summarise(runs):
    def mean(*keys):
        values = list(runs)
        for key in keys:
            values = [value[key] for value in values]
        return round(float(np.mean(values)), 4)

    return {
        **{when: {way: mean(when, way) for way in runs[0][when]} for when in ("before labels", "after labels")},
        "intervals that held the truth": {name: mean("intervals", name, "held") for name in ("precision", "recall")},
        "cluster F1": {way: mean("cluster F1", way) for way in runs[0]["cluster F1"]},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--labels", type=int, default=200)
    parser.add_argument("--errors", type=float, default=0.0, help="share of labels that are wrong")
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    runs = [run(asked.file, labels=asked.labels, errors=asked.errors, seed=seed) for seed in range(1, asked.seeds + 1)]
    print(json.dumps({"runs": runs, "mean": summarise(runs)}, indent=2))


if __name__ == "__main__":
    main()
