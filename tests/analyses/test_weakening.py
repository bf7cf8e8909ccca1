"""What an answer says is left is left: the reference is made weak for real, and what stays is counted."""

from __future__ import annotations

import gc
import time
import weakref
from random import Random

import drawing
import pytest
from drawing import Slotted, Wild

from pdbleak.analyses.cycles import A_CLASS, NEVER_WEAK, NONE_BREAKS, NOT_OURS
from pdbleak.commands.cycles import cycles


class Proto:
    """Holds its connection."""


class Conn:
    """Refers back to its protocol."""


class Child:
    """Refers back to its parent."""


class Parent:
    """Holds its children."""


class Caller:
    """Keeps one of its own methods."""

    def __init__(self):
        self.call = self.answer

    def answer(self):
        """Do nothing."""


def ways(session, subject):
    """Return the text of every way to break the cycles of the one shape, best first."""
    (row,) = cycles(session, subject=subject).rows
    return [(*each.references, each.how, each.left, each.cycles) for each in row.weakenings]


def connect(count, *, weak=False):
    protocols = [Proto() for _ in range(count)]
    for protocol in protocols:
        protocol.conn = Conn()
        protocol.conn.proto = weakref.ref(protocol) if weak else protocol
    return protocols


def test_the_reference_that_leads_back_is_the_one_to_make_weak(session):
    drawing.HELD["all"] = connect(257)
    assert ways(session, "Proto") == [
        ("test_weakening.Conn.proto", "weak", 0, 257),
        ("test_weakening.Proto.conn", "weak", 0, 257),
    ]
    drawing.HELD["all"] = connect(257, weak=True)
    gc.collect()
    del drawing.HELD["all"]
    assert gc.collect() == 0


def test_it_is_the_other_one_if_the_other_end_is_held(session):
    drawing.HELD["all"] = [each.conn for each in connect(5)]
    assert ways(session, "Proto")[0] == ("test_weakening.Proto.conn", "weak", 0, 5)


def plant(count):
    parent = Parent()
    parent.children = [Child() for _ in range(count)]
    for child in parent.children:
        child.parent = parent
    return parent


def test_many_children_refer_back_to_one_parent(session):
    drawing.HELD["parent"] = plant(30)
    assert ways(session, "Parent") == [
        ("test_weakening.Child.parent", "weak", 0, 1),
        ("test_weakening.Parent.children[*]", "weak", 0, 1),
    ]


def test_of_garbage_too_from_many_to_few_leads_back(session):
    plant(30)
    assert ways(session, "Parent")[0] == ("test_weakening.Child.parent", "weak", 0, 1)


def test_two_attributes_of_one_type_are_two_classes(session):
    first, second = Slotted(), Slotted()
    first.left, second.right, second.left = second, first, second
    drawing.HELD["first"] = first
    (row,) = [each for each in cycles(session, subject="Slotted").rows if each.objects == 2]
    assert (row.weakenings[0].references, row.weakenings[0].left) == (("drawing.Slotted.left",), 0)
    right = next(each for each in row.weakenings if each.references == ("drawing.Slotted.right",))
    assert (right.left, right.left_objects) == (1, 1)


def test_where_none_alone_breaks_them_the_fewest_together_do(session):
    ring = [Slotted() for _ in range(10)]
    for place, item in enumerate(ring):
        item.right, item.left = ring[(place + 1) % 10], ring[place - 1]
    drawing.HELD["ring"] = ring
    (row,) = [each for each in cycles(session, subject="Slotted").rows if each.objects == 10]
    assert sorted(row.weakenings[0].references) == ["drawing.Slotted.left", "drawing.Slotted.right"]
    assert (row.weakenings[0].left, row.untried) == (0, 0)
    for item in ring:
        item.left = None


def test_a_bound_method_needs_a_weak_method(session):
    drawing.HELD["caller"] = Caller()
    (row,) = cycles(session, subject="Caller").rows
    assert row.weakenings[0].references == ("test_weakening.Caller.call",)
    assert "WeakMethod" in row.weakenings[0].note


