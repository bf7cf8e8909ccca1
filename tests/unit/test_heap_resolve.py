"""The way back: a node is its own live object again, or gone; never another one."""

from __future__ import annotations

import gc
import sys
import types

import pytest
from live import Node, Slotted, known, run

from pdbleak.heap import TRACKED, take_capture

HELD: dict[str, object] = {}


def test_every_tracked_object_is_found_again():
    gc.collect()
    items = [item for item in gc.get_objects() if type(item) is not types.FrameType]
    heap = take_capture()
    nodes = {
        node: item for item in items if (node := heap.node_of(item)) is not None and heap.has(node, TRACKED)
    }
    found = heap.resolve(nodes)
    assert len(nodes) > 20_000
    assert [node for node, item in nodes.items() if found.get(node) is not item] == []


def test_untracked_objects_are_found_through_what_refers_to_them():
    number = 10**30 + len(HELD)
    pair = tuple([number, "te" + "xt"])  # noqa: C409 - not a constant
    HELD["pair"] = [pair]
    gc.collect()
    heap = take_capture()
    nodes = [known(heap, number), known(heap, pair), known(heap, int), known(heap, None)]
    found = heap.resolve(nodes)
    HELD.clear()
    assert [found[node] for node in nodes] == [number, pair, int, None]
    assert found[nodes[0]] is number


def test_of_many_elements_of_one_container_each_is_its_own_and_those_that_left_are_gone():
    HELD["large"] = items = [Node() for _ in range(6000)]
    heap = take_capture()
    nodes = {known(heap, item): item for item in items[:3000]}
    left = [known(heap, items.pop(0)) for _ in range(500)]
    gone = dict.fromkeys(left)
    for node in left:
        del nodes[node]
    assert heap.resolve([*nodes, *gone]) == nodes
    HELD.clear()


def test_an_untracked_object_that_only_a_frame_holds_is_found():
    number = 10**40 + len(HELD)
    heap = take_capture()
    assert heap.resolve([known(heap, number)]) == {known(heap, number): number}


def test_what_died_is_gone():
    item = Node()
    heap = take_capture()
    node = known(heap, item)
    del item
    assert heap.resolve([node]) == {}


def test_an_address_that_another_type_took_over_is_gone():
    items = [Slotted() for _ in range(2000)]
    heap = take_capture()
    nodes = {known(heap, item) for item in items}
    del items
    other = type("Other", (), {"__slots__": ("one", "two", "__weakref__")})
    others = [other() for _ in range(4000)]
    addresses = {heap.addresses[node] for node in nodes}
    assert addresses & set(map(id, others)), "no address was reused: the test shows nothing"
    assert heap.resolve(nodes) == {}


def test_an_object_of_another_type_at_its_address_has_no_node():
    items = [Slotted() for _ in range(2000)]
    heap = take_capture()
    addresses = {id(item) for item in items}
    del items
    other = type("Other", (), {"__slots__": ("one", "two", "__weakref__")})
    others = [other() for _ in range(4000)]
    reused = [item for item in others if id(item) in addresses]
    assert reused
    assert [heap.node_of(item) for item in reused] == [None] * len(reused)


def test_nothing_is_asked_for_nothing():
    assert take_capture().resolve([]) == {}


def test_a_frozen_object_is_found_again():
    text = run(
        """
        import gc, sys
        class Node: pass
        held = {"conn": [Node()]}
        gc.collect(); gc.freeze()
        from pdbleak.heap import take_capture
        heap = take_capture()
        item = held["conn"]
        node = heap.node_of(item)
        print(heap.resolve([node]).get(node) is item, heap.resolve([heap.node_of(item[0])]) != {})
        """
    )
    assert text == "True True"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="immortal objects: PEP 683")
def test_an_immortal_object_is_found():
    heap = take_capture()
    node = known(heap, "")
    assert heap.resolve([node]) == {node: ""}
