"""Nothing of the program is held: not by a heap, not after close, and handles do not change the heap."""

from __future__ import annotations

import gc
import re
import sys
import weakref

import drawing
from drawing import Node, hold

from pdbleak.analyses.holders import matching


def test_after_close_what_was_shown_can_die(prompt):
    hold("a -> b -> a", "a")
    for line in (
        "random Node",
        "show drawing.HELD['a']",
        "backrefs _1 5",
        "refs _1 5",
        "chain _1",
        "cut _1",
        "cycles",
        "list Node",
        "types",
    ):
        assert not prompt(line)[0].startswith("***"), line
    alive = weakref.ref(drawing.HELD["a"])
    prompt.session.close()
    assert prompt.session.handles == {}
    drawing.HELD.clear()
    gc.collect()
    assert alive() is None


def test_without_handles_nothing_is_held_even_while_the_prompt_is_open(prompt):
    drawing.HELD["a"] = Node()
    for line in ("list Node", "cycles", "types", "count Node", "growth"):
        prompt(line)
    alive = weakref.ref(drawing.HELD["a"])
    drawing.HELD.clear()
    assert alive() is None


def test_reference_counts_are_as_before(prompt):
    hold("a -> b", "a")
    item = drawing.HELD["a"]
    before = sys.getrefcount(item), sys.getrefcount(item.b), sys.getrefcount(drawing.HELD)
    for line in (
        "show drawing.HELD['a']",
        "backrefs drawing.HELD['a'].b 8",
        "refs _1 4",
        "chain _1",
        "cut _1",
        "list Node",
        "cycles Node",
    ):
        prompt(line)
    prompt.session.close()
    assert (sys.getrefcount(item), sys.getrefcount(item.b), sys.getrefcount(drawing.HELD)) == before


def test_a_second_capture_is_the_same_while_handles_are_open(prompt):
    hold("a -> b -> a; c", "a", "c")
    for line in ("random Node", "show drawing.HELD['c']", "backrefs _1 5", "types"):
        prompt(line)
    first = prompt.session.fresh()
    second = prompt.session.fresh()
    third = prompt.session.fresh()
    assert first.graph.nodes <= second.graph.nodes
    assert (second.graph.nodes, second.graph.references) == (third.graph.nodes, third.graph.references)
    assert second.tally() == third.tally()


def test_a_handle_changes_no_answer(prompt):
    hold("a -> b", "a")
    first = prompt("show drawing.HELD['a'].b")[1:]
    prompt("random Node")
    assert prompt("show drawing.HELD['a'].b")[1:] == first


def test_no_instance_dict_is_made(prompt):
    item = drawing.HELD["a"] = drawing.Wild()
    item.name, item.b = "x", Node()
    before = prompt("count dict")[0]
    for line in (
        "show drawing.HELD['a']",
        "backrefs drawing.HELD['a'].b 4",
        "refs drawing.HELD['a'] 4",
        "list Wild",
        "chain _1",
        "cut _1",
    ):
        prompt(line)
    prompt("fresh")
    assert prompt("count dict")[0] == before


def test_no_generator_of_our_own_that_runs_is_among_the_programs(prompt):
    def program():
        yield

    drawing.HELD["waits"] = program()
    next(drawing.HELD["waits"])
    assert not [line for line in prompt("list generator 1000") if "(plugin.py" in line]
    assert [line for line in prompt("list generator 1000") if "program" in line]


def test_no_pattern_of_a_command_stays_in_the_librarys_cache(prompt):
    prompt("count Node")
    prompt("types --json")
    matching._patterns.cache_clear()
    before = set(re._cache)
    for line in ("count *Node", "triage", "triage --json", "paths N?de"):
        assert not prompt(line)[0].startswith("***"), line
    assert set(re._cache) <= before
