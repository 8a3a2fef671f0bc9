"""Compiling: the two decorators behind every kernel, and a cache that no change of a source leaves stale.

numba keeps compiled code beside a module and compiles anew when that module changes, but not when another one does whose code it
has woven in. So the cache's folder is named after all kernels of this room together, and what their constants come from.
"""

import hashlib
from importlib.resources import files
from typing import Any

from numba import config, njit

CONSTANTS = ("cells.py", "evidence.py")


def _digest() -> str:
    sources = [(entry.name, entry.read_bytes()) for entry in files(__package__).iterdir() if entry.name.endswith(".py")]
    sources = sorted(source for source in sources if source[0] in CONSTANTS or b"compiled import" in source[1])
    return hashlib.sha256(repr(sources).encode()).hexdigest()[:16]


# Where the folder can't be written, numba falls back to its own.
SETTINGS: Any = config
if not SETTINGS.CACHE_DIR:
    SETTINGS.CACHE_DIR = str(files(__package__) / "__pycache__" / f"kernels-{_digest()}")

kernel = njit(cache=True, nogil=True)
"""Compile a function of arrays and numbers; it lets go of the interpreter while it runs."""
COUNTLESS: dict[str, Any] = {"_nrt": False}
lean: Any = njit(cache=True, nogil=True, **COUNTLESS)
"""As `kernel`, for a function that makes no array: then none need be counted, which is a third of the time of a short one."""
inlined = njit(cache=True, nogil=True, inline="always")
"""As `kernel`, for a short function that is woven into those that call it."""
