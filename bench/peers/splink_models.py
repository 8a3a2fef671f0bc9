"""Splink's models of the four data sets: blocking rules, comparisons and training, as its documents advise.

`historical` and `febrl3` follow Splink's own published examples for those sets. `council` has no example; it uses the library's
ready-made comparisons, and blocking rules of the kind that the examples use. Two settings of each:

- `defaults`: the library's defaults, with ten million pairs for the u probabilities, as its examples advise;
- `fast`: the same model with what Splink's performance guide lists: fewer sampled pairs, training on a capped number of pairs and
  without term frequencies, no columns retained, and a threshold while predicting.
"""

from dataclasses import dataclass, field

import splink.comparison_library as cl
from splink import SettingsCreator, block_on

TRAINING_PAIRS = {"defaults": 1e7, "fast": 1e6}
EM_PAIRS = {"defaults": None, "fast": 1e6}
PRIOR_SAMPLE = {"defaults": 1.0, "fast": 0.5}
LEAST_PROBABILITY = {"defaults": None, "fast": 0.5}
"""Pairs below are not given back: the guide's own way of making predictions faster."""


@dataclass(frozen=True)
class Model:
    """One data set's model. `columns` is SQL that prepares the input's columns."""

    columns: str
    truth: str
    blocking: list = field(default_factory=list)
    comparisons: list = field(default_factory=list)
    prior: list = field(default_factory=list)
    prior_recall: float = 0.7
    training: list = field(default_factory=list)
    without_frequencies: bool = False
    """Whether the published example trains without term frequencies; `fast` always does."""


def council() -> Model:
    """The best of a dozen models tried, by truth. The address only blocks: compared beside the postcode it counts twice."""
    return Model(
        columns="first_name, surname, dob, sex, address, postcode, phone, email, nino",
        truth="cluster",
        blocking=[
            block_on("nino"),
            block_on("email"),
            block_on("phone"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode", "first_name"),
            block_on("postcode", "surname"),
            block_on("address", "substr(first_name,1,1)"),
            block_on("postcode", "substr(first_name,1,1)", "substr(surname,1,1)"),
            block_on("first_name", "surname"),
        ],
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.ExactMatch("sex"),
            cl.PostcodeComparison("postcode"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
            cl.LevenshteinAtThresholds("nino", [1, 2]),
        ],
        prior=[
            block_on("nino"),
            block_on("first_name", "surname", "dob"),
            block_on("first_name", "surname", "postcode"),
        ],
        prior_recall=0.7,
        training=[block_on("first_name", "surname"), block_on("postcode", "first_name"), block_on("dob")],
    )


def historical() -> Model:
    """Splink's example “Linking a dataset of real historical persons”."""
    return Model(
        columns="""first_name, surname, first_name || ' ' || surname AS full_name, dob, birth_place, postcode_fake,
            occupation""",
        truth="cluster",
        blocking=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison("first_name", "surname", forename_surname_concat_col_name="full_name"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        prior=[
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        prior_recall=0.6,
        training=[block_on("first_name", "surname"), block_on("dob")],
        without_frequencies=True,
    )


def febrl3() -> Model:
    """Splink's example “Deduplicating the febrl3 dataset”."""
    names = ("given_name", "surname", "street_number", "postcode", "date_of_birth", "soc_sec_id")
    return Model(
        columns=", ".join(f"nullif(trim({name}), '') AS {name}" for name in names),
        truth="regexp_extract(rec_id, 'rec-([0-9]+)', 1)",
        blocking=[block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")],
        comparisons=[
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
        prior=[
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        prior_recall=0.9,
        training=[block_on("date_of_birth"), block_on("postcode")],
    )


MODELS = {"council": council, "historical": historical, "febrl3": febrl3}


def settings_of(model: Model, speed: str) -> SettingsCreator:
    """Give the model's settings; `fast` retains no column that the result does not need."""
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=model.blocking,
        comparisons=model.comparisons,
        retain_matching_columns=speed == "defaults",
    )
