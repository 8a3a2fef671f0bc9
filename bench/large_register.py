"""Make a large register, as CSV, and an authority to load it: for measuring.

usage: python bench/large_register.py FOLDER ROWS

It is random and seeded, with the shares of faults that registers have: no person in it exists.
"""

import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from wardkeeper.bootstrap import open_house, read_drafts
from wardkeeper.demo import cast, pack
from wardkeeper.demo.road import prepare_folder
from wardkeeper.usecases.found_authority import NewPerson, found

SEED = 1
SOURCE = "register"
EXAMPLES = Path(__file__).parents[1] / "examples" / "trafford"
TODAY = date(2026, 11, 22)
PEOPLE_A_HOME = 2.4

COLUMNS = {
    "Account": 'as = "key"',
    "Title": 'as = "title"',
    "Forename": 'as = "given"',
    "Surname": 'as = "family"',
    "Date of Birth": 'as = "birth-date"\nform = "dd/mm/yyyy"',
    "Sex": 'as = "sex"',
    "NHS Number": 'as = "nhs-number"',
    "NI Number": 'as = "ni-number"',
    "UPRN": 'as = "uprn"',
    "Address 1": 'as = "address"',
    "Address 2": 'as = "address"',
    "Town": 'as = "address"',
    "Postcode": 'as = "postcode"',
    "Telephone": 'as = "phone"',
    "Mobile": 'as = "phone"',
    "Email": 'as = "email"',
    "Language": 'as = "language"',
    "Band": 'as = "unused"',
    "Occupied From": 'as = "unused"',
    "Exemption": 'as = "fact"',
    "Lives Alone": 'as = "fact"',
    "Restricted": 'as = "fact"',
    "Caution": 'as = "caution"',
    "Updated": 'as = "seen-on"\nform = "dd/mm/yyyy"',
    "Extract Date": 'as = "extract-date"\nform = "dd/mm/yyyy"',
}

CONTRACT = f"""
[source]
name = "{SOURCE}"
title = "A large register (invented)"
owner = "Nobody"
contact = "nobody@trafford.example"
refresh_days = 31
kind = "full"
[mandate]
id = "standing-{SOURCE}"
kind = "standing"
title = "Measuring"
purposes = ["emergency-planning", "emergency-response"]
gateways = ["cca-2004"]
starts = 2026-04-01
review_by = 2027-04-01
at_end = "delete"
[file]
format = "csv"
key = ["Account"]
dated_by = "Extract Date"
[[factor]]
column = "Exemption"
when = {{ "Class U severe mental impairment" = "severe-mental-impairment" }}
known = ["Class F deceased", "Class M student"]
[[factor]]
column = "Lives Alone"
when = {{ Y = "lives-alone" }}
known = ["N"]
[[marking]]
column = "Restricted"
when = ["Y"]
known = ["N"]
sets = "protected"
"""

SYLLABLES = ["al", "ber", "ca", "dor", "el", "fin", "gra", "han", "is", "jo", "ka", "lin", "mor", "nel", "os", "per"]


def make_folder(folder: Path, rows: int) -> Path:
    """Make an authority with its address list and the register's contract; give the register's file."""
    prepare_folder(folder, EXAMPLES, TODAY)
    columns = "".join(f'[[column]]\nname = "{name}"\n{terms}\n' for name, terms in COLUMNS.items())
    (folder / "sources" / f"{SOURCE}.toml").write_text(CONTRACT + columns)
    random = np.random.default_rng(SEED)
    homes = make_homes(random, folder / "places", round(rows / PEOPLE_A_HOME))
    homes.write_parquet(folder / "places" / "addresses.parquet")
    (folder / "places" / "population.csv").write_text("area,population\n")
    file = folder / f"{SOURCE}.csv"
    make_register(random, homes, rows).write_csv(file)
    house = open_house(folder)
    found(house, "bench", read_drafts(folder), [NewPerson(cast.ANALYST, "correct horse battery staple")])
    house.store.close()
    return file


def make_homes(random: np.random.Generator, places: Path, count: int) -> pl.DataFrame:
    """Give an address list over real postcodes: invented streets, one or two a postcode."""
    postcodes = pack.read(places).postcodes
    streets = (
        pl.Series(make_words(random, 4_000, 3)).str.to_titlecase()
        + " "
        + pl.Series(random.choice(["Road", "Street", "Avenue", "Close"], 4_000))
    )
    at = np.sort(random.integers(0, len(postcodes), count))
    chosen = postcodes[at].with_columns(street=streets[at % len(streets)])
    numbered = chosen.with_columns(number=pl.int_range(1, pl.len() + 1).over("postcode").cast(pl.String))
    return numbered.select(
        uprn=pl.int_range(10_000_000, 10_000_000 + count, eager=True).cast(pl.String),
        address=pl.format("{} {}, Sale", "number", "street"),
        street="street",
        number="number",
        postcode="postcode",
        longitude="longitude",
        latitude="latitude",
        output_area="output_area",
        lsoa="lsoa",
        kind=pl.lit("house"),
    )


