"""`wardkeeper bench`: how well and how fast records are linked, on files whose truth is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from wardkeeper.adapters.frame_files import read_columns, read_headings
from wardkeeper.adapters.machine import clock_seconds, cpu_seconds, keep_memory, peak_mb, run_again
from wardkeeper.cli.bench_sets import COLUMNS, TRUTH_INSIDE, LinkageSet
from wardkeeper.cli.running import JsonOption, answer_json, answer_table, words
from wardkeeper.kernel.errors import BadInput, UsageError, Where
from wardkeeper.residents import link_frames
from wardkeeper.residents.headings import SYNONYMS, Suggested, suggest_roles
from wardkeeper.residents.truth import code, score_frames

app = typer.Typer(add_completion=False, help="Measure on data whose truth is known.")

FILE_NUMBER = "(file)"
"""Stands as the source of each record where several files are given and none has a column of sources."""

SHUFFLED = 20_251
"""Seed of the order that rows are put in: in some published sets the order of rows tells the truth."""

MOST_THREADS = 64
"""More threads than a machine has cores only cost memory."""

WARM = ["", "1", "12", "123"]


@app.callback()
def bench() -> None:
    """Measure on data whose truth is known."""


@app.command()
def linkage(
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet; several are laid one under the other.")],
    named: Annotated[LinkageSet, typer.Option("--set", help="Whose columns these are.")],
    truth: Annotated[str, typer.Option("--truth", help="The column that tells the true person: read only to score.")],
    mapped: Annotated[
        list[str] | None, typer.Option("--map", help="COLUMN=ROLE, again and again; ROLE unused for none.")
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Link so many times, and tell the spread.")] = 1,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, max=MOST_THREADS, help="How many threads; all by default.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Link files of people and compare the result with the truth: time, memory, precision and recall.

    Ids, the order of rows, households and the truth are never inputs. A set's name only says which column is which: the
    settings are the same for all.
    """
    if threads:
        chosen = [f"--map={one}" for one in mapped or []] + ["--json"] * as_json
        again = [*map(str, files), f"--set={named}", f"--truth={truth}", f"--seeds={seeds}", *chosen]
        raise typer.Exit(run_again(["bench", "linkage", *again], threads=threads))
    asked = Asked(tuple(files), named, truth.strip(), _parse_map(mapped or []))
    _load_kernels()
    keep_memory()
    startup = cpu_seconds()
    runs = [measure(asked, seed, startup) for seed in range(1, seeds + 1)]
    answer = runs[0] if seeds == 1 else {**runs[0], "spread": _spread(runs)}
    if as_json:
        answer_json(answer)
    else:
        answer_table("Linkage", ("", ""), _rows(answer))


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked to be measured."""

    files: tuple[Path, ...]
    named: LinkageSet
    truth: str
    roles: Mapping[str, str]


def measure(asked: Asked, seed: int, startup: float) -> dict[str, object]:
    """Link once and score. Time counts from opening the first file to the result; memory until then; truth is read after."""
    started, used = clock_seconds(), cpu_seconds()
    people, roles = _read_people(asked, tell=seed == 1)
    order = pl.int_range(people.height, dtype=pl.UInt32, eager=True).shuffle(seed=SHUFFLED + seed)
    # In one piece, rows are gathered eight times as fast; and the rows as they came are let go.
    people = people.rechunk().select(pl.all().gather(order))
    links = link_frames(people, roles, seed=seed)
    seconds, cpu, peak = clock_seconds() - started, cpu_seconds() - used, peak_mb()
    person = code(_read_truth(asked)[order])
    scored = score_frames(links.clusters, links.pairs, links.threshold, person)
    return {
        "records": people.height,
        "seconds": round(seconds, 3),
        "cpu_seconds": round(cpu, 3),
        "startup_cpu_seconds": round(startup, 3),
        "peak_mb": round(peak, 1),
        **scored,
        "threshold": links.threshold,
    }


def _parse_map(given: Sequence[str]) -> dict[str, str]:
    """Read COLUMN=ROLE; a column may have an equals sign in its name, a role never has."""
    parted = [one.rpartition("=") for one in given]
    wrong = next((whole for whole, (column, _, role) in zip(given, parted, strict=True) if not (column and role)), None)
    if wrong is not None:
        raise UsageError(f"“{wrong}” is not COLUMN=ROLE.", "Write for example --map Forename=given.")
    return {column.strip(): role.strip() for column, _, role in parted}


def _read_people(asked: Asked, *, tell: bool) -> tuple[pl.DataFrame, dict[str, str]]:
    """Read the columns that have a role, all files' rows one under the other, and give each column's role."""
    headings = {path: read_headings(path) for path in asked.files}
    _check_truth(asked, headings)
    everything = list(dict.fromkeys(heading for some in headings.values() for heading in some))
    suggested = suggest_roles(everything, asked.truth, table=COLUMNS[asked.named], asked=asked.roles)
    if not suggested.roles:
        raise BadInput(
            "No column has a role, so there is nothing to link by.", "Name the columns with --map COLUMN=ROLE."
        )
    if tell:
        _tell(suggested, [heading for heading in COLUMNS[asked.named] if heading not in everything])
    frames = [read_columns(path, [one for one in suggested.roles if one in headings[path]]) for path in asked.files]
    if len(frames) == 1 or "source" in suggested.roles.values():
        return pl.concat(frames, how="diagonal"), suggested.roles
    numbered = [frame.with_columns(pl.lit(str(place)).alias(FILE_NUMBER)) for place, frame in enumerate(frames)]
    return pl.concat(numbered, how="diagonal"), {**suggested.roles, FILE_NUMBER: "source"}


def _check_truth(asked: Asked, headings: Mapping[Path, list[str]]) -> None:
    for path, some in headings.items():
        if asked.truth not in some:
            raise UsageError(
                f"There is no column “{asked.truth}” to tell the truth.",
                f"The file has: {', '.join(some)}.",
                Where(file=path.name),
            )


def _read_truth(asked: Asked) -> pl.Series:
    """Read the true person of every row, in the files' order; null where truth does not tell."""
    truth = pl.concat(read_columns(path, [asked.truth]) for path in asked.files).to_series()
    inside = TRUTH_INSIDE.get(asked.named)
    people = truth.str.extract(inside) if inside else truth
    unknown = people.null_count()
    if unknown == people.len():
        raise BadInput(
            "The truth is not told for any row.", "Name the column that tells it.", Where(column=asked.truth)
        )
    if unknown:
        words.print(f"{unknown:,} rows without a known truth were linked and are not scored.")
    return people


