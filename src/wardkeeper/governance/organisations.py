"""Kinds of organisation, as the Civil Contingencies Act 2004 (Schedule 1) and data protection law tell them apart."""

from enum import StrEnum


class Category(StrEnum):
    """What an organisation is in law. The authority that runs this Wardkeeper is the only AUTHORITY."""

    AUTHORITY = "authority"
    CATEGORY_1 = "category-1"
    CATEGORY_2 = "category-2"
    UTILITY = "utility"
    VOLUNTARY = "voluntary"
    HEALTH = "health"


PUBLIC_AUTHORITIES = frozenset({Category.AUTHORITY, Category.CATEGORY_1, Category.HEALTH})
"""Whose tasks rest on public task. They may not rest them on legitimate interests, recognised or not
(UK GDPR Article 6(1), closing words, and Article 6(1)(ea) as inserted in 2025)."""
