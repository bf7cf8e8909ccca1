"""What a file tells of objects: their forms, and the names of their references; lets each object go at once.

Names and forms need the live objects. They are met once each, in the order of their addresses, and compared
with the capture: what is gone since, or another object by now, stays untold.
"""

from __future__ import annotations

import gc
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak._native import algorithms, capture, referents
from pdbleak._native.labels import Labels
from pdbleak.analyses.judging import rule_for
from pdbleak.heap import MODULE, NAMESPACE, TRACKED, TYPE
from pdbleak.names.attributes import namespace_of
from pdbleak.names.containers import key_text
from pdbleak.names.rows import Plan, names_in_row, plan_of
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pdbleak.analyses.judging import Judgement, Rule
    from pdbleak.heap import Heap

# Held when this module is first loaded: the program may replace the name in gc later.
_get_objects = gc.get_objects

BATCH = 100_000
# Each form is made from its live object, and takes microseconds and some tens of bytes.
FORMS_OF_A_TYPE = 100_000
MOST_FORMS = 1_000_000
MOST_LABELS = 500_000
MOST_JUDGEMENTS = 100_000
UNNAMED, ANY_KEY = 0, 1
# What parts the names that one reference has.
BETWEEN = "\x1f"
_IN_BRACKETS = compile_apart(r"\[.*\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """What was told: the code of every reference's name, the names, forms by node, weak references by node.

    A code is 0 without a name, a place in a sequence with its highest bit set, else it stands for a text.
    `finalized` are the types with a finalizer, `missed` how many tracked objects were gone. `states` has each
    object whose type keeps a state: which of `judgements` its own was, 0 where it did not tell.
    """

    labels: Labels
    texts: list[str]
    forms: dict[int, str]
    weak: dict[int, int]
    finalized: set[int]
    states: dict[int, int]
    judgements: list[Judgement | None]
    missed: int


class Teller:
    """The state of one pass over the live objects of a heap."""

    def __init__(self, heap: Heap, *, redact: bool) -> None:
        """Begin; with `redact` no values are told: no forms, no keys that are no attribute's name."""
        graph = heap.graph
        self.heap = heap
        self.redact = redact
        self.labels = Labels(graph.offsets, graph.targets, heap.addresses)
        self.codes = {"": UNNAMED, "[*]": ANY_KEY}
        self.forms: dict[int, str] = {}
        self.weak: dict[int, int] = {}
        self.finalized: set[int] = set()
        self.states: dict[int, int] = {}
        self.judgements: dict[Judgement | None, int] = {None: 0}
        self.rules: dict[int, Rule | None] = {}
        self.of_type = [0] * len(heap.types)
        self.namespaces: set[int] = set()
        self.plans: dict[int, Plan] = {}
        # What has had its turn, or will have one as a tracked object.
        self.marks = bytearray(memoryview(heap.marks(TRACKED)))

    def tell(self, node: int, item: object) -> None:
        """Tell of an object, and of what is untracked below it."""
        waiting = [(node, item)]
        while waiting:
            node, item = waiting.pop()
            self.marks[node] = 1
            self.describe(node, item)
            self.label(node, item)
            if self.labels.leads_to_unmarked(node, self.marks):
                for below in referents(item):
                    found = self.heap.node_of(below)
                    if found is not None and not self.marks[found]:
                        self.marks[found] = 1
                        waiting.append((found, below))

    def describe(self, node: int, item: object) -> None:
        """Note an object's form, its weak references, and whether its type has a finalizer."""
        kind = self.heap.type_of[node]
        if not self.of_type[kind] and names.is_finalized(item):
            self.finalized.add(kind)
        self.of_type[kind] += 1
        weak = names.weak_references(item)
        if weak:
            self.weak[node] = weak
        self.judge(node, item)
        wanted = self.of_type[kind] <= FORMS_OF_A_TYPE and len(self.forms) < MOST_FORMS and not self.redact
        if wanted or self.heap.has(node, MODULE | TYPE):
            self.forms[node] = names.form(item)

    def judge(self, node: int, item: object) -> None:
        """Note whether an object has finished, if its type keeps a state; modules and classes never do."""
        kind = self.heap.type_of[node]
        if kind not in self.rules:
            self.rules[kind] = None if self.heap.has(node, MODULE | TYPE) else rule_for(type(item))
        rule = self.rules[kind]
        if rule is not None:
            judgement = rule(item)
            if len(self.judgements) < MOST_JUDGEMENTS:
                self.judgements.setdefault(judgement, len(self.judgements))
            self.states[node] = self.judgements.get(judgement, 0)

    def label(self, node: int, item: Any) -> None:
        """Name the references of an object."""
        kind = type(item)
        if (kind is list or kind is tuple) and self.labels.sequence(node, item):
            return
        if kind is dict and self.label_dict(node, item):
            return
        start, stop = self.heap.graph.offsets[node : node + 2]
        if start < stop:
            plan = self.plans.get(self.heap.type_of[node])
            if plan is None:
                plan = self.plans[self.heap.type_of[node]] = plan_of(kind)
            self.labels.put(
                node, {each: self.code(found) for each, found in names_in_row(item, plan).items()}
            )
        if self.redact and kind is not dict:
            # The keys of an instance's dict are names, and no values; it may have had its turn already.
            namespace = namespace_of(item)
            below = None if namespace is None else self.heap.node_of(namespace)
            if below is not None and type(namespace) is dict:
                self.namespaces.add(below)
                self.label_dict(below, namespace)

    def label_dict(self, node: int, item: dict[Any, Any]) -> bool:
        """Name the references of a dict by its keys; tell whether that was possible."""
        if self.redact and node not in self.namespaces and not self.heap.has(node, NAMESPACE):
            return self.labels.mapping(node, item, _any_key, _any_key)
        return self.labels.mapping(node, item, self.code_of_value, self.code_of_key)

    def told(self, *, missed: int = 0) -> Told:
        """Return what was told."""
        return Told(
            self.labels,
            list(self.codes),
            self.forms,
            self.weak,
            self.finalized,
            self.states,
            list(self.judgements),
            missed,
        )

    def code(self, found: Iterable[str]) -> int:
        """Return the code of some names together."""
        text = BETWEEN.join(found)
        if self.redact and "[" in text:
            text = without_keys(text)
        return self.code_of_text(text)

    def code_of_text(self, text: str) -> int:
        """Return the code of a name; that of any key once there are too many."""
        code = self.codes.get(text)
        if code is None:
            if len(self.codes) >= MOST_LABELS:
                return ANY_KEY
            code = self.codes[text] = len(self.codes)
        return code

    def code_of_value(self, key: object) -> int:
        """Return the code of the name of what a dict holds under a key."""
        if self.redact and not (type(key) is str and key.isidentifier()):
            return ANY_KEY
        return self.code_of_text(f"[{key_text(key)}]")

    def code_of_key(self, key: object) -> int:
        """Return the code of the name of a dict's key."""
        if self.redact:
            return ANY_KEY
        return self.code_of_text(f"[key {key_text(key)}]")


def without_keys(text: str) -> str:
    """Return the names of one reference without the keys in them: they may be values of the program."""
    return BETWEEN.join(dict.fromkeys(_IN_BRACKETS.sub("[*]", name) for name in text.split(BETWEEN)))


def _any_key(_key: object) -> int:
    return ANY_KEY


def tell_all(heap: Heap, *, redact: bool = False, tell: Callable[[int], None] = lambda _: None) -> Told:
    """Tell of all objects of a heap that are still there; `tell` is called with how many had their turn.

    Holds some of them for the length of a batch. O(V + E), microseconds for each.
    """
    teller = Teller(heap, redact=redact)
    met = 0
    tracked = memoryview(algorithms.positions(heap.marks(TRACKED)))
    for start in range(0, len(tracked), BATCH):
        batch = tracked[start : start + BATCH].tolist()
        met += _tell_batch(teller, batch)
        tell(len(batch))
    for node, item in heap.resolve({*heap.frame_roots[0]}).items():
        if not teller.marks[node]:
            teller.tell(node, item)
    return teller.told(missed=len(tracked) - met)


def _tell_batch(teller: Teller, batch: list[int]) -> int:
    """Tell of tracked objects; return how many were still there."""
    heap = teller.heap
    met = 0
    items: list[Any] = capture.find([heap.addresses[node] for node in batch], _get_objects)
    for place, node in enumerate(batch):
        item, items[place] = items[place], None
        if item is not None and id(type(item)) == heap.type_addresses[heap.type_of[node]]:
            met += 1
            teller.tell(node, item)
    return met