def test_slots_without_weak_references_are_said(session):
    kind = type("Bare", (), {"__slots__": ("other",)})
    drawing.HELD["bare"] = first = kind()
    first.other = kind()
    first.other.other = first
    (row,) = cycles(session, subject="*Bare").rows
    assert "__weakref__" in row.weakenings[0].note


def test_an_exception_in_a_local_variable_is_to_be_cleared(session):
    def fail():
        kept = None
        try:
            raise ZeroDivisionError
        except ZeroDivisionError as error:
            kept = error
        return kept

    drawing.HELD["error"] = fail()
    found = ways(session, "ZeroDivisionError")
    assert [each[1:] for each in found] == [("clear", 0, 1)] * 2
    assert {each[0].split(" of ")[0] for each in found} == {
        "local 'kept'",
        "ZeroDivisionError.__traceback__",
    }


def test_what_only_the_cycles_hold_hangs_on_them(session):
    drawing.HELD["all"] = protocols = connect(5)
    shared = [object() for _ in range(10)]
    for protocol in protocols:
        protocol.shared, protocol.own = shared, [[1.5 + len(protocols)] for _ in range(4)]
    drawing.HELD["shared"] = shared
    (row,) = cycles(session, subject="Proto").rows
    # A list of four lists, of a number each; its number lives in the comprehension's own list.
    assert row.hanging == 5 * (1 + 4 + 4)
    del drawing.HELD["shared"]
    del shared
    session.close()
    (row,) = cycles(session, subject="Proto").rows
    assert row.hanging == 5 * (1 + 4 + 4) + 11


ATTRIBUTES = ("one", "two", "three", "four")


def build(plan, kinds, *, weak=()):
    """Return instances that refer to one another as planned, by weak references for some classes."""
    nodes = [kinds[kind]() for kind in plan["kinds"]]
    for (above, name), below in plan["edges"].items():
        is_weak = f"{type(nodes[above]).__name__}.{name}" in weak
        setattr(nodes[above], name, weakref.ref(nodes[below]) if is_weak else nodes[below])
    return nodes


def components(plan, names, *, without=()):
    # With it the heap is half as big again, for all tests that come before.
    import networkx as nx

    graph = nx.DiGraph()
    for (above, name), below in plan["edges"].items():
        if f"{names[plan['kinds'][above]]}.{name}" not in without:
            graph.add_edge(above, below)
    return [
        part
        for part in nx.strongly_connected_components(graph)
        if len(part) > 1 or any(graph.has_edge(each, each) for each in part)
    ]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("materialised", [False, True])
def test_what_stays_cyclic_is_what_stays_when_it_is_made_weak(session, seed, materialised):
    rng = Random(seed)
    kinds = [type(f"Kind{letter}", (), {"__module__": "__main__"}) for letter in "ABC"]
    names = [kind.__name__ for kind in kinds]
    plan = {
        "kinds": [rng.randrange(3) for _ in range(40)],
        "edges": {
            (rng.randrange(40), rng.choice(ATTRIBUTES)): rng.randrange(40)
            for _ in range(rng.choice((40, 60)))
        },
    }
    nodes = build(plan, kinds)
    if materialised:
        assert all(vars(node) is not None for node in nodes)
    drawing.HELD["nodes"] = nodes
    found = cycles(session, subject="Kind?")
    whole = components(plan, names)
    assert sum(row.count for row in found.rows) == len(whole)
    for row in found.rows:
        if row.count < len(whole):
            continue
        for way in row.weakenings:
            assert way.how == "weak"
            left = components(plan, names, without=way.references)
            assert way.left == len({next(i for i, old in enumerate(whole) if part <= old) for part in left})
            if not materialised:  # a dict on the way is a node of its own
                assert way.left_objects == sum(map(len, left))
            copy = build(plan, kinds, weak=way.references)
            watch = [weakref.ref(node) for node in copy]
            del copy
            assert (way.left == 0) == all(each() is None for each in watch)
            gc.collect()
    nodes = None


