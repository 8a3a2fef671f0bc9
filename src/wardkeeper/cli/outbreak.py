"""`wardkeeper outbreak`."""

from wardkeeper.cli.subcommands import Table, group

COMMANDS: Table = {
    "alerts": (
        "wardkeeper.cli.outbreak_alerts",
        "alerts",
        "Look for clusters in a week of the loaded cases, and keep the alerts. Nothing is sent.",
    ),
    "accept": (
        "wardkeeper.cli.outbreak_alerts",
        "accept",
        "Accept an alert, as a named public-health lead: a campaign may rest on it then. Nothing is sent.",
    ),
    "decline": (
        "wardkeeper.cli.outbreak_alerts",
        "decline",
        "Decline an alert, as a named public-health lead. It is told again only if it grows markedly.",
    ),
    "replay": (
        "wardkeeper.cli.outbreak_replay",
        "replay",
        "Tell what alerts would have been raised each week, each from the weeks up to it alone.",
    ),
    "load": (
        "wardkeeper.cli.outbreak_load",
        "load",
        "Load cases of infection, as a new version that replaces the one in force.",
    ),
    "nowcast": (
        "wardkeeper.cli.outbreak_nowcast",
        "nowcast",
        "Estimate each area's newest total as it will be when all is reported. Later rows of the file are not looked at.",
    ),
    "nowcast-score": (
        "wardkeeper.cli.outbreak_nowcast",
        "nowcast_score",
        "Score estimates made day by day, each from what was known on its day, against what was known 30 days later.",
    ),
    "versions": (
        "wardkeeper.cli.outbreak_load",
        "show_versions",
        "List the loads of cases, the newest first: what each changed, and whether one waits with a question.",
    ),
    "coincidences": (
        "wardkeeper.cli.outbreak_coincidences",
        "coincidences",
        "Show where cases of the line list coincide, the least likely first. For public health and analysts only.",
    ),
    "scan": (
        "wardkeeper.cli.outbreak_scan",
        "scan",
        "Find clusters of cases in space, or in space and time, and how often chance alone makes one so strong.",
    ),
    "rates": (
        "wardkeeper.cli.outbreak_rates",
        "rates",
        "Show rates with intervals: of the counts loaded, for a week, or smoothed from your own files.",
    ),
    "trend": ("wardkeeper.cli.outbreak_trend", "trend", "Estimate R and growth from cases by day, window by window."),
    "detect": (
        "wardkeeper.cli.outbreak_detect",
        "detect",
        "Find unusual counts in a series, by the methods and settings of R's surveillance package.",
    ),
}

app = group(COMMANDS, "Where infection rises, and how sure we are.")
