"""Templates of GOV.UK Notify: that one says what was approved, and what to give it for each recipient.

A template either has the approved words, gaps and all, or is only ((message)), with the subject ((subject)): then the
approved words are given to it whole. Any other is refused, for people would get words that nobody approved.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wardkeeper.kernel.errors import BadInput, Where
from wardkeeper.messages.channels import ADDRESS_LINES, Channel
from wardkeeper.messages.wording import GAP, Wording

WHOLE, WHOLE_SUBJECT = "((message))", "((subject))"


@dataclass(frozen=True, slots=True)
class Template:
    """A template chosen for a channel and a language. `whole` ones take the words as they are given."""

    id: str
    channel: Channel
    language: str
    version: int
    whole: bool


def choose_template(templates: Mapping[str, str], channel: Channel, language: str) -> str:
    """Give the id of a channel's template in a language: `text Polish`, else `text`. Empty when there is none.

    `templates` maps such a name to an id. Raises BadInput for a name that begins with no channel.
    """
    for name in templates:
        if name.split(" ", maxsplit=1)[0] not in set(Channel):
            raise BadInput(
                f"“{name}” names no template.",
                "Write the channel, and the language unless it is English: text, email or “text Polish”.",
                Where(key="notify_templates"),
            )
    by_name = {name.casefold(): found for name, found in templates.items()}
    return by_name.get(f"{channel} {language}".casefold()) or by_name.get(channel.value, "")


def check_template(template: Template, wording: Wording, *, body: str, subject: str) -> Template:
    """Give the template, knowing whether it takes the words whole. Raises BadInput when it says something else."""
    if _tidy(body) == WHOLE and (template.channel is Channel.TEXT or _tidy(subject) == WHOLE_SUBJECT):
        return Template(template.id, template.channel, template.language, template.version, whole=True)
    same_subject = template.channel is Channel.TEXT or _tidy(subject) == _tidy(wording.subject)
    if _tidy(body) == _tidy(wording.body) and same_subject:
        return template
    raise BadInput(
        f"The template for {template.channel} in {template.language} does not say what was approved.",
        f"Copy the approved words into it, or use a template that is only {WHOLE}, with the subject {WHOLE_SUBJECT}.",
        Where(key=f"{template.channel} {template.language}", rule="approved words"),
    )


def personalise(template: Template, wording: Wording, recipient: Mapping[str, Any]) -> dict[str, str]:
    """Give what fills a template for one recipient (name, address, postcode), a letter's address among it."""
    values = {**wording.given, "name": str(recipient["name"] or "")}
    if template.whole:
        given = {"message": fill(wording.body, values), "subject": fill(wording.subject, values)}
    else:
        given = {gap: values[gap] for gap in wording.gaps if gap in values}
    return given | (_address(recipient) if template.channel is Channel.LETTER else {})


def fill(words: str, values: Mapping[str, str]) -> str:
    """Put values into the gaps of words; words on a condition are shown, as they are in a preview."""
    return GAP.sub(lambda gap: gap[2] or values.get(gap[1].strip().lower(), gap[0]), words)


def _address(recipient: Mapping[str, Any]) -> dict[str, str]:
    lines: Sequence[str] = [str(recipient["name"]), *(recipient["address"] or []), str(recipient["postcode"])]
    return {heading.replace(" ", "_"): line for heading, line in zip(ADDRESS_LINES, lines, strict=False)}


def _tidy(words: str) -> str:
    """Take away what no reader sees: spaces at line ends, other line ends, blank lines around."""
    lines = words.replace("\r\n", "\n").split("\n")
    return re.sub(r"\(\(\s*([^()]*?)\s*\)\)", _lower_gap, "\n".join(line.rstrip() for line in lines)).strip()


def _lower_gap(gap: re.Match[str]) -> str:
    name, mark, rest = gap[1].partition("??")
    return f"(({name.strip().lower()}{mark}{rest}))"
