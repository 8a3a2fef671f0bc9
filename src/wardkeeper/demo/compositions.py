"""The vocabulary of the generative model: household compositions, roles in them and the answers people give.

Order is meaning: the tables in `parameters.json` are rows and columns in these orders, which follow the 2021 Census
tables they were fitted to.
"""

COMPOSITIONS = (
    "one-older",
    "one-other",
    "couple-older",
    "married-alone",
    "married-dependent",
    "married-grown",
    "cohabiting-alone",
    "cohabiting-dependent",
    "cohabiting-grown",
    "lone-dependent",
    "lone-grown",
    "other-family",
    "several-dependent",
    "several-other",
)
COMMUNAL = "communal"
"""The composition of a care home, which the census counts apart from households."""

ROLES = (
    "one-older",
    "one-other",
    "couple-older",
    "couple-alone",
    "parent-dependent",
    "parent-grown",
    "lone-dependent",
    "lone-grown",
    "child",
    "grown-child",
    "other-adult",
    "several-adult",
    "communal",
)
PARTNERS = ("couple-older", "couple-alone", "parent-dependent", "parent-grown")
LONE_PARENTS = ("lone-dependent", "lone-grown")
CHILDREN = ("child", "grown-child")

TENURES = ("outright", "mortgage", "social", "private")
DWELLINGS = ("detached", "semi", "terraced", "flat")
HEALTH = ("very good", "good", "fair", "bad", "very bad")
DISABILITY = ("a lot", "a little", "none")
CARE = ("none", "under 20", "20 to 49", "50 or more")
ENGLISH = ("main", "very well", "well", "not well", "none")
TRADITIONS = ("british", "irish", "european", "indian", "pakistani", "chinese", "african", "caribbean")
"""Naming traditions: only a household's names and languages follow from them."""

BANDS = 18
"""Five-year age bands; the last is 85 and over."""

LARGEST = 8
"""The largest household; the census counts "8 or more" together."""

LONE_PARENT_FEMALE = 0.86
"""Share of lone parents who are women (ONS, Families and households in the UK: 2021)."""


MEMBERS: dict[str, tuple[str, int, str]] = {
    "one-older": ("one-older", LARGEST, ""),
    "one-other": ("one-other", LARGEST, ""),
    "couple-older": ("couple-older", LARGEST, ""),
    "married-alone": ("couple-alone", LARGEST, ""),
    "married-dependent": ("parent-dependent", 2, "child"),
    "married-grown": ("parent-grown", 2, "grown-child"),
    "cohabiting-alone": ("couple-alone", LARGEST, ""),
    "cohabiting-dependent": ("parent-dependent", 2, "child"),
    "cohabiting-grown": ("parent-grown", 2, "grown-child"),
    "lone-dependent": ("lone-dependent", 1, "child"),
    "lone-grown": ("lone-grown", 1, "grown-child"),
    "other-family": ("other-adult", LARGEST, ""),
    "several-dependent": ("several-adult", LARGEST, "child"),
    "several-other": ("other-adult", LARGEST, ""),
}
"""For each composition the adults' role, the most adults it has, and the others' role."""


def people_in(composition: str, size: int) -> tuple[str, ...]:
    """Give the role of each person in a household, adults first."""
    adult, most, other = MEMBERS[composition]
    # Three generations or several families: about one in three is a child.
    adults = min(size, size - size // 3 if composition == "several-dependent" else most)
    return (adult,) * adults + (other,) * (size - adults)
