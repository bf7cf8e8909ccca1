"""All instances by the references that hold them: every one once, by names that are true."""

from __future__ import annotations

from collections import Counter, deque
from random import Random

import drawing
import pytest
from drawing import Node, Slotted, Wild, build_random, leak_in_c, repair

from pdbleak import names
from pdbleak.commands.via import via


class Held:
    """What is held."""

    __slots__ = ("__weakref__",)


def rows(found):
    return {row.reference: row.count for row in found.rows}


def with_slots(**values):
    made = Slotted()
    for name, value in values.items():
        setattr(made, name, value)
    return made


def test_every_way_is_a_row_of_its_own(session):
    both = [Held() for _ in range(10)]
    drawing.HELD["left"] = [with_slots(left=Held()) for _ in range(30)]
    drawing.HELD["right"] = [with_slots(right=Held()) for _ in range(20)]
    drawing.HELD["both"] = [(with_slots(left=each), with_slots(right=each)) for each in both]
    drawing.HELD["keys"] = [{"k": Held()} for _ in range(5)]
    drawing.HELD["set"] = {Held() for _ in range(4)}
    drawing.HELD["list"] = [Held() for _ in range(3)]
    drawing.HELD["deque"] = deque(Held() for _ in range(2))
    both.clear()
    found = via(session, subject="Held")
    assert rows(found) == {
        "drawing.Slotted .left": 30,
        "drawing.Slotted .right": 20,
        "drawing.Slotted .left, drawing.Slotted .right": 10,
        "dict ['k']": 5,
        "set {…}": 4,
        "list [*]": 3,
        "collections.deque [*]": 2,
    }
    assert (found.objects, found.omitted, found.omitted_objects) == (74, 0, 0)


def test_an_attribute_is_named_with_the_type_that_has_it(session):
    for number in range(7):
        made = drawing.HELD[number] = Wild()
        made.attribute = Held()
    made = None
    assert rows(via(session, subject="Held")) == {"drawing.Wild .attribute": 7}


def test_a_name_of_a_module_is_named_with_the_module(session):
    drawing.KEPT = Held()
    try:
        assert rows(via(session, subject="Held")) == {"module drawing .KEPT": 1}
    finally:
        del drawing.KEPT


@pytest.mark.parametrize("count", [5, 500])
def test_keys_of_one_dict_that_differ_are_one_row_where_there_are_many(session, count):
    drawing.HELD["all"] = {f"key {number}": Held() for number in range(count)}
    found = rows(via(session, subject="Held"))
    assert found == {"dict {str}": count} if count > 32 else set(found.values()) == {1}


@pytest.mark.parametrize("seed", range(2))
def test_every_instance_is_in_one_row(session, seed):
    build_random(Random(seed), 60, 150)
    tally = session.heap().tally()
    for name in ("drawing.Wild", "drawing.Slotted", "list"):
        for limit in (1, 3, 10_000):
            found = via(session, subject=name, limit=limit)
            assert (found.objects, found.size) == tally[name]
            assert sum(row.count for row in found.rows) + found.omitted_objects == found.objects
            assert len(found.rows) <= limit


@pytest.mark.parametrize("seed", range(2))
def test_every_slot_that_holds_an_instance_is_named_as_often_as_it_does(session, seed):
    build_random(Random(seed), 60, 150)
    found = via(session, subject="Slotted", limit=10_000)
    ours = Counter()
    for row in found.rows:
        for way in row.reference.split(", "):
            if way.startswith(("drawing.Slotted .", "drawing.Wild .")):
                ours[way] += row.count
    heap = session.heap()
    theirs = Counter()
    nodes = list(heap.nodes_of(["drawing.Slotted"]))
    objects = heap.resolve(nodes)
    for kind in (Slotted, Wild):
        holders = heap.resolve(heap.nodes_of([f"drawing.{kind.__name__}"]))
        for node in nodes:
            ways = {
                f"drawing.{kind.__name__} {name}"
                for holder in holders.values()
                for name in names.reference_names(holder, objects[node])
                if name.startswith(".") and name != ".__dict__"
            }
            theirs.update(ways)
    assert ours == theirs


def test_what_nothing_refers_to_is_told_apart(session):
    address = leak_in_c(Wild)
    loop = Held()
    found = rows(via(session, subject="Wild"))
    repair(address)
    assert found == {"held by C": 1}
    local = rows(via(session, subject="Held"))
    assert [name.partition(" at ")[0] for name in local] == [
        "local 'loop' of test_what_nothing_refers_to_is_told_apart()"
    ]
    assert loop is not None


@pytest.mark.parametrize("name", ["module", "type", "int", "NoneType", "function"])
def test_what_every_program_has_is_no_trap(session, name):
    found = via(session, subject=name)
    assert found.objects > 0
    assert found.rows


def test_a_hundred_thousand_bound_methods_are_grouped(session):
    owner = Node()
    drawing.HELD["callbacks"] = [owner.__reduce_ex__ for _ in range(100_000)]
    found = via(session, subject="builtin_function_or_method")
    assert found.rows[0].reference == "list [*]"
    assert found.rows[0].count >= 100_000


def test_nobody_is_held_by_nothing(session):
    found = via(session, subject="Nobdoy")
    assert (found.objects, found.rows) == (0, ())


def test_slots_at_the_same_place_are_told_apart_however_few_have_them(session):
    drawing.HELD["slots"] = [with_slots(left=Held()) for _ in range(300)] + [with_slots(right=Held())]
    assert rows(via(session, subject="Held")) == {"drawing.Slotted .left": 300, "drawing.Slotted .right": 1}


def test_of_many_instances_groups_are_named_by_samples(session):
    drawing.HELD["left"] = [with_slots(left=Held()) for _ in range(21_000)]
    drawing.HELD["both"] = [with_slots(left=Held(), right=Held()) for _ in range(100)]
    drawing.HELD["keys"] = [{"k": Held()} for _ in range(500)]
    found = via(session, subject="Held")
    assert rows(found) == {
        "drawing.Slotted .left": 21_100,
        "dict ['k']": 500,
        "drawing.Slotted .right": 100,
    }
    assert (found.omitted, found.size) == (0, session.heap().tally()["test_via.Held"][1])


def test_a_common_key_stays_named_among_many_rare_ones(session):
    drawing.HELD["common"] = [{"sql": Held()} for _ in range(50)]
    drawing.HELD["rare"] = [{f"rare {number}": Held()} for number in range(40)]
    assert rows(via(session, subject="Held")) == {"dict ['sql']": 50, "dict {str}": 40}


@pytest.mark.parametrize("kind", [dict.fromkeys, list, set, deque])
def test_a_large_container_is_not_searched_for_every_element(session, kind):
    drawing.HELD["large"] = kind([Held() for _ in range(19_000)])
    found = rows(via(session, subject="Held"))
    assert list(found.values()) == [19_000]
