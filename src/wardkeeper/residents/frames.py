"""Linking any frames: for files that are no council's, such as those of a measurement or of another program.

from wardkeeper.residents import link_frames

linked = link_frames([visitors, members], {"forename": "given", "surname": "family", "dob": "birth-date"})
people = linked.clusters
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import expit

from wardkeeper.kernel.errors import BadInput
from wardkeeper.residents.blocking import KeyCount
from wardkeeper.residents.constraints import Veto
from wardkeeper.residents.resolving import Resolved, resolve
from wardkeeper.residents.roles import Role

FRAME = "\N{NULL}frame"
"""The column that tells which frame a row is of: no file has one of this name."""
KINDS: dict[Role, tuple[type[pl.DataType], str]] = {
    Role.PROTECTED: (pl.Boolean, "true or false"),
    Role.SEEN_ON: (pl.Date, "dates"),
}
"""Roles whose columns must be of one kind, in words: a text of "no" is not taken for a yes."""
TYPED = (Role.BIRTH_DATE, *KINDS)
"""Roles whose columns are taken as they are; all others are read as texts."""
THRESHOLD = 0.0
"""Natural log odds above which a pair counts as one person: more likely so than not."""


@dataclass(frozen=True, slots=True)
class FrameLinks:
    """The result of linking frames.

    `clusters` has a row for each record: frame (which one, from 0), row (within it, from 0) and cluster. `pairs` has the compared
    pairs that nothing forbids: left and right (rows counted over all frames, lower first), log_odds and probability.
    """

    clusters: pl.DataFrame
    pairs: pl.DataFrame
    threshold: float
    candidates: int
    keys: tuple[KeyCount, ...]
    model: str
    why: str


def link_frames(
    frames: pl.DataFrame | Sequence[pl.DataFrame], roles: Mapping[str, str], *, seed: int = 1
) -> FrameLinks:
    """Find which rows are one person's, within and between frames. `roles` names each column's role (see `Role`).

    Columns without a role play no part, nor do ids. Several frames without a column of the role `source` are taken as one source
    each. Raises BadInput for a role that is not known, a column that no frame has, or one whose kind does not fit its role.
    """
    parts = [frames] if isinstance(frames, pl.DataFrame) else list(frames)
    known = _read_roles(parts, roles)
    chosen = [_select(part, known) for part in parts]
    sizes = [part.height for part in parts]
    if len(parts) > 1 and Role.SOURCE not in known.values():
        names = _name_frames(chosen)
        chosen = [part.with_columns(pl.lit(name).alias(FRAME)) for part, name in zip(chosen, names, strict=True)]
        known = {**known, FRAME: Role.SOURCE}
    stacked = pl.concat(chosen, how="vertical_relaxed")
    return _present(resolve(stacked, known, seed=seed), sizes)


def _read_roles(parts: list[pl.DataFrame], roles: Mapping[str, str]) -> dict[str, Role]:
    allowed = {role.value: role for role in Role}
    for column, role in roles.items():
        if role not in allowed:
            raise BadInput(f"There is no role “{role}” (column “{column}”).", f"Roles: {', '.join(allowed)}.")
        if not any(column in part.columns for part in parts):
            raise BadInput(f"No frame has a column “{column}”.", "Name the columns as the frames do.")
    known = {column: allowed[role] for column, role in roles.items() if role != Role.ID}
    if not known:
        raise BadInput("No column has a role by which people can be told.", "Say what the columns mean.")
    _check_kinds(parts, known)
    return known


def _check_kinds(parts: list[pl.DataFrame], roles: Mapping[str, Role]) -> None:
    for column, role in roles.items():
        kind, words = KINDS.get(role, (None, ""))
        found = {part.schema[column] for part in parts if column in part.columns}
        if kind is not None and not found <= {kind, pl.Null}:
            raise BadInput(
                f"The column “{column}” has the role “{role}”, but does not hold {words}.", "Convert it first."
            )


def _select(part: pl.DataFrame, roles: Mapping[str, Role]) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=KINDS.get(role, (pl.String, ""))[0]).alias(column)
        for column, role in roles.items()
        if column not in part.columns
    ]
    texts = [column for column, role in roles.items() if role not in TYPED]
    homes = [column for column, role in roles.items() if role is Role.HOME]
    chosen = part.with_columns(missing).select(list(roles)).with_columns(pl.col(texts).cast(pl.String))
    # Other texts are folded, which makes a blank nothing; a home is compared as it is.
    return chosen.with_columns(pl.col(homes).str.strip_chars().replace("", None))


def _name_frames(parts: list[pl.DataFrame]) -> list[str]:
    """Name each frame after what it says, so that their order changes nothing; frames that say the same are counted."""
    named: list[str] = []
    for part in parts:
        rows = part.select(sorted(part.columns)).hash_rows(seed=3).to_numpy()
        name = str(np.add.reduce(rows, dtype=np.uint64))
        named.append(f"{name} {sum(other.startswith(f'{name} ') for other in named)}")
    return named


def _present(resolved: Resolved, sizes: list[int]) -> FrameLinks:
    order = resolved.encoded.order
    clusters = np.empty(len(order), np.int64)
    clusters[order] = resolved.group
    allowed = resolved.scored.vetoes == Veto.NONE
    one, other = order[resolved.candidates.left[allowed]], order[resolved.candidates.right[allowed]]
    odds = resolved.log_odds[allowed]
    return FrameLinks(
        clusters=pl.DataFrame(
            {
                "frame": np.repeat(np.arange(len(sizes)), sizes),
                "row": np.concatenate([np.arange(size) for size in sizes]),
                "cluster": clusters,
            },
            schema={"frame": pl.Int64, "row": pl.Int64, "cluster": pl.Int64},
        ),
        pairs=pl.DataFrame(
            {
                "left": np.minimum(one, other),
                "right": np.maximum(one, other),
                "log_odds": odds,
                "probability": expit(odds),
            }
        ),
        threshold=THRESHOLD,
        candidates=len(resolved.candidates.left),
        keys=resolved.candidates.keys,
        model=resolved.choice.name,
        why=resolved.choice.why,
    )
