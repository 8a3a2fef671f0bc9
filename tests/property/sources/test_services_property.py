"""Whatever a file of services holds, it is read or refused in words; and what is kept is text that can be stored."""

import json

from hypothesis import given
from hypothesis import strategies as st

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.services import from_bytes, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)
KEYS = (
    "id name description url email status organization phones contacts schedules eligibility_description minimum_age "
    "service_at_locations attributes fees alert"
).split()
SERVICE = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)
LOCATION = st.fixed_dictionaries(
    {},
    optional={"name": VALUES, "latitude": VALUES, "longitude": VALUES, "addresses": st.lists(SERVICE, max_size=2)},
)
PLACED = st.builds(
    lambda service, places: {"id": "1", "name": "x", **service, "service_at_locations": places},
    SERVICE,
    st.lists(st.fixed_dictionaries({"location": LOCATION}), max_size=2),
)
PAGES = st.lists(SERVICE | PLACED | VALUES, max_size=5)


def read(content):
    try:
        found = parse(content, "feed")
    except BadInput:
        return None
    assert from_bytes(found.to_bytes()) == found.services
    return found


@given(PAGES)
def test_every_entry_of_a_page_is_read_or_left_out(entries):
    found = read(json.dumps({"contents": entries}).encode())
    if found is not None:
        assert len(found.services) + len(found.left_out) == len(entries)
        assert all(service.id and service.name for service in found.services)


@given(VALUES)
def test_any_json_is_read_or_refused(document):
    read(json.dumps(document).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"id,name,phone\n{text}".encode()))
def test_any_bytes_are_read_or_refused(content):
    read(content)
