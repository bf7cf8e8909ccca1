"""What else an answer says of one object: its finalizer, its weak references; calls nothing of its class."""

from __future__ import annotations

import weakref
from typing import Any, Literal

from pdbleak.names.types import has_finalizer, is_c_type
from pdbleak.remembered import Remembered

_read_weakrefoffset = type.__dict__["__weakrefoffset__"].__get__


def is_finalized(item: object) -> bool:
    """Tell whether an object's type has a `__del__`."""
    return item.finalizer if type(item) is Remembered else has_finalizer(type(item))


def weak_references(item: object) -> int:
    """Return how many weak references there are to an object."""
    return item.weak if type(item) is Remembered else weakref.getweakrefcount(item)


def is_remembered(item: object) -> bool:
    """Tell whether an object stands for one of a saved heap."""
    return type(item) is Remembered


def remembered_state(item: Any) -> tuple[Literal["", "alive", "finished"], str]:
    """Return what was written down of an object's state, and why; empty texts where it did not tell."""
    return item.verdict, item.reason


def lacks_weak(item: object) -> Literal["", "slots", "type"]:
    """Return what keeps weak references off an object: its class's slots, its C type, nothing known."""
    cls = type(item)
    if cls is Remembered or _read_weakrefoffset(cls):
        return ""
    return "type" if is_c_type(cls) else "slots"