def make_words(random: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Give invented words of some syllables."""
    parts = random.choice(SYLLABLES, (count, length))
    return np.array(["".join(word) for word in parts])


def make_register(random: np.random.Generator, homes: pl.DataFrame, rows: int) -> pl.DataFrame:
    """Give a row a person, with the faults that registers have."""

    def some(share: float) -> pl.Series:
        return pl.Series(random.random(rows) < share)

    def spoil(text: pl.Expr, share: float, wrong: str | pl.Expr) -> pl.Expr:
        return pl.when(some(share)).then(pl.lit(wrong) if isinstance(wrong, str) else wrong).otherwise(text)

    homes_of = homes[random.integers(0, homes.height, rows)]
    born = pl.Series(random.integers(-16_000, 20_000, rows)).cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y")
    given, family = make_words(random, 3_000, 2), make_words(random, 40_000, 3)
    people = homes_of.select("uprn", "number", "street", "postcode").with_columns(
        born=born,
        given=pl.Series(given[random.zipf(1.4, rows) % 3_000]).str.to_titlecase(),
        family=pl.Series(family[random.zipf(1.2, rows) % 40_000]).str.to_titlecase(),
        nine=pl.Series(random.integers(400_000_000, 700_000_000, rows)),
        line=pl.Series(random.integers(1_000_000, 9_999_999, rows)).cast(pl.String),
        row=pl.int_range(rows, eager=True),
    )
    digits = [pl.col("nine") // 10 ** (8 - place) % 10 * (10 - place) for place in range(9)]
    check = (11 - pl.sum_horizontal(digits) % 11) % 11
    street = spoil(pl.col("street"), 0.02, pl.col("street").str.replace("o", "oo"))
    return people.select(
        pl.concat_str(pl.lit("A"), spoil(pl.col("row"), 0.005, pl.col("row") - 1)).alias("Account"),
        pl.Series("Title", random.choice(["Mr", "Mrs", "Ms", "Miss", "Dr", ""], rows)),
        pl.col("given").alias("Forename"),
        spoil(pl.col("family"), 0.001, "").alias("Surname"),
        spoil(spoil(pl.col("born"), 0.01, "01/01/1900"), 0.005, "31/02/1950").alias("Date of Birth"),
        pl.Series("Sex", random.choice(["F", "M", "U", ""], rows)),
        pl.when(check < 10).then(pl.concat_str("nine", spoil(check, 0.005, (check + 1) % 10))).alias("NHS Number"),
        pl.concat_str(pl.lit("AB"), pl.col("line").str.slice(0, 6), pl.lit("C")).alias("NI Number"),
        spoil(spoil(pl.col("uprn"), 0.03, ""), 0.01, "10000001").alias("UPRN"),
        pl.concat_str("number", street, separator=" ").alias("Address 1"),
        pl.lit("").alias("Address 2"),
        pl.when(some(0.3)).then(pl.lit("Sale, Cheshire")).otherwise(pl.lit("Sale")).alias("Town"),
        spoil(pl.col("postcode"), 0.02, "M33").alias("Postcode"),
        pl.when(some(0.6)).then(pl.concat_str(pl.lit("0161 "), "line")).alias("Telephone"),
        spoil(pl.concat_str(pl.lit("0770 "), "line"), 0.02, "none").alias("Mobile"),
        pl.when(some(0.5))
        .then(pl.concat_str("given", pl.lit("."), "family", "row", pl.lit("@example.org")))
        .alias("Email"),
        pl.Series("Language", random.choice(["English", "Urdu", "Polish", "Welsh"], rows)),
        pl.Series("Band", random.choice(list("ABCDEFGH"), rows)),
        pl.Series(random.integers(10_000, 20_000, rows))
        .cast(pl.Int32)
        .cast(pl.Date)
        .dt.strftime("%d/%m/%Y")
        .alias("Occupied From"),
        spoil(pl.lit(""), 0.05, "Class M student").alias("Exemption"),
        pl.Series("Lives Alone", random.choice(["Y", "N", ""], rows)),
        spoil(pl.lit("N"), 0.002, "Y").alias("Restricted"),
        spoil(pl.lit(""), 0.002, "Attend in pairs").alias("Caution"),
        pl.Series(random.integers(20_000, 20_700, rows))
        .cast(pl.Int32)
        .cast(pl.Date)
        .dt.strftime("%d/%m/%Y")
        .alias("Updated"),
        pl.lit("20/11/2026").alias("Extract Date"),
    )


if __name__ == "__main__":
    make_folder(Path(sys.argv[1]), int(sys.argv[2]))
