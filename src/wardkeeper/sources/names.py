"""People's names: from however a source writes them to title, given, middle and family, in capitals.

Understands "SMITH, Mrs Jane", "Mrs J Smith", "MR & MRS J SMITH" (two people) and separate columns. The name as it came
is kept beside, and every letter keeps its accents, in any script: comparing folds them, reading doesn't. A name of one word
is a family name on its own and never taken apart.
"""

import polars as pl

from wardkeeper.places.lettering import capitals, tidy

TITLES = (
    "MR MRS MS MISS MX DR PROF PROFESSOR REV REVD REVEREND SIR LADY DAME LORD MASTER CLLR COUNCILLOR MESSRS BARONESS"
).split()

PARTICLES = "VAN VON DER DEN DE DEL DELLA DI DA DOS DAS DU LA LE TER TEN AL EL BIN IBN BINT ABU ST MC MAC".split()
"""Words that belong to the family name behind them."""

NOBODY = (
    "OCCUPIER",
    "THE OCCUPIER",
    "THE OCCUPANT",
    "OWNER",
    "THE OWNER",
    "VOID",
    "VACANT",
    "UNKNOWN",
    "TBC",
    "N/A",
    "N/K",
    "NK",
    "NA",
    "NOT KNOWN",
    "NOT AVAILABLE",
    "NOT APPLICABLE",
)
"""What systems write where no person is known."""

PERHAPS = "NA"
"""Also a family name: behind a given name it is one."""

_INITIALS = "NK"
"""Also somebody's initials, where a family name stands behind them."""

_TITLE = rf"(?:{'|'.join(TITLES)})"
_FRAMES = r"^(?:THE )?(?:EXECUTORS?|EXORS?|PERSONAL REPRESENTATIVES?|PERS REPS?) OF (?:THE LATE )?|\s*\([^)]*\)|\s*\bDEC(?:EASE)?D$"
"""Words about a name that are not part of it: who acts for the person, and remarks in brackets."""
_SUFFIXES = r",? (?:OBE|MBE|CBE|PHD|BSC|ESQ|JNR|JR|SNR|JUNIOR|SENIOR)$"

PARTS = ("title", "given", "middle", "family")


def read_full(names: pl.Series) -> pl.DataFrame:
    """Read whole names, however they are written.

    Gives, per name in order, title, given, middle and family of the first person, and the same with `second_` before
    them for a second one; nulls where absent.
    """
    distinct = names.cast(pl.String).unique().to_frame("name")
    cleaned = distinct.with_columns(_clean(pl.col("name")).alias("text"))
    split = cleaned.with_columns(_split_people(pl.col("text")))
    first, second = _read_one(split["first"]), _read_one(split["second"])
    read = pl.concat([distinct, first, second.rename({part: f"second_{part}" for part in PARTS})], how="horizontal")
    return (
        names.cast(pl.String)
        .to_frame("name")
        .join(read.pipe(_share_family), on="name", how="left", nulls_equal=True, maintain_order="left")
        .drop("name")
    )


def read_parts(title: pl.Series, given: pl.Series, family: pl.Series) -> pl.DataFrame:
    """Read names given in separate columns: the first word of the given names is `given`, the others are `middle`."""
    parts = pl.DataFrame(
        [_clean_distinct(title, "title"), _clean_distinct(given, "given"), _clean_distinct(family, "family")]
    )
    led = pl.col("given").str.extract(rf"^({_TITLE})(?: |$)")
    bare = tidy(pl.col("given").str.replace(rf"^{_TITLE}(?: |$)", ""))
    perhaps = family.cast(pl.String).str.strip_chars().str.to_uppercase() == PERHAPS
    initials = given.cast(pl.String).str.strip_chars().str.to_uppercase() == _INITIALS
    bare = pl.when(initials & parts["family"].is_not_null()).then(pl.lit(_INITIALS)).otherwise(bare)
    read = parts.with_columns(bare.alias("bare"), led.alias("led"), perhaps.alias("perhaps")).with_columns(
        pl.when(pl.col("perhaps") & pl.col("bare").is_not_null())
        .then(pl.lit(PERHAPS))
        .otherwise("family")
        .alias("family")
    )
    return read.select(
        pl.coalesce("title", "led").alias("title"),
        pl.col("bare").str.extract(r"^(\S+)").alias("given"),
        tidy(pl.col("bare").str.replace(r"^\S+", "")).alias("middle"),
        "family",
    )


