"""What changed between two files of a source, by the source's own keys: records that are new, gone, and in both."""

from dataclasses import dataclass

import polars as pl

AS_IT_CAME = "Counted as the file came: a row that was held back counts as gone, even if it has been put right since."


@dataclass(frozen=True, slots=True)
class Changes:
    """Counts of records by their id: in this file only, in the one before only, and in both."""

    new: int
    gone: int
    kept: int

    @property
    def note(self) -> str:
        """What the reader must know of records gone; empty when there are none."""
        return AS_IT_CAME if self.gone else ""

    @property
    def before(self) -> int:
        """Records of the file before."""
        return self.gone + self.kept


def count_changes(now: pl.Series, before: pl.Series) -> Changes:
    """Compare the record ids of two files. Ids made of row numbers say nothing about who is who and are left out."""
    here, there = _keyed(now), _keyed(before)
    kept = here.join(there, on="record_id", how="semi").height
    return Changes(new=here.height - kept, gone=there.height - kept, kept=kept)


def _keyed(ids: pl.Series) -> pl.DataFrame:
    frame = ids.alias("record_id").to_frame()
    return frame.filter(~pl.col("record_id").str.contains(r"[:~]row-[0-9]+(?::[0-9]+)?$")).unique()
