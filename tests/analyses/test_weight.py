"""How big something is: what all objects of a type retain together dies with them, and no sum says so."""

from __future__ import annotations

import gc

import drawing
import pytest
from drawing import Node, Slotted

from pdbleak.commands.size import size

BIG = 1_000_000


def test_what_two_hold_is_retained_by_both_together_and_by_neither_alone(session):
    drawing.HELD["both"] = [Node(), Node()]
    shared = bytearray(BIG)
    for node in drawing.HELD["both"]:
        node.a = shared
    del node, shared
    weight = size(session, subject="drawing.Node")
    assert weight.population == 2
    assert weight.objects == 3
    assert weight.alone == weight.size < BIG < weight.retained


def test_all_that_a_type_retains_dies_with_its_objects(session):
    shared = Slotted()
    drawing.HELD["many"] = [Node() for _ in range(20)]
    for node in drawing.HELD["many"]:
        node.a, node.b = shared, [Slotted()]
    drawing.HELD["other"] = Slotted()
    drawing.HELD["many"][0].c = drawing.HELD["other"]
    del shared, node
    weight = size(session, subject="drawing.Node")
    session.close()
    drawn = (Node, Slotted, list)
    before = {id(item) for item in gc.get_objects() if type(item) in drawn}
    drawing.HELD["many"].clear()
    gc.collect()
    died = before - {id(item) for item in gc.get_objects() if type(item) in drawn}
    assert len(died) == weight.objects == 20 + 1 + 40


def test_one_object_says_what_it_retains(session):
    drawing.HELD["one"] = Node()
    drawing.HELD["one"].a = Node()
    weight = size(session, subject="drawing.HELD['one']")
    assert (weight.population, weight.objects, weight.retained) == (1, 2, 2 * weight.size)
    assert weight.next == f"leak top {weight.handle}"


def test_garbage_is_weighed_within_itself(session):
    drawing.draw("a -> b -> a; b -> c")
    weight = size(session, subject="drawing.Node")
    assert (weight.population, weight.garbage, weight.objects) == (3, 3, 3)


@pytest.mark.parametrize("subject", ["None", "(7)", "drawing", "(drawing.Node)"])
def test_what_is_no_leak_has_a_size_too(session, subject):
    weight = size(session, subject=subject)
    assert weight.retained >= weight.size > 0


def test_nobody_weighs_nothing(session):
    weight = size(session, subject="Nobody*")
    assert (weight.population, weight.retained) == (0, 0)
