"""Cycles by shape: planted ones are counted as they are, garbage or held."""

from __future__ import annotations

import time

import drawing
import pytest
from drawing import Finalized, Node, Slotted, Wild, build_ring, draw, hold

from pdbleak.commands.cycles import cycles


class Connection:
    """Holds a channel."""


class Channel:
    """Holds its connection, and a callback that holds it."""


def open_connection():
    connection, channel = Connection(), Channel()
    connection.channel, channel.connection, channel.callback = channel, connection, lambda: channel
    return connection


def only(found):
    assert len(found.rows) == 1, [[member.type for member in row.members] for row in found.rows]
    return found.rows[0]


def types_of(shape):
    return {member.type: member.count for member in shape.members}


def test_a_pair_is_one_shape_however_many(session):
    for _ in range(7):
        draw("a -> b -> a")
    drawing.HELD["pairs"] = [draw("a -> b -> a")["a"] for _ in range(5)]
    found = cycles(session, subject="Node")
    shape = only(found)
    assert (found.cycles, found.garbage) == (shape.count, shape.garbage) == (12, 7)
    assert (shape.objects, types_of(shape)) == (24, {"drawing.Node": 2})
    assert shape.size == sum(session.heap().size(node) for node in session.heap().nodes_of(["drawing.Node"]))
    assert sorted(step.reference for step in shape.example) == [".a", ".b"]
    assert found.next == "leak gc"


def test_an_object_that_refers_to_itself_is_a_cycle_of_one(session):
    hold("a -> a", "a")
    shape = only(cycles(session, subject="Node"))
    assert (shape.count, shape.garbage, types_of(shape)) == (1, 0, {"drawing.Node": 1})
    assert [step.reference for step in shape.example] == [".a"]


def test_a_list_that_holds_itself_is_a_cycle(session):
    drawing.HELD["list"] = loop = []
    loop.append(loop)
    loop.append(Node())
    found = cycles(session, subject="list")
    assert [
        (step.type, step.reference) for row in found.rows for step in row.example if len(row.example) == 1
    ] == [("list", "[0]")]


def test_a_connection_with_a_callback_is_one_shape_of_five(session):
    for _ in range(3):
        open_connection()
    drawing.HELD["open"] = [open_connection() for _ in range(2)]
    shape = only(cycles(session, subject="test_cycles.Channel"))
    assert (shape.count, shape.garbage, shape.objects) == (5, 3, 25)
    assert types_of(shape) == dict.fromkeys(
        ("test_cycles.Connection", "test_cycles.Channel", "function", "tuple", "cell"), 1
    )
    assert [step.reference for step in shape.example] in (
        [".connection", ".channel"],
        [".channel", ".connection"],
    )


def test_what_holds_a_cycle_is_no_part_of_it(session):
    hold("a -> b -> c -> b; c -> d", "a")
    shape = only(cycles(session, subject="Node"))
    assert types_of(shape) == {"drawing.Node": 2}


def test_finalizers_are_named(session):
    class Held(Finalized):
        pass

    draw("a -> b -> a", kind=Held)
    shape = only(cycles(session, subject="Held"))
    assert shape.finalizers == (next(iter(types_of(shape))),)
    assert only(cycles(session, subject="Held")).garbage == 1


def test_without_finalizers_none_are_named(session):
    hold("a -> b -> a", "a")
    assert only(cycles(session, subject="Node")).finalizers == ()


def test_cycles_of_the_same_types_are_one_shape_whatever_their_size(session):
    drawing.HELD["rings"] = [build_ring(count) for count in (2, 5, 9, 30)]
    shape = only(cycles(session, subject="Slotted"))
    assert (shape.count, shape.objects) == (4, 46)
    assert types_of(shape) == {"drawing.Slotted": 2}, "the smallest is the example"


