"""Services in Open Referral UK's form: what is offered, by whom, where, when and for whom.

Reads a feed's page as it was saved (Open Referral UK 3.0, and the shapes of 1.0 that are still served), or its services
as a CSV with the names of HSDS 3.0. A service is no person: names of contacts, and whom to address a letter to, are not
kept. Nothing is refused for one faulty entry: it is left out, and told.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from wardkeeper.kernel.errors import BadInput, Where

Entry = Mapping[str, object]

PAGES = ("contents", "content")
"""What a page calls its list: in 3.0, and in 1.0."""

CLOSED = frozenset({"inactive", "defunct"})
"""Statuses of services that are not there (HSDS 3.0). A temporarily closed one is shown as such."""

DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
"""Days as iCalendar writes them (RFC 5545)."""

LONGEST = 5_000
"""Characters kept of one text: longer ones are cut, with a mark."""

JOINED = ";"
"""What parts several values in one cell of the CSV form."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where a service is given. Coordinates are degrees (WGS 84); any part may be missing."""

    name: str = ""
    address: str = ""
    postcode: str = ""
    longitude: float | None = None
    latitude: float | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One service. Texts are empty and lists have no members where the feed says nothing."""

    id: str
    name: str
    description: str = ""
    organisation: str = ""
    status: str = "active"
    url: str = ""
    email: str = ""
    phones: tuple[str, ...] = ()
    eligibility: str = ""
    schedule: tuple[str, ...] = ()
    fees: str = ""
    alert: str = ""
    taxonomy: tuple[str, ...] = ()
    locations: tuple[Location, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether there is such a service now."""
        return self.status not in CLOSED


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry that could not be read: its place in the file, 1 being the first, and why."""

    file: str
    entry: int
    reason: str


@dataclass(frozen=True, slots=True)
class Services:
    """What files of services became. `notes` say what may be missing."""

    services: tuple[Service, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def to_bytes(self) -> bytes:
        """Give the canonical bytes of the services."""
        return json.dumps([asdict(one) for one in self.services], sort_keys=True, ensure_ascii=False).encode()


def from_bytes(content: bytes) -> tuple[Service, ...]:
    """Read services back from their canonical bytes."""
    lists = ("phones", "schedule", "taxonomy")
    return tuple(
        Service(
            **{
                **one,
                **{name: tuple(one[name]) for name in lists},
                "locations": tuple(Location(**place) for place in one["locations"]),
            }
        )
        for one in json.loads(content)
    )


def parse_all(files: Iterable[tuple[str, bytes]]) -> Services:
    """Read the pages of one feed together: a service that comes twice counts once. Raises BadInput as `parse`."""
    read = [parse(content, name) for name, content in files]
    services = {one.id: one for page in reversed(read) for one in reversed(page.services)}
    notes = [note for page in read for note in page.notes]
    repeated = sum(len(page.services) for page in read) - len(services)
    if repeated:
        notes.append(f"Services that came more than once, and count once: {repeated:,}.")
    return Services(
        tuple(reversed(services.values())), tuple(one for page in read for one in page.left_out), tuple(notes)
    )


def parse(content: bytes, file: str) -> Services:
    """Read one file of services, JSON or CSV. Raises BadInput that names the file, when nothing in it can be read."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(file, "The file is not UTF-8.", "Save it as UTF-8 and load it again.", rule="encoding") from error
    start = text.lstrip()[:1]
    if not start:
        raise _bad(file, "The file is empty.", "Save the feed's page again.", rule="empty-file")
    entries, notes = _read_json(text, file) if start in "[{" else (list(_read_csv(text, file)), ())
    services, left_out = [], []
    for place, entry in enumerate(entries, 1):
        read = _read_service(entry)
        if isinstance(read, Service):
            services.append(read)
        else:
            left_out.append(LeftOut(file, place, read))
    if not services:
        why = left_out[0].reason if left_out else "its list is empty"
        raise _bad(file, f"The file has no service in it that can be read: {why}.", ADVICE, rule="services")
    return Services(tuple(services), tuple(left_out), notes)


ADVICE = "Save the page of the feed's address that ends in /services, or a CSV with the columns id and name."


def _bad(file: str, message: str, following: str, *, rule: str) -> BadInput:
    return BadInput(message, following, Where(file=file, rule=rule))


# JSON


