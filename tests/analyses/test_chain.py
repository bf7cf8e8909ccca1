"""The shortest path from a root: every step is real, and no way is shorter."""

from __future__ import annotations

import gc
import sys
import threading
from collections import deque
from itertools import pairwise
from random import Random

import drawing
import pytest
from drawing import Node, build_random, hold, leak_in_c, repair

from pdbleak.analyses.chain import NOT_HELD
from pdbleak.commands.chain import chain
from pdbleak.heap import FRAME_HELD, GARBAGE, MODULE, NAMESPACE, TYPE


def names(found):
    return [(step.reference, step.type) for step in found.steps]


def test_a_path_leads_from_the_module_by_names(session):
    hold("a -> b -> c", "a")
    found = chain(session, subject="drawing.HELD['a'].b.c")
    assert found.root == "module drawing"
    assert names(found) == [
        (".HELD", "dict"),
        ("['a']", "drawing.Node"),
        (".b", "drawing.Node"),
        (".c", "drawing.Node"),
    ]
    assert eval("drawing" + "".join(step.reference for step in found.steps)) is drawing.HELD["a"].b.c


def test_the_shorter_way_is_taken(session):
    hold("a -> b -> c -> d; a -> d", "a")
    assert len(chain(session, subject="drawing.HELD['a'].b.c.d").steps) == 3


@pytest.mark.parametrize("seed", range(4))
def test_no_way_is_shorter_and_every_step_is_real(session, seed):
    build_random(Random(seed))
    for subject in (
        "drawing.HELD['top']",
        "drawing.HELD['others'][0]",
        "drawing.HELD['others'][2]",
        "drawing.Wild",
        "drawing.Slotted",
    ):
        found = chain(session, subject=subject)
        heap = session.heap()
        path = [heap.node_at(step.address) for step in found.steps]
        if not path:
            assert heap.has(heap.node_of(session.handles[found.handle]), GARBAGE)
            continue
        objects = heap.resolve(path)
        # `.name` stands for `.__dict__` and `['name']`; a module that is the root is no step of its own.
        between = [below for above, below in pairwise(path) if below not in heap.graph.referents(above)]
        root = 2 if found.root.startswith("module ") and found.steps[0].reference else 0
        assert len(path) + len(between) + root == breadth_first(heap, path[-1]), names(found)
        for above, below in pairwise(path):
            near = gc.get_referents(objects[above])
            assert any(
                each is objects[below] for item in [objects[above], *near] for each in gc.get_referents(item)
            )


def breadth_first(heap, node):
    """Return how many nodes are on a shortest way up to a module or a frame's object, not through classes."""
    distance = {node: 1}
    queue = deque([node])
    while queue:
        current = queue.popleft()
        if heap.has(current, MODULE | FRAME_HELD) and not heap.has(current, NAMESPACE):
            return distance[current]
        for referrer in heap.graph.referrers(current):
            if referrer not in distance and not heap.has(referrer, TYPE):
                distance[referrer] = distance[current] + 1
                queue.append(referrer)
    return None  # a class holds it, or only C


def test_a_local_is_a_root_with_its_place(session):
    local = drawing.draw("a -> b")["a"]
    found = chain(session, subject="Node")
    line = sys._getframe().f_lineno - 1
    assert found.root == f"local 'local' of test_a_local_is_a_root_with_its_place() at test_chain.py:{line}"
    assert found.steps[0].address == id(local)


def test_a_local_of_another_thread_is_a_root(session):
    ready, done = threading.Event(), threading.Event()

    def serve():
        message = Node()
        ready.set()
        done.wait()
        del message

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait()
    try:
        found = chain(session, subject="Node")
    finally:
        done.set()
        thread.join()
    assert found.root.startswith(
        "local 'message' of test_a_local_of_another_thread_is_a_root.<locals>.serve() at test_chain.py:"
    )
    assert [step.type for step in found.steps] == ["drawing.Node"]


def test_a_closure_is_named(session):
    drawing.HELD["function"] = drawing.closure_over(Node())
    found = chain(session, subject="Node")
    assert "".join(step.reference for step in found.steps).startswith(
        ".HELD['function'].__closure__[0].cell_contents"
    )


def test_a_suspended_generator_is_a_step_with_its_local(session):
    def wait():
        local = Node()
        yield
        del local

    drawing.HELD["generator"] = wait()
    next(drawing.HELD["generator"])
    found = chain(session, subject="Node")
    assert names(found)[-2:] == [
        ("['generator']", "generator"),
        ("local 'local' of wait()", "drawing.Node"),
    ]


def test_what_only_c_holds_is_held_by_c(session):
    address = leak_in_c(Node)
    try:
        found = chain(session, subject="Node")
        assert (found.root, names(found), found.note) == ("held by C", [("", "drawing.Node")], "")
    finally:
        session.close()
        repair(address)


def test_garbage_is_held_by_nothing(session):
    hold("a -> b -> a")
    found = chain(session, subject="Node")
    assert (found.steps, found.note, found.next) == ((), NOT_HELD, "leak cycles drawing.Node")


def test_the_attributes_of_a_class_are_a_way_too(session):
    kind = type("Registry", (), {"registry": [Node()]})
    drawing.HELD["kind"] = kind
    found = chain(session, subject="Node")
    assert (
        "['registry']" in "".join(step.reference for step in found.steps)
        or ".registry" in names(found)[-2][0]
    )


def test_a_very_long_path_is_cut_in_the_middle_and_says_so(session):
    item = drawing.HELD["list"] = []
    for _ in range(50_000):
        item.append([])
        item = item[0]
    item.append(Node())
    item = None
    found = chain(session, subject="Node")
    assert len(found.steps) < 300
    assert len(found.steps) + found.omitted == 50_000 + 3
    assert found.note == f"{found.omitted:,} steps in the middle are left out"
    assert [step.reference for step in found.steps].count("…") == 1
    while drawing.HELD["list"]:
        drawing.HELD["list"] = drawing.HELD["list"].pop()
        if type(drawing.HELD["list"]) is Node:
            break