def _clean_distinct(text: pl.Series, name: str) -> pl.Series:
    """Clean each different text once: names repeat far more than people do."""
    asked = text.cast(pl.String).alias("asked").to_frame()
    cleaned = asked.unique().with_columns(_clean(pl.col("asked")).alias(name))
    return asked.join(cleaned, on="asked", how="left", nulls_equal=True, maintain_order="left")[name]


def _clean(text: pl.Expr) -> pl.Expr:
    """Write in capitals, and take off what is not the name; null for words that mean nobody."""
    plain = capitals(text).str.replace_all(r"\.", " ").str.replace_all(_FRAMES, "").str.replace(_SUFFIXES, "")
    tidied = tidy(plain.str.replace_all(r"\s*-\s*", "-").str.replace_all(r"\s*,\s*", ", ").str.strip_chars(" ,-/"))
    return pl.when(~tidied.is_in(NOBODY)).then(tidied)


def _split_people(text: pl.Expr) -> list[pl.Expr]:
    """Part "A & B" in two; a family name before a comma ("SMITH, J & M") is put before both."""
    joined = text.str.replace_all(r"\s*(?:&|\bAND\b|\+)\s*", " & ")
    family = joined.str.extract(r"^([^,&]+,) .* & ").fill_null("")
    first = joined.str.extract(r"^(.*?) & ")
    second = joined.str.extract(r" & (.+)$")
    own = second.str.contains(",", literal=True)
    return [
        pl.coalesce(first, text).alias("first"),
        pl.when(own | (family == ""))
        .then(second)
        .otherwise(pl.concat_str(family, pl.lit(" "), second))
        .alias("second"),
    ]


def _read_one(names: pl.Series) -> pl.DataFrame:
    """Take one person's name apart, by the comma when there is one."""
    text = names.alias("text").to_frame()
    comma = text.with_columns(
        before=pl.col("text").str.extract(r"^([^,]+), "), after=pl.col("text").str.extract(r", (.*)$")
    )
    led = comma.with_columns(rest=pl.coalesce("after", "text"))
    title = pl.col("rest").str.extract(rf"^({_TITLE})(?: |$)")
    bare = led.select(
        "before", title.alias("title"), rest=tidy(pl.col("rest").str.replace(rf"^(?:{_TITLE}(?: |$))+", ""))
    )
    particles = rf"(?:^| )((?:(?:{'|'.join(PARTICLES)}) )*\S+)$"
    chain = pl.col("rest").str.extract(particles)
    # "Al Smith" has a given name that looks like a particle; "Mr de Souza" has not.
    swallowed = (chain == pl.col("rest")) & pl.col("title").is_null()
    ending = pl.when(swallowed).then(pl.col("rest").str.extract(r"(\S+)$")).otherwise(chain)
    family = pl.coalesce("before", ending)
    before_family = tidy(pl.col("rest").str.strip_suffix(ending))
    givens = pl.when(pl.col("before").is_not_null()).then("rest").otherwise(before_family)
    return bare.select(
        pl.coalesce("title", pl.col("before").str.extract(rf"^({_TITLE}) ")).alias("title"),
        givens.str.extract(r"^(\S+)").alias("given"),
        tidy(givens.str.replace(r"^\S+", "")).alias("middle"),
        tidy(family.str.replace(rf"^{_TITLE} ", "")).alias("family"),
    )


def _share_family(read: pl.DataFrame) -> pl.DataFrame:
    """Give the first of two people the second's family name where only a title, initials or one name stand before.

    In "MR & MRS J SMITH" the initial is by custom the first person's; the second's given name is not known.
    """
    joint = pl.col("second_family").is_not_null()
    only_title = joint & pl.col("family").is_null() & pl.col("title").is_not_null()
    one_word = (
        joint
        & pl.col("given").is_null()
        & pl.col("family").is_not_null()
        & (pl.col("family") != pl.col("second_family"))
    )
    initials = joint & pl.col("family").str.contains(r"^[A-Z]$").fill_null(value=False)
    moved = one_word | initials
    return read.with_columns(
        pl.when(only_title).then("second_given").when(one_word).then("family").otherwise("given").alias("given"),
        pl.when(only_title)
        .then("second_middle")
        .when(initials & ~one_word)
        .then("family")
        .otherwise("middle")
        .alias("middle"),
        pl.when(only_title | moved).then("second_family").otherwise("family").alias("family"),
        pl.when(only_title).then(None).otherwise("second_given").alias("second_given"),
        pl.when(only_title).then(None).otherwise("second_middle").alias("second_middle"),
    )
