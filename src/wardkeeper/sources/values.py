"""Single values: dates, NHS numbers, telephone numbers, e-mails, UPRNs. Each gives the value, and why when it has none.

Every reader takes a text column and gives a frame of `value` and `fault` (a rule's slug, null when nothing is wrong).
Absent text is no fault. What is read is never guessed beyond what the rule says.
"""

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from wardkeeper.places.lettering import tidy
from wardkeeper.sources.rules import Rule
from wardkeeper.sources.terms import DateForm

Reader = Callable[[pl.Series], pl.DataFrame]

PATTERNS: dict[DateForm, tuple[str, ...]] = {
    DateForm.DAY_MONTH_YEAR: ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"),
    DateForm.DAY_NAME_YEAR: ("%d-%b-%y", "%d %b %y", "%d-%b-%Y", "%Y-%m-%d"),
    DateForm.YEAR_MONTH_DAY: ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"),
    DateForm.TIMESTAMP: ("%Y-%m-%d",),
    DateForm.PARTIAL: ("%Y-%m-%d",),
}
"""The agreed form first, then its harmless variants; never one that would swap day and month."""

PART_OF_A_DATE = r"^\d{4}(?:-\d{2})?$"

STAND_INS = (date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1), date(1901, 1, 1), date(1753, 1, 1))
"""Days that spreadsheets and databases show for "none"."""

OLDEST_DAYS = 120 * 366

NHS_WEIGHTS = tuple(range(10, 1, -1))
"""Weights of the first nine digits (NHS Data Dictionary, NHS number, modulus 11)."""

MOSTLY = 0.6
"""Share of different values above which a column does not repeat itself."""

NI_SHAPE = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]?$"
"""A National Insurance number without spaces; the last letter is often left out (HMRC manual NIM39110)."""

NI_NEVER_GIVEN = r"^(?:BG|GB|KN|NK|NT|TN|ZZ)"
"""First letters that are not given out (the same page). TN was for temporary numbers, which name nobody for long."""


def read_dates(text: pl.Series, form: DateForm) -> pl.DataFrame:
    """Read dates written in a form. A time behind the date is dropped; a date that does not exist is a fault.

    Where the form allows a part of a date, it is read as its first day, and told as such.
    """
    bare = tidy(pl.col("text")).str.replace(r"[T ]\d{1,2}:\d{2}.*$", "")
    frame = text.cast(pl.String).alias("text").to_frame().with_columns(bare)
    part = pl.col("text").str.contains(PART_OF_A_DATE) & (form is DateForm.PARTIAL)
    whole = pl.when(part).then(pl.concat_str("text", pl.lit("-01-01")).str.head(len("yyyy-mm-dd"))).otherwise("text")
    read = pl.coalesce(whole.str.to_date(pattern, strict=False) for pattern in PATTERNS[form])
    return frame.select(
        read.alias("value"),
        pl.coalesce(
            _fault(Rule.IMPOSSIBLE_DATE, pl.col("text").is_not_null() & read.is_null()), _fault(Rule.PARTIAL_DATE, part)
        ).alias("fault"),
    )


def read_birth_dates(text: pl.Series, form: DateForm, *, on: date) -> pl.DataFrame:
    """Read birth dates: as dates, but stand-ins, parts of dates and days after `on` are none; two-digit years are past."""
    read = read_dates(text, form)
    century = pl.col("value").dt.offset_by("-100y")
    two_digits = text.cast(pl.String).str.contains(r"[A-Za-z]{3}[- ]\d{2}$").fill_null(value=False)
    past = read.with_columns(
        pl.when((pl.col("value") > on) & two_digits).then(century).otherwise("value").alias("value")
    )
    stand_in = pl.col("value").is_in(STAND_INS) | (pl.col("value") < on - timedelta(days=OLDEST_DAYS))
    future = pl.col("value") > on
    # A guessed day of birth would join or part people wrongly.
    part = pl.col("fault").eq_missing(Rule.PARTIAL_DATE.value)
    return past.select(
        pl.when(~(stand_in | future | part)).then("value").alias("value"),
        pl.coalesce("fault", _fault(Rule.STAND_IN_DATE, stand_in), _fault(Rule.FUTURE_DATE, future)).alias("fault"),
    )


def read_past_dates(text: pl.Series, form: DateForm, *, on: date) -> pl.DataFrame:
    """Read dates of things that have happened: stand-ins and days after `on` are none."""
    stand_in, future = pl.col("value").is_in(STAND_INS), pl.col("value") > on
    return read_dates(text, form).select(
        pl.when(~(stand_in | future)).then("value").alias("value"),
        pl.coalesce("fault", _fault(Rule.STAND_IN_DATE, stand_in), _fault(Rule.FUTURE_DATE, future)).alias("fault"),
    )


def read_nhs_numbers(text: pl.Series) -> pl.DataFrame:
    """Read NHS numbers: ten digits whose last is the check digit of the others."""
    digits = tidy(pl.col("text")).str.replace_all(r"[\s-]", "")
    frame = text.cast(pl.String).alias("text").to_frame().with_columns(digits.alias("digits"))
    total = pl.sum_horizontal(
        pl.col("digits").str.slice(place, 1).cast(pl.Int32, strict=False) * weight
        for place, weight in enumerate(NHS_WEIGHTS)
    )
    check = (11 - total % 11) % 11
    last = pl.col("digits").str.slice(9, 1).cast(pl.Int32, strict=False)
    shaped = pl.col("digits").str.contains(r"^[0-9]{10}$") & (pl.col("digits") != "0000000000")
    right = (shaped & (check == last)).fill_null(value=False)
    return frame.select(
        pl.when(right).then("digits").alias("value"),
        _fault(Rule.BAD_NHS_NUMBER, pl.col("digits").is_not_null() & ~right),
    )


