"""What every register draws from: the people, their homes and former homes, and addresses as they come to be written."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from wardkeeper.demo import mistakes
from wardkeeper.demo.compositions import CHILDREN
from wardkeeper.demo.district import District
from wardkeeper.demo.draws import Flags, draw_share, stage

ADULT = 18
PARENTLESS = ("communal", *CHILDREN)


@dataclass(frozen=True, slots=True)
class Mess:
    """How badly a register is kept: shares of its rows."""

    typo: float = 0.012
    short_name: float = 0.02
    spoilt: float = 0.5
    """Of the homes whose address came out spoilt, how many are written so."""
    no_uprn: float = 0.0
    no_postcode: float = 0.006
    wrong_postcode: float = 0.002
    former_name: float = 0.5
    """Of those who changed name lately, how many are still under the former."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """The truth and the written addresses. `written` has uprn, address, postcode, town and spoilt (null when clean)."""

    people: pl.DataFrame
    homes: pl.DataFrame
    written: pl.DataFrame
    hidden: tuple[str, ...]
    spared: tuple[str, ...]
    """Planted people: nothing in their rows is spoilt, so that tests can look for them."""
    district: District
    seed: int
    today: date

    def random(self, source: str) -> np.random.Generator:
        """Give the generator of one register."""
        return stage(self.seed, source)

    @property
    def open_people(self) -> pl.DataFrame:
        """Everyone but those whose address only a protecting source may hold."""
        return self.people.filter(~pl.col("person_id").is_in(self.hidden))

    def spare(self, rows: pl.DataFrame) -> Flags:
        """Tell which rows are about planted people."""
        return rows["person_id"].is_in(self.spared).to_numpy()


@dataclass(frozen=True, slots=True, eq=False)
class Extract:
    """One register's export: the table as its owner would send it, and who each key is about.

    `truth` has key and person_id, one row a person named in the file.
    """

    source: str
    table: pl.DataFrame
    truth: pl.DataFrame


def set_scene(district: District, seed: int, today: date) -> Scene:
    """Write everybody's address once, cleanly and as it is mistaken."""
    planted = district.planted
    named = (planted.fled, planted.caution, planted.objector, planted.dead)
    spared = (*named, *planted.refuge, *planted.twins, *planted.name_sharers)
    homes = district.homes
    clean = district.people.filter(pl.col("person_id").is_in(spared))
    spare = [*clean["uprn"], *clean["former_uprn"].drop_nulls()]
    spoilt = mistakes.spoil_addresses(stage(seed, "addresses"), homes, spare)
    return Scene(
        people=district.people,
        homes=homes,
        written=homes.select("uprn", "address", "postcode", "town", "floor").join(spoilt, on="uprn", how="left"),
        hidden=planted.hidden,
        spared=spared,
        district=district,
        seed=seed,
        today=today,
    )


def send_stale(random: np.random.Generator, rows: pl.DataFrame, share: float, days: int, today: date) -> pl.DataFrame:
    """Leave a share of those who moved within so many days at the home they left: sets `uprn`."""
    lately = (pl.lit(today) - pl.col("in_since")).dt.total_days() < days
    chosen = pl.Series(draw_share(random, share, len(rows)))
    stale = pl.col("moved") & lately & pl.col("former_uprn").is_not_null() & ~pl.col("protected") & chosen
    return rows.with_columns(uprn=pl.when(stale).then("former_uprn").otherwise("uprn"))


def write_names(random: np.random.Generator, scene: Scene, rows: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Replace given and family by what the register holds: former names, short forms and slips."""
    spare = scene.spare(rows)
    former = pl.Series(draw_share(random, mess.former_name, len(rows)) & ~spare)
    family = rows.select(
        pl.when(former & pl.col("renamed_on").is_not_null()).then("former_family").otherwise("family")
    ).to_series()
    return rows.with_columns(
        family=mistakes.mistype(random, family, mess.typo, spare),
        given=mistakes.mistype(
            random, mistakes.shorten(random, rows["given"], mess.short_name, spare), mess.typo, spare
        ),
    )


def write_places(random: np.random.Generator, scene: Scene, rows: pl.DataFrame, mess: Mess) -> pl.DataFrame:
    """Add address, postcode, line1, line2, town, floor and uprn_text as the register holds them."""
    spare = scene.spare(rows)
    placed = rows.join(scene.written, on="uprn", how="left", maintain_order="left")
    badly = pl.Series(draw_share(random, mess.spoilt, len(rows)) & ~spare)
    address = pl.when(badly & pl.col("spoilt").is_not_null()).then("spoilt").otherwise("address")
    postcode = mistakes.blank(random, placed["postcode"], mess.no_postcode, spare)
    wrong = mistakes.put(random, postcode, mess.wrong_postcode, spare, wrong=mistakes.UNKNOWN_POSTCODE)
    parts = pl.col("address").str.split(", ")
    return placed.with_columns(
        address=address, postcode=wrong, uprn_text=mistakes.blank(random, placed["uprn"], mess.no_uprn, spare)
    ).with_columns(
        line1=pl.when(parts.list.len() > 2)
        .then(parts.list.head(parts.list.len() - 2).list.join(", "))
        .otherwise(parts.list.first()),
        line2=pl.when(parts.list.len() > 2).then(parts.list.get(-2)),
    )


def number_rows(prefix: str, count: int, width: int) -> pl.Series:
    """Give keys such as AB000123, counting from 1."""
    return pl.select(pl.lit(prefix) + pl.int_range(1, count + 1).cast(pl.String).str.zfill(width)).to_series()
