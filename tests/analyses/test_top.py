"""What retains most: every byte is in one place, named by its holder, and ways end where they drop."""

from __future__ import annotations

import gc

import drawing
from drawing import Node, Slotted, Wild

from pdbleak.analyses.dominators import dominate
from pdbleak.commands.top import top
from pdbleak.commands.types import types
from pdbleak.heap import GARBAGE

BIG = 3_000_000


def every(rows):
    for row in rows:
        yield row
        yield from every(row.children)


def under_held(session, key):
    """Return the row, at whatever depth, of what drawing.HELD has under a key."""
    address = id(drawing.HELD[key])
    return next(row for row in every(top(session, subject="", limit=10).rows) if row.address == address)


def test_every_byte_is_listed_once_or_said_to_be_left_out(session):
    drawing.HELD["big"] = [bytearray(BIG), {n: str(n) for n in range(20_000)}]
    answer = top(session, subject="", limit=10)
    heap = session.heap()
    alive = sum(heap.size(node) for node in range(heap.graph.nodes) if not heap.has(node, GARBAGE))
    assert answer.whole == alive
    assert sum(row.retained for row in answer.rows) + answer.omitted_retained == answer.retained
    for row in every(answer.rows):
        below = sum(child.retained for child in row.children) + row.omitted_retained
        skips = any(child.skipped for child in row.children)
        assert row.deeper or skips or row.count > 1 or below + row.size == row.retained, row.type


def test_a_row_is_named_by_its_holder_and_gathers_where_it_drops(session):
    drawing.HELD["pool"] = Wild()
    drawing.HELD["pool"].items = [bytearray(BIG // 300) for _ in range(300)]
    row = under_held(session, "pool")
    assert (row.reference, row.type, row.gathers) == ("['pool']", "drawing.Wild", False)
    gathering = row.children[0]
    assert (gathering.reference, gathering.type, gathering.gathers) == (".items", "list", True)
    below = gathering.children[0]
    assert (below.reference, below.type, below.count) == ("[*]", "bytearray", 300)


def test_where_it_gathers_is_bound_and_the_answer_leads_there(session):
    drawing.HELD["list"] = [bytearray(BIG // 300) for _ in range(300)]
    answer = top(session, subject="", limit=10)
    handle = next(row.handle for row in every(answer.rows) if row.address == id(drawing.HELD["list"]))
    assert session.handles[handle] is drawing.HELD["list"]
    assert answer.next in {f"leak cut {name}" for name in session.handles}
    further = top(session, subject=handle, limit=10)
    assert (further.handle, further.population, further.subject) == (handle, 1, "list")
    assert [(row.type, row.count) for row in further.rows] == [("bytearray", 300)]


def test_the_rows_of_a_type_are_what_its_objects_retain(session):
    drawing.HELD["many"] = [Node() for _ in range(50)]
    for node in drawing.HELD["many"]:
        node.a = bytearray(BIG // 50)
        node.b = Slotted()
    answer = top(session, subject="drawing.Node", limit=10)
    assert answer.population == 50
    assert [(row.reference, row.type, row.count) for row in answer.rows[:1]] == [(".a", "bytearray", 50)]
    assert answer.objects == 150
    assert answer.omitted + sum(row.count for row in answer.rows) == 100


def test_a_node_within_another_of_the_type_is_not_retained_twice(session):
    outer = drawing.HELD["outer"] = Node()
    outer.a = Node()
    outer.a.a = bytearray(BIG)
    answer = top(session, subject="drawing.Node", limit=10)
    assert answer.population == 2
    assert answer.objects == 3
    assert answer.retained < 2 * BIG


def test_a_linked_list_is_cut_short(session):
    last = None
    for _ in range(30_000):
        node = Slotted()
        node.left, node.right = last, bytearray(64)
        last = node
    drawing.HELD["list"] = last
    row = under_held(session, "list")
    steps = 0
    while not row.gathers:
        row = row.children[0]
        steps += 1
    assert steps < 30
    assert row.deeper > 10_000


def test_a_deep_way_to_something_big_skips_the_steps_between(session):
    drawing.HELD["deep"] = first = Slotted()
    for _ in range(1000):
        first.left = Slotted()
        first = first.left
    first.left = bytearray(BIG)
    del first
    rows = [row for row in every(top(session, subject="", limit=10).rows) if row.skipped]
    assert [(row.type, row.skipped > 900, row.reference) for row in rows] == [("bytearray", True, ".left")]


def test_what_several_hold_hangs_on_none_of_them(session):
    shared = bytearray(BIG)
    drawing.HELD["one"], drawing.HELD["two"] = Node(), Node()
    drawing.HELD["one"].a = drawing.HELD["two"].b = shared
    del shared
    rows = list(every(top(session, subject="", limit=10).rows))
    row = next(row for row in rows if row.address == id(drawing.HELD["one"].a))
    assert dominate(session.heap()).parents[row.node] == session.heap().node_of(drawing.HELD)
    assert row.reference == ""


def test_garbage_is_in_no_row_but_in_its_own_number(session):
    node = Node()
    node.a, node.b = node, bytearray(BIG)
    address = id(node.b)
    del node
    answer = top(session, subject="", limit=10)
    assert answer.garbage > BIG
    assert address not in {row.address for row in every(answer.rows)}
    of_garbage = top(session, subject="drawing.Node", limit=10)
    assert "garbage" in of_garbage.note
    gc.collect()


def test_nobody_of_a_type_is_an_answer(session):
    answer = top(session, subject="Nobody*", limit=10)
    assert (answer.population, answer.rows) == (0, ())


def test_types_by_retained_count_what_dies_with_each_object(session):
    drawing.HELD["pool"] = Wild()
    drawing.HELD["pool"].items = bytearray(BIG)
    census = types(session, by="retained", limit=1000)
    sizes = {row.type: row.retained for row in census.rows}
    assert BIG < sizes["drawing.Wild"] < BIG + 10_000
    assert [row.retained for row in census.rows] == sorted(sizes.values(), reverse=True)


def test_an_instance_and_its_dict_are_one(session):
    drawing.HELD["pool"] = pool = Wild()
    pool.items = [bytearray(BIG // 300) for _ in range(300)]
    assert pool.__dict__
    del pool
    row = under_held(session, "pool")
    assert [(child.reference, child.type) for child in row.children] == [(".items", "list")]
