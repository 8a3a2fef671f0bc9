"""View how good the joining is: calibration, precision and recall with intervals, by group, and how reviewers agree."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wardkeeper.governance.operations import Operation
from wardkeeper.governance.tiers import Tier
from wardkeeper.kernel.columns import PAIR_TALLY
from wardkeeper.kernel.people import Actor
from wardkeeper.ledger.leaves import Act
from wardkeeper.residents.calibrating import COSTS, Calibration, Costs, Cut, choose_cut
from wardkeeper.residents.errors import Errors, Estimate, estimate, learn, tabulate, usable
from wardkeeper.residents.strata import GROUPINGS
from wardkeeper.residents.verdicts import Agreement, Verdict, measure_agreement, settle
from wardkeeper.usecases import datasets, label_log
from wardkeeper.usecases.door import Ask, Opened, open_door
from wardkeeper.usecases.find_homes import PURPOSE
from wardkeeper.usecases.house import House

PAIR_COLUMNS = ["left", "right", "log_odds", "stratum", *GROUPINGS]
TALLY_COLUMNS = [column.name for column in PAIR_TALLY]
CURVE = np.linspace(-12.0, 12.0, 49)


@dataclass(frozen=True, slots=True)
class UseCut:
    """The cut that costs least for one use, and how many joined pairs lie below it."""

    costs: Costs
    cut: Cut
    joined_below: int


@dataclass(frozen=True, slots=True)
class LinkingReport:
    """How good the joining is. `reliability` is `errors.tabulate`'s table; `curve` has log_odds, probability, low and high."""

    labels: int
    disputed: int
    unsure: int
    agreement: Agreement
    errors: tuple[Errors, ...]
    reliability: pl.DataFrame
    curve: pl.DataFrame
    cuts: tuple[UseCut, ...]


def view_linking(house: House, actor: Actor, *, purpose: str = PURPOSE) -> LinkingReport:
    """Measure the present linking by the labels there are. Raises Refused, NotFound."""
    return _measure(_open(house, actor, purpose))


def export_linking(house: House, actor: Actor, *, purpose: str = PURPOSE) -> pl.DataFrame:
    """Give the errors for all people and by group, for a file; the ledger says that they left. Raises Refused, NotFound."""
    opened = _open(house, actor, purpose)
    table = errors_table(_measure(opened).errors)
    with house.store.write(opened.leaf(Act.DATA_EXPORTED, {"rows": table.height, "columns": table.columns})):
        return table


def errors_table(errors: tuple[Errors, ...]) -> pl.DataFrame:
    """Give errors as a table: one row a group; figures are empty where labels are too few to tell."""
    rows = [
        {
            "by": GROUPINGS.get(one.grouping, "All people"),
            "group": one.group,
            "pairs compared": one.pairs,
            "pairs joined": one.joined,
            "labels": one.labels,
            **_columns("precision", one.precision),
            **_columns("recall", one.recall),
            **_columns("false match rate", one.precision.complement if one.precision else None),
            **_columns("missed match rate", one.recall.complement if one.recall else None),
            "note": "" if one.told else "too few labels to tell",
        }
        for one in errors
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _columns(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    parts = (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
    return dict(zip((name, f"{name}, low", f"{name}, high"), parts, strict=True))


def _open(house: House, actor: Actor, purpose: str) -> Opened:
    wanted = {
        datasets.PAIRS_TO_REVIEW: PAIR_COLUMNS,
        datasets.PAIR_TALLY: TALLY_COLUMNS,
        **label_log.wanted(label_log.logs(house)),
    }
    return open_door(house, Ask(actor, purpose, Operation.VIEW_LINKING, wanted, Tier.COUNTS))


def _measure(opened: Opened) -> LinkingReport:
    frames = opened.read_all(opened.ask.wanted)
    logs = [frame for name, frame in frames.items() if name.startswith(datasets.LABELS)]
    said = label_log.gather(logs)
    settled = settle(said)
    pairs, counted = frames[datasets.PAIRS_TO_REVIEW], frames[datasets.PAIR_TALLY]
    labels = settled.join(pairs, on=["left", "right"])
    calibration = learn(labels)
    return LinkingReport(
        labels=usable(labels).height,
        disputed=int(settled["disputed"].sum()),
        unsure=settled.filter((pl.col("verdict") == Verdict.UNSURE) & ~pl.col("disputed")).height,
        agreement=measure_agreement(said),
        errors=tuple(estimate(counted, labels, calibration)),
        reliability=tabulate(counted, labels, calibration),
        curve=_curve(calibration),
        cuts=tuple(_cut(calibration, costs, counted) for costs in COSTS.values()),
    )


def _curve(calibration: Calibration) -> pl.DataFrame:
    low, high = calibration.interval(CURVE)
    return pl.DataFrame({"log_odds": CURVE, "probability": calibration.probability(CURVE), "low": low, "high": high})


def _cut(calibration: Calibration, costs: Costs, counted: pl.DataFrame) -> UseCut:
    cut = choose_cut(calibration, cost_of_wrong_join=costs.wrong_join, cost_of_missed=costs.missed)
    below = counted.filter((pl.col("grouping") == "all") & pl.col("joined") & (pl.col("log_odds") < cut.log_odds))
    return UseCut(costs, cut, int(below["pairs"].sum()))
