"""What a collection frees: what was planted, type by type, and nothing that lives."""

from __future__ import annotations

import gc as collector
import weakref

import drawing
from drawing import Finalized, Node, Revived, Wild, draw, hold

from pdbleak.commands.gc import gc
from pdbleak.commands.random import random


def freed(found):
    return {row.type: row.count for row in found.freed}


def test_what_was_planted_is_freed_by_type(session):
    for _ in range(100):
        draw("a -> b -> c -> a")
    for _ in range(10):
        draw("a -> b -> a", kind=Wild)
    hold("a -> b -> a", "a")
    found = gc(session)
    assert (freed(found)["drawing.Node"], freed(found)["drawing.Wild"]) == (300, 20)
    assert found.garbage == found.freed_objects
    assert found.garbage_size == found.freed_size
    assert (found.kept, found.note, found.next) == ((), "", "leak types 20")
    assert found.collected >= 320


def test_what_lives_is_not_freed(session):
    hold("a -> b -> a", "a")
    collector.collect()
    found = gc(session)
    assert "drawing.Node" not in freed(found)
    assert drawing.HELD["a"].b.a is drawing.HELD["a"]


def test_what_a_finalizer_revives_is_still_there(session):
    hold("a -> a", kind=Revived)
    hold("a -> b -> a")
    found = gc(session)
    assert {row.type: row.count for row in found.kept} == {"drawing.Revived": 1}
    assert freed(found)["drawing.Node"] == 2
    assert len(drawing.HELD["revived"]) == 1


def test_finalizers_run(session):
    died = []
    node = Finalized()
    node.self = node
    weakref.finalize(node, died.append, 1)
    node = None
    gc(session)
    assert died == [1]


def test_a_young_collection_leaves_the_old_alone(session):
    nodes = draw("a -> b -> a")
    for generation in (0, 1, 2):
        collector.collect(generation)
    nodes.clear()
    draw("a -> b -> c -> a", kind=Wild)
    found = gc(session, generation=0)
    assert "drawing.Node" not in freed(found)
    assert {row.type: row.count for row in found.kept}["drawing.Node"] == 2
    assert found.note == "older generations were not looked at; leak gc looks at all"
    assert freed(gc(session, generation=2))["drawing.Node"] == 2


def test_what_a_handle_names_is_kept_and_that_is_said(session):
    hold("a -> b -> a")
    random(session, subject="Node")
    found = gc(session)
    assert {row.type: row.count for row in found.kept} == {"drawing.Node": 2}
    assert (
        found.note
        == "what _1, _2, ... name is kept by this prompt, with all it leads to; it is freed after c"
    )
    session.close()
    assert freed(gc(session)) == {"drawing.Node": 2}


def test_inside_of_a_running_collection_nothing_is_freed_and_that_is_said(session):
    answers = []

    class Asks:
        def __del__(self):
            draw("a -> b -> a")
            answers.append(gc(session))

    draw("a -> a", kind=Asks)
    collector.collect()
    assert answers[0].freed == ()
    assert (
        answers[0].note
        == "nothing was freed: a collection is running already, the prompt was opened inside of it"
    )


def test_uncollectable_objects_are_named(session):
    collector.garbage.append(Node())
    try:
        assert [(row.type, row.count) for row in gc(session).uncollectable] == [("drawing.Node", 1)]
    finally:
        collector.garbage.clear()


def test_the_collector_is_left_as_it_was(session):
    collector.enable()
    threshold, debug, callbacks = collector.get_threshold(), collector.get_debug(), list(collector.callbacks)
    gc(session)
    assert collector.isenabled()
    assert (collector.get_threshold(), collector.get_debug(), collector.callbacks) == (
        threshold,
        debug,
        callbacks,
    )
    collector.disable()
    gc(session)
    assert not collector.isenabled()


def test_without_garbage_nothing_is_freed(session):
    gc(session)
    found = gc(session)
    assert (found.garbage, found.freed, found.collected) == (0, (), 0)
    assert drawing.HELD == {}
