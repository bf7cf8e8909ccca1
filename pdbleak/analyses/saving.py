"""What was saved: a heap in a file, as a value; knows no file format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Saved:
    """A heap in a file: its path and bytes, the objects and references in it.

    `forms` objects have a one-line form of their own; `missed` were gone before they could be told of.
    With `redacted` no values are in it. `seconds` is how long that took.
    """

    path: str
    size: int
    objects: int
    references: int
    forms: int
    missed: int
    redacted: bool
    seconds: float
    next: str
