"""Languages a message is needed in: what records say, and an estimate for the people they say nothing about."""

from dataclasses import dataclass

import polars as pl

from wardkeeper.messages.scripts import ENGLISH, LANGUAGES, SIGNED, standard_language


@dataclass(frozen=True, slots=True)
class LanguageNeeds:
    """People by recorded language, most first; `unknown` have none recorded.

    `without_english` estimates, from the census share of each area, how many of all the people cannot speak English
    well, and `unknown_without_english` how many of those whose language no record tells; null when no share is known.
    `areas_without_share` says how many areas the estimate leaves out.
    """

    known: tuple[tuple[str, int], ...]
    unknown: int
    without_english: float | None = None
    areas_without_share: int = 0
    unknown_without_english: float | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """The recorded written languages other than English, most people first: those a translation is needed in."""
        return tuple(language for language, _ in self.known if language in LANGUAGES and language != ENGLISH)

    @property
    def unheard_of(self) -> tuple[tuple[str, int], ...]:
        """What records say in place of a language known here, with the people: nothing can be translated into it."""
        return tuple((said, people) for said, people in self.known if said not in {*LANGUAGES, SIGNED})


def count_languages(people: pl.DataFrame, proficiency: pl.DataFrame | None) -> LanguageNeeds:
    """Count languages among people (language, lsoa); `proficiency` has area and share (0 to 1)."""
    named = people.select("lsoa", standard_language().alias("language"))
    counted = (
        named.filter(pl.col("language").is_not_null())
        .group_by("language")
        .len("people")
        .sort(["people", "language"], descending=[True, False])
    )
    known = tuple((str(name), int(count)) for name, count in counted.iter_rows())
    unknown = people.height - sum(count for _, count in known)
    if proficiency is None:
        return LanguageNeeds(known, unknown)
    without, left_out = _estimate(named, proficiency)
    untold, _ = _estimate(named.filter(pl.col("language").is_null()), proficiency)
    return LanguageNeeds(known, unknown, without, left_out, untold)


def share_by_lsoa(proficiency: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Give area (LSOA) and share from a table by output area, LSOA or MSOA (area, share, people).

    `parts` has output_area, lsoa and msoa. Output areas are averaged by their people; an MSOA's share serves all its
    LSOAs. The finest that is told for an LSOA itself counts first.
    """
    found = []
    for kind in ("lsoa", "output_area", "msoa"):
        theirs = parts.select("lsoa", area=kind).drop_nulls().unique().join(proficiency, on="area")
        weight = pl.col("people").fill_null(1.0)
        share = (pl.col("share") * weight).sum() / weight.sum()
        found.append(theirs.group_by("lsoa").agg(share=share).select(area="lsoa", share="share"))
    return pl.concat(found).unique("area", keep="first", maintain_order=True)


def _estimate(people: pl.DataFrame, proficiency: pl.DataFrame) -> tuple[float | None, int]:
    by_area = people.group_by(pl.col("lsoa").alias("area")).len("people")
    joined = by_area.join(proficiency.select("area", "share").unique("area"), on="area", how="left")
    left_out = joined["share"].null_count()
    if left_out == joined.height:
        return None, left_out
    return float(joined.select((pl.col("people") * pl.col("share")).sum()).item()), left_out
