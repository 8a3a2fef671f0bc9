"""What the things of a campaign are called on a screen."""

from wardkeeper.messages.audience import MessageKind
from wardkeeper.messages.campaign_life import State, Step
from wardkeeper.messages.campaigns import Format, Messenger
from wardkeeper.messages.channels import Channel
from wardkeeper.messages.comparisons import Design
from wardkeeper.messages.files import DOOR_DROP, DOORS, LETTERS, OFFICER, PARTNERS
from wardkeeper.messages.prices import Postage

CHANNELS: dict[Channel, str] = {
    Channel.TEXT: "Text message",
    Channel.EMAIL: "Email",
    Channel.LETTER: "Letter",
}

KINDS: dict[MessageKind, tuple[str, str]] = {
    MessageKind.ROUTINE: ("Advice or news", "People who asked not to be contacted are left out."),
    MessageKind.SAFETY: ("A warning about safety", "An officer decides about people who asked not to be contacted."),
}

MESSENGERS: dict[Messenger, str] = {
    Messenger.COUNCIL: "The council",
    Messenger.GP: "A GP or nurse",
    Messenger.FAITH_LEADER: "A faith leader",
    Messenger.COMMUNITY_LEADER: "A community leader",
    Messenger.SCHOOL: "A school",
}

FORMATS: dict[Format, str] = {
    Format.LARGE_PRINT: "Large print",
    Format.EASY_READ: "Easy read",
    Format.AUDIO: "Audio",
    Format.BRITISH_SIGN_LANGUAGE: "British Sign Language film",
    Format.BRAILLE: "Braille",
}

POSTAGES: dict[Postage, str] = {
    Postage.SECOND: "Second class",
    Postage.FIRST: "First class",
    Postage.ECONOMY: "Economy",
}

LISTS: dict[str, str] = {
    LETTERS: "Letters for your own printer",
    DOORS: "Doors to knock at",
    OFFICER: "People an officer decides about",
    DOOR_DROP: "Homes by postcode sector, for leaflets",
    PARTNERS: "Counts and words for partners",
}
"""Files that are not for a sending service."""

STATES: dict[State, tuple[str, str]] = {
    State.DRAFT: ("Draft", "govuk-tag--grey"),
    State.SUBMITTED: ("Waiting for approval", "govuk-tag--yellow"),
    State.APPROVED: ("Approved", "govuk-tag--green"),
    State.DECLINED: ("Declined", "govuk-tag--red"),
    State.SENDING: ("Being sent", "govuk-tag--blue"),
    State.SENT: ("Sent", "govuk-tag--blue"),
    State.CLOSED: ("Closed", "govuk-tag--grey"),
    State.DESTROYED: ("Destroyed", "govuk-tag--grey"),
    State.STOPPED: ("Stopped", "govuk-tag--red"),
}

STEPS: dict[Step, str] = {
    Step.SUBMIT: "Submitted",
    Step.APPROVE: "Approved",
    Step.DECLINE: "Declined",
    Step.COMPARE: "Drew a comparison",
    Step.SEND: "Began to send",
    Step.FINISH: "Finished sending",
    Step.TAKE_FILE: "Took a file",
    Step.HAND_OVER: "Handed over a file",
    Step.PUT_AWAY: "Put away a file unused",
    Step.CLOSE: "Closed",
    Step.DESTROY: "Destroyed to whom it went",
    Step.STOP: "Stopped",
}

DESIGNS: dict[Design, str] = {
    Design.WORDINGS: "Two wordings",
    Design.STEPPED: "A start in steps",
}


def name_file(name: str) -> str:
    """Give a file's name on a screen: those for GOV.UK Notify tell their way and language."""
    if name in LISTS:
        return LISTS[name]
    way, _, language = name.removeprefix("notify-").partition("-")
    return f"GOV.UK Notify: {CHANNELS[Channel(way)].lower()}, {language.replace('-', ' ').title()}"


ADVISED = "Please wash your hands often and open windows. If you feel ill, stay at home and take a test."


def first_words(growth: float | None) -> str:
    """Give a first draft that passes the checks on words; nobody has to send it.

    `growth` is the newest week's cases over those of the week before, in an open alert: a message does not say that cases
    rise where they fall. Without an alert it says nothing of them.
    """
    if growth is None:
        return f"Please help to keep infection from spreading in your area. {ADVISED}"
    return f"Cases of infection are {'rising' if growth > 1 else 'higher than usual'} in your area. {ADVISED}"
