"""Invented street, block and home names, put together from word lists: no street of the district is among them.

Two invented halves make a word no map has, such as "Quillembry"; the ending is an ordinary street type, so that the
names are mistyped, shortened and misheard as real ones are.
"""

import numpy as np

from wardkeeper.demo.draws import Texts

FIRST_HALVES = (
    "Quill", "Ember", "Fennick", "Wimble", "Tansel", "Osker", "Brindle", "Cobber", "Dapple", "Ferrin", "Gossam",
    "Hobbel", "Ickle", "Jossam", "Kettel", "Larrick", "Mizzle", "Nettan", "Orrel", "Pippel", "Quaver", "Rumble",
    "Saffel", "Tamble", "Umbrel", "Vessel", "Wickam", "Yarrel", "Zebbin", "Amberil", "Bramwin", "Cindel", "Dorrin",
    "Elvick", "Fiddel", "Gimmel", "Hazzel", "Inkwel", "Jarrel", "Kindel", "Lissom", "Marrel", "Noddel", "Ottrel",
)  # fmt: skip
SECOND_HALVES = (
    "bry", "combry", "dallow", "fessing", "gander", "hollick", "jessop", "kettering", "lavery", "mantle", "nessock",
    "ombrey", "pellow", "quarrick", "rossen", "sallick", "tarrant", "umber", "vassey", "wessock", "yallop", "zennor",
    "beddow", "crannick", "dorrow", "farrick", "gilloway", "hessian", "kellock", "limmock", "morrow", "nimmock",
)  # fmt: skip
STREET_TYPES = (
    "Road", "Road", "Road", "Avenue", "Avenue", "Street", "Street", "Lane", "Drive", "Drive", "Close", "Close",
    "Grove", "Crescent", "Gardens", "Way", "Place", "Court", "Walk", "Terrace",
)  # fmt: skip
BLOCK_TYPES = ("House", "Court", "Point", "Heights", "Lodge", "Mill", "Wharf", "Gate")


def invent_words(random: np.random.Generator, count: int) -> Texts:
    """Give `count` different invented words; their number is the product of the two lists (1,408), then they repeat."""
    pairs = len(FIRST_HALVES) * len(SECOND_HALVES)
    order = np.resize(random.permutation(pairs), count)
    firsts = np.array(FIRST_HALVES)[order % len(FIRST_HALVES)]
    return np.strings.add(firsts, np.array(SECOND_HALVES)[order // len(FIRST_HALVES)])


def invent_streets(random: np.random.Generator, count: int) -> Texts:
    """Give `count` different street names: a word that comes round again gets another street type."""
    kinds = list(dict.fromkeys(STREET_TYPES))
    words = invent_words(random, count)
    first = np.array(STREET_TYPES)[random.integers(0, len(STREET_TYPES), count)]
    turn = np.arange(count) // (len(FIRST_HALVES) * len(SECOND_HALVES))
    place = np.array([kinds.index(kind) for kind in first[: len(FIRST_HALVES) * len(SECOND_HALVES)]])
    types = np.array(kinds)[(np.resize(place, count) + turn) % len(kinds)]
    return np.strings.add(np.strings.add(words, " "), types)


def invent_blocks(random: np.random.Generator, count: int) -> Texts:
    """Give `count` names for blocks of flats."""
    types = np.array(BLOCK_TYPES)[random.integers(0, len(BLOCK_TYPES), count)]
    return np.strings.add(np.strings.add(invent_words(random, count), " "), types)
