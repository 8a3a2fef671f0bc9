"""Where infection rises, how sure we are, and what may be missing.

Takes frames and gives frames: reading files is left to adapters, whom to tell is left to `messages`. The functions
named in `LIBRARY` can be taken from here; each loads its own room only when it is asked for.
"""

from importlib import import_module

LIBRARY = {
    "find_alerts": "alerting.finding",
    "replay": "alerting.replaying",
    "check_boundaries": "boundaries",
    "convert_areas": "boundaries",
    "read_area_lookup": "boundaries",
    "from_published": "published",
    "count_line_list": "cases",
    "find_coincidences": "coincidences",
    "read_line_list": "line_lists",
    "estimate_growth": "growth",
    "estimate_r": "reproduction",
    "smooth_rates": "smoothing",
    "GammaInterval": "serial_intervals",
    "KnownInterval": "serial_intervals",
    "UncertainInterval": "serial_intervals",
    "nowcast": "delays.nowcasting",
    "nowcast_counts": "delays.weekly",
    "scan": "space.scans",
    "farrington": "series.farrington",
    "ears": "series.ears",
    "cusum": "series.cusum",
    "score_nowcasts": "delays.scoring",
    "triangle_of": "delays.line_lists",
}
"""What anyone may use, and the room each stands in."""

__all__ = sorted(LIBRARY)  # noqa: PLE0605 the table is the list


def __getattr__(name: str) -> object:
    """Take a function of the library from its room. Rooms hold compiled code, which would slow every command."""
    if name not in LIBRARY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{LIBRARY[name]}"), name)
