"""What changed between two marks, as values: rows with a verdict each; judges nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One path, or one place beyond all paths, that changed: `verdict` says how.

    `path` leads to the `type` whose objects became more or fewer, with all that hangs on them in `size`;
    empty for what is on no path. `counts` and `sizes` are by mark. `origin` is where most were
    allocated, if that is traced. Rates are per minute
    of the time that the program ran, 0 where it did not.
    """

    verdict: str
    path: str
    type: str
    count: int
    count_change: int
    size: int
    size_change: int
    count_rate: float
    size_rate: float
    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from mark `before` to mark `after` in `seconds`, what grows first; `marks` were compared.

    `seconds` is None where there is one mark only, and where both are of different processes: nothing is said
    of time then, and `rows` are what one has more of than the other. `rss` is its change without pdbleak's
    own, `objects` and `size` those of all objects. `steady` paths did not change, `noise` so little that it
    says nothing; `omitted` rows are not shown.
    """

    before: str
    after: str
    seconds: float | None
    marks: int
    rss: int
    objects: int
    size: int
    rows: tuple[Change, ...]
    steady: int
    noise: int
    omitted: int
    next: str
