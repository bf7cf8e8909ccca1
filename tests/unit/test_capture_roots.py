"""What lives is told from what does not: frames of every thread, generators, C, garbage to the object."""

from __future__ import annotations

import gc
import sys
import threading
import weakref

import pytest
from hypothesis import given, settings, strategies
from live import Node, flagged, garbage, give_back, held_by, known, leak_in_c

from pdbleak import names
from pdbleak.heap import FRAME_HELD, GARBAGE, ROOT, take_capture

pytestmark = pytest.mark.usefixtures("quiet")
HELD: dict[str, object] = {}


class Bag(list):
    """A list that can be referred to weakly."""


class Table(dict):
    """A dict that can be referred to weakly."""


def test_a_local_of_a_running_frame_is_a_root_by_its_name():
    item = Node()
    heap = take_capture()
    assert flagged(heap, item, ROOT)
    assert flagged(heap, item, FRAME_HELD)
    assert held_by(heap, item) == {("test_a_local_of_a_running_frame_is_a_root_by_its_name", "item")}


def test_a_local_that_a_closure_shares_is_held_by_its_cell():
    item = Node()

    def look():
        return item

    heap = take_capture()
    cell = look.__closure__[0]
    assert held_by(heap, cell) == {("test_a_local_that_a_closure_shares_is_held_by_its_cell", "item")}
    assert not flagged(heap, item, GARBAGE)
    assert heap.unexplained[known(heap, item)] == 0


def test_locals_of_every_thread_are_roots():
    ready, done = threading.Barrier(4), threading.Event()
    seen = {}

    def serve(number):
        conn = Node()
        seen[number] = id(conn)
        ready.wait()
        done.wait()
        return conn

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    ready.wait()
    heap = take_capture()
    done.set()
    for thread in threads:
        thread.join()
    for address in seen.values():
        node = heap.node_at(address)
        holders = {(frame.function.rpartition(".")[2], name) for frame, name in heap.holders(node)}
        assert ("serve", "conn") in holders
        assert heap.unexplained[node] == 0
    assert len({frame.thread for frame in heap.frames}) == 4


def test_a_frame_says_its_file_and_line():
    heap = take_capture()
    line = sys._getframe().f_lineno - 1
    own = next(frame for frame in heap.frames if frame.function == "test_a_frame_says_its_file_and_line")
    assert (own.file, own.line) == (__file__, line)
    assert own.thread == threading.get_ident()
    assert own.locals[:3] == ("heap", "line", "own")


def test_a_running_generator_s_locals_are_roots():
    taken = []

    def produce():
        inner = Node()
        taken.append(take_capture())
        assert held_by(taken[0], inner) == {(f"{outer}.<locals>.produce", "inner")}
        yield inner

    outer = sys._getframe().f_code.co_name
    assert next(produce()) is not None


def test_a_suspended_generator_holds_its_locals():
    def produce():
        inner = Node()
        yield id(inner)
        yield inner

    running = produce()
    node_address = next(running)
    heap = take_capture()
    node = heap.node_at(node_address)
    assert list(heap.graph.referrers(node)) == [known(heap, running)]
    assert not heap.flags[node] & (ROOT | GARBAGE)


def test_a_forgotten_generator_on_a_cycle_is_garbage():
    def produce(own):
        yield own

    box = []
    box.append(produce(box))
    next(box[0])
    addresses = id(box), id(box[0])
    del box
    heap = take_capture()
    assert garbage(heap) >= set(addresses)


def test_a_cut_cycle_is_garbage_and_what_it_shares_is_not():
    shared = Node()
    one, two = Node(), Node()
    one.other, two.other, one.shared = two, one, shared
    addresses = id(one), id(two)
    del one, two
    heap = take_capture()
    assert all(heap.flags[heap.node_at(address)] & GARBAGE for address in addresses)
    assert not flagged(heap, shared, GARBAGE)
    assert garbage(heap) >= set(addresses)


