"""One address line taken apart: the flat, the number, and the words of the street.

British addresses are written many ways ("Flat 3, 18 High Street", "3/18 High St", "18 High Street Flat 3"); taken apart
they are one. Works on whole columns by fixed rules; no list of addresses is needed here.
"""

import polars as pl

from wardkeeper.places.lettering import fold, tidy

PARTS = ("unit", "number", "words", "street")

SHORT_FORMS = {
    "STREET": "ST",
    "STR": "ST",
    "SAINT": "ST",
    "ROAD": "RD",
    "AVENUE": "AVE",
    "AV": "AVE",
    "DRIVE": "DR",
    "DRV": "DR",
    "LANE": "LN",
    "CLOSE": "CL",
    "CLO": "CL",
    "COURT": "CT",
    "CRT": "CT",
    "CRESCENT": "CRES",
    "CR": "CRES",
    "GARDENS": "GDNS",
    "GARDEN": "GDNS",
    "GDN": "GDNS",
    "GROVE": "GR",
    "GRV": "GR",
    "GRO": "GR",
    "TERRACE": "TERR",
    "TER": "TERR",
    "TCE": "TERR",
    "PLACE": "PL",
    "SQUARE": "SQ",
    "PARK": "PK",
    "MOUNT": "MT",
    "GREEN": "GN",
    "GRN": "GN",
    "HOUSE": "HSE",
    "HO": "HSE",
    "BUILDINGS": "BLDGS",
    "BUILDING": "BLDGS",
    "BLDG": "BLDGS",
    "COTTAGES": "COTTS",
    "COTTAGE": "COTT",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "UPPER": "UPR",
    "LOWER": "LWR",
    "APARTMENT": "FLAT",
    "APPARTMENT": "FLAT",
    "APT": "FLAT",
    "FLT": "FLAT",
    "MAISONETTE": "FLAT",
    "UNIT": "FLAT",
    "ROOM": "FLAT",
    "NUMBER": "NO",
}
"""Words and their one short form. Short, so that a slip in the name weighs more than a shared "Road"."""

STREET_TYPES = (
    "ST RD AVE DR LN CL CT CRES GDNS GR TERR PL SQ PK MT GN WAY WALK MEWS RISE VIEW ROW HILL VALE FOLD CROFT PARADE "
    "QUAY WHARF PATH PASSAGE ARCADE CIRCLE CIRCUS DENE END ESPLANADE GATE YARD BANK BROW MEADOW MEADOWS MERE CHASE"
).split()

FLOORS = {
    r"\b(?:GROUND|GND|GRND) (?:FLOOR|FLR|FL)(?: FLAT)?\b|\bGFF\b": "FLAT GF",
    r"\b(?:FIRST|1ST) (?:FLOOR|FLR|FL)(?: FLAT)?\b|\bFFF\b": "FLAT 1F",
    r"\b(?:SECOND|2ND) (?:FLOOR|FLR|FL)(?: FLAT)?\b|\bSFF\b": "FLAT 2F",
    r"\bTOP (?:FLOOR|FLR|FL)(?: FLAT)?\b|\bTOP FLAT\b": "FLAT TF",
    r"\bBASEMENT(?: FLAT)?\b": "FLAT BF",
}


def _short(words: str) -> str:
    """Give words as `shorten` leaves them."""
    return " ".join(SHORT_FORMS.get(word, word) for word in words.split())


