"""`leak heap` and `leak objgraph`: other tools' answers, with nothing printed, opened or held."""

from __future__ import annotations

import builtins
import gc
import io
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest

from pdbleak import render
from pdbleak.analyses import dead, opinion
from pdbleak.analyses.asking import aside
from pdbleak.command import CommandError
from pdbleak.commands.heap import heap
from pdbleak.commands.objgraph import objgraph
from pdbleak.session import Session

pytest.importorskip("guppy")
pytest.importorskip("objgraph")


class Channel:
    def __init__(self, number):
        self.number = number


class Hostile:
    def __repr__(self):
        raise RuntimeError("no repr")


POOL = [Channel(number) for number in range(12)]
HOSTILE = [Hostile()]


@pytest.fixture
def session():
    found = Session(seed=1)

    def evaluate(text):
        try:
            return eval(text, globals())
        except Exception as error:
            raise CommandError(f"{text}: {type(error).__name__}: {error}") from error

    found.evaluate = evaluate
    yield found
    found.close()


@pytest.fixture
def pictures(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def call(session, text, n=0):
    return objgraph(session, subject=text, n=n)


def test_heap_is_heapys_table(session):
    answer = heap(session, subject="")
    assert answer.call == "hp.heap()"
    assert answer.text.startswith("Partition of a set of ")
    assert "Type: leak heap more" in answer.text
    assert "_.more" not in answer.text
    assert "materialises instance dicts" in answer.warning
    assert answer.next == "leak heap byvia str"


@pytest.mark.parametrize(
    ("line", "words", "after"),
    [
        ("Channel", "Partition of a set of 12 objects", "leak heap byvia Channel"),
        ("byvia Channel", "'[0]'", "leak heap rp Channel"),
        ("byrcs Channel", "list", "leak heap rp Channel"),
        ("rp Channel", "Reference Pattern by", "leak heap shpaths Channel"),
        ("shpaths Channel", "['POOL'][0]", "leak heap shpaths Channel more"),
        ("shpaths Channel more", "['POOL'][11]", "leak chain Channel"),
        ("*annel", "Partition of a set of 12 objects", "leak heap byvia *annel"),
        ("heap().bytype", "Type", "leak help heap"),
        ("(h & Channel).count", "12", "leak help heap"),
        ("shpaths POOL", "['POOL']", "leak help heap"),
        ("[each.number for each in POOL if each is POOL[3]]", "[3]", "leak help heap"),
    ],
)
def test_heapys_views_are_asked_of_types_and_expressions(session, line, words, after):
    answer = heap(session, subject=line)
    assert words in answer.text
    assert answer.next == after


def test_a_pattern_of_references_has_its_next_page_too(session):
    answer = heap(session, subject="rp Session")
    assert "_.more" not in answer.text
    assert "Type: leak heap rp Session more" in answer.text
    assert heap(session, subject="rp Session more").text.lstrip().startswith("10: ")


def test_a_live_type_is_a_name_in_heapys_expressions(session):
    session.evaluate = None
    assert heap(session, subject="(h & Channel).count").text == "12"


@pytest.mark.parametrize("line", ["Nobody", "byvia Nobody", "rp no.Body"])
def test_a_type_that_nobody_has_is_no_mistake(session, line):
    assert "no live objects of type" in heap(session, subject=line).text


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("byvai Channel", "did you mean 'byvia'?"),
        ("1 / 0", "heapy: ZeroDivisionError"),
        ("(", "is no expression"),
        ("exit()", "SystemExit"),
        ("byprod Channel", "Tracemalloc is not tracing"),
    ],
)
def test_a_mistake_in_heaps_line_is_one_line(session, line, mistake):
    with pytest.raises(CommandError, match=mistake.replace("?", r"\?")) as raised:
        heap(session, subject=line)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("line", ["Planted", "rp Planted", "heap() & Planted", "(heap() & Planted, 1 / 0)"])
def test_heapy_holds_nothing_afterwards(session, line):
    planted = type("Planted", (), {})
    item = planted()
    if "1 / 0" in line:
        with pytest.raises(CommandError):
            heap(session, subject=line)
    else:
        heap(session, subject=line)
    gone = weakref.ref(item)
    gc.disable()
    try:
        del item
        assert gone() is None
    finally:
        gc.enable()


def test_the_capture_is_dropped_because_heapy_changed_the_heap(session):
    before = session.heap()
    heap(session, subject="Channel")
    assert session.heap() is not before


def test_backrefs_are_written_as_dot_and_open_no_window(session, pictures, monkeypatch, capsys):
    def popen(*_arguments, **_options):
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", popen)
    answer = call(session, "show_backrefs Channel", 10)
    assert Path(answer.picture).parent == pictures
    assert Path(answer.picture).suffix == ".dot"
    assert "Channel" in Path(answer.picture).read_text()
    assert answer.text.startswith("graph of ")
    assert answer.next == "leak backrefs Channel 10"
    assert capsys.readouterr() == ("", "")


def test_what_the_prompt_holds_is_not_in_the_graph(session, pictures):
    answer = call(session, "show_backrefs POOL[3]", 1)
    assert Path(answer.picture).read_text().count(" -> ") == 1


@pytest.mark.parametrize("function", ["show_refs", "show_chain"])
def test_other_graphs_are_written_too(session, pictures, function):
    assert Path(call(session, f"{function} Channel").picture).read_text().startswith("digraph")


