"""What a capture saw, and what it could not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class Captured:
    """A capture: objects, references, shallow bytes; the pause it made and the bytes it takes.

    `unseen` frozen objects were not met by the walk; `dead` referents were skipped.
    """

    objects: int
    references: int
    size: int
    garbage: int
    pause: float
    memory: int
    unseen: int
    dead: int
    next: str


def describe_capture(heap: Heap) -> Captured:
    """Say what a capture saw. O(V)."""
    garbage = sum(count for count, _ in heap.tally(GARBAGE).values())
    return Captured(
        objects=heap.graph.nodes,
        references=heap.graph.references,
        size=sum(size for _, size in heap.tally().values()),
        garbage=garbage,
        pause=heap.pause,
        memory=heap.nbytes,
        unseen=heap.unseen,
        dead=heap.dead,
        next="leak gc" if garbage else "leak types 20",
    )
