"""Every planted reference that nobody owns is found, by type; what is owned, or was there before, is not."""

from __future__ import annotations

import atexit
import ctypes
import random as randomness

import drawing
import pytest
from drawing import Node, Slotted, Wild

from pdbleak._native import atexit_held
from pdbleak.analyses.orphans import find_orphans
from pdbleak.commands.orphans import orphans

take = ctypes.pythonapi.Py_IncRef
take.argtypes = [ctypes.py_object]
give = ctypes.pythonapi.Py_DecRef
give.argtypes = [ctypes.py_object]


@pytest.fixture
def leak():
    """Return a function that takes a reference to an object that no list shows, as a C extension does."""
    addresses = []

    def plant(item):
        take(item)
        addresses.append(id(item))

    yield plant
    for address in addresses:
        give(ctypes.cast(address, ctypes.py_object))


def leak_new(leak, kind, count):
    """Leak new objects in a frame that is gone afterwards: what its stack still shows would explain one."""
    for _ in range(count):
        leak(kind())


def leak_all(leak, items):
    for item in items:
        leak(item)


def new_rows(found):
    return {(row.type, row.holder): (row.new, row.new_references) for row in found.rows if row.new_references}


def test_1500_of_1500_leaked_objects_are_found(session, leak):
    orphans(session)
    leak_new(leak, Node, 1_500)
    found = orphans(session)
    assert new_rows(found) == {("drawing.Node", ""): (1_500, 1_500)}
    assert (found.new, found.rows[0].objects) == (1_500, 1_500)
    assert found.next == f"leak show {found.rows[0].handle}"
    assert type(session.handles[found.rows[0].handle]) is Node


def test_names_that_are_looked_up_are_no_orphans(session):
    names = [f"looked up {number}" for number in range(200)]
    drawing.HELD["kept"] = dict.fromkeys(names)
    orphans(session)
    for name in names:
        assert getattr(Node, name, None) is None
    del name
    assert new_rows(orphans(session)) == {}


def test_leaked_objects_that_the_program_holds_as_well_are_found(session, leak):
    drawing.HELD["kept"] = [Node() for _ in range(200)]
    orphans(session)
    leak_all(leak, drawing.HELD["kept"][::2])
    assert new_rows(orphans(session)) == {("drawing.Node", ""): (100, 100)}


def test_what_leaks_references_to_one_object_is_found_by_its_references(session, leak):
    drawing.HELD["one"] = Node()
    leak(drawing.HELD["one"])
    orphans(session)
    leak_all(leak, [drawing.HELD["one"]] * 300)
    assert new_rows(orphans(session)) == {("drawing.Node", ""): (0, 300)}


def test_types_are_told_apart_on_random_leaks(session, leak):
    rolled = randomness.Random(7)
    for _ in range(3):
        orphans(session)
        planted = dict.fromkeys((Node, Wild, Slotted), 0)
        for _ in range(rolled.randrange(100, 400)):
            kind = rolled.choice([Node, Wild, Slotted])
            item = kind()
            if rolled.random() < 0.5:
                drawing.HELD.setdefault("kept", []).append(item)
            if rolled.random() < 0.5:
                leak(item)
                planted[kind] += 1
        del item
        expected = {
            (f"drawing.{kind.__name__}", ""): (count, count) for kind, count in planted.items() if count
        }
        assert new_rows(orphans(session)) == expected


def test_what_was_there_before_is_not_new(session, leak):
    leak_new(leak, Node, 50)
    # An answer is pdbleak's own, so what it holds would look held by nobody.
    first = orphans(session).objects
    second = orphans(session)
    assert (second.rows, second.new) == ((), 0)
    # One more or less is what the interpreter itself holds for a moment.
    assert abs(second.constant - first) <= 3
    assert second.next == "c, then later: leak orphans"


def test_the_programs_types_come_first_in_the_first_look(session, leak):
    leak_new(leak, Node, 1_000)
    first = orphans(session).rows[0]
    assert (first.type, first.objects, first.handle) == ("drawing.Node", 1_000, "_1")


def test_objects_that_only_python_holds_are_no_orphans(session):
    orphans(session)
    drawing.HELD["all"] = [[Node() for _ in range(100)], {number: Wild() for number in range(100)}]
    local = Slotted()
    found = orphans(session)
    assert local is not None
    assert new_rows(found) == {}


def test_callbacks_of_atexit_are_named_as_such(session):
    orphans(session)
    nodes = [Wild() for _ in range(20)]
    register(nodes)
    try:
        found = orphans(session)
        assert new_rows(found) == {("method", "atexit"): (20, 20)}
        assert found.new == 0
    finally:
        for node in nodes:
            atexit.unregister(type(callback_of).__get__(callback_of, node))


def register(nodes):
    for node in nodes:
        atexit.register(type(callback_of).__get__(callback_of, node))


def callback_of(node):
    """Do nothing at exit."""
    del node


def test_a_wrong_count_of_atexit_reads_nothing():
    assert atexit_held(atexit._ncallbacks() + 1) == []
    assert atexit_held(-1) == []


def test_elements_of_object_arrays_are_not_leaked_by_c(session, leak):
    numpy = pytest.importorskip("numpy")
    orphans(session)
    drawing.HELD["array"] = numpy.empty(300, dtype=object)
    drawing.HELD["array"][:] = [Node() for _ in range(300)]
    drawing.HELD["view"] = drawing.HELD["array"][::2]
    leak_new(leak, Node, 1)
    leak_all(leak, [drawing.HELD["array"][0]])
    found = new_rows(orphans(session))
    assert found[("drawing.Node", "")] == (2, 2)
    assert found[("drawing.Node", "numpy object arrays")] == (299, 299)


def test_memory_without_an_object_is_told_apart(session):
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    orphans(session)
    blocks = [libc.malloc(64 * 1024) for _ in range(160)]
    found = orphans(session)
    for block in blocks:
        libc.free(block)
    assert found.new <= 1
    assert found.c_heap == pytest.approx(10 << 20, rel=0.02)
    assert found.next == "leak memory"


def test_leaked_text_that_no_walk_meets_is_told_by_its_bytes(session, leak):
    orphans(session)
    for number in range(20_000):
        leak(f"{number:0100}")
    found = orphans(session)
    # C code that is running may hold a namespace at one look and not at the other.
    assert found.new <= 1
    # 20,000 blocks of 160 bytes; the test's own list of addresses is met.
    assert found.unmet == pytest.approx(20_000 * 160, rel=0.1)
    assert found.next == "leak memory"


def test_nothing_is_held_afterwards(session, leak):
    import gc
    import weakref

    orphans(session)
    node = Node()
    watch = weakref.ref(node)
    leak(node)
    del node
    orphans(session)
    session.close()
    give(watch())
    leak.__closure__[0].cell_contents.pop()
    gc.collect()
    assert watch() is None


def test_references_found_are_the_objects_own_count(session, leak):
    drawing.HELD["one"] = Node()
    leak_all(leak, [drawing.HELD["one"]] * 5)
    heap = session.fresh()
    unowned = find_orphans(heap)
    assert unowned.complete
    assert unowned.found[heap.node_of(drawing.HELD["one"])] == ("", 5)