def test_components_of_live_objects_are_those_that_refcycle_finds(session):
    import refcycle

    rng = Random(7)
    nodes = [Wild() for _ in range(60)]
    for _ in range(70):
        setattr(nodes[rng.randrange(60)], f"a{rng.randrange(6)}", nodes[rng.randrange(60)])
    drawing.HELD["nodes"] = nodes
    graph = refcycle.objects_reachable_from(nodes)
    theirs = {
        frozenset(id(each) for each in part if type(each) is Wild)
        for part in graph.strongly_connected_components()
        if any(type(each) is Wild for each in part)
    }
    heap = session.heap()
    component, _ = heap.graph.components(barrier=heap.marks(8 | 16 | 32, without=2))
    ours = {}
    for node in nodes:
        number = component[heap.node_of(node)]
        ours.setdefault(number or -id(node), set()).add(id(node))
    assert {frozenset(part) for part in ours.values()} == theirs


def test_a_large_tangle_with_many_attributes_is_limited_and_says_so(session):
    rng = Random(1)
    nodes = [Wild() for _ in range(20_000)]
    for node in nodes:
        for _ in range(rng.randrange(1, 4)):
            setattr(node, f"a{rng.randrange(100)}", nodes[rng.randrange(20_000)])
    drawing.HELD["nodes"] = nodes
    row = cycles(session, subject="Wild").rows[0]
    assert row.untried > 0
    for node in nodes:
        vars(node).clear()


def test_a_class_is_on_a_cycle_whatever_is_made_weak(session):
    type("Short", (), {"__slots__": ("one", "two")})
    (row,) = cycles(session, subject="type").rows
    assert (row.weakenings, row.note) == ((), A_CLASS)


def test_of_containers_alone_nothing_can_be_made_weak(session):
    drawing.HELD["up"] = up = {"children": [{} for _ in range(5_000)]}
    for child in up["children"]:
        child["up"] = up
    del child, up
    row = next(row for row in cycles(session).rows if {each.type for each in row.members} == {"dict", "list"})
    assert (row.weakenings, row.note) == ((), NEVER_WEAK)


def test_what_only_the_library_wrote_is_nobodys_to_change(session):
    (row,) = cycles(session, subject="logging.Manager").rows
    assert (row.weakenings, row.note) == ((), NOT_OURS)


def test_the_one_attribute_of_hundreds_that_alone_breaks_a_ring_is_found(session):
    drawing.HELD["ring"] = ring = [Child() for _ in range(100)]
    for number, child in enumerate(ring):
        names = [f"a{number}", f"b{number}"] if number != 77 else ["only"]
        for name in names:
            setattr(child, name, ring[(number + 1) % 100])
    del ring, child
    (row,) = cycles(session, subject="Child").rows
    assert (row.weakenings[0].references, row.weakenings[0].left) == (("test_weakening.Child.only",), 0)
    assert row.untried == 0


def test_what_leaves_nearly_all_of_a_tangle_cyclic_is_no_advice(session):
    rng = Random(3)
    nodes = [Wild() for _ in range(300)]
    for node in nodes:
        for number in range(12):
            setattr(node, f"a{number}", rng.choice(nodes))
    drawing.HELD["nodes"] = nodes
    (row,) = cycles(session, subject="Wild").rows
    assert (row.weakenings, row.note) == ((), NONE_BREAKS)
    for node in nodes:
        vars(node).clear()


def test_a_very_large_container_is_described_in_time(session):
    drawing.HELD["all"] = every = {}
    for number in range(300_000):
        every[number] = [every]
    del every
    session.heap()
    started = time.process_time()
    row = cycles(session).rows[0]
    assert time.process_time() - started < 5
    assert (row.count, row.objects) == (1, 300_001)
    drawing.HELD["all"].clear()
