"""What the heap itself says to the findings: their holders, and what a cut frees; ranks nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak._native import algorithms
from pdbleak.analyses.bounded import lower_bounded
from pdbleak.analyses.exactpath import name_exactly, typical_members
from pdbleak.analyses.finding import Triage
from pdbleak.analyses.holders import find_hidden
from pdbleak.analyses.kinds import classes_of
from pdbleak.analyses.marking import groups_of_rows, members_of_rows
from pdbleak.analyses.memory import report
from pdbleak.analyses.opaque import IN_SIGHT
from pdbleak.analyses.retaining import weigh
from pdbleak.analyses.state import State
from pdbleak.analyses.zombies import find_zombies
from pdbleak.names.types import is_c_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.analyses.finding import Finding
    from pdbleak.analyses.mark import Mark, MarkRows
    from pdbleak.analyses.triage import Ranked, Ranking
    from pdbleak.heap import Heap

# Findings for which a walk of the heap is made.
MOST_WEIGHED = 3
ZOMBIE_TYPES = 5
# Commands that a saved heap cannot answer.
ASKS_PROGRAM = ("leak auto", "leak orphans", "leak memory --")


def look_at_state(heap: Heap, *, collecting: bool, live: bool = True) -> State:
    """Gather what the moment says beside the marks; a saved heap tells less of it. O(V + E)."""
    zombies = find_zombies(heap, limit=ZOMBIE_TYPES) if _is_judged(heap) else None
    opaque = frozenset(
        heap.types[row]
        for row, cls in (classes_of(heap) if live else {}).items()
        if heap.type_modules[row] not in IN_SIGHT and (is_c_type(cls) or _is_in_c(heap.type_modules[row]))
    )
    known = find_hidden(heap) if live else ()
    return State(zombies=zombies, known=known, collecting=collecting, opaque=opaque, own=heap.program_types)


def _is_in_c(name: str) -> bool:
    """Tell whether a module was made by C: classes of it may be, though they do not look so."""
    module = sys.modules.get(name)
    file = module.__dict__.get("__file__") if type(module) is ModuleType else None
    return name in sys.builtin_module_names or (type(file) is str and file.endswith(".so"))


def answer(
    heap: Heap,
    marks: Sequence[Mark],
    ranking: Ranking,
    *,
    limit: int = 5,
    bind: Callable[[object], str] | None = None,
    live: bool = True,
) -> Triage:
    """Make the answer of a ranking: the strongest findings are weighed and bound. O(V + E) for each.

    What is not `live`, a saved heap, cannot be left to run for more marks.
    """
    ranking = lower_bounded(heap, ranking)
    accused = [each for each in ranking.ranked if each.accuses]
    shown = strongest(ranking, limit)
    findings = _weighed(heap, marks[-1].rows, shown, bind)
    if not live:
        findings = [_of_saved(each, judged=_is_judged(heap)) for each in findings]
    first, now = marks[0], marks[-1]
    ledger = report(first.ledger if len(marks) > 1 else None, now.ledger)
    split = min(len(accused), limit)
    return Triage(
        findings=tuple(findings[:split]),
        suspects=tuple(findings[split:]),
        omitted=max(0, len(accused) - limit),
        marks=len(marks),
        seconds=now.taken - first.taken,
        rss=now.ledger.rss,
        change=ledger.change,
        memory=_memory_text(ledger.verdict, ledger.basis, compared=len(marks) > 1),
        checked=ranking.checked,
        next=_next(findings, len(marks)) if live else next((f.then for f in findings if f.then), "leak top"),
    )


def strongest(ranking: Ranking, limit: int) -> list[Ranked]:
    """Return the findings that are shown: those that accuse, then the others as far as there is room."""
    accused = [each for each in ranking.ranked if each.accuses]
    suspected = [each for each in ranking.ranked if not each.accuses]
    return [*accused[:limit], *suspected[: max(0, limit - len(accused))]]


def _memory_text(verdict: str, basis: int, *, compared: bool) -> str:
    if not verdict or verdict == "steady":
        return "no place of it grew" if verdict else ""
    mebibytes = f"{basis / (1 << 20):,.1f} MiB"
    return f"{verdict} grew most, by {mebibytes}" if compared else f"most of it is {verdict}, {mebibytes}"


def _next(findings: Sequence[Finding], marks: int) -> str:
    first = findings[0].then if findings else ""
    return first if first and marks > 2 else "leak auto 3 20"  # noqa: PLR2004 - two marks are one interval


def _is_judged(heap: Heap) -> bool:
    """Tell whether it is known what has finished: a file of an older pdbleak does not tell."""
    return heap.recall is None or heap.recall.judged is not None


def _of_saved(finding: Finding, *, judged: bool) -> Finding:
    """Return a finding whose next command does not ask the program, nor what the file does not tell."""
    if finding.handle and finding.then.startswith("leak why") and not judged:
        return replace(finding, then=f"leak chain {finding.handle}")
    return replace(finding, then="") if finding.then.startswith(ASKS_PROGRAM) else finding


def _weighed(
    heap: Heap, rows: MarkRows, ranked: Sequence[Ranked], bind: Callable[[object], str] | None
) -> list[Finding]:
    """Return the findings with numbers, handles, and for the first few what a cut frees."""
    found = []
    known = groups_of_rows(heap)
    total = weigh(heap, heap.graph.reach(heap.roots)) if ranked else (0, 0)
    for place, each in enumerate(ranked):
        finding = replace(each.finding, number=place + 1)
        if known is not None and each.row >= 0:
            tree, groups = known
            shown = each.elements[0] if each.elements else each.row
            members = members_of_rows(tree, groups, (shown,))
            if members:
                one = not each.elements
                typical = (max(members, key=heap.size),) if one else typical_members(tree, members)
                path = name_exactly(heap, tree, rows, shown, typical, one=one).text
                finding = _bound(heap, replace(finding, path=path), typical[-1:], bind)
            if place < MOST_WEIGHED and each.elements:
                wall = algorithms.marked(heap.graph.nodes, members_of_rows(tree, groups, each.elements))
                left = weigh(heap, heap.graph.reach(heap.roots, blocked=wall))
                finding = replace(finding, frees_objects=total[0] - left[0], frees_size=total[1] - left[1])
        found.append(finding)
    return found


def _bound(
    heap: Heap, finding: Finding, nodes: Sequence[int], bind: Callable[[object], str] | None
) -> Finding:
    objects = heap.resolve(nodes) if bind is not None else {}
    if not objects or bind is None:
        return finding
    (item,) = objects.values()
    handle = bind(item)
    origin = names.origin_of(item)
    return replace(finding, handle=handle, origin=origin, then=f"leak why {handle}")
