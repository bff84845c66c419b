"""Python's garbage collector beside the officer: it stops everything while it looks through the objects of a window."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def waiting() -> Iterator[None]:
    """It waits until what is inside is done: of a hundred F9 the slowest took 25 ms with it and 19 without."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
