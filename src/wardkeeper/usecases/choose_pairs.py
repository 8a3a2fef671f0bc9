"""Choose the pairs that people should look at after a linking, and keep what explains it and what it changed."""

import polars as pl

from wardkeeper.kernel.columns import ID_CHANGE, LINK, PAIR, PAIR_TALLY
from wardkeeper.kernel.ids import mint
from wardkeeper.kernel.spans import to_text
from wardkeeper.residents import Linked
from wardkeeper.residents.sampling import choose_pairs
from wardkeeper.residents.strata import group_people
from wardkeeper.usecases import datasets
from wardkeeper.usecases.house import House

MADE = {
    datasets.PAIRS_TO_REVIEW: PAIR,
    datasets.PAIR_TALLY: PAIR_TALLY,
    datasets.LINKS: LINK,
    datasets.ID_CHANGES: ID_CHANGE,
}
"""What is kept beside the residents, and its columns."""


def made_for_review(
    house: House, linked: Linked, ground: dict[str, pl.DataFrame], changes: pl.DataFrame | None
) -> dict[str, pl.DataFrame]:
    """Give the frames to seal. `ground` has records, factors and labels; `changes` those of earlier linkings."""
    people = people_of(ground["records"], ground["factors"], linked)
    chosen = choose_pairs(linked.pairs, people, ground["labels"])
    drawn = house.clock.entropy(8 * chosen.pairs.height)
    ids = [mint("pair", drawn[start : start + 8]) for start in range(0, len(drawn), 8)]
    made = {
        datasets.PAIRS_TO_REVIEW: chosen.pairs.with_columns(pair_id=pl.Series(ids, dtype=pl.String)),
        datasets.PAIR_TALLY: chosen.tally,
        datasets.LINKS: linked.pairs.filter("joined"),
        datasets.ID_CHANGES: pl.concat([_changes(house, linked), *([] if changes is None else [changes])]),
    }
    return {name: frame.select([column.name for column in MADE[name]]) for name, frame in made.items()}


def people_of(records: pl.DataFrame, factors: pl.DataFrame, linked: Linked) -> pl.DataFrame:
    """Give what decides how much a pair matters, and whether it may be offered at all: a row for each record.

    Withheld is every record of a protected person, and every record at a home where one lives, or at a refuge: two records of a
    child, one at the former home and one at the hidden one, would tell where the mother went.
    """
    matter = (
        factors.join(linked.membership, on="record_id").group_by("resident_id").agg(matter=pl.len().cast(pl.Float64))
    )
    known = (
        records.select("record_id", "home_id", "postcode", "special", "protected")
        .join(linked.membership, on="record_id")
        .join(
            linked.residents.select("resident_id", shielded="protected", lives="home_id"), on="resident_id", how="left"
        )
        .join(matter, on="resident_id", how="left")
    )
    secret = (
        pl.col("protected").fill_null(value=False)
        | pl.col("shielded").fill_null(value=False)
        | pl.col("special").is_not_null()
    )
    hidden = known.filter(secret)
    homes = pl.concat([hidden["home_id"], hidden["lives"]]).drop_nulls().unique()
    postcodes = known.filter(pl.col("home_id").is_in(homes.implode()))["postcode"].drop_nulls().unique()
    at_one = pl.col("home_id").is_in(homes.implode()).fill_null(value=False)
    near_one = pl.col("home_id").is_null() & pl.col("postcode").is_in(postcodes.implode()).fill_null(value=False)
    withheld = known.select(
        "record_id", "resident_id", "home_id", pl.col("matter").fill_null(0.0), withheld=secret | at_one | near_one
    )
    return withheld.join(group_people(records), on="record_id")


def _changes(house: House, linked: Linked) -> pl.DataFrame:
    at = to_text(house.clock.now())
    rows = [(str(one.change), one.before, one.after, one.reason, at) for one in linked.report.changes]
    return pl.DataFrame(rows, schema={column.name: pl.String for column in ID_CHANGE}, orient="row")
