"""Counts: types, count and list tell of the same objects; growth tells what came and not what went."""

from __future__ import annotations

import gc as collector
import sys

import drawing
from drawing import Node, Slotted, Wild, hold

from pdbleak.analyses.growth import compare
from pdbleak.commands.count import count
from pdbleak.commands.growth import growth
from pdbleak.commands.list import list_
from pdbleak.commands.types import types


def test_all_three_count_the_same(session):
    drawing.HELD["many"] = [Node() for _ in range(30)] + [Wild() for _ in range(20)]
    census = types(session, limit=1_000_000)
    heap = session.heap()
    assert census.objects == sum(row.count for row in census.rows) == heap.graph.nodes
    assert census.size == sum(row.size for row in census.rows) == heap.total_size(range(heap.graph.nodes))
    assert census.omitted == 0
    for name, expected in (("Node", 30), ("Wild", 20), ("drawing.*", 50)):
        counted, listed = count(session, subject=name), list_(session, subject=name, limit=1000)
        assert counted.objects == listed.total == len(listed.rows) == expected
        assert counted.size == sum(row.size for row in listed.rows) == sum(row.size for row in counted.rows)
    by_name = {row.type: row for row in census.rows}
    assert by_name["drawing.Node"] == count(session, subject="drawing.Node").rows[0]


def test_rows_are_sorted_and_what_is_left_out_is_counted(session):
    every = types(session, limit=1_000_000)
    few = types(session, limit=3)
    assert few.rows == every.rows[:3]
    assert few.omitted == len(every.rows) - 3
    assert (few.objects, few.size) == (every.objects, every.size)
    assert [row.count for row in every.rows] == sorted((row.count for row in every.rows), reverse=True)
    by_size = types(session, by="size", limit=1_000_000)
    assert [row.size for row in by_size.rows] == sorted((row.size for row in by_size.rows), reverse=True)
    assert set(by_size.rows) == set(every.rows)


def test_tracked_objects_are_as_many_as_the_collector_knows(session):
    drawing.HELD["many"] = [Node() for _ in range(100)]
    assert count(session, subject="Node").objects == sum(
        type(item) is Node for item in collector.get_objects()
    )
    assert (
        count(session, subject="drawing.Node").size
        == 100 * count(session, subject="Node").rows[0].size // 100
    )
    assert count(session, subject="Node").rows[0].size == sum(map(sys.getsizeof, drawing.HELD["many"]))


def test_a_list_names_the_objects_that_there_are(session):
    hold("a -> b; c", "a", "c")
    listed = list_(session, subject="Node", limit=2)
    assert len(listed.rows) == 2
    assert listed.total == 3
    assert {row.address for row in listed.rows} <= {
        id(drawing.HELD["a"]),
        id(drawing.HELD["a"].b),
        id(drawing.HELD["c"]),
    }
    assert [row.form for row in listed.rows] == [f"<drawing.Node at {row.address:#x}>" for row in listed.rows]
    assert listed.next == "leak list Node 3"


def test_what_is_gone_since_the_capture_says_so(session):
    hold("a; b", "a", "b")
    session.heap()
    del drawing.HELD["a"]
    assert sorted(
        row.form == "(gone since the capture)" for row in list_(session, subject="Node", limit=5).rows
    ) == [False, True]


def test_a_patterns_types_are_counted_apart(session):
    drawing.HELD["some"] = [Node(), Slotted(), Slotted()]
    assert {row.type: row.count for row in count(session, subject="*drawing.*").rows} == {
        "drawing.Node": 1,
        "drawing.Slotted": 2,
    }


def test_growth_is_counted_from_the_first_call(session):
    first = growth(session, limit=20)
    assert (first.rows, first.seconds) == ((), None)
    drawing.HELD["many"] = [Node() for _ in range(500)]
    found = growth(session, limit=20)
    row = next(row for row in found.rows if row.type == "drawing.Node")
    assert (row.count, row.count_delta) == (500, 500)
    assert row.size_delta == row.size
    assert found.next == "leak chain drawing.Node"
    assert found.seconds >= 0


def test_what_shrinks_is_no_growth(session):
    drawing.HELD["many"] = [Node() for _ in range(500)]
    growth(session, limit=20)
    del drawing.HELD["many"][100:]
    assert [row.type for row in growth(session, limit=20).rows if row.type == "drawing.Node"] == []


def test_nothing_grows_while_nothing_runs(session):
    growth(session, limit=20)
    growth(session, limit=20)
    found = growth(session, limit=20)
    assert found.rows == ()
    assert found.seconds is not None


def test_more_bytes_in_as_many_objects_are_growth(session):
    drawing.HELD["buffer"] = bytearray(10)
    growth(session, limit=20)
    drawing.HELD["buffer"] += bytes(1_000_000)
    row = growth(session, limit=20).rows[-1]
    assert (row.type, row.count_delta) == ("bytearray", 0)
    assert row.size_delta >= 1_000_000


def test_growth_leaves_out_what_is_beyond_the_limit_and_says_so():
    now = {f"T{index}": (index + 1, 8) for index in range(30)}
    found = compare({}, now, seconds=1.0, limit=5)
    assert [row.type for row in found.rows] == ["T29", "T28", "T27", "T26", "T25"]
    assert found.omitted == 25