COUNTIES = (
    "AVON,BEDFORDSHIRE,BERKSHIRE,BUCKINGHAMSHIRE,CAMBRIDGESHIRE,CHESHIRE,CLEVELAND,CLWYD,CORNWALL,COUNTY DURHAM,CO DURHAM,"
    "CUMBRIA,DERBYSHIRE,DEVON,DORSET,DYFED,EAST SUSSEX,EAST YORKSHIRE,ESSEX,GLOUCESTERSHIRE,GREATER LONDON,"
    "GREATER MANCHESTER,GT MANCHESTER,GWENT,GWYNEDD,HAMPSHIRE,HEREFORDSHIRE,HERTFORDSHIRE,HUMBERSIDE,ISLE OF WIGHT,KENT,"
    "LANCASHIRE,LANCS,LEICESTERSHIRE,LINCOLNSHIRE,MERSEYSIDE,MID GLAMORGAN,MIDDLESEX,NORFOLK,NORTH YORKSHIRE,"
    "NORTHAMPTONSHIRE,NORTHUMBERLAND,NOTTINGHAMSHIRE,OXFORDSHIRE,POWYS,RUTLAND,SHROPSHIRE,SOMERSET,SOUTH GLAMORGAN,"
    "SOUTH YORKSHIRE,STAFFORDSHIRE,SUFFOLK,SURREY,TYNE AND WEAR,WARWICKSHIRE,WEST GLAMORGAN,WEST MIDLANDS,WEST SUSSEX,"
    "WEST YORKSHIRE,WILTSHIRE,WORCESTERSHIRE,ENGLAND,WALES,UNITED KINGDOM,UK"
).split(",")
"""Postal counties and countries: written last, if at all, and never needed to find a home."""

UNIT = r"\bFLAT (?:NO )?(GF|1F|2F|TF|BF|\d+[A-Z]?|[A-Z]\d*)\b"
TRAILING_POSTCODE = r"\s[A-Z]{1,2}\d[A-Z\d]?\s*[\dOI][A-Z]{2}$"
TRAILING_COUNTY = rf"(?: (?:{'|'.join(_short(county) for county in COUNTIES)}))+$"
FREE_NUMBER = r"(^|[ ,])([0-9]+)([A-Za-z]?(?:[ ,]|$))"
"""A number that stands by itself, or with a letter behind it: no rule here asks which digits it has."""

STAND_INS = ("\u0967", "\u0968")
"""Digits of another script, in place of the first two free numbers. Rules take any script's digits for a number."""

NOT_FREE = rf"[{''.join(STAND_INS)}]|[0-9]\s*-"
"""In a range of numbers it matters how many digits each has."""

STREET = rf"^((?:ST )?\S+(?: \S+)*? (?:{'|'.join(STREET_TYPES)})(?: [NSEW])?)(?: |$)"


def shorten(text: pl.Expr) -> pl.Expr:
    """Give words in capitals, without marks, each in its one short form."""
    plain = fold(text).str.replace_all(r"['.]", "").str.replace_all("&", " AND ", literal=True)
    spaced = tidy(plain.str.replace_all(r"(\d)\s*-\s*(\d)", "${1}\x00${2}").str.replace_all(r"[^\p{L}\p{N}\x00]+", " "))
    words = spaced.str.replace_all("\x00", "-", literal=True).str.split(" ")
    return words.list.eval(pl.element().replace(SHORT_FORMS)).list.join(" ")


def take_apart(addresses: pl.Series) -> pl.DataFrame:
    """Give unit, number, words and street for each address line, in order.

    `unit` is the flat ("" for a house), `number` the building's, `words` all the rest, `street` the words up to the first
    street type ("" when there is none). A flat with no other number has its own as `number`: "Flat 3, Rose Court" and
    "3 Rose Court" are one home.
    """
    # Homes of one street differ by their numbers alone: each different wording is taken apart once.
    asked = pl.DataFrame({"line": addresses.cast(pl.String).fill_null("")})
    lines = asked.unique().with_columns(form="line", free=~pl.col("line").str.contains(NOT_FREE))
    numbers = [f"number_{place}" for place in range(len(STAND_INS))]
    for name, stand_in in zip(numbers, STAND_INS, strict=True):
        stood_in = pl.col("form").str.replace(FREE_NUMBER, f"${{1}}{stand_in}${{3}}")
        lines = lines.with_columns(
            pl.when("free").then(pl.col("form").str.extract(FREE_NUMBER, 2)).alias(name),
            pl.when("free").then(stood_in).otherwise("form").alias("form"),
        )
    forms = lines.select(pl.col("form").unique())
    parts = pl.concat([forms, take_each_apart(forms["form"])], how="horizontal")
    found = lines.join(parts, on="form", how="left").select("line", *(_put_back(name, numbers) for name in PARTS))
    read = found.with_columns(_without_zeros(pl.col("unit", "number")))
    return asked.join(read, on="line", how="left", maintain_order="left").select(PARTS)


