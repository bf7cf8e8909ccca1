"""What else an answer says of one object: its finalizer, its weak references; calls nothing of its class."""

from __future__ import annotations

import weakref

from pdbleak.names.types import has_finalizer
from pdbleak.remembered import Remembered


def is_finalized(item: object) -> bool:
    """Tell whether an object's type has a `__del__`."""
    return item.finalizer if type(item) is Remembered else has_finalizer(type(item))


def weak_references(item: object) -> int:
    """Return how many weak references there are to an object."""
    return item.weak if type(item) is Remembered else weakref.getweakrefcount(item)
