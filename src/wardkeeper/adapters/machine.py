"""What this process has used of the machine, and the same command again with another number of threads."""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

THREAD_SETTINGS = ("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Read once, when the libraries are imported: so another number needs another process."""

ENTRY = "from wardkeeper.cli.main import run; run()"


TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
"""Settings of glibc's mallopt (malloc.h)."""
LARGE = 1 << 30


def keep_memory() -> None:
    """Have freed memory kept for the next large column, not given back and asked for again: a fifth of a linking's time.

    Does nothing where the C library is not glibc.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        for setting, value in ((MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE), (TOP_PAD, 64 << 20)):
            library.mallopt(setting, value)


def cpu_seconds() -> float:
    """Give user and system time of this process, its threads and the children it has waited for, in seconds."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def clock_seconds() -> float:
    """Give seconds on a clock that only measures spans."""
    return time.perf_counter()


def peak_mb() -> float:
    """Give the most memory that this process has held so far: ru_maxrss, which Linux counts in KiB, as MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_again(arguments: Sequence[str], *, threads: int) -> int:
    """Run the command line `wardkeeper ARGUMENTS` in a process of its own with so many threads; give its exit code."""
    settings = {**os.environ, **dict.fromkeys(THREAD_SETTINGS, str(threads))}
    return subprocess.run([sys.executable, "-c", ENTRY, *arguments], env=settings, check=False).returncode  # noqa: S603 - our own program
