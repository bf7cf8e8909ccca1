"""All instances by their path: every one once, by names that are true, with what really dies with them."""

from __future__ import annotations

import gc
import sys
import threading
from collections import OrderedDict, deque
from random import Random

import drawing
import pytest
from drawing import Node, Slotted, Wild, build_random, build_ring, draw, hold, leak_in_c, repair

from pdbleak import names
from pdbleak.analyses.chain import path_down
from pdbleak.analyses.pathnames import MOST_SEARCHED
from pdbleak.analyses.pathtree import NOWHERE, path_tree
from pdbleak.commands.defer import defer
from pdbleak.commands.gc import gc as leak_gc
from pdbleak.commands.paths import paths
from pdbleak.heap import GARBAGE


class Queue:
    """What messages wait in."""

    def __init__(self, count):
        self.messages = deque(Message() for _ in range(count))


class Message:
    """What waits."""

    __slots__ = ("__weakref__", "number")


def only(found):
    assert len(found.rows) == 1, [row.path for row in found.rows]
    return found.rows[0]


def texts(found):
    return {row.path: row.count for row in found.rows}


def test_one_container_is_one_path_however_many(session):
    drawing.HELD["queue"] = Queue(1000)
    row = only(paths(session, subject="Message"))
    assert row.count == 1000
    assert row.path == (
        "module drawing .HELD → dict ['queue'] → test_paths.Queue .messages → collections.deque [*] → "
        "test_paths.Message"
    )


@pytest.mark.parametrize("count", [3, 20, 200])
def test_keys_are_generalised_however_few(session, count):
    drawing.HELD["queues"] = {f"queue {number}": Queue(5) for number in range(count)}
    row = only(paths(session, subject="Message"))
    assert row.count == 5 * count
    assert " → dict {str} → test_paths.Queue .messages → " in row.path


def test_a_single_key_is_named(session):
    drawing.HELD["config"] = {"cache": {number: Message() for number in range(100)}}
    row = only(paths(session, subject="Message"))
    assert row.path.endswith("dict ['config'] → dict ['cache'] → dict {int} → test_paths.Message")
    assert row.steps[-1].keys[0].startswith("[")


@pytest.mark.parametrize("seed", range(2))
def test_every_instance_is_accounted_for(session, seed):
    build_random(Random(seed), 60, 120)
    draw("a -> b -> a")
    heap = session.heap()
    tally = heap.tally()
    garbage = heap.tally(GARBAGE)
    for name, limits in (
        ("drawing.Wild", (1, 3, 10_000)),
        ("drawing.Node", (1, 10_000)),
        ("drawing.Slotted", (1, 10_000)),
        ("list", (3, 10_000)),
        ("int", (3,)),
        ("type", (10_000,)),
    ):
        for limit in limits:
            found = paths(session, subject=name, limit=limit)
            assert (found.objects, found.size) == tally.get(name, (0, 0))
            assert (found.garbage, found.garbage_size) == garbage.get(name, (0, 0))
            shown = sum(row.count for row in found.rows)
            assert shown + found.omitted_objects + found.garbage == found.objects
            assert len(found.rows) <= limit
            if not found.omitted:
                assert found.omitted_objects == 0
                assert sum(row.size for row in found.rows) + found.garbage_size == found.size


@pytest.mark.parametrize("seed", range(3))
def test_what_a_path_retains_dies_with_its_instances(session, seed):
    build_random(Random(seed), 60, 120)
    drawing.HELD["list"] = [Wild() for _ in range(20)]
    for each in drawing.HELD["list"]:
        each.tail = [draw("a -> b -> a")["a"]]
    row = next(row for row in paths(session, subject="Wild").rows if "['list']" in row.path)
    before = live_bytes(session)
    drawing.HELD["list"].clear()
    each = None
    gc.collect()
    # The emptied list has let go of its elements' places, too.
    assert row.retained <= before - live_bytes(session) <= row.retained + 400