def read_ni_numbers(text: pl.Series) -> pl.DataFrame:
    """Read National Insurance numbers in capitals without spaces: there is no check digit, only shape and letters."""
    packed = tidy(pl.col("text")).str.replace_all(r"[\s-]", "").str.to_uppercase()
    frame = text.cast(pl.String).alias("text").to_frame().select(packed)
    shaped = pl.col("text").str.contains(NI_SHAPE) & ~pl.col("text").str.contains(NI_NEVER_GIVEN)
    good = shaped.fill_null(value=False)
    return frame.select(
        pl.when(good).then("text").alias("value"), _fault(Rule.BAD_NI_NUMBER, pl.col("text").is_not_null() & ~good)
    )


def read_phones(text: pl.Series) -> pl.DataFrame:
    """Read telephone numbers into E.164, British unless another country's code is given.

    A spreadsheet takes the first zero off; ten digits from 1, 2, 3, 7 or 8 get it back.
    """
    packed = pl.col("text").str.replace_all(r"\(0\)", "").str.replace_all(r"(?i)(?:ext|x)\.? ?[0-9]+$", "")
    plain = tidy(packed.str.replace_all(r"[\s().\-/]", "").str.replace(r"^00", "+"))
    frame = text.cast(pl.String).alias("text").to_frame().with_columns(plain.alias("plain"))
    lost = pl.col("plain").str.contains(r"^[12378][0-9]{9}$").fill_null(value=False)
    full = (
        pl.when(lost)
        .then(pl.concat_str(pl.lit("+44"), "plain"))
        .otherwise(pl.col("plain").str.replace(r"^(?:\+?44)?0", "+44").str.replace(r"^44([0-9]{9,10})$", "+44$1"))
    )
    good = full.str.contains(r"^(?:\+44[12378][0-9]{8,9}|\+(?:[1-35-9][0-9]|4[0-35-9])[0-9]{6,12})$").fill_null(
        value=False
    )
    return frame.select(
        pl.when(good).then(full).alias("value"),
        pl.coalesce(_fault(Rule.BAD_PHONE, pl.col("plain").is_not_null() & ~good), _fault(Rule.LOST_ZERO, lost)).alias(
            "fault"
        ),
    )


def read_emails(text: pl.Series) -> pl.DataFrame:
    """Read e-mail addresses: one @, a dot behind it, no spaces; in small letters."""
    frame = text.cast(pl.String).alias("text").to_frame().select(tidy(pl.col("text")).str.to_lowercase())
    good = pl.col("text").str.contains(r"^[^@\s,;]+@[^@\s,;.]+(?:\.[^@\s,;.]+)+$").fill_null(value=False)
    return frame.select(
        pl.when(good).then("text").alias("value"), _fault(Rule.BAD_EMAIL, pl.col("text").is_not_null() & ~good)
    )


def read_uprns(text: pl.Series) -> pl.DataFrame:
    """Read UPRNs: one to twelve digits, leading zeros and a spreadsheet's ".0" dropped."""
    bare = tidy(pl.col("text")).str.replace(r"\.0$", "").str.replace(r"^0+", "")
    frame = text.cast(pl.String).alias("text").to_frame().select(bare)
    good = pl.col("text").str.contains(r"^[0-9]{1,12}$").fill_null(value=False)
    given = pl.col("text").is_not_null() & (pl.col("text") != "")
    return frame.select(pl.when(good).then("text").alias("value"), _fault(Rule.BAD_UPRN, given & ~good))


def read_sexes(text: pl.Series) -> pl.DataFrame:
    """Read sex as female, male or other; "unknown" and absence are null."""
    words = {"F": "female", "FEMALE": "female", "M": "male", "MALE": "male", "O": "other", "OTHER": "other"}
    nothing = ("U", "UNKNOWN", "NOT KNOWN", "NOT STATED", "")
    frame = text.cast(pl.String).alias("text").to_frame().select(tidy(pl.col("text")).str.to_uppercase())
    read = pl.col("text").replace_strict(words, default=None, return_dtype=pl.String)
    strange = pl.col("text").is_not_null() & read.is_null() & ~pl.col("text").is_in(nothing)
    return frame.select(read.alias("value"), _fault(Rule.UNKNOWN_VALUE, strange))


def read_words(text: pl.Series) -> pl.DataFrame:
    """Read plain words: spaces tidied, nothing judged."""
    return (
        text.cast(pl.String)
        .alias("text")
        .to_frame()
        .select(tidy(pl.col("text")).alias("value"), pl.lit(None, pl.String).alias("fault"))
    )


def through_distinct(text: pl.Series, read: Reader) -> pl.DataFrame:
    """Read each different text once, where texts repeat themselves; where nearly all differ, looking for that costs more."""
    asked = text.cast(pl.String).alias("asked")
    if asked.to_frame().select(pl.col("asked").approx_n_unique()).item() > MOSTLY * asked.len():
        return read(asked)
    distinct = asked.unique()
    answers = pl.concat([distinct.to_frame(), read(distinct)], how="horizontal")
    return asked.to_frame().join(answers, on="asked", how="left", nulls_equal=True, maintain_order="left").drop("asked")


def _fault(rule: Rule, broken: pl.Expr) -> pl.Expr:
    return pl.when(broken.fill_null(value=False)).then(pl.lit(rule.value)).alias("fault")
