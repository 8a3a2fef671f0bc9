"""Protection that a new file takes away: somebody hidden before would be shown, and joined with a former home."""

import polars as pl

_ROW_NUMBER = r"~?row-[0-9]+(?::[0-9]+)?$"
"""The part of a record id that tells a row's number, which says nothing about who is who."""


def count_unprotected(now: pl.DataFrame, before: pl.DataFrame) -> int:
    """Count the keys that were protected, are there now, and are not protected. Both have record_id and protected.

    People who share a key are told apart by row numbers, which change: of them it is enough that one is protected still.
    Records without a key of their own are left out.
    """
    was = _keyed(before.filter("protected")).select("key").unique()
    still = _keyed(now).join(was, on="key", how="semi").group_by("key").agg(pl.col("protected").any())
    return still.filter(~pl.col("protected")).height


def _keyed(records: pl.DataFrame) -> pl.DataFrame:
    keyed = records.select(pl.col("record_id").str.replace(_ROW_NUMBER, "").alias("key"), "protected")
    return keyed.filter(~pl.col("key").str.ends_with(":"))