def test_what_c_holds_is_a_root_with_as_many_unexplained_references():
    leaked = [leak_in_c(Node()) for _ in range(1500)]
    leak_in_c(sys.modules[__name__])
    heap = take_capture()
    nodes = [heap.node_at(address) for address in leaked]
    assert sum(heap.unexplained[node] == 1 and heap.flags[node] & ROOT != 0 for node in nodes) == 1500
    assert not any(heap.flags[node] & GARBAGE for node in nodes)
    give_back(id(sys.modules[__name__]))
    for address in leaked:
        give_back(address)


def test_what_c_holds_keeps_what_it_leads_to():
    top = Node()
    top.below = [Node()]
    below, address = id(top.below), leak_in_c(top)
    del top
    heap = take_capture()
    assert not heap.flags[heap.node_at(below)] & GARBAGE
    give_back(address)


def test_what_passed_through_the_debugger_s_frames_stays_the_program_s():
    leaked = [leak_in_c(Node()) for _ in range(20)]
    cut = [Node() for _ in range(20)]
    for item in cut:
        item.own = item
    lost = [id(item) for item in cut]
    item = None
    cut.clear()
    heap = take_capture()
    for _ in range(5):
        # Words of frames that are gone stay on the stack above the debugger's next frames.
        found = heap.resolve([heap.node_at(address) for address in leaked + lost])
        assert len(found) == 40
        assert all(names.form(each) for each in found.values())
        found = None
        heap = take_capture()
        assert [heap.unexplained[heap.node_at(address)] for address in leaked] == [1] * 20
        assert all(heap.flags[heap.node_at(address)] & GARBAGE for address in lost)
    for address in leaked:
        give_back(address)


@settings(max_examples=12)
@given(
    strategies.lists(strategies.sampled_from([Node, Bag, Table, "list", "dict"]), min_size=2, max_size=30),
    strategies.data(),
)
def test_garbage_is_what_a_collection_then_frees(kinds, data):
    makers = {"list": list, "dict": dict}
    items = [makers.get(kind, kind)() for kind in kinds]
    place = strategies.integers(0, len(items) - 1)
    for above, below in data.draw(strategies.lists(strategies.tuples(place, place), max_size=60)):
        referrer = items[above]
        if isinstance(referrer, list):
            referrer.append(items[below])
        elif isinstance(referrer, dict):
            referrer[below] = items[below]
        else:
            setattr(referrer, f"to{below}", items[below])
    HELD["kept"] = [items[index] for index in data.draw(strategies.sets(place, max_size=3))]
    refs = [(id(item), weakref.ref(item)) for item in items if type(item) in (Node, Bag, Table)]
    referrer = items = None
    gc.collect()
    HELD.clear()
    # Everything of the drawing is unreachable now, but what has no cycle died at once.
    left = {address for address, ref in refs if ref() is not None}
    heap = take_capture()
    found = garbage(heap)
    assert left <= found
    assert gc.collect() == len(found)
    assert all(ref() is None for _, ref in refs)


@settings(max_examples=10)
@given(strategies.lists(strategies.tuples(*[strategies.integers(0, 19)] * 2), max_size=60))
def test_garbage_beside_living_objects_is_flagged_to_the_object(edges):
    gc.collect()
    items = [(Node, Bag, Table)[index % 3]() for index in range(20)]
    for above, below in edges:
        referrer = items[above]
        if isinstance(referrer, Bag):
            referrer.append(items[below])
        elif isinstance(referrer, Table):
            referrer[below] = items[below]
        else:
            setattr(referrer, f"to{below}", items[below])
    refs = [(id(item), weakref.ref(item)) for item in items]
    kept = items[:3]
    referrer = items = None
    heap = take_capture()
    found = garbage(heap)
    before = {address for address, ref in refs if ref() is not None}
    assert gc.collect() == len(found)
    assert before & found == {address for address, ref in refs if address in before and ref() is None}
    assert len(kept) == 3
