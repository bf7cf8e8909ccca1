"""One object seen from all sides: what it retains dies with it, and its state is true."""

from __future__ import annotations

import gc
import sys
import tracemalloc
import weakref
from random import Random

import drawing
import pytest
from drawing import Node, build_random, hold, leak_in_c, repair

from pdbleak.commands.random import random
from pdbleak.commands.show import show


def fewer(before, after):
    """Return {type: (objects, bytes)} of what there is less."""
    now, then = after.tally(), before.tally()
    none = (0, 0)
    lost = {
        name: [a - b for a, b in zip(then.get(name, none), now.get(name, none), strict=True)]
        for name in {*now, *then}
    }
    return {name: each for name, each in lost.items() if any(each)}


@pytest.mark.parametrize("seed", range(3))
def test_what_an_object_retains_is_what_dies_with_it(session, seed):
    build_random(Random(seed))
    portrait = show(session, subject="drawing.HELD['top']")
    session.handles.clear()
    gc.collect()
    _first, before = session.fresh(), session.fresh()
    gc.collect()
    after = session.fresh()
    assert fewer(before, after) == {}
    del drawing.HELD["top"]
    gc.collect()
    after = session.fresh()
    died = fewer(before, after).values()
    assert portrait.retained_objects == sum(count for count, _ in died)
    assert portrait.retained == sum(size for _, size in died)


def test_what_another_object_holds_too_is_not_retained(session):
    hold("a -> b -> c; d -> c", "a", "d")
    alone = show(session, subject="drawing.HELD['a']")
    assert alone.retained_objects == 2
    assert alone.retained == 2 * alone.size


def test_a_shared_object_retains_what_only_it_leads_to(session):
    hold("a -> b -> c; d -> b", "a", "d")
    assert show(session, subject="drawing.HELD['a'].b").retained_objects == 2


def test_a_cycle_that_nothing_holds_is_garbage(session):
    hold("a -> b -> a", "a")
    assert show(session, subject="drawing.HELD['a']").state == "reachable"
    session.close()
    drawing.HELD.clear()
    assert random(session, subject="Node").state == "garbage"


def test_what_only_c_holds_says_so(session):
    address = leak_in_c(Node)
    try:
        found = random(session, subject="Node")
        assert (found.address, found.state, found.referrer_total) == (address, "held by C", 0)
    finally:
        session.close()
        repair(address)


def test_a_cycle_that_only_c_holds_says_so(session):
    address = leak_in_c(Node, "a -> b -> a")
    try:
        states = {}
        for _ in range(20):
            found = random(session, subject="Node")
            states[found.address == address] = found.state
        assert states == {True: "held by C", False: "reachable"}
    finally:
        session.close()
        repair(address)


def test_a_local_of_a_running_function_says_whose(session):
    local = Node()
    found = random(session, subject="Node")
    assert found.note == "held by local 'local' of test_a_local_of_a_running_function_says_whose()"
    assert found.address == id(local)


def test_neighbours_are_named_and_counted(session):
    hold("a -> b", "a")
    drawing.HELD["more"] = [drawing.HELD["a"].b] * 3
    found = show(session, subject="drawing.HELD['a'].b")
    assert {(each.reference, each.type, each.count) for each in found.referrers} == {
        (".b", "drawing.Node", 1),
        ("[*]", "list", 1),
    }
    assert found.referrer_total == 4
    assert [(each.reference, each.type) for each in found.referents] == [(".__class__", "type")]


def test_weak_references_are_counted_and_hold_nothing(session):
    hold("a", "a")
    drawing.HELD["weak"] = [weakref.ref(drawing.HELD["a"]), weakref.WeakValueDictionary(a=drawing.HELD["a"])]
    found = show(session, subject="drawing.HELD['a']")
    assert found.weak == 2
    assert found.referrer_total == 1


def test_an_allocation_is_told_where_it_is_traced(session):
    tracemalloc.start()
    try:
        drawing.HELD["a"] = Node()
        line = sys._getframe().f_lineno - 1
        assert show(session, subject="drawing.HELD['a']").origin == f"{__file__}:{line}"
    finally:
        tracemalloc.stop()
    assert show(session, subject="drawing.HELD['a']").origin == ""


def test_a_million_referrers_are_counted_and_few_are_named(session):
    drawing.HELD["a"] = Node()
    drawing.HELD["many"] = [[drawing.HELD["a"]] for _ in range(200_000)]
    found = show(session, subject="drawing.HELD['a']")
    assert found.referrer_total == 200_001
    assert sum(each.count for each in found.referrers) <= 2000