def _put_back(part: str, numbers: list[str]) -> pl.Expr:
    text = pl.col(part)
    for name, stand_in in zip(numbers, STAND_INS, strict=True):
        text = (
            pl.when(pl.col(name).is_not_null() & text.str.contains(stand_in, literal=True))
            .then(text.str.replace(stand_in, pl.col(name), literal=True))
            .otherwise(text)
        )
    return text.alias(part)


def _without_zeros(number: pl.Expr) -> pl.Expr:
    return number.str.replace(r"^0+(\d)", "$1")


def take_each_apart(addresses: pl.Series) -> pl.DataFrame:
    """Do the work of `take_apart`, line by line: the plain reference for it."""
    line = pl.DataFrame({"line": addresses.cast(pl.String)}).select(_flats(shorten(_slashes(pl.col("line")))))
    return (
        line.pipe(_split_unit)
        .pipe(_split_number)
        .select(
            _without_zeros(pl.col("unit", "number").fill_null("")),
            pl.col("line").pipe(tidy).fill_null("").alias("words"),
            pl.col("line").pipe(tidy).str.extract(STREET).fill_null("").alias("street"),
        )
    )


def _slashes(text: pl.Expr) -> pl.Expr:
    """Read "3/18 High Street" as flat 3 of number 18."""
    return text.str.replace(r"^\s*(\d+[A-Za-z]?)\s*/\s*(\d+[A-Za-z]?)\b", "FLAT ${1} ${2}")


def _flats(text: pl.Expr) -> pl.Expr:
    for pattern, unit in FLOORS.items():
        text = text.str.replace(pattern, unit)
    ends = text.str.replace(TRAILING_POSTCODE, "").str.replace(TRAILING_COUNTY, "").str.replace(TRAILING_POSTCODE, "")
    return ends.str.replace_all(r"\bNO (\d)", "$1").alias("line")


def _split_unit(lines: pl.DataFrame) -> pl.DataFrame:
    """Take out a named flat, else the first of two leading numbers ("3 18 High St") or a leading letter ("A 18 …")."""
    named = pl.col("line").str.extract(UNIT)
    leading = pl.col("line").str.extract(r"^(\d+[A-Z]?|[A-Z]) \d+[A-Z]?(?:-\d+)? ")
    return lines.with_columns(
        pl.coalesce(named, leading).alias("unit"),
        pl.when(named.is_not_null())
        .then(pl.col("line").str.replace(UNIT, " "))
        .when(leading.is_not_null())
        .then(pl.col("line").str.replace(r"^\S+ ", ""))
        .otherwise(pl.col("line"))
        .alias("line"),
    )


def _split_number(lines: pl.DataFrame) -> pl.DataFrame:
    """Take out the building's number; a letter behind it ("18A") is the flat when no other is named."""
    found = r"\b(\d+[A-Z]?(?:-\d+[A-Z]?)?)\b"
    taken = lines.with_columns(
        pl.col("line").str.extract(found).alias("number"), pl.col("line").str.replace(found, " ")
    )
    lone = pl.col("number").is_null() & pl.col("unit").is_not_null()
    moved = taken.with_columns(
        pl.when(lone).then("unit").otherwise("number").alias("number"), pl.when(~lone).then("unit").alias("unit")
    )
    letter = pl.col("number").str.extract(r"^\d+([A-Z])$")
    splits = pl.col("unit").is_null() & letter.is_not_null()
    return moved.with_columns(
        pl.when(splits).then(letter).otherwise("unit").alias("unit"),
        pl.when(splits).then(pl.col("number").str.head(-1)).otherwise("number").alias("number"),
    )
