"""A session on a quiet heap: no collection but the test's own, nothing held afterwards."""

from __future__ import annotations

import gc
import sys

import drawing
import pytest

from pdbleak import plugin, render
from pdbleak.commands import COMMANDS
from pdbleak.session import Session


@pytest.fixture(autouse=True, scope="session")
def _loaded():
    """Import what answers import, before anything is compared."""
    drawing.HELD["first"] = drawing.Node()
    made = Session(COMMANDS)
    made.evaluate = lambda _: drawing.HELD["first"]
    for line in (
        "fresh",
        "show (it)",
        "backrefs (it)",
        "chain (it)",
        "cycles",
        "gc",
        "growth",
        "list Node",
        "memory",
        "orphans",
    ):
        read = plugin.read(line, COMMANDS)
        assert list(render.lines(read.command(made, **read.options)))
    made.close()


@pytest.fixture(autouse=True)
def _quiet():
    drawing.HELD.clear()
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    drawing.HELD.clear()


@pytest.fixture
def session():
    """Return a session whose expressions are evaluated among the names of `drawing`."""
    made = Session(COMMANDS, seed=1)
    made.evaluate = lambda text: plugin.evaluate(text, sys._getframe(), {"drawing": drawing})
    yield made
    made.close()
