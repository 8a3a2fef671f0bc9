"""A browser without a network: Starlette's test client, imported without its notice."""

import warnings

from starlette.exceptions import StarletteDeprecationWarning

with warnings.catch_warnings():
    # The test client still takes httpx; moving to its successor is one dependency for tests alone.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from starlette.testclient import TestClient as Browser

__all__ = ["Browser"]
