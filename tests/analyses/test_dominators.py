"""What is said to be retained is what dies: the references are cut, and the dead are counted."""

from __future__ import annotations

import gc
import random

import drawing
import pytest

from pdbleak._native import algorithms
from pdbleak.analyses.dominators import dominate, retained_by, retained_by_type
from pdbleak.heap import GARBAGE, MODULE, NAMESPACE, TYPE, take_capture


def tracked(addresses):
    """Return those of some addresses at which the collector tracks an object."""
    # What a comprehension allocates before it asks may stand where one of the dead was.
    return addresses & set(map(id, gc.get_objects()))


@pytest.mark.parametrize("seed", range(10))
def test_what_a_sole_holder_retains_dies_with_its_only_reference(seed):
    drawing.build_random(random.Random(seed))
    heap = take_capture()
    top, held = heap.node_of(drawing.HELD["top"]), heap.node_of(drawing.HELD)
    drawn = heap.graph.reach([held], blocked=heap.marks(TYPE | NAMESPACE | MODULE))
    before = tracked({heap.addresses[node] for node in memoryview(algorithms.positions(drawn))})
    dead = [top]
    for node in dead:
        dead += dominate(heap).children(node)
    is_dead = dominate(heap).dominates(top)
    others = random.Random(seed).sample(range(heap.graph.nodes), 1_000)
    assert all(map(is_dead, dead))
    assert not any(map(is_dead, set(others) - set(dead)))
    assert retained_by(heap, top) == (heap.total_size(dead), len(dead))
    del drawing.HELD["top"]
    gc.collect()
    died = before - tracked(before)
    assert died == before & {heap.addresses[node] for node in dead}
    assert heap.addresses[top] in died


def test_every_live_object_retains_what_the_search_without_it_misses():
    drawing.build_random(random.Random(3))
    heap = take_capture()
    for node in random.Random(4).sample(range(heap.graph.nodes), 60):
        freed = heap.graph.retained(node, heap.roots)
        assert retained_by(heap, node) == (heap.total_size(freed), len(freed)), heap.type_name(node)


def test_garbage_retains_what_only_it_keeps_from_the_rest():
    nodes = drawing.draw("a -> b -> a; b -> c")
    node = id(nodes["a"])
    nodes.clear()
    heap = take_capture()
    lost = heap.node_at(node)
    assert heap.has(lost, GARBAGE)
    assert retained_by(heap, lost)[1] == 3


def test_the_dominators_of_a_capture_are_taken_once():
    heap = take_capture()
    assert dominate(heap) is dominate(heap)
    assert dominate(heap).objects[dominate(heap).root] == heap.graph.nodes


def test_a_list_within_a_list_is_not_counted_twice():
    drawing.HELD["lists"] = drawing.Wild()
    drawing.HELD["lists"].near = outer = drawing.Slotted()
    outer.left = drawing.Slotted()
    outer.left.left = bytearray(10_000)
    heap = take_capture()
    node = heap.node_of(outer)
    name = heap.type_name(node)
    assert retained_by_type(heap)[name] == retained_by(heap, node)
    assert retained_by(heap, node)[1] == 3


def test_no_type_retains_more_than_the_heap():
    heap = take_capture()
    dominators = dominate(heap)
    for size, count in retained_by_type(heap).values():
        assert size <= dominators.retained[dominators.root]
        assert count <= heap.graph.nodes


def test_domination_is_told_by_walking_up():
    heap = take_capture()
    dominators = dominate(heap)
    module = next(node for node in range(heap.graph.nodes) if heap.has(node, MODULE))
    below = dominators.dominates(module)
    for node in range(0, heap.graph.nodes, 997):
        way = node
        while way not in (module, dominators.root):
            way = dominators.parents[way]
        assert below(node) == (way == module)
