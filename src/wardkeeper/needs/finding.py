"""Finding: from homes, residents and factors to a ranked list of homes, one line each.

Pure: frames in, frames out. The homes given are those inside the outline already.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from wardkeeper.kernel.columns import DOOR, LIST
from wardkeeper.kernel.ids import mint
from wardkeeper.needs.references import spoken
from wardkeeper.needs.rules import Derived, HazardRules

DERIVED_SOURCE_TITLES = {"birth-date": "date of birth", "home": "kind of home"}
"""What a derived fact cites in place of a source's title."""

DAYS_IN_A_YEAR = 365.2425

NEED_FACT = ["home_id", "resident_id", "factor", "source", "seen_on"]

IDENTITY = {
    "title": pl.String(),
    "given": pl.String(),
    "family": pl.String(),
    "phone": pl.String(),
    "birth_date": pl.Date(),
}

ID_BYTES = 8

DOOR_COLUMNS = [column.name for column in DOOR]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a list is found from: HOME, RESIDENT and FACT frames (see `kernel.columns`).

    Names, phones and birth dates of residents may be left out, by one who may not see them: `IDENTITY`.
    """

    homes: pl.DataFrame
    residents: pl.DataFrame
    facts: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Found:
    """The list (LIST columns) and which home each line stands for (DOOR columns)."""

    lines: pl.DataFrame
    doors: pl.DataFrame


def find(
    ground: Ground,
    rules: HazardRules,
    *,
    source_titles: Mapping[str, str],
    today: date,
    entropy: Callable[[int], bytes],
) -> Found:
    """Rank the homes where somebody alive has a need in this hazard.

    A home's score is the sum, over its residents, of the weights of their distinct needs; a special home
    (a refuge, say) is always listed. Ties go to the home with more people in need, then by id.
    """
    unknown = [
        pl.lit(None, kind).alias(name) for name, kind in IDENTITY.items() if name not in ground.residents.columns
    ]
    living = (
        ground.residents.filter(pl.col("died_on").is_null())
        .join(ground.homes, on="home_id", how="semi")
        .with_columns(unknown)
    )
    needs = needs_of(ground, living, rules, today=today)
    worded = _word(needs, rules, source_titles=source_titles, today=today)
    lines = (
        _by_home(worded)
        .join(_people(living, needs), on="home_id", how="left")
        .join(_marks(living, ground.homes), on="home_id", how="left")
        .join(ground.homes.select("home_id", "address", "postcode", "longitude", "latitude"), on="home_id")
        .sort(["score", "people", "home_id"], descending=[True, True, False])
        .with_row_index("position")
    )
    numbered = _number(lines, entropy)
    return Found(_hide(numbered).select([column.name for column in LIST]), numbered.select(DOOR_COLUMNS))


def needs_of(ground: Ground, living: pl.DataFrame, rules: HazardRules, *, today: date) -> pl.DataFrame:
    """Give one row per home, resident, need and fact: home_id, resident_id, need, title, weight, factor, source, seen_on."""
    asserted = ground.facts.join(living.select("resident_id", "home_id"), on="resident_id").select(NEED_FACT)
    return pl.concat([asserted, _special(ground.homes, today)]).join(_rule_table(rules), on="factor")


def aged(residents: pl.DataFrame, today: date) -> pl.DataFrame:
    """Give the facts (FACT columns) that follow from birth dates: the very young and the old."""
    age = (pl.lit(today) - pl.col("birth_date")).dt.total_days() / DAYS_IN_A_YEAR
    factor = (
        pl.when(age < 5)
        .then(pl.lit(Derived.AGED_UNDER_5.value))
        .when(age >= 85)
        .then(pl.lit(Derived.AGED_85_OR_OVER.value))
        .when(age >= 75)
        .then(pl.lit(Derived.AGED_75_TO_84.value))
    )
    return residents.select(
        "resident_id", factor.alias("factor"), pl.lit("birth-date").alias("source"), "seen_on"
    ).filter(pl.col("factor").is_not_null())


def _special(homes: pl.DataFrame, today: date) -> pl.DataFrame:
    return homes.filter(pl.col("special").is_not_null()).select(
        "home_id",
        pl.lit(None, pl.String).alias("resident_id"),
        pl.lit(Derived.SPECIAL_HOME.value).alias("factor"),
        pl.lit("home").alias("source"),
        pl.lit(today).alias("seen_on"),
    )


def _rule_table(rules: HazardRules) -> pl.DataFrame:
    rows = [(factor, rule.name, rule.title, rule.weight) for rule in rules.needs for factor in sorted(rule.any_of)]
    return pl.DataFrame(rows, schema=["factor", "need", "title", "weight"], orient="row")


def _word(needs: pl.DataFrame, rules: HazardRules, *, source_titles: Mapping[str, str], today: date) -> pl.DataFrame:
    """Add `reason`: the fact in words, its source and its age."""
    titles = {**source_titles, **DERIVED_SOURCE_TITLES}
    factor = pl.col("factor").replace_strict(dict(rules.factor_titles))
    source = pl.col("source").replace_strict(titles, default=pl.col("source"))
    derived = pl.col("source").is_in(list(DERIVED_SOURCE_TITLES))
    dated = pl.concat_str(factor, pl.lit(" ("), source, pl.lit(", "), _age_words(today), pl.lit(")"))
    return needs.with_columns(reason=pl.when(derived).then(factor).otherwise(dated))


def _age_words(today: date) -> pl.Expr:
    days = (pl.lit(today) - pl.col("seen_on")).dt.total_days()
    return (
        pl.when(days.is_null())
        .then(pl.lit("date not given"))
        .when(days <= 0)
        .then(pl.lit("today"))
        .when(days == 1)
        .then(pl.lit("1 day ago"))
        .when(days < 60)
        .then(pl.format("{} days ago", days))
        .when(days < 730)
        .then(pl.format("{} months ago", days // 30))
        .otherwise(pl.format("{} years ago", days // 365))
    )


def _by_home(worded: pl.DataFrame) -> pl.DataFrame:
    """Give one row per home: its score and how many people, its needs and reasons, most urgent first."""
    needed = worded.unique(["home_id", "resident_id", "need"], maintain_order=True)
    scored = needed.group_by("home_id").agg(
        score=pl.col("weight").sum(), people=pl.col("resident_id").drop_nulls().n_unique()
    )
    ordered = worded.sort(["weight", "need", "reason"], descending=[True, False, False])
    told = ordered.group_by("home_id", maintain_order=True).agg(
        needs=pl.col("title").unique(maintain_order=True),
        reasons=pl.col("reason").unique(maintain_order=True),
        sources=pl.col("source").unique().sort().str.join(","),
        oldest_on=pl.col("seen_on").min(),
    )
    return scored.join(told, on="home_id")


def _people(living: pl.DataFrame, needs: pl.DataFrame) -> pl.DataFrame:
    """Give the residents with a need, by home: names, phones and birth years, the oldest person first."""
    name = pl.concat_str(pl.col("title", "given", "family").str.to_titlecase(), separator=" ", ignore_nulls=True)
    return (
        living.join(needs, on="resident_id", how="semi")
        .sort(["birth_date", "resident_id"], nulls_last=True)
        .group_by("home_id", maintain_order=True)
        .agg(
            names=name,
            phones=pl.col("phone").drop_nulls().unique(maintain_order=True),
            birth_years=pl.col("birth_date").dt.year().cast(pl.String).fill_null("not known"),
        )
    )


def _marks(living: pl.DataFrame, homes: pl.DataFrame) -> pl.DataFrame:
    """Give what marks a door: somebody protected or a special home, cautions, an objection."""
    marked = living.group_by("home_id").agg(
        protected=pl.col("protected").fill_null(value=False).any(),
        cautions=pl.col("caution").drop_nulls().unique().sort(),
        objected=pl.col("objected_on").is_not_null().any(),
    )
    special = pl.col("special").is_not_null()
    return homes.join(marked, on="home_id", how="left").select(
        "home_id",
        "cautions",
        pl.col("objected").fill_null(value=False),
        ring_control=pl.col("protected").fill_null(value=False) | special,
    )


def _number(lines: pl.DataFrame, entropy: Callable[[int], bytes]) -> pl.DataFrame:
    """Add rank, spoken reference and a random check id."""
    pool = entropy(ID_BYTES * lines.height)
    ids = [mint("chk", pool[start : start + ID_BYTES]) for start in range(0, len(pool), ID_BYTES)]
    return lines.with_columns(
        pl.Series("check_id", ids, pl.String),
        pl.Series("reference", [spoken(position) for position in range(lines.height)], pl.String),
        rank=pl.col("position").cast(pl.Int64) + 1,
    )


RING_CONTROL = "Ring Control first"
"""The one wording for every special reason: on a hidden line it comes first, whatever the reason is (rule G17)."""

HIDDEN = ("address", "postcode", "longitude", "latitude")
EMPTIED = ("names", "phones", "birth_years")


def _hide(lines: pl.DataFrame) -> pl.DataFrame:
    """Take out everything that tells where or who, on the lines where Control is rung first (rule G17)."""
    shown = ~pl.col("ring_control")
    one_wording = pl.concat_list(pl.lit([RING_CONTROL], dtype=pl.List(pl.String)), _without_wording("needs"))
    empty = pl.lit([], dtype=pl.List(pl.String))
    return lines.with_columns(
        *(pl.when(shown).then(pl.col(name)) for name in HIDDEN),
        *(pl.when(shown).then(pl.col(name)).otherwise(empty).fill_null(empty) for name in EMPTIED),
        pl.col("cautions").fill_null(empty),
        pl.when(shown).then("needs").otherwise(one_wording).alias("needs"),
        _without_wording("reasons").alias("reasons"),
    )


def _without_wording(column: str) -> pl.Expr:
    return pl.col(column).list.eval(pl.element().filter(pl.element() != RING_CONTROL))
