"""`wardkeeper message`."""

from wardkeeper.cli.subcommands import Table, group

COMMANDS: Table = {
    "plan": (
        "wardkeeper.cli.message_plan",
        "plan",
        "Plan a message: how many homes are reached how, at what cost, who is not and why. Nothing is sent.",
    ),
    "translations": (
        "wardkeeper.cli.message_translations",
        "translations",
        "Write a sheet for translators to fill: a row for each piece of text, a column for each language.",
    ),
    "send": (
        "wardkeeper.cli.message_send",
        "send",
        "Say what sending an approved campaign would do; with --send, do it, or go on where it was cut off.",
    ),
    "files": (
        "wardkeeper.cli.message_files",
        "files",
        "Write the files of an approved campaign, for whom no message has reached: letters, doors, leaflets, partners.",
    ),
    "hand-over": (
        "wardkeeper.cli.message_files",
        "hand_over",
        "Record that a file of a campaign was posted, or handed to whoever sends it.",
    ),
    "status": (
        "wardkeeper.cli.message_send",
        "status",
        "Tell what became of a campaign's messages: counts that add up, and what is still to be done.",
    ),
    "effect": (
        "wardkeeper.cli.message_effect",
        "effect",
        "Estimate what a campaign changed: a difference in differences by area, with its 95% interval.",
    ),
    "compare": (
        "wardkeeper.cli.message_compare",
        "compare",
        "Draw by area which wording is sent where, or when areas begin, as a public-health lead. Never for safety messages.",
    ),
    "submit": (
        "wardkeeper.cli.message_life",
        "submit",
        "Submit a campaign's draft for approval by a public-health lead.",
    ),
    "approve": (
        "wardkeeper.cli.message_life",
        "approve",
        "Approve a campaign, as a public-health lead who did not make it. It can then be sent.",
    ),
    "decline": (
        "wardkeeper.cli.message_life",
        "decline",
        "Decline a campaign, as a public-health lead, with a reason.",
    ),
    "stop": (
        "wardkeeper.cli.message_life",
        "stop",
        "Stop a campaign at any time: nothing more is sent, not even by a run that is under way.",
    ),
    "close": (
        "wardkeeper.cli.message_life",
        "close",
        "Close a campaign that was sent or stopped, with --confirm: to whom it went can no longer be read.",
    ),
    "destroy": (
        "wardkeeper.cli.message_life",
        "destroy",
        "Destroy to whom a closed campaign went, as a second person; one of the two is the data protection officer.",
    ),
    "list": ("wardkeeper.cli.message_life", "list_them", "List campaigns, the newest first."),
}

app = group(COMMANDS, "Messages to chosen areas.")
