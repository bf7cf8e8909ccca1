"""What a well-known cause of leaks is, and that it was met; knows no cause and no heap."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownHolder:
    """A cause of leaks that many programs share: where it keeps objects, and what to do about it.

    `way` is a regular expression that is searched for in a merged path's text, from the root to the type of
    what is held. What grows there is explained by it. Without history it is mentioned when it holds `least`
    objects, or `least_size` bytes with all that hangs on them: more than a healthy program has there.
    """

    cause: str
    way: str
    advice: str
    link: str
    least: int = 1000
    least_size: int = 1 << 40


@dataclass(frozen=True, slots=True)
class Known:
    """A known cause that was met: `row` of the mark (below 0: none), how many, bytes with all below."""

    holder: KnownHolder
    row: int
    path: str
    type: str
    count: int
    size: int