@pytest.mark.parametrize(
    ("line", "n", "words"),
    [
        ("count Channel", 0, "12"),
        ("count Nobody", 0, "0"),
        ("by_type Channel", 2, "12 objects"),
        ("by_type Channel", 2, "<10 more>"),
        ("typestats", 0, "function"),
        ("most_common_types", 3, "function"),
        ("show_most_common_types", 3, "function"),
        ("get_new_ids", 3, "Count_Deltas"),
        ("get_leaking_objects", 0, "object"),
        ("find_backref_chain Channel", 0, "module"),
        ("is_proper_module Channel", 0, "False"),
        ("at 0x1", 0, ""),
        ("len(by_type('Channel'))", 0, "12"),
        ("objgraph.count('Channel')", 0, "12"),
        ("show_backrefs Nobody", 3, "no live objects of type"),
    ],
)
def test_every_function_of_objgraph_answers(session, line, n, words, capsys):
    assert words in call(session, line, n).text
    assert capsys.readouterr() == ("", "")


def test_growth_remembers_the_last_call(session):
    call(session, "growth")
    more = [Channel(number) for number in range(500)]
    assert "Channel" in call(session, "growth").text
    del more


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("foo", "it has at, at_addrs"),
        ("gowth", "did you mean 'growth'?"),
        ("count", "type: leak objgraph count TYPE"),
        ("typestats x", r"type: leak objgraph typestats \[N\]"),
        ("count *annel", "knows no patterns"),
        ("at here", "takes an address"),
        ("count(", "is no expression"),
        ("count(1)", "objgraph: TypeError"),
        ("show_backrefs 1 /", "SyntaxError"),
    ],
)
def test_a_mistake_in_objgraphs_line_is_one_line(session, line, mistake):
    with pytest.raises(CommandError, match=mistake.replace("?", r"\?")) as raised:
        call(session, line)
    assert "\n" not in " ".join(str(raised.value).split())


def test_objects_that_cannot_be_shown_do_not_end_an_answer(session, pictures):
    assert "Hostile" in Path(call(session, "show_refs HOSTILE").picture).read_text()
    assert "1 object" in call(session, "by_type Hostile").text


def test_a_missing_tool_is_one_line_with_what_to_type(session, monkeypatch):
    monkeypatch.setitem(sys.modules, "guppy", None)
    monkeypatch.setitem(sys.modules, "objgraph", None)
    with pytest.raises(CommandError, match="pip install guppy3"):
        heap(session, subject="")
    with pytest.raises(CommandError, match="pip install objgraph"):
        call(session, "growth")


def test_neither_tool_is_imported_before_it_is_asked():
    source = "import sys, pdbleak.commands; print(sorted({'guppy', 'objgraph'} & set(sys.modules)))"
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", f"import sys; sys.path.append({root!r}); {source}"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_only_this_threads_prints_are_taken(capsys):
    with aside() as printed:
        print("ours")
        other = threading.Thread(target=print, args=("theirs",))
        other.start()
        other.join()
    assert printed.getvalue() == "ours\n"
    assert capsys.readouterr().out == "theirs\n"


def test_the_streams_are_left_as_the_program_set_them(monkeypatch):
    mine = io.StringIO()
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    with aside():
        sys.stdout = mine
    assert sys.stdout is mine


@pytest.mark.parametrize("line", ["get_leaking_objects", "show_refs Channel", "find_ref_chain Channel"])
def test_what_would_touch_dead_objects_is_refused(session, monkeypatch, line):
    class Met:
        dead = 7

    monkeypatch.setattr(dead, "take_capture", Met)
    monkeypatch.setattr(dead, "_taken", lambda _dead: [])
    with pytest.raises(CommandError, match="7 dead objects"):
        call(session, line)
    with pytest.raises(CommandError, match="7 dead objects"):
        heap(session, subject="Channel")
    with pytest.raises(opinion.UnansweredError):
        opinion.prompt_names()["hp"].heap()


DEAD = """
import asyncio, sys
from pdbleak.heap import take_capture
from pdbleak.session import Session
from pdbleak.commands.heap import heap
from pdbleak.commands.objgraph import objgraph

async def wait(future):
    await future

async def main():
    futures = [asyncio.get_running_loop().create_future() for _ in range(50)]
    tasks = [asyncio.create_task(wait(each)) for each in futures]
    await asyncio.sleep(0)
    for each in futures:
        each.set_result(None)
    await asyncio.gather(*tasks)
    for _ in range(3):
        print(heap(Session(), subject="").text.split()[0])
        print(objgraph(Session(), subject="get_leaking_objects", n=0).text.split()[1])
        await asyncio.sleep(0)
    print("served on")

asyncio.run(main())
"""


def test_dead_iterators_of_asyncio_crash_nobody():
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", f"import sys; sys.path.append({root!r})\n{DEAD}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n") == ["Partition", "objects"] * 3 + ["served on", ""]


def test_the_names_at_the_prompt_load_their_tool_when_used():
    names = opinion.prompt_names()
    try:
        assert names["objgraph"].count("Channel") == len(POOL)
        assert names["hp"].iso(POOL[0]).count == 1
        assert "heap" in dir(names["hp"])
        assert "Heapy" in repr(names["hp"])
        assert not hasattr(names["objgraph"], "__wrapped__")
    finally:
        opinion.forget_prompt_names()
    assert "loaded when used" in repr(names["hp"])
    assert not hasattr(builtins, "hp")


def test_opinions_are_rendered(session):
    lines = list(render.lines(heap(session, subject="byvia Channel"), width=100))
    assert lines[0] == "heapy: (hp.heap() & Channel).byvia"
    assert lines[1].startswith("heapy collects garbage")
    assert not lines[1].endswith("…")
