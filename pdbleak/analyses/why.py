"""Why an object is alive: the path from its root, each step judged, the suspect references told."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak.analyses.chain import NOT_HELD, ends_of, follow, path_down, shorten
from pdbleak.analyses.detour import OUTSIDE, without
from pdbleak.analyses.fingerprint import count_alike
from pdbleak.analyses.neighbours import form_of, next_for
from pdbleak.analyses.roots import describe_root
from pdbleak.analyses.suspicion import Verdict, judge_node, suspect
from pdbleak.heap import GARBAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.analyses.chain import Step
    from pdbleak.analyses.suspicion import Suspicion
    from pdbleak.heap import Heap
    from pdbleak.subject import Subject

NO_OTHER = "no other path: what is ignored is all that holds it"
CYCLIC_NOTE = "no path that the capture can see"


@dataclass(frozen=True, slots=True)
class JudgedStep:
    """One object of the path: `holder_address` is that of what refers to it, 0 for what is no object.

    `verdict` is *alive*, *leaking* or *unknown*, `reason` why; `suspect` says that the reference to it may be
    the mistake.
    """

    number: int
    reference: str
    type: str
    form: str
    size: int
    address: int
    node: int
    holder_address: int
    verdict: Verdict
    reason: str
    suspect: bool


@dataclass(frozen=True, slots=True)
class Why:
    """The judged path from a root to the subject; no steps, and a note, when nothing holds it.

    `root` says what keeps the first step alive, `root_reason` why that is in use, empty for what only C
    holds. `suspects` references are suspect. `alike` other objects of the `population` of its type are held
    by the same references from the same place on; `at_least` says that counting them was ended.
    `ignored` references were passed over, `omitted` steps in the middle are left out; `origin` is where
    the subject was allocated, if that is traced.
    """

    subject: str
    handle: str
    root: str
    root_reason: str
    steps: tuple[JudgedStep, ...]
    suspects: int
    alike: int
    at_least: bool
    population: int
    ignored: int
    note: str
    next: str
    omitted: int = 0
    origin: str = ""

    @property
    def references(self) -> tuple[tuple[int, int, bool], ...]:
        """The steps' references as (address of the referrer, address, whether it is suspect)."""
        return tuple((step.holder_address, step.address, step.suspect) for step in self.steps)


def find_why(
    heap: Heap,
    subject: Subject,
    *,
    ignored: Sequence[tuple[int, int]] = (),
    extra: Sequence[str] = (),
    form: Callable[[object], str] = names.form,
) -> Why:
    """Return a shortest path without the ignored references, (address, address) each, judged. O(V + E).

    What C or an immortal object holds is a start only where there is no other; what is deferred (classes,
    caches, `extra` references) is passed last.
    """
    if subject.node is None:
        note = f"no live objects of type {subject.text!r}"
        return _unheld(subject, subject.text, (), note, next_for(subject.near, "why"))
    name = heap.type_name(subject.node)
    who = subject.handle or subject.text
    if heap.has(subject.node, GARBAGE):
        return _unheld(subject, name, ignored, NOT_HELD, f"leak cycles {name}")
    path = path_down(without(heap, ignored) if ignored else heap, subject.node, extra)
    if not path:
        return _unheld(
            subject, name, ignored, NO_OTHER if ignored else CYCLIC_NOTE, f"leak backrefs {who} 10"
        )
    first, last = ends_of(path)
    found = heap.resolve(first + last) | {subject.node: subject.item}
    root = describe_root(heap, path[0]).removeprefix("root: ")
    steps = shorten(follow(heap, first, last, found, form))
    if root == "module" and len(steps) > 1:
        root, steps = form_of(found, path[0]), steps[1:]
    above = {below: heap.addresses[node] for node, below in pairwise(path)}
    judged = _judge(steps, above, suspect([judge_node(heap, step.node, found) for step in steps]))
    start = next((place for place, step in enumerate(judged) if step.suspect), len(judged))
    omitted = len(path) - len(first) - len(last)
    alike, at_least = (0, False)
    if start < len(judged) and not omitted:
        alike, at_least = count_alike(heap, path, max(0, path.index(judged[start].node) - 1), found)
    return Why(
        subject=name,
        handle=subject.handle,
        root=root,
        root_reason=_reason(root),
        steps=judged,
        suspects=_count_suspects(judged, omitted),
        alike=alike,
        at_least=at_least,
        population=subject.population,
        ignored=len(ignored),
        note=_note(judged, omitted),
        next=f"leak cut {who}" if start < len(judged) else f"leak backrefs {who} 10",
        omitted=omitted,
        origin=names.origin_of(subject.item),
    )


def _judge(
    steps: Sequence[Step], above: dict[int, int], thoughts: Sequence[Suspicion]
) -> tuple[JudgedStep, ...]:
    return tuple(
        JudgedStep(
            number=number,
            reference=step.reference,
            type=step.type,
            form=step.form,
            size=step.size,
            address=step.address,
            node=step.node,
            holder_address=above.get(step.node, OUTSIDE),
            verdict=thought.verdict,
            reason=thought.reason,
            suspect=thought.suspect,
        )
        for number, (step, thought) in enumerate(zip(steps, thoughts, strict=True), 1)
    )


def _count_suspects(steps: Sequence[JudgedStep], omitted: int) -> int:
    """Count the suspect references, with those left out in the middle if they lie between two of them."""
    through = any(
        above.suspect and below.suspect and below.reference == "…" for above, below in pairwise(steps)
    )
    return sum(step.suspect for step in steps) + omitted * through


def _reason(root: str) -> str:
    """Return why a root is in use, an empty text for what only C or the interpreter holds."""
    if root.startswith("module"):
        return "a module"
    return "a running frame" if root.startswith(("local", "running")) else ""


def _note(steps: Sequence[JudgedStep], omitted: int) -> str:
    if omitted:
        return f"{omitted:,} steps in the middle are left out"
    return "it is in use itself: no reference is suspect" if steps[-1].verdict == "alive" else ""


def _unheld(subject: Subject, name: str, ignored: Sequence[object], note: str, following: str) -> Why:
    return Why(
        subject=name,
        handle=subject.handle,
        root="",
        root_reason="",
        steps=(),
        suspects=0,
        alike=0,
        at_least=False,
        population=subject.population,
        ignored=len(ignored),
        note=note,
        next=following,
    )
