"""A campaign as it is put to its approver: what would be said to whom, by whom, how, in how many messages, at what cost.

A draft is a plain value without anybody's name or number, so it may be stored, compared and kept after the campaign.
Making one is left to the plan; approving and sending one to the use cases that store it.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from wardkeeper.kernel.ids import mint
from wardkeeper.kernel.spans import from_text, to_text
from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.plan import Outcome
from wardkeeper.messages.scripts import ENGLISH
from wardkeeper.messages.wording import Wording

EVERYWHERE = ""
"""In a `Speaker`: any area, or any language."""


class Messenger(StrEnum):
    """Who speaks to people."""

    COUNCIL = "council"
    GP = "gp"
    FAITH_LEADER = "faith-leader"
    COMMUNITY_LEADER = "community-leader"
    SCHOOL = "school"


class Format(StrEnum):
    """A form of the message for people who can't use the plain one."""

    LARGE_PRINT = "large-print"
    EASY_READ = "easy-read"
    AUDIO = "audio"
    BRITISH_SIGN_LANGUAGE = "bsl"
    BRAILLE = "braille"


@dataclass(frozen=True, slots=True)
class Words:
    """The words in one language, with ((gaps)) as in GOV.UK Notify."""

    language: str
    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, in one area and language; `EVERYWHERE` stands for all that no other line names."""

    messenger: Messenger
    area: str = EVERYWHERE
    language: str = EVERYWHERE


@dataclass(frozen=True, slots=True)
class OutcomeTotal:
    """How many homes and people have one outcome."""

    outcome: Outcome
    homes: int
    people: int


@dataclass(frozen=True, slots=True)
class MessageTotal:
    """How many messages go by one channel in one language, and what they cost: whole pence, without value added tax."""

    channel: Channel
    language: str
    messages: int
    pence: int


@dataclass(frozen=True, slots=True)
class PlanTotal:
    """What the plan came to when it was made; it stays as it was put to the approver.

    The homes of `outcomes` add up to `homes` and their people to `people`. `languages` are people by recorded
    language, and `unknown_language` those with none. `unreachable_homes` and `unreachable_people` need a knock;
    `unplaced` people have no known home and are in no other count. `prices_from` is the day the prices are of.
    """

    homes: int
    people: int
    outcomes: tuple[OutcomeTotal, ...]
    messages: tuple[MessageTotal, ...]
    languages: tuple[tuple[str, int], ...]
    unknown_language: int
    unreachable_homes: int
    unreachable_people: int
    unplaced: int
    prices_from: str

    @property
    def pence(self) -> int:
        """What all the messages cost, in whole pence."""
        return sum(line.pence for line in self.messages)

    def count(self, channel: Channel) -> int:
        """Give how many messages go by a channel, in all languages."""
        return sum(line.messages for line in self.messages if line.channel is channel)


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """A campaign before anybody approved it.

    `areas` are the codes the officer chose, `alert` the id of the alert that led to them (empty when none did).
    `words` has English first and then each translation that is ready. `values` fill gaps that are the same for
    everybody. `channels` is the order in which ways to reach a home are tried. `singles_out` are the words that may
    single out a street, a setting or a community: the approver must acknowledge them (empty when there are none).
    """

    id: str
    areas: tuple[str, ...]
    alert: str
    purpose: str
    kind: MessageKind
    words: tuple[Words, ...]
    values: tuple[tuple[str, str], ...]
    channels: tuple[Channel, ...]
    speakers: tuple[Speaker, ...]
    formats: tuple[Format, ...]
    singles_out: tuple[str, ...]
    total: PlanTotal
    made_by: str
    made_at: datetime

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are words in, English first."""
        return tuple(words.language for words in self.words)

    @property
    def fingerprint(self) -> str:
        """A hash of everything in the draft: what an approval is an approval of."""
        return sha256(self.to_bytes()).hexdigest()

    def wording(self, language: str = ENGLISH) -> Wording:
        """Give the words for somebody who reads a language: theirs where there is a translation, else the English."""
        words = next((one for one in self.words if one.language == language), self.words[0])
        return Wording(words.body, words.subject, self.kind, dict(self.values))

    def wording_in_full(self) -> Wording:
        """Give the English words with their translations."""
        others = {language: self.wording(language) for language in self.languages if language != ENGLISH}
        return replace(self.wording(), translations=others)

    def to_bytes(self) -> bytes:
        """Give the canonical bytes that are stored."""
        content = {**asdict(self), "made_at": to_text(self.made_at)}
        return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "CampaignDraft":
        """Read a stored draft."""
        values = json.loads(content)
        return cls(
            **{
                **values,
                "areas": tuple(values["areas"]),
                "kind": MessageKind(values["kind"]),
                "words": tuple(Words(**one) for one in values["words"]),
                "values": _pairs(values["values"]),
                "channels": tuple(Channel(one) for one in values["channels"]),
                "speakers": tuple(
                    Speaker(**{**one, "messenger": Messenger(one["messenger"])}) for one in values["speakers"]
                ),
                "formats": tuple(Format(one) for one in values["formats"]),
                "singles_out": tuple(values["singles_out"]),
                "total": _total(values["total"]),
                "made_at": from_text(values["made_at"]),
            }
        )


def mint_campaign(entropy: bytes) -> str:
    """Make a campaign's id from at least 8 random bytes."""
    return mint("cam", entropy)


def _pairs(rows: list[list[Any]]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)


def _total(values: dict[str, Any]) -> PlanTotal:
    return PlanTotal(
        **{
            **values,
            "outcomes": tuple(
                OutcomeTotal(**{**one, "outcome": Outcome(one["outcome"])}) for one in values["outcomes"]
            ),
            "messages": tuple(
                MessageTotal(**{**one, "channel": Channel(one["channel"])}) for one in values["messages"]
            ),
            "languages": _pairs(values["languages"]),
        }
    )
