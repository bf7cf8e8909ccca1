"""Which references of a path are suspect: from the last object in use down to the first finished."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pdbleak.analyses.judging import Judgement, judge
from pdbleak.heap import IMMORTAL, MODULE, NAMESPACE, TYPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.heap import Heap

Verdict = Literal["alive", "unknown", "leaking"]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is thought of one object of a path, why (empty if nothing tells), and of the reference to it."""

    verdict: Verdict
    reason: str
    suspect: bool


def judge_node(heap: Heap, node: int, found: dict[int, Any]) -> Judgement | None:
    """Return what an object tells of its use; the capture tells of modules, classes, immortal objects."""
    for flag, reason in (
        (MODULE, "a module"),
        (NAMESPACE, "the names of a module"),
        (TYPE, "a class"),
        (IMMORTAL, "lives as long as the interpreter"),
    ):
        if heap.has(node, flag):
            return Judgement("alive", reason)
    return judge(found[node]) if node in found else None


def suspect(judgements: Sequence[Judgement | None]) -> tuple[Suspicion, ...]:
    """Return what to think of each object, from a root's first down to the subject's own, the last.

    All above what is in use are in use; all below what has finished leak, where nothing below is in use
    after all. What leads from the one to the other is suspect. Where nothing has finished, the subject is
    taken as leaking: somebody asked why it lives. As LeakCanary does it. O(steps).
    """
    last = len(judgements) - 1
    alive = max((place for place, each in enumerate(judgements) if _is(each, "alive")), default=-1)
    leaking = next(
        (place for place in range(alive + 1, last + 1) if _is(judgements[place], "finished")), last
    )
    thoughts: list[Suspicion] = []
    for place, each in enumerate(judgements):
        verdict: Verdict = "alive" if place <= alive else "leaking" if place >= leaking else "unknown"
        reason = "" if each is None else each.reason
        if not reason and place < alive:
            reason = "it leads to what is in use"
        elif not reason and place > leaking:
            reason = "it is held by what has finished"
        elif not reason and verdict == "leaking":
            reason = "assumed, since nothing on its path has finished"
        elif place < alive and _is(each, "finished"):
            reason += ", but leads to what is in use"
        thoughts.append(Suspicion(verdict, reason, alive < place <= leaking))
    return tuple(thoughts)


def _is(judgement: Judgement | None, verdict: str) -> bool:
    return judgement is not None and judgement.verdict == verdict
