"""What is created while allocations are traced has its line, what is older none; only our tracing ends."""

from __future__ import annotations

import sys
import time
import tracemalloc
from inspect import currentframe
from xml.dom import minidom

import drawing
import pytest
from drawing import Node

from pdbleak import names
from pdbleak.command import CommandError
from pdbleak.commands.diff import diff
from pdbleak.commands.show import show
from pdbleak.commands.trace import trace
from pdbleak.commands.triage import triage
from pdbleak.commands.why import why
from pdbleak.names.origins import is_library
from pdbleak.remembered import Remembered


@pytest.fixture(autouse=True)
def _untraced():
    tracemalloc.stop()
    yield
    tracemalloc.stop()


def here():
    """Return the line that calls this, as an origin."""
    frame = currentframe().f_back
    return f"{__file__}:{frame.f_lineno}"


def test_what_is_created_from_now_on_has_its_line(session):
    drawing.HELD["old"] = Node()
    trace(session, subject="on")
    drawing.HELD["new"], line = Node(), here()
    assert show(session, subject="drawing.HELD['new']").origin == line
    assert show(session, subject="drawing.HELD['old']").origin == ""


def test_a_tuple_is_asked_as_one_object(session):
    trace(session, subject="on")
    # Shorter ones may lie in memory that the interpreter kept from older ones.
    kept, line = tuple([object() for _ in range(30)]), here()
    assert names.origin_of(kept) == line
    assert names.origin_of((1, 2, 3)) == ""
    assert names.origin_of(()) == ""


def test_with_more_frames_the_programs_own_line_stands_before_the_librarys(session):
    trace(session, subject="on", frames=10)
    document, line = minidom.Document(), here()
    attribute, second = document.createAttribute("name"), here()
    assert names.origin_of(document) == line
    assert names.origin_of(attribute).startswith(f"{second}, through minidom.py:")


def test_with_one_frame_a_library_is_all_that_is_known(session):
    trace(session, subject="on")
    attribute = minidom.Document().createAttribute("name")
    assert names.origin_of(attribute).startswith(f"{minidom.__file__}:")


def test_the_state_says_frames_and_whose_tracing_it_is(session):
    assert (trace(session).frames, trace(session).next) == (0, "leak trace on")
    started = trace(session, subject="on", frames=5)
    assert (started.frames, started.stopped) == (5, False)
    assert 0 <= started.seconds < 5
    session.close()
    assert trace(session).seconds is not None
    ended = trace(session, subject="off")
    assert (ended.stopped, ended.frames) == (True, 0)
    assert not tracemalloc.is_tracing()
    assert trace(session, subject="off").stopped is False


def test_what_the_program_started_is_not_stopped(session):
    tracemalloc.start(3)
    assert (trace(session).frames, trace(session).seconds) == (3, None)
    with pytest.raises(CommandError, match=r"the program itself started tracing"):
        trace(session, subject="off")
    with pytest.raises(CommandError, match=r"on already, 3 frames each; .* type: tracemalloc.stop\(\)"):
        trace(session, subject="on")
    assert tracemalloc.get_traceback_limit() == 3


def test_tracing_that_the_program_ended_and_began_anew_is_the_programs(session):
    trace(session, subject="on")
    tracemalloc.stop()
    assert trace(session).frames == 0
    tracemalloc.start()
    with pytest.raises(CommandError, match="the program itself"):
        trace(session, subject="off")


def test_to_trace_twice_is_a_mistake_that_keeps_the_traces(session):
    trace(session, subject="on")
    node, line = Node(), here()
    with pytest.raises(CommandError, match=r"on already, 1 frame each; .* type: leak trace off"):
        trace(session, subject="on", frames=10)
    assert names.origin_of(node) == line


def test_another_word_is_a_mistake(session):
    with pytest.raises(CommandError, match="trace takes on or off, not 'maybe'; type: leak trace on"):
        trace(session, subject="maybe")


def test_what_a_saved_heap_remembers_has_no_origin(session):
    trace(session, subject="on")
    assert names.origin_of(Remembered(1, "<Foo>", lambda _: ())) == ""


def test_files_of_the_library_are_told_from_the_programs():
    installed = "/venv/lib/python3.12/site-packages/django/db/__init__.py"
    assert [is_library(file) for file in (installed, minidom.__file__, "<frozen importlib._bootstrap>")] == [
        True
    ] * 3
    assert [is_library(file) for file in (__file__, "/srv/app/views.py", "<string>", "")] == [False] * 4


def test_the_tool_that_pickles_is_not_loaded_for_it():
    import subprocess

    program = (
        "import sys; from pdbleak import plugin; heavy = set(sys.modules);"
        "plugin.respond('trace on 3', print, width=80, colour=False);"
        "print(sorted({'pickle', 'tracemalloc'} & (set(sys.modules) - heavy)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines()[0] == "allocations are traced, 3 frames each"
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_verdict_the_difference_and_the_path_tell_the_line_too(session):
    kept = drawing.HELD["kept"] = {}
    session.mark(fresh=True)
    trace(session, subject="on")
    for number in range(200):
        kept[number], line = Node(), here()
    session.forget_heap()
    time.sleep(0.3)
    session.fresh()
    (grown,) = (row for row in diff(session).rows if row.type.endswith("Node"))
    assert grown.origin == line
    assert why(session, subject="drawing.HELD['kept'][7]").origin == line
    found = triage(session)
    (finding,) = (each for each in (*found.findings, *found.suspects) if each.type.endswith("Node"))
    assert finding.origin == line
    trace(session, subject="off")
    assert all(row.origin == "" for row in diff(session).rows)
