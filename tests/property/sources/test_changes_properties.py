"""Files of changes against a plain reference: any order of loading comes to the same current records."""

from datetime import UTC, date, datetime

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeeper.kernel.columns import FACTOR, RECORD
from wardkeeper.sources.changing import Entries, apply_changes, rank_deliveries
from wardkeeper.sources.deliveries import Delivery
from wardkeeper.sources.removing import REMOVED_SCHEMA
from wardkeeper.sources.standardising import KINDS

KEYS = ["1", "2", "3:2"]
FILES = st.lists(
    st.tuples(st.integers(1, 3), st.dictionaries(st.sampled_from(KEYS), st.sampled_from([0, 1, 2]), max_size=3)),
    min_size=1,
    max_size=5,
)


def frame(columns, rows):
    schema = {column.name: KINDS[column.kind] for column in columns}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def make(place, day, words):
    """Make a file: each key is removed (0), or about one or two people."""
    name = f"del-{place}"
    people = [
        {"record_id": f"club:{key}" + (":2" if person else ""), "row": row, "delivery": name, "given": name}
        for row, (key, count) in enumerate(words.items(), 1)
        for person in range(count)
    ]
    gone = [
        {"record_id": f"club:{key}", "source": "club", "delivery": name, "row": row, "seen_on": day}
        for row, (key, count) in enumerate(words.items(), 1)
        if not count
    ]
    factors = [{"record_id": one["record_id"], "source": "club", "factor": name} for one in people]
    made = Entries(frame(RECORD, people), frame(FACTOR, factors), pl.DataFrame(gone, schema=REMOVED_SCHEMA))
    rows = len(words)
    return made, Delivery(name, "club", f"{place}.csv", name, day, datetime.now(UTC), rows, rows, 0, 0, len(people))


def load(files):
    kept, came = make(9, date(2026, 1, 1), {})[0], []
    for made, delivery in files:
        came.append(delivery)
        kept = apply_changes(kept, made, rank_deliveries(came))
    return (
        sorted(kept.records.select("record_id", "delivery").rows()),
        sorted(kept.factors.select("record_id", "factor").rows()),
        sorted(kept.removed.select("record_id", "delivery").rows()),
    )


def expect(files):
    """The reference: the last word on each key, by the day and the place of its file."""
    newest = {}
    for place, (_day, words) in sorted(enumerate(files), key=lambda one: (one[1][0], one[0])):
        newest |= {key: (f"del-{place}", count) for key, count in words.items()}
    people = sorted(
        (f"club:{key}" + (":2" if person else ""), name)
        for key, (name, count) in newest.items()
        for person in range(count)
    )
    return people, people, sorted((f"club:{key}", name) for key, (name, count) in newest.items() if not count)


@settings(max_examples=60, deadline=None)
@given(FILES, st.randoms(use_true_random=False))
def test_any_order_of_files_and_any_of_them_twice_gives_the_last_word_on_each_key(files, random):
    made = [make(place, date(2026, 11, day), words) for place, (day, words) in enumerate(files)]
    shuffled = [*made, *random.sample(made, len(made) // 2)]
    random.shuffle(shuffled)
    assert load(made) == load(shuffled) == expect(files)