def _tell(suggested: Suggested, absent: Sequence[str]) -> None:
    told = ", ".join(f"{heading} as {role}" for heading, role in suggested.roles.items())
    words.print(f"Columns: {told}.", markup=False)
    for what, headings in (
        ("Not in the file", absent),
        ("Not used", suggested.unused),
        ("Never used", suggested.never),
    ):
        if headings:
            words.print(f"{what}: {', '.join(headings)}.", markup=False)


def _load_kernels() -> None:
    """Link a few records of no file, so that what is compiled or loaded at first use counts as start-up."""
    roles = list(SYNONYMS)
    link_frames(pl.DataFrame(dict.fromkeys(roles, WARM)), {role: role for role in roles}, seed=1)


def _spread(runs: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """Tell how much each F1 differs from seed to seed."""
    found: dict[str, object] = {"seeds": len(runs)}
    for part, name in (("pairs", "f1"), ("clusters", "f1"), ("clusters", "b3_f1")):
        values = [run[part][name] for run in runs]
        found[f"{part}_{name}"] = {"lowest": min(values), "highest": max(values), "spread": max(values) - min(values)}
    return found


def _rows(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give the answer as rows of a table, parts of parts with both names."""
    for name, value in answer.items():
        if isinstance(value, Mapping):
            yield from ((f"{name} {inner}", shown) for inner, shown in _rows(value))
        else:
            yield name.replace("_", " "), f"{value:,.4f}" if isinstance(value, float) else f"{value:,}"
