"""The files of a campaign, by name: what goes to a sending service, a printer, who knocks, an officer and partners."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from wardkeeper.messages.campaigns import Speaker
from wardkeeper.messages.channels import ADDRESS_LINES, Channel
from wardkeeper.messages.doordrops import count_doors
from wardkeeper.messages.notify import address_lines, notify_file, whole_words
from wardkeeper.messages.partners import partners_list
from wardkeeper.messages.plan import MessagePlan

DOORS, OFFICER, DOOR_DROP, PARTNERS, LETTERS = (
    "door-knocking",
    "for-an-officer",
    "door-drop",
    "partners",
    "letters-to-print",
)
NOTIFY = "notify"


def campaign_files(
    plan: MessagePlan,
    *,
    areas: pl.DataFrame,
    addresses: pl.DataFrame | None,
    speakers: Sequence[Speaker] = (),
) -> Mapping[str, pl.DataFrame]:
    """Give each file that has rows, by its name without ending; an empty one is left out.

    `areas` has lsoa, area and name as `partners_list` takes them; `addresses` postcode and lsoa, or null where there is
    no list of addresses. Files for Notify are one for each channel and language.
    """
    sent = plan.recipients.select("channel", "language").unique().sort("channel", "language").iter_rows()
    files = {
        name_notify_file(channel, language): notify_file(plan, Channel(channel), language) for channel, language in sent
    }
    files[LETTERS] = letters_file(plan)
    files[DOORS] = plan.doors.drop("home_id").sort("lsoa", "postcode", "address")
    files[OFFICER] = plan.officer.drop("resident_id", "home_id").sort("postcode", "address", "name")
    files[PARTNERS] = partners_list(plan, areas, speakers)
    if addresses is not None:
        files[DOOR_DROP] = count_doors(addresses, areas["lsoa"].unique().to_list())
    return {name: frame for name, frame in files.items() if frame.height}


def letters_file(plan: MessagePlan) -> pl.DataFrame:
    """Give the letters for the council's own printer: language, address lines, subject and words; a row a letter."""
    rows = plan.recipients.filter(pl.col("channel") == Channel.LETTER)
    return rows.select(
        "language",
        *address_lines(),
        subject=whole_words(plan, lambda words: words.subject),
        message=whole_words(plan, lambda words: words.body),
    ).sort("language", ADDRESS_LINES[-1])


def name_notify_file(channel: str, language: str) -> str:
    """Name the file for Notify of a channel and language."""
    return f"{NOTIFY}-{channel}-{language.lower().replace(' ', '-')}"


def holds_messages(name: str) -> bool:
    """Tell whether each row of a file is somebody's message, which another file may hold too."""
    return name == LETTERS or name.startswith(f"{NOTIFY}-")


def same_letters(name: str, others: Iterable[str]) -> list[str]:
    """Give those of other files that hold letters of this file too: letters come for the council's printer and for Notify."""
    pairs = [(one, {name, one} - {LETTERS}) for one in others if LETTERS in {name, one}]
    return [one for one, rest in pairs if any(other.startswith(f"{NOTIFY}-{Channel.LETTER}-") for other in rest)]


def one_kind_of_letters(names: Sequence[str], out: Iterable[str] = ()) -> list[str]:
    """Leave out the files whose letters are in another: in one that is `out`, or else in the council's printer's."""
    held = list(out)
    free = [name for name in names if not same_letters(name, held)]
    return [name for name in free if name == LETTERS or not same_letters(name, free)]


def recipients_of(name: str, recipients: pl.DataFrame) -> pl.DataFrame:
    """Give the recipients (channel, language and more) who are in a file: none for one that is not of messages."""
    if name == LETTERS:
        return recipients.filter(pl.col("channel") == Channel.LETTER)
    kinds = recipients.select("channel", "language").unique()
    theirs = [
        (channel, language) for channel, language in kinds.iter_rows() if name_notify_file(channel, language) == name
    ]
    wanted = pl.DataFrame(theirs, schema={"channel": pl.String, "language": pl.String}, orient="row")
    return recipients.join(wanted, on=["channel", "language"], how="semi", maintain_order="left")
