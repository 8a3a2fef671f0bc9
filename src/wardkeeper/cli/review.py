"""`wardkeeper review`."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardkeeper.adapters.exports import to_csv, to_xlsx
from wardkeeper.cli.desk import sit_down
from wardkeeper.cli.running import HERE, AsOption, FolderOption, JsonOption, answer_json, answer_table, words
from wardkeeper.residents.errors import Estimate
from wardkeeper.residents.strata import GROUPINGS
from wardkeeper.residents.verdicts import Verdict
from wardkeeper.usecases import record_label, review_pairs, view_linking

app = typer.Typer(add_completion=False, help="Pairs of records that a person must tell apart, and what that shows.")

PairArgument = Annotated[str, typer.Argument(help="The pair's id, from `review list`; by default the next one.")]


@app.command("list")
def list_them(folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False) -> None:
    """List the pairs that wait for you, the first to look at first, and what you said last."""
    desk = sit_down(folder, login)
    queue = review_pairs.queue(desk.house, desk.actor)
    if as_json:
        answer_json(asdict(queue))
        return
    done = queue.progress
    words.print(f"{done.drawn_done} of {done.drawn} pairs drawn by chance are done, to measure by.")
    words.print(f"{done.doubtful_done:,} of {done.doubtful:,} doubtful pairs are done.")
    answer_table("Waiting", ("Pair",), ((one,) for one in queue.waiting))
    answer_table(
        "What you said last",
        ("Label", "Records from", "You said", "When"),
        ((one.label_id, " and ".join(one.sources), one.verdict.value, one.at) for one in queue.said),
    )


@app.command()
def show(
    pair: PairArgument = "", folder: FolderOption = HERE, login: AsOption = "", as_json: JsonOption = False
) -> None:
    """Show two records side by side, without the machine's opinion."""
    desk = sit_down(folder, login)
    chosen = pair or review_pairs.queue(desk.house, desk.actor).next_id
    if not chosen:
        words.print("Nothing waits for you.")
        return
    card = review_pairs.show_pair(desk.house, desk.actor, chosen)
    if as_json:
        answer_json(asdict(card))
        return
    answer_table(
        f"Are these one person? {card.pair_id}",
        ("", f"{card.left.source}, {card.left.seen_on}", f"{card.right.source}, {card.right.seen_on}"),
        zip(card.headings, card.left.values, card.right.values, strict=True),
    )


@app.command()
def label(
    pair: Annotated[str, typer.Argument(help="The pair's id, from `review list`.")],
    verdict: Annotated[Verdict, typer.Argument(help="What you think: same, different or unsure.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say whether two records are one person's. It counts from the next `wardkeeper link`."""
    desk = sit_down(folder, login)
    made = record_label.record(desk.house, desk.actor, pair, verdict)
    following = review_pairs.queue(desk.house, desk.actor).next_id
    if as_json:
        answer_json({"label": made, "next": following})
    else:
        words.print(f"Kept as {made}. Next: {following or 'nothing waits for you'}.")


@app.command()
def undo(
    label_id: Annotated[str, typer.Argument(metavar="LABEL", help="The label's id, from `review list`.")],
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Take back what you said. It stays on record that you said it."""
    desk = sit_down(folder, login)
    record_label.undo(desk.house, desk.actor, label_id)
    if as_json:
        answer_json({"undone": label_id})
    else:
        words.print("Taken back.")


@app.command()
def report(
    to: Annotated[Path | None, typer.Option("--to", help="A CSV or XLSX file to write the figures to.")] = None,
    folder: FolderOption = HERE,
    login: AsOption = "",
    as_json: JsonOption = False,
) -> None:
    """Tell how good the joining is: precision and recall with intervals, by group, and the calibration."""
    desk = sit_down(folder, login)
    if to is not None:
        table = view_linking.export_linking(desk.house, desk.actor)
        to.write_bytes(to_xlsx(table) if to.suffix.lower() == ".xlsx" else to_csv(table))
        words.print(f"Wrote {table.height} rows to {to}.", markup=False)
        return
    found = view_linking.view_linking(desk.house, desk.actor)
    if as_json:
        frames = {"reliability": found.reliability.to_dicts(), "curve": found.curve.to_dicts()}
        rest = {name: getattr(found, name) for name in ("labels", "disputed", "unsure")}
        lists = {"errors": [asdict(one) for one in found.errors], "cuts": [asdict(one) for one in found.cuts]}
        answer_json({**rest, "agreement": asdict(found.agreement), **lists, **frames})
        return
    words.print(f"From {found.labels} labelled pairs that were drawn by chance.")
    answer_table(
        "How good the joining is",
        ("By", "Group", "Looked at", "Precision", "Recall"),
        (
            (GROUPINGS.get(one.grouping, "All people"), one.group, one.labels, _say(one.precision), _say(one.recall))
            for one in found.errors
        ),
    )


def _say(estimate: Estimate | None) -> str:
    if estimate is None:
        return "too few to tell"
    return f"{estimate.value:.1%} ({estimate.low:.1%} to {estimate.high:.1%})"
