"""What has finished and is held all the same: closed files, done tasks; judges no single object."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.holding import MOST_REFERRERS, PASSING, find_holding
from pdbleak.analyses.judging import judge, rule_for
from pdbleak.analyses.kinds import classes_of, nodes_in
from pdbleak.analyses.retaining import retained_by
from pdbleak.heap import FRAME_HELD, GARBAGE
from pdbleak.names.attributes import read
from pdbleak.names.devices import task_name
from pdbleak.names.types import bases_of, is_c_type, type_name
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Sequence

    from pdbleak.analyses.judging import Rule
    from pdbleak.heap import Heap

_NUMBERED = compile_apart(r"Task-(\d+)")
_FORM_OF_TASK = compile_apart(r"\S+ Task-(\d{1,18}) of ")
GONE = "(gone since the capture)"
MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class Zombies:
    """Finished objects of one type: `count` are held by something that lasts, `passing` only by running code.

    `inside` more are only held by another finished object. `retained` bytes in `retained_objects` would be
    freed with the `count`, exactly. `holder` names the commonest reference, which holds `share` of them;
    `age` says what their own names tell of it; `handle` is bound to one of them.
    """

    type: str
    state: str
    count: int
    passing: int
    inside: int
    retained: int
    retained_objects: int
    holder: str
    share: float
    age: str
    handle: str
    form: str


@dataclass(frozen=True, slots=True)
class ZombieCensus:
    """All finished objects that are still held, most retained bytes first; `omitted` types are not shown.

    `judged` objects of some type with a state were looked at; `alive` of them are in use or do not tell.
    """

    rows: tuple[Zombies, ...]
    judged: int
    finished: int
    omitted: int
    next: str


@dataclass(slots=True)
class _Kind:
    """A type while its objects are judged."""

    held: list[int] = field(default_factory=list)
    passing: int = 0
    inside: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    age: str = ""


def find_zombies(
    heap: Heap,
    *,
    limit: int = 10,
    form: Callable[[object], str] = names.form,
    bind: Callable[[object], str] | None = None,
) -> ZombieCensus:
    """Judge every object whose type keeps a state; group the finished ones by type.

    What only running or suspended code refers to is on its way out, and no zombie. The types of most
    objects are shown; `bind` gives one object of each a handle. O(V + E) for every shown type.
    """
    candidates, rule_of = _candidates(heap)
    found = heap.resolve(candidates)
    reasons = {
        node: judgement.reason
        for node in candidates
        if node in found
        and (judgement := rule_of(node)(found[node])) is not None
        and judgement.verdict == "finished"
    }
    kinds = _by_type(heap, reasons)
    for kind in kinds.values():
        kind.age = _age([found[node] for node in kind.held])
    judged = len(found)
    # Nothing that was judged is held while the walks go on.
    del found
    order = sorted((name for name in kinds if kinds[name].held), key=lambda name: -len(kinds[name].held))
    weighed = {name: retained_by(heap, kinds[name].held) for name in order[:limit]}
    shown = [
        _describe(heap, name, kinds[name], reasons, weighed[name], form, bind)
        for name in sorted(weighed, key=lambda name: (-weighed[name][1], name))
    ]
    return ZombieCensus(
        rows=tuple(shown),
        judged=judged,
        finished=len(reasons),
        omitted=max(0, len(order) - limit),
        next=f"leak chain {shown[0].handle or shown[0].type}" if shown else "leak tasks",
    )


def _candidates(heap: Heap) -> tuple[Sequence[int], Callable[[int], Rule]]:
    """Return the objects that may have finished, and the rule for each; of a saved heap what it tells of."""
    if heap.recall is not None:
        judged = (node for node in heap.recall.judged or () if not heap.has(node, GARBAGE))
        return [node for node in judged if heap.type_name(node) != "frame"], lambda _: judge
    rules = _rules(classes_of(heap))
    return nodes_in(heap, rules), lambda node: rules[heap.type_of[node]]


def _rules(rows: dict[int, type]) -> dict[int, Rule]:
    """Return the rules for types whose instances may finish; classes, modules and frames end otherwise."""
    return {
        row: rule
        for row, cls in rows.items()
        if not any(base is type or base is ModuleType or base is FrameType for base in bases_of(cls))
        and (rule := rule_for(cls)) is not None
    }


def _by_type(heap: Heap, reasons: dict[int, str]) -> dict[str, _Kind]:
    """Tell those that something lasting holds from those in passing, and from those inside of others."""
    passing = [name in PASSING for name in heap.types]
    kinds: defaultdict[str, _Kind] = defaultdict(_Kind)
    for node, reason in reasons.items():
        kind = kinds[heap.type_name(node)]
        referrers = heap.graph.referrers(node)[:MOST_REFERRERS]
        above = [each for each in referrers if not passing[heap.type_of[each]]]
        if not above and (referrers or heap.has(node, FRAME_HELD)):
            kind.passing += 1
        elif above and all(each in reasons for each in above):
            kind.inside += 1
        else:
            kind.held.append(node)
            kind.reasons[reason] += 1
    return kinds


def _describe(
    heap: Heap,
    name: str,
    kind: _Kind,
    reasons: Container[int],
    weight: tuple[int, int],
    form: Callable[[object], str],
    bind: Callable[[object], str] | None,
) -> Zombies:
    holding = find_holding(heap, kind.held, apart=reasons)
    objects, size = weight
    items = heap.resolve([holding.example])
    item = items.get(holding.example)
    states = [reason for reason, _ in kind.reasons.most_common()]
    return Zombies(
        type=name,
        state=states[0] + (f", and {len(states) - 1} more states" if len(states) > 1 else ""),
        count=len(kind.held),
        passing=kind.passing,
        inside=kind.inside,
        retained=size,
        retained_objects=objects,
        holder=holding.text,
        share=round(holding.share, 2),
        age=kind.age,
        handle=bind(item) if bind is not None and items else "",
        form=form(item) if items else GONE,
    )


def _age(items: list[Any]) -> str:
    """Return the lowest and the highest number in tasks' own names, `Task-3 to Task-812`."""
    step = len(items) // MOST_NAMES + 1
    numbers = [number for item in items[::step] if (number := task_number(item))]
    return ("about " if step > 1 else "") + span("Task-", numbers) if numbers else ""


def task_number(item: object) -> int:
    """Return the number in the name that asyncio gave a task, 0 for other names and other objects."""
    if names.is_remembered(item):
        match = _FORM_OF_TASK.match(names.form(item))
        return int(match[1]) if match else 0
    for base in bases_of(type(item)):
        if type_name(base) == "_asyncio.Task" and is_c_type(base):
            match = _NUMBERED.fullmatch(task_name(item, read(item, base, "_coro")))
            return int(match[1]) if match else 0
    return 0


def span(prefix: str, numbers: list[int]) -> str:
    """Return the first and the last of some numbered names."""
    first, last = min(numbers), max(numbers)
    return f"{prefix}{first}" + (f" to {prefix}{last}" if last > first else "")