def test_other_types_are_another_shape(session):
    drawing.HELD["all"] = [build_ring(3), draw("a -> b -> a", kind=Wild)["a"], draw("a -> b -> a")["a"]]
    found = cycles(session, subject="drawing.*")
    assert sorted(next(iter(types_of(row))) for row in found.rows) == [
        "drawing.Node",
        "drawing.Slotted",
        "drawing.Wild",
    ]


def test_a_generator_that_holds_its_owner_is_a_cycle(session):
    class Owner:
        def work(self):
            yield self

    drawing.HELD["owner"] = owner = Owner()
    owner.running = owner.work()
    next(owner.running)
    shape = only(cycles(session, subject="Owner"))
    assert min(types_of(shape)) == "generator"
    assert [step.reference for step in shape.example][1:] == [".running"]
    assert "local 'self' of" in shape.example[0].reference


def test_an_exception_that_holds_its_frame_is_a_cycle(session):
    def fail():
        try:
            raise ValueError
        except ValueError as error:
            kept = error
        return Node(), kept

    fail()
    found = cycles(session, subject="ValueError")
    assert {"ValueError", "traceback", "frame"} <= set(types_of(only(found)))
    assert only(found).garbage == 1


def test_a_class_made_by_a_function_is_a_garbage_cycle(session):
    def build():
        return type("Short", (), {})

    build()
    shape = only(cycles(session, subject="type"))
    assert shape.garbage == shape.count == 1
    assert "type" in types_of(shape)


def test_a_live_class_and_module_are_no_cycle(session):
    assert cycles(session, subject="module").cycles == 0


@pytest.mark.parametrize("count", [1_000_000])
def test_a_long_list_linked_both_ways_needs_no_recursion(session, count):
    drawing.HELD["ring"] = build_ring(count)
    session.heap()
    started = time.perf_counter()
    found = cycles(session)
    assert time.perf_counter() - started < 10
    shape = next(row for row in found.rows if "drawing.Slotted" in types_of(row))
    assert (shape.count, shape.objects) == (1, count)
    assert len(shape.example) == 2
    del drawing.HELD["ring"].left.right
    assert drawing.HELD["ring"].right is not None


def test_a_long_way_round_is_cut_in_the_middle(session):
    first = last = Slotted()
    for _ in range(20_000):
        last.right = Slotted()
        last = last.right
    last.right = first
    shape = only(cycles(session, subject="Slotted"))
    assert len(shape.example) <= 200
    assert len(shape.example) + shape.omitted == 20_001
    first.right = None


def test_classes_made_anew_at_every_call_are_one_shape(session):
    def build():
        class Short:
            pass

        item = Short()
        item.self = item
        return item

    drawing.HELD["all"] = [build() for _ in range(10)]
    shape = only(cycles(session, subject="*Short"))
    assert shape.count == 10


def test_the_biggest_shape_in_bytes_is_first_whether_garbage_or_held(session):
    drawing.HELD["ring"] = build_ring(500)
    draw("a -> b -> a")
    found = cycles(session, subject="drawing.*")
    assert [(row.objects, row.garbage) for row in found.rows] == [(500, 0), (2, 1)]
    drawing.HELD["ring"].left.right = None


def test_all_shapes_together_are_all_cycles(session):
    for kind in (Node, Wild, Slotted):
        drawing.HELD[kind.__name__] = (
            draw("left -> right -> left", kind=kind)["left"] if kind is not Node else draw("a -> b -> a")["a"]
        )
    found = cycles(session)
    assert sum(row.count for row in found.rows) <= found.cycles
    heap = session.heap()
    component, count = heap.graph.components(barrier=heap.marks(8 | 16 | 32, without=2))
    assert found.cycles == count
    assert max(component) == count


def test_what_nobody_has_is_on_no_cycle(session):
    found = cycles(session, subject="Nobody")
    assert (found.cycles, found.rows, found.omitted) == (0, (), 0)


def test_cycles_die_with_their_test():
    assert drawing.HELD == {}