def _read_json(text: str, file: str) -> tuple[list[object], tuple[str, ...]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad(
            file, "The file is not whole JSON: it may be cut off.", "Save the feed's page again.", rule="json"
        ) from error
    if isinstance(document, list):
        return document, ()
    for name in PAGES:
        if isinstance(document.get(name), list):
            return document[name], _note_pages(document, file)
    if "name" in document and "id" in document:
        return [document], ()
    raise _bad(file, "The file is JSON, but no list of services.", ADVICE, rule="services")


def _note_pages(page: Entry, file: str) -> tuple[str, ...]:
    pages = page.get("total_pages", page.get("totalPages"))
    if not isinstance(pages, int) or pages <= 1:
        return ()
    number = page.get("page_number", page.get("number", "?"))
    return (f"{file} is page {number} of {pages}: load all pages together.",)


def _read_service(entry: object) -> Service | str:
    """Read one entry; give the reason where it cannot be read."""
    if not isinstance(entry, dict):
        return "it is no object"
    named = {key: _text(entry.get(key)) for key in ("id", "name")}
    for key, value in named.items():
        if not value:
            return f"it has no {key}"
    organisation = _inner(entry, "organization")
    return Service(
        id=named["id"],
        name=named["name"],
        description=_text(entry.get("description")),
        organisation=_text(organisation.get("name")) or _text(entry.get("organization")),
        status=_text(entry.get("status")).lower() or "active",
        url=_text(entry.get("url")),
        email=_text(entry.get("email")),
        phones=_distinct(_phones(entry)),
        eligibility=_eligibility(entry),
        schedule=_distinct(filter(None, map(_schedule, _each(entry, "schedules", "regular_schedules")))),
        fees=_text(entry.get("fees_description")) or _text(entry.get("fees")),
        alert=_text(entry.get("alert")),
        taxonomy=_distinct(filter(None, map(_term, _each(entry, "attributes", "service_taxonomys")))),
        locations=tuple(filter(_says_something, map(_location, _each(entry, "service_at_locations")))),
    )


def _text(value: object) -> str:
    """Give a value as one line of text; nothing for what is no single value."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    line = " ".join("".join(one if one.isprintable() or one.isspace() else "" for one in str(value)).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _inner(entry: Entry, key: str) -> Entry:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def _each(entry: Entry, *keys: str) -> Iterator[Entry]:
    """Give the objects of the first of some lists that is there."""
    lists = (found for key in keys if isinstance(found := entry.get(key), list))
    return (one for one in next(lists, []) if isinstance(one, dict))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _phones(entry: Entry) -> Iterator[str]:
    """Give the service's own numbers, then those of its contacts, whose names are not read."""
    for holder in (entry, *_each(entry, "contacts")):
        for phone in _each(holder, "phones"):
            number = _text(phone.get("number")).strip('"')
            if number:
                yield number


def _eligibility(entry: Entry) -> str:
    older = (_text(one.get("eligibility")) for one in _each(entry, "eligibilitys"))
    words = [_text(entry.get("eligibility_description")), *older]
    low, high = (_age(entry.get(key)) for key in ("minimum_age", "maximum_age"))
    ages = (f"from {low} years" if low else "", f"up to {high} years" if high else "")
    return "; ".join(filter(None, (*words, *ages)))


def _age(value: object) -> str:
    return _text(value).removesuffix(".0")


def _schedule(entry: Entry) -> str:
    days = ", ".join(DAYS.get(day.strip()[-2:].upper(), "") for day in _text(entry.get("byday")).split(","))
    opens, closes = (_text(entry.get(key))[:5] for key in ("opens_at", "closes_at"))
    hours = f"{opens} to {closes}" if opens and closes else ""
    return ": ".join(filter(None, (f"{days.strip(', ')} {hours}".strip(), _text(entry.get("description")))))


def _term(entry: Entry) -> str:
    older = _text(_inner(entry, "taxonomy").get("name"))
    return _text(_inner(entry, "taxonomy_term").get("name")) or older or _text(entry.get("label"))


def _location(entry: Entry) -> Location:
    place = _inner(entry, "location")
    address = next(_each(place, "addresses", "physical_addresses"), {})
    lines = (_text(address.get(key)) for key in ("address_1", "address_2", "city"))
    found = Location(
        name=_text(place.get("name")),
        address=", ".join(filter(None, lines)),
        postcode=_text(address.get("postal_code")).upper(),
        longitude=_degrees(place.get("longitude"), most=180),
        latitude=_degrees(place.get("latitude"), most=90),
    )
    whole = found.longitude is not None and found.latitude is not None
    return found if whole else replace(found, longitude=None, latitude=None)


def _says_something(location: Location) -> bool:
    return location != Location()


def _degrees(value: object, *, most: float) -> float | None:
    """Read a coordinate; none for what is no number, out of range, or the zero that stands for "not known"."""
    try:
        number = float(_text(value))
    except ValueError:
        return None
    return number if number != 0 and abs(number) <= most else None


# CSV


def _read_csv(text: str, file: str) -> Iterator[Entry]:
    """Read the flat form: a row each service, with the names of HSDS 3.0's service and, beside them, its one place."""
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        headings = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        if not {"id", "name"} <= set(headings):
            missing = "id" if "id" not in headings else "name"
            raise _bad(
                file, f"The file is no JSON, and as a CSV it has no column '{missing}'.", ADVICE, rule="services"
            )
        reader.fieldnames = headings
        yield from map(_nest, reader)
    except csv.Error as error:
        raise _bad(
            file, "The CSV is damaged, and cannot be parted into cells.", "Save it again.", rule="csv"
        ) from error


def _nest(row: Mapping[str, str | None]) -> Entry:
    """Put a row's cells where the JSON form has them."""
    parted = {name: _parts(row.get(name)) for name in ("phone", "taxonomy", "schedule")}
    place = {**row, "name": row.get("location"), "addresses": [row]}
    return {
        **row,
        "phones": [{"number": number} for number in parted["phone"]],
        "schedules": [{"description": words} for words in parted["schedule"]],
        "attributes": [{"label": term} for term in parted["taxonomy"]],
        "service_at_locations": [{"location": place}],
    }


def _parts(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split(JOINED) if part.strip()]
