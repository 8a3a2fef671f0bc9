"""Services in Open Referral UK's form: what a feed's page and a flat CSV become, and what is said of bad ones."""

import json
from pathlib import Path

import pytest

from wardkeeper.kernel.errors import BadInput
from wardkeeper.sources.services import LeftOut, Location, Service, from_bytes, parse, parse_all

EXAMPLES = Path(__file__).parents[3] / "examples" / "services"


def read(document, name="page.json"):
    return parse(json.dumps(document).encode(), name)


def one(**more):
    return read([{"id": "1", "name": "Lunch", **more}]).services[0]


def test_a_page_of_a_feed():
    found = parse((EXAMPLES / "page.json").read_bytes(), "page.json")
    assert [(service.name, service.status, service.is_open) for service in found.services] == [
        ("Sale Leisure Rest Centre (invented)", "active", True),
        ("Altrincham Food Share (invented)", "active", True),
        ("Telephone Befriending (invented)", "temporarily closed", True),
        ("Old Lunch Club (invented)", "defunct", False),
    ]
    assert found.services[0] == Service(
        id="5f0c9f6e-0b0e-4b76-9d5e-000000000001",
        name="Sale Leisure Rest Centre (invented)",
        description="Opens as a rest centre when people must leave their homes. Beds, food and a quiet room.",
        organisation="Example Council",
        url="https://rest.example/sale",
        email="rest@example.org",
        phones=("0161 496 0301", "0161 496 0302"),
        eligibility="Anybody who has had to leave home",
        schedule=("Mon, Tue, Wed, Thu, Fri 08:00 to 20:00",),
        taxonomy=("Emergency accommodation",),
        locations=(Location("Sale Leisure", "1 Example Way, Sale", "M33 7ZF", -2.322, 53.424),),
    )


def test_no_name_of_a_contact_is_kept():
    assert b"Somebody Invented" not in parse((EXAMPLES / "page.json").read_bytes(), "page.json").to_bytes()


def test_a_flat_csv():
    found = parse((EXAMPLES / "flat.csv").read_bytes(), "flat.csv").services
    assert found[0] == Service(
        id="f-1",
        name="Urmston Warm Space (invented)",
        description="A warm room, tea and company",
        organisation="Example Library",
        email="warm@example.org",
        phones=("0161 496 0401", "0161 496 0402"),
        eligibility="Anybody",
        schedule=("Mon 10:00 to 16:00", "Thu 10:00 to 16:00"),
        taxonomy=("Warm spaces", "Advice"),
        locations=(Location("Library", "3 Example Street, Urmston", "M41 0TZ"),),
    )
    assert found[1].locations == ()


@pytest.mark.parametrize("name", ["page.json", "flat.csv"])
def test_what_is_kept_is_read_back_as_it_was(name):
    found = parse((EXAMPLES / name).read_bytes(), name)
    assert from_bytes(found.to_bytes()) == found.services


FORMS = {
    "a list": [{"id": "1", "name": "Lunch"}],
    "a page of 3.0": {"contents": [{"id": "1", "name": "Lunch"}], "total_pages": 1},
    "a page of 1.0": {"content": [{"id": 1, "name": "Lunch"}], "totalPages": 1},
    "one service": {"id": "1", "name": "Lunch"},
}


@pytest.mark.parametrize("document", FORMS.values(), ids=FORMS)
def test_forms_of_json(document):
    assert read(document).services == (Service("1", "Lunch"),)


