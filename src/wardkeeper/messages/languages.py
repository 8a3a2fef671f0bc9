"""Languages a message is needed in: what records say, and an estimate for the people they say nothing about."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class LanguageNeeds:
    """People by recorded language, most first; `unknown` have none recorded.

    `without_english` estimates, from the census share of each area, how many of all the people cannot speak English
    well; null when no share is known. `areas_without_share` says how many areas the estimate leaves out.
    """

    known: tuple[tuple[str, int], ...]
    unknown: int
    without_english: float | None = None
    areas_without_share: int = 0


def count_languages(people: pl.DataFrame, proficiency: pl.DataFrame | None) -> LanguageNeeds:
    """Count languages among people (language, lsoa); `proficiency` has area and share (0 to 1)."""
    language = pl.col("language").str.strip_chars().str.to_titlecase()
    counted = (
        people.select(language).filter(pl.col("language").fill_null("") != "").group_by("language").len("people")
    ).sort(["people", "language"], descending=[True, False])
    known = tuple((str(name), int(count)) for name, count in counted.iter_rows())
    unknown = people.height - sum(count for _, count in known)
    if proficiency is None:
        return LanguageNeeds(known, unknown)
    return LanguageNeeds(known, unknown, *_estimate(people, proficiency))


def _estimate(people: pl.DataFrame, proficiency: pl.DataFrame) -> tuple[float | None, int]:
    by_area = people.group_by(pl.col("lsoa").alias("area")).len("people")
    joined = by_area.join(proficiency.select("area", "share").unique("area"), on="area", how="left")
    left_out = joined["share"].null_count()
    if left_out == joined.height:
        return None, left_out
    return float(joined.select((pl.col("people") * pl.col("share")).sum()).item()), left_out
