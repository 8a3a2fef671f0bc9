"""How records become residents.

Each case is a small table of records, and the residents they should become: one group per resident, parted by a slash. A dash is a
blank. The sources are `asc` (adult social care), `housing`, `bins`, `tax` (council tax), `vote` (open register), `nhs` (shielding
file). So few records are too few to learn from, so these cases run on the first guesses; the rules hold whatever is learned.
"""

import pytest

from resident_tables import groups_of, read_groups, read_records, steady_entropy
from wardkeeper.residents import link

JOINED = {
    "the same name at the same home is one person": (
        """
        id     | title | given | family  | born       | home
        asc:1  | MRS   | MARY  | SHELLEY | 1941-08-30 | uprn:1
        vote:1 | -     | MARY  | SHELLEY | -          | uprn:1
        tax:1  | MRS   | MARY  | SHELLEY | -          | uprn:1
        """,
        "asc:1 vote:1 tax:1",
    ),
    "an initial fits the only one of the household who has it": (
        """
        id     | title | given | family  | born       | home
        asc:1  | MRS   | MARY  | SHELLEY | 1941-08-30 | uprn:1
        vote:1 | -     | PERCY | SHELLEY | -          | uprn:1
        tax:1  | MRS   | M     | SHELLEY | -          | uprn:1
        bins:1 | MR    | P     | SHELLEY | -          | uprn:1
        """,
        "asc:1 tax:1 / vote:1 bins:1",
    ),
    "a nickname and a slip of the pen are still the same name": (
        """
        id     | given     | family   | born       | home
        asc:1  | ELIZABETH | BENNETT  | 1950-01-28 | uprn:1
        tax:1  | LIZZIE    | BENNETT  | -          | uprn:1
        vote:1 | ELIZABETH | BENNET   | -          | uprn:1
        """,
        "asc:1 tax:1 vote:1",
    ),
    "day and month exchanged, at one home, are one birth date": (
        """
        id    | given  | family | born       | home
        asc:1 | GEORGE | ELIOT  | 1949-04-11 | uprn:1
        nhs:1 | GEORGE | ELIOT  | 1949-11-04 | uprn:1
        """,
        "asc:1 nhs:1",
    ),
    "1 January stands for a year alone, so it conflicts with no day of that year": (
        """
        id        | given  | family | born       | home
        asc:1     | GEORGE | ELIOT  | 1949-04-11 | uprn:1
        housing:1 | GEORGE | ELIOT  | 1949-01-01 | uprn:1
        """,
        "asc:1 housing:1",
    ),
    "a mover is found by the NHS number": (
        """
        id    | given | family | born       | home   | nhs
        asc:1 | ADA   | BYRON  | 1985-12-10 | uprn:1 | 9990000018
        nhs:1 | ADA   | BYRON  | 1985-12-10 | uprn:9 | 9990000018
        """,
        "asc:1 nhs:1",
    ),
    "a mover who changed her name is found by birth date and NHS number": (
        """
        id    | given | family   | born       | home   | nhs
        asc:1 | ADA   | BYRON    | 1985-12-10 | uprn:1 | 9990000018
        nhs:1 | ADA   | LOVELACE | 1985-12-10 | uprn:9 | 9990000018
        """,
        "asc:1 nhs:1",
    ),
    "the dead are still linked, so that nobody calls on them": (
        """
        id    | given | family | born       | home   | died_on
        asc:1 | EMILY | BRONTE | 1938-07-30 | uprn:1 | 2026-05-01
        tax:1 | EMILY | BRONTE | -          | uprn:1 | -
        """,
        "asc:1 tax:1",
    ),
}

KEPT_APART = {
    "a couple share all but the given name": (
        """
        id     | title | given | family  | home   | phone
        tax:1  | MR    | PERCY | SHELLEY | uprn:1 | +447700900001
        tax:2  | MRS   | MARY  | SHELLEY | uprn:1 | +447700900001
        vote:1 | -     | PERCY | SHELLEY | uprn:1 | -
        vote:2 | -     | MARY  | SHELLEY | uprn:1 | -
        """,
        "tax:1 vote:1 / tax:2 vote:2",
    ),
    "a father and son of one name have different birth dates": (
        """
        id    | given | family | born       | home
        asc:1 | JOHN  | DICKENS | 1945-02-07 | uprn:1
        nhs:1 | JOHN  | DICKENS | 1975-02-07 | uprn:1
        """,
        "asc:1 / nhs:1",
    ),
    "a record without a birth date does not bring a father and son together": (
        """
        id    | given | family  | born       | home
        asc:1 | JOHN  | DICKENS | 1945-02-07 | uprn:1
        nhs:1 | JOHN  | DICKENS | 1971-06-21 | uprn:1
        tax:1 | JOHN  | DICKENS | -          | uprn:1
        """,
        "asc:1 tax:1 / nhs:1",
    ),
    "twins share family name, birth date and home": (
        """
        id        | given | family | born       | home
        asc:1     | ANNE  | BRONTE | 2001-01-17 | uprn:1
        nhs:1     | EMILY | BRONTE | 2001-01-17 | uprn:1
        housing:1 | EMILY | BRONTE | 2001-01-17 | uprn:1
        """,
        "asc:1 / nhs:1 housing:1",
    ),
    "two different NHS numbers are two people, whatever else agrees": (
        """
        id    | given | family | born       | home   | nhs
        asc:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000018
        nhs:1 | ANNE  | BRONTE | 1960-01-17 | uprn:1 | 9990000026
        """,
        "asc:1 / nhs:1",
    ),
    "a child is not the adult of the same name": (
        """
        id    | title | given | family | born       | home
        nhs:1 | -     | ANNE  | BRONTE | 2025-11-20 | uprn:1
        tax:1 | MRS   | ANNE  | BRONTE | -          | uprn:1
        """,
        "nhs:1 / tax:1",
    ),
    "a phone that many families use proves nothing": (
        """
        id     | given  | family  | home   | phone
        tax:1  | JANE   | AUSTEN  | uprn:1 | +447700900001
        bins:1 | JOHN   | KEATS   | uprn:2 | +447700900001
        asc:1  | JAMES  | HOGG    | uprn:3 | +447700900001
        """,
        "tax:1 / bins:1 / asc:1",
    ),
    "a protected person is never joined to a former household": (
        """
        id    | given | family | born       | home   | nhs        | protected
        asc:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | 9990000018 | yes
        nhs:1 | NORA  | HELMER | 1980-03-09 | uprn:1 | 9990000018 | no
        tax:1 | NORA  | HELMER | -          | uprn:1 | -          | no
        """,
        "asc:1 / nhs:1 tax:1",
    ),
    "a protected person's records join at the home they share": (
        """
        id        | given | family | born       | home   | protected
        asc:1     | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
        housing:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
        """,
        "asc:1 housing:1",
    ),
    "a record without a home is not joined to a protected person": (
        """
        id    | given | family | born       | home   | protected
        asc:1 | NORA  | HELMER | 1980-03-09 | uprn:9 | yes
        nhs:1 | NORA  | HELMER | 1980-03-09 | -      | no
        """,
        "asc:1 / nhs:1",
    ),
}


@pytest.mark.parametrize(("table", "expected"), [*JOINED.values(), *KEPT_APART.values()], ids=[*JOINED, *KEPT_APART])
def test_records_become_residents(table, expected):
    linked = link(read_records(table), None, entropy=steady_entropy)
    assert groups_of(linked.membership) == read_groups(expected)
