"""Spoken references: what a line of the list is called over the radio, such as Delta 14."""

WORDS = (
    "Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa Quebec Romeo "
    "Sierra Tango Uniform Victor Whiskey Xray Yankee Zulu"
).split()
"""The NATO alphabet: words that stay apart on a poor line."""

PER_WORD = 99


def spoken(position: int) -> str:
    """Give the reference of the line at a position, counted from 0.

    Two digits after one word; past 26 x 99 lines, two words ("Alpha Alpha 1"), and so on.
    """
    block, number = divmod(position, PER_WORD)
    words = []
    while True:
        block, letter = divmod(block, len(WORDS))
        words.append(WORDS[letter])
        if block == 0:
            break
        block -= 1
    return f"{' '.join(reversed(words))} {number + 1}"
