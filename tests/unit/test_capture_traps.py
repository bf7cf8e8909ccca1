"""What a walk over a living heap can step on: dead, half-built, hidden and hostile objects, a test each."""

from __future__ import annotations

import sys

import hostile
import pytest
from live import flagged, known, refers, run

from pdbleak._native import inline_values, managed_dict, referent_at, referents
from pdbleak.heap import GARBAGE, take_capture
from pdbleak.names import reference_names


def test_dead_objects_on_a_free_list_are_not_touched():
    text = run(
        """
        import asyncio, gc, sys
        from pdbleak._native import referents
        from pdbleak.heap import take_capture
        module = sys.modules["_asyncio"]
        gc.disable()

        async def work(number):
            # An awaited future leaves its iterator on the free list of the module.
            done = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(done.set_result, number)
            return await done

        async def main():
            kept = []
            for number in range(1000):
                await asyncio.gather(*(work(each) for each in range(5)))
                assert all(sys.getrefcount(each) > 1 for each in referents(module))
                if number % 50 == 0:
                    heap = take_capture()
                    node = heap.node_of(module)
                    assert all(heap.type_name(each) for each in heap.graph.referents(node))
                    kept.append(heap.dead)
            return kept
        dead = asyncio.run(main())
        gc.collect()
        print("alive", len(dead))
        """
    )
    assert text == "alive 20"


def test_half_built_tuples_are_seen_and_left_alone():
    heaps = []

    def produce():
        for number in range(40):
            if number % 13 == 5:
                heap = take_capture()
                heap.resolve(heap.nodes_of(["tuple"]))
                heaps.append(heap.graph.nodes)
            yield number

    assert tuple(produce()) == tuple(range(40))
    assert [*produce()] == list(range(40))
    assert len(heaps) == 6


def test_static_types_are_not_traversed():
    assert referents(int) == []
    assert referent_at(int, id(object)) is None
    heap = take_capture()
    assert list(heap.graph.referents(known(heap, int))) == []


def test_a_list_that_is_being_sorted_shows_empty_and_is_sorted_afterwards():
    heaps = []

    class Key:
        def __init__(self, place):
            self.place = place

        def __lt__(self, other):
            if not heaps:
                heaps.append(take_capture())
                assert list(heaps[0].graph.referents(known(heaps[0], items))) == []
                assert not flagged(heaps[0], self, GARBAGE)
            return self.place < other.place

    items = [Key(place) for place in (3, 1, 2, 5, 4)]
    items.sort()
    assert [item.place for item in items] == [1, 2, 3, 4, 5]
    assert refers(take_capture(), items, items[0]) == 1


@pytest.fixture
def item():
    """Return an instance of a class of its own, whose shared keys no other test has filled."""
    return type("Fresh", (), {})()


def test_inline_values_stay_inline(item):
    item.one, item.two = [1], [2]
    heap = take_capture()
    assert refers(heap, item, item.one) == 1
    found = heap.resolve([known(heap, item.one)])
    assert found[known(heap, item.one)] is item.one
    assert reference_names(item, item.two) == [".two"]
    assert referents(item)[:2] == [item.one, item.two]
    assert inline_values(item) == [("one", item.one), ("two", item.two)]
    assert managed_dict(item) is None


def test_inline_values_that_became_a_dict_are_not_read_any_more(item):
    item.one = [1]
    item.__dict__.clear()
    item.__dict__ = {"two": [2]}
    assert inline_values(item) is None
    assert refers(take_capture(), item, item.__dict__) == 1


def test_attributes_that_were_deleted_are_not_shown(item):
    item.one, item.two = [1], [2]
    del item.one
    assert inline_values(item) == [("two", [2])]


def test_the_hostile_zoo_is_captured_and_none_of_it_runs():
    specimens = hostile.build_zoo()
    try:
        hostile.ran.clear()
        heap = take_capture()
        nodes = [heap.node_of(item) for item in specimens.values()]
        assert hostile.ran == []
        found = heap.resolve([node for node in nodes if node is not None])
        assert hostile.ran == []
    finally:
        hostile.disarm()
    assert None not in nodes
    assert len(found) == len(set(nodes))
    assert all(heap.size(node) > 0 for node in nodes)


def test_objects_that_were_never_initialised_are_captured():
    text = run(
        """
        import asyncio, collections, ctypes, decimal, io, os, pickle, sqlite3, struct, xml.etree.ElementTree
        from pdbleak.heap import take_capture
        kept, waiting = [], [object]
        for each in waiting:
            waiting += [below for below in type.__subclasses__(each) if below not in waiting]
            try:
                kept.append(each.__new__(each))
            except Exception:
                pass
        kept = [item for item in kept if not type(item).__module__.startswith("pdbleak")]
        heap = take_capture()
        assert all(heap.size(heap.node_of(item)) > 0 for item in kept)
        print(len(kept) > 300, flush=True)
        # Their finalizers are not to run.
        os._exit(0)
        """
    )
    assert text.endswith("True")


def test_a_running_thread_s_half_made_frame_is_captured():
    text = run(
        """
        import threading, sys
        from pdbleak.heap import take_capture
        sys.setswitchinterval(1e-6)
        stop = threading.Event()

        def call(depth, *rest, **more):
            return depth and call(depth - 1, *rest, depth, key=depth)

        def work():
            while not stop.is_set():
                call(30)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(60):
            assert take_capture().graph.nodes > 10_000
        stop.set()
        for thread in threads:
            thread.join()
        print("done")
        """
    )
    assert text == "done"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="buffers written in Python: PEP 688")
def test_an_object_with_a_buffer_of_its_own_is_captured():
    class Buffer:
        def __buffer__(self, flags):
            return memoryview(b"data")

    item = Buffer()
    view = memoryview(item)
    heap = take_capture()
    assert not flagged(heap, item, GARBAGE)
    assert not flagged(heap, view, GARBAGE)