def live_bytes(session):
    heap = session.fresh()
    garbage = heap.tally(GARBAGE)
    kinds = ("drawing.Wild", "drawing.Node", "list", "dict", "str")
    return sum(heap.tally().get(kind, (0, 0))[1] - garbage.get(kind, (0, 0))[1] for kind in kinds)


def test_an_independent_second_holder_is_named_with_its_share(session):
    drawing.HELD["queue"] = queue = Queue(100)
    drawing.HELD["other"] = Wild()
    drawing.HELD["other"].index = dict(enumerate(list(queue.messages)[:25]))
    row = only(paths(session, subject="Message"))
    assert [(other.count, other.path.rpartition(" → ")[2]) for other in row.also] in (
        [(25, "dict {int}")],
        [(25, ".index")],
    )


def test_a_reference_back_from_what_it_holds_is_no_second_holder(session):
    drawing.HELD["all"] = [draw("a -> b -> a")["a"] for _ in range(10)]
    found = paths(session, subject="Node")
    assert [row.also for row in found.rows] == [()] * len(found.rows)


@pytest.mark.parametrize("make", [list, deque, dict.fromkeys, OrderedDict.fromkeys])
def test_the_oldest_and_the_newest_are_at_the_ends_of_what_keeps_order(session, make):
    items = [Message() for _ in range(50)]
    for number, each in enumerate(items):
        each.number = number
    drawing.HELD["kept"] = make(items)
    found = paths(session, subject="Message")
    row = only(found)
    assert "number=0" in row.oldest
    assert "number=49" in row.newest


def test_a_set_keeps_no_order(session):
    drawing.HELD["kept"] = {Message() for _ in range(50)}
    row = only(paths(session, subject="Message"))
    assert (row.oldest, row.newest) == ("", "")
    assert row.path.endswith("set {…} → test_paths.Message")


def test_a_linked_list_is_folded(session):
    drawing.HELD["ring"] = build_ring(10_000)
    found = paths(session, subject="Slotted")
    assert sorted(row.count for row in found.rows) == [1, 9_999]
    assert ".right*" in found.rows[0].path or ".left*" in found.rows[0].path or ", " in found.rows[0].path
    drawing.HELD["ring"].left.right = None


def test_a_million_links_are_named_quickly(session):
    first = last = Slotted()
    drawing.HELD["first"] = first
    for _ in range(1_000_000):
        last.right = Slotted()
        last = last.right
    found = paths(session, subject="Slotted")
    assert found.rows[0].count == 1_000_000
    assert found.rows[0].path.endswith("dict ['first'] → drawing.Slotted .right* → drawing.Slotted")
    last = first
    del drawing.HELD["first"]
    while last is not None:
        following = getattr(last, "right", None)
        if following is not None:
            del last.right
        last = following
        first = None


def test_a_class_is_passed_last(session):
    class Registry:
        kept = ()

    Registry.kept = [Message() for _ in range(10)]
    drawing.HELD["registry"] = Registry
    assert ".kept → list [*]" in only(paths(session, subject="Message")).path
    drawing.HELD["queue"] = queue = Wild()
    queue.deep = [[[list(Registry.kept)]]]
    queue = None
    session.forget_heap()
    row = only(paths(session, subject="Message"))
    assert ".deep" in row.path
    assert [other.count for other in row.also] == [10]


def test_a_deferred_name_is_passed_last_and_never_dropped(session):
    drawing.HELD["queue"] = queue = Queue(10)
    drawing.CACHE = list(queue.messages)
    try:
        assert ".CACHE → list [*]" in only(paths(session, subject="Message")).path
        assert defer(session, subject="drawing.CACHE").rows[0].source == "yours"
        row = only(paths(session, subject="Message"))
        assert "test_paths.Queue .messages" in row.path
        assert ".CACHE" in row.also[0].path
        del drawing.HELD["queue"]
        queue = None
        session.forget_heap()
        assert ".CACHE → list [*]" in only(paths(session, subject="Message")).path
    finally:
        del drawing.CACHE


