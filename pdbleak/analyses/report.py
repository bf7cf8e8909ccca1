"""Several answers about one heap, for one page; knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pdbleak.analyses.captured import Captured
    from pdbleak.analyses.finding import Triage
    from pdbleak.analyses.history import History
    from pdbleak.analyses.memory import Memory
    from pdbleak.analyses.paths import Paths
    from pdbleak.analyses.retained_census import RetainedCensus
    from pdbleak.analyses.top import Top
    from pdbleak.analyses.tree import ReferenceTree


@dataclass(frozen=True, slots=True)
class Report:
    """What `path` is to show of a heap; `program` is whose it is.

    `memory` and `history` are None where nobody knows them: of a heap that was saved without marks. `paths`
    and `trees` are of the types of the program that retain most. With `redacted` no values are in it.
    """

    path: str
    program: str
    captured: Captured
    triage: Triage
    memory: Memory | None
    history: History | None
    types: RetainedCensus
    top: Top
    paths: tuple[Paths, ...]
    trees: tuple[ReferenceTree, ...]
    redacted: bool
    seconds: float
    next: str