PARTS = {
    "days and hours": (
        {
            "schedules": [
                {"byday": "SA,SU", "opens_at": "10:00:00", "closes_at": "12:30:00", "description": "Ring first"}
            ]
        },
        {"schedule": ("Sat, Sun 10:00 to 12:30: Ring first",)},
    ),
    "the second Monday of a month": (
        {"schedules": [{"byday": "2MO", "opens_at": "10:00", "closes_at": "11:00"}]},
        {"schedule": ("Mon 10:00 to 11:00",)},
    ),
    "ages": ({"minimum_age": 18.0, "maximum_age": 25}, {"eligibility": "from 18 years; up to 25 years"}),
    "eligibility of 1.0": ({"eligibilitys": [{"eligibility": "Carers"}]}, {"eligibility": "Carers"}),
    "taxonomy of 1.0": ({"service_taxonomys": [{"taxonomy": {"name": "Food"}}]}, {"taxonomy": ("Food",)}),
    "an address of 1.0": (
        {
            "service_at_locations": [
                {"location": {"physical_addresses": [{"address_1": "1 Way", "postal_code": "m1 1aa"}]}}
            ]
        },
        {"locations": (Location(address="1 Way", postcode="M1 1AA"),)},
    ),
    "coordinates that cannot be": (
        {"service_at_locations": [{"location": {"name": "Hall", "latitude": 100, "longitude": 101}}]},
        {"locations": (Location("Hall"),)},
    ),
    "zero for not known": (
        {"service_at_locations": [{"location": {"name": "Hall", "latitude": 0, "longitude": "0.0"}}]},
        {"locations": (Location("Hall"),)},
    ),
    "words of other kinds": (
        {"description": ["a"], "url": None, "status": True},
        {"description": "", "status": "active"},
    ),
    "control letters": ({"description": "a\u202eb\x07\n c"}, {"description": "ab c"}),
    "lists of other things": (
        {"phones": "0161", "schedules": [None, 3], "attributes": {}},
        {"phones": (), "schedule": ()},
    ),
}


@pytest.mark.parametrize(("given", "found"), PARTS.values(), ids=PARTS)
def test_parts_of_a_service(given, found):
    service = one(**given)
    assert {name: getattr(service, name) for name in found} == found


def test_an_entry_that_cannot_be_read_is_left_out_and_told():
    found = read([{"id": "1", "name": "Lunch"}, {"id": "2"}, {"name": " "}, None])
    assert len(found.services) == 1
    assert found.left_out == (
        LeftOut("page.json", 2, "it has no name"),
        LeftOut("page.json", 3, "it has no id"),
        LeftOut("page.json", 4, "it is no object"),
    )


def test_a_page_of_several_says_so():
    found = read({"contents": [{"id": "1", "name": "Lunch"}], "total_pages": 10, "page_number": 1})
    assert found.notes == ("page.json is page 1 of 10: load all pages together.",)


def test_pages_are_read_together_and_a_service_counts_once():
    first = json.dumps([{"id": "1", "name": "Lunch"}, {"id": "2", "name": "Tea"}]).encode()
    second = json.dumps([{"id": "2", "name": "Tea again"}, {"id": "3", "name": "Bread"}]).encode()
    found = parse_all([("1.json", first), ("2.json", second)])
    assert sorted(service.name for service in found.services) == ["Bread", "Lunch", "Tea"]
    assert found.notes == ("Services that came more than once, and count once: 1.",)


BAD = {
    "nothing": (b"", "The file is empty.", "empty-file"),
    "half a page": (b'{"contents": [{"id": "1", "na', "The file is not whole JSON: it may be cut off.", "json"),
    "another encoding": ("Café".encode("latin-1"), "The file is not UTF-8.", "encoding"),
    "another document": (b'{"services": 3}', "The file is JSON, but no list of services.", "services"),
    "an empty list": (b"[]", "The file has no service in it that can be read: its list is empty.", "services"),
    "nothing usable": (b"[{}]", "The file has no service in it that can be read: it has no id.", "services"),
    "no services CSV": (
        b"ref,title\n1,Lunch\n",
        "The file is no JSON, and as a CSV it has no column 'id'.",
        "services",
    ),
    "a CSV without rows": (b"id,name\n", "The file has no service in it that can be read", "services"),
    "a damaged CSV": (b'id,name\n1,"Lunch', "The CSV is damaged, and cannot be parted into cells.", "csv"),
    "nested without end": (b"[" * 100_000, "The file is not whole JSON: it may be cut off.", "json"),
}


@pytest.mark.parametrize(("content", "message", "rule"), BAD.values(), ids=BAD)
def test_bad_input_is_told_with_what_to_do(content, message, rule):
    with pytest.raises(BadInput) as refused:
        parse(content, "feed.json")
    assert refused.value.message.startswith(message)
    assert refused.value.next
    assert (refused.value.where.file, refused.value.where.rule) == ("feed.json", rule)
