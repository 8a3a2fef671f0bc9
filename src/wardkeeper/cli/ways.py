"""The way to do what a refusal sends to, by a command."""

from wardkeeper.kernel.ways import Way

COMMANDS: dict[Way, str] = {
    Way.LOAD_CASES: "Run wardkeeper outbreak load.",
    Way.MATCH_BOUNDARIES: "Run wardkeeper outbreak load again, with --boundaries FILE of the areas counted.",
    Way.LIST_ALERTS: "wardkeeper outbreak alerts lists them.",
    Way.RAISE_ALERTS: "Run wardkeeper outbreak alerts.",
    Way.LIST_CAMPAIGNS: "wardkeeper message list lists them.",
    Way.SUBMIT_CAMPAIGN: "Run wardkeeper message submit, then wardkeeper message approve.",
    Way.NAME_TEMPLATE: "Or give it: --template 'text=ID'.",
    Way.JOIN_RECORDS: "Run wardkeeper link.",
}
"""What is said after an error's own next step."""
