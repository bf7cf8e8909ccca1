"""What is changed for a moment is undone in a child that is forked just then, and only there."""

from __future__ import annotations

import builtins
import gc
import os
import sys
from types import SimpleNamespace

import pytest

from pdbleak import collector, handles, meanwhile
from pdbleak.remote import turns


def in_child(question):
    """Return whether the answer is yes in a child that is forked now."""
    child = os.fork()
    if not child:
        os._exit(0 if question() else 1)
    return os.waitpid(child, 0)[1] == 0


@pytest.mark.filterwarnings("ignore:This process")
def test_a_child_has_a_collector_a_pace_and_names_as_before():
    pace = sys.getswitchinterval()
    for _ in range(2):
        with collector.Paused(SimpleNamespace()), turns.Short(), handles.readable({"_1": 1}):
            assert in_child(lambda: gc.isenabled() and sys.getswitchinterval() == pace)
            assert in_child(lambda: not hasattr(builtins, "_1"))
            assert not gc.isenabled()
            assert sys.getswitchinterval() != pace
            assert builtins._1 == 1
    assert gc.isenabled()
    assert sys.getswitchinterval() == pace


@pytest.mark.filterwarnings("ignore:This process")
def test_a_collector_that_the_program_has_switched_off_stays_off():
    gc.disable()
    try:
        with collector.Paused(SimpleNamespace()):
            assert in_child(lambda: not gc.isenabled())
    finally:
        gc.enable()


@pytest.mark.filterwarnings("ignore:This process")
def test_what_is_over_is_not_undone_and_one_failure_is_no_others():
    undone = []

    def over():
        undone.append("over")

    def fails():
        raise ValueError

    def counts():
        undone.append("counts")

    meanwhile.begin(counts)
    meanwhile.begin(over)
    meanwhile.begin(fails)
    meanwhile.end(over)
    try:
        assert in_child(lambda: undone == ["counts"])
        assert undone == []
    finally:
        meanwhile.end(counts)
        meanwhile.end(fails)