def test_an_attribute_of_all_instances_can_be_deferred(session):
    drawing.HELD["all"] = [Wild() for _ in range(5)]
    for each in drawing.HELD["all"]:
        each.cache = [Message()]
        each.real = [[[each.cache[0]]]]
    each = None
    assert ".cache" in only(paths(session, subject="Message")).path
    defer(session, subject="Wild.cache")
    assert ".real" in only(paths(session, subject="Message")).path


def test_deferred_lines_are_read_from_the_project(session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.pdbleak]\ndefer = ["drawing.HELD", "no name", 7]\n')
    assert [row.reference for row in defer(session).rows if row.source == "yours"] == ["drawing.HELD"]
    (tmp_path / "pyproject.toml").write_text("[tool.pdbleak\n")
    assert all(row.source == "built in" for row in defer(session).rows)


def test_what_only_a_frame_holds_is_named_by_its_variable(session):
    kept = [Message() for _ in range(3)]
    row = only(paths(session, subject="Message"))
    assert row.root.startswith("local 'kept' of test_what_only_a_frame_holds")
    assert row.root.endswith(f"at test_paths.py:{sys._getframe().f_lineno - 2}")
    assert len(kept) == 3


def test_what_only_another_threads_frame_holds_is_found(session):
    started, end = threading.Event(), threading.Event()

    def work():
        mine = Message()
        started.set()
        end.wait()
        return mine

    thread = threading.Thread(target=work)
    thread.start()
    started.wait()
    row = only(paths(session, subject="Message"))
    end.set()
    thread.join()
    assert row.root.startswith("local 'mine' of test_what_only_another_threads_frame_holds")


def test_what_a_suspended_generator_holds_is_found(session):
    def numbers():
        mine = Message()
        yield 1
        return mine

    drawing.HELD["running"] = running = numbers()
    next(running)
    row = only(paths(session, subject="Message"))
    place = f"test_paths.py:{numbers.__code__.co_firstlineno}"
    assert row.path.endswith(f" → generator local 'mine' of numbers() at {place} → test_paths.Message")


def test_what_waits_in_different_functions_is_told_apart(session):
    def first():
        mine = Message()
        yield mine

    def second():
        yours = Message()
        yield yours

    drawing.HELD["waiting"] = waiting = [each() for each in (first, second, second)]
    for each in waiting:
        next(each)
    each = waiting = None
    found = paths(session, subject="Message")
    assert [(row.count, "local 'yours' of second() at" in row.path) for row in found.rows] == [
        (2, True),
        (1, False),
    ]


def test_one_key_with_nearly_all_is_named(session):
    drawing.HELD["rooms"] = {"big": [Message() for _ in range(90)]}
    drawing.HELD["rooms"] |= {f"room {number}": [Message()] for number in range(10)}
    assert [(row.count, row.path.split(" → ")[2]) for row in paths(session, subject="Message").rows] == [
        (90, "dict ['big']"),
        (10, "dict {str}"),
    ]


def test_another_holder_is_told_by_a_path_without_the_instances(session):
    drawing.HELD["rows"] = rows = [Wild() for _ in range(10)]
    drawing.HELD["deep"] = [[[[other := Wild()]]]]
    other.held = list(rows)
    rows[0].other = other
    drawing.HELD["deep"][0][0][0] = [list(other.held)]
    rows[0].lists = drawing.HELD["deep"][0][0][0]
    other = rows = None
    del drawing.HELD["rows"][0].other
    row = only(paths(session, subject="Wild"))
    assert "['rows']" in row.path
    assert [(each.count, "['deep']" in each.path, ".lists" in each.path) for each in row.also] == [
        (10, True, False)
    ]


def test_an_unset_slot_does_not_give_its_place_to_another(session):
    drawing.HELD["slots"] = slots = [Slotted() for _ in range(40)]
    for place, each in enumerate(slots):
        each.right = None if place % 4 else Message()
        if place % 4:
            each.left = Message()
    each = slots = None
    found = texts(paths(session, subject="Message"))
    assert {name.split(" → ")[3]: count for name, count in found.items()} == {
        "drawing.Slotted .left": 30,
        "drawing.Slotted .right": 10,
    }


@pytest.mark.parametrize("seed", range(2))
def test_what_one_instance_retains_is_what_a_walk_without_it_misses(session, seed):
    build_random(Random(seed), 60, 120)
    heap = session.heap()
    rows = paths(session, subject="Wild", limit=100).rows
    assert all(row.retained is not None for row in rows)
    single = [row for row in rows if row.count == 1]
    members = [node for node in heap.nodes_of(["drawing.Wild"]) if not heap.has(node, GARBAGE)]
    walked = sorted(heap.total_size(heap.graph.retained(node, heap.roots)) for node in members)
    assert all(row.retained in walked for row in single)


def test_what_c_holds_and_what_is_garbage_have_lines_of_their_own(session):
    address = leak_in_c(Wild)
    for _ in range(7):
        loop = Wild()
        loop.self = loop
    loop = None
    found = paths(session, subject="Wild")
    repair(address)
    assert texts(found) == {"held by C → drawing.Wild": 1}
    assert (found.objects, found.garbage) == (8, 7)
    assert found.next == "leak gc"
    leak_gc(session)


def test_two_captures_of_one_heap_give_one_answer(session):
    hold("a -> b -> c; b -> d -> a", "a")
    build_random(Random(3))
    first, second = (path_tree(session.fresh()) for _ in range(2))
    assert first.roots == second.roots
    for column in ("above", "label", "count", "size", "folded"):
        assert getattr(first, column).tolist() == getattr(second, column).tolist(), column


@pytest.mark.parametrize(
    "name", ["module", "type", "int", "NoneType", "function", "builtin_function_or_method"]
)
def test_what_every_program_has_is_no_trap(session, name):
    found = paths(session, subject=name)
    assert found.objects > 0
    assert found.rows[0].path.endswith(name)


@pytest.mark.parametrize("seed", range(3))
def test_what_has_no_path_is_garbage(session, seed):
    build_random(Random(seed), 60, 120)
    draw("a -> b -> a")
    heap = session.heap()
    tree = path_tree(heap)
    assert bytes(group == NOWHERE for group in tree.group) == bytes(heap.marks(GARBAGE))
    assert sum(tree.count) == heap.graph.nodes - sum(count for count, _ in heap.tally(GARBAGE).values())
    for node in Random(seed).sample(range(heap.graph.nodes), 40):
        assert bool(path_down(heap, node)) == (not heap.has(node, GARBAGE))
    leak_gc(session)


def test_a_large_container_is_not_searched_for_every_kind_of_element(session, monkeypatch):
    kinds = [type(f"Kind{number}", (), {}) for number in range(60)]
    drawing.HELD["large"] = large = [kinds[number % 60]() for number in range(6_000)]
    kinds.clear()
    searched = []
    told = names.reference_names

    def counted(above, below):
        searched.append(above is large)
        return told(above, below)

    monkeypatch.setattr(names, "reference_names", counted)
    found = paths(session, subject="*Kind*", limit=100)
    assert [row.count for row in found.rows if row.count > 1] == [100] * 60
    assert all(" → list [*] → " in row.path for row in found.rows if row.count > 1)
    assert 0 < sum(searched) <= 2 * MOST_SEARCHED


def test_nobody_has_no_path(session):
    found = paths(session, subject="Nobdoy")
    assert (found.objects, found.rows) == (0, ())
    assert found.next.startswith("leak ")


def test_paths_die_with_their_test():
    assert drawing.HELD == {}
    assert not any(type(each) in (Node, Message) for each in gc.get_objects())
