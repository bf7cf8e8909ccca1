"""A saved heap answers the same commands with the same words."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import drawing
import pytest
from conftest import Prompt
from live import run

import pdbleak
from pdbleak import offline, plugin
from pdbleak.analyses.orphans import find_orphans
from pdbleak.commands import COMMANDS
from pdbleak.session import Session

LINES = (
    "count Node",
    "count Nodes",
    "list Node 3",
    "random Node",
    "show Wild",
    "backrefs Node 4",
    "refs Wild 4",
    "chain Node",
    "chain Finalized",
    "paths Node",
    "top 5",
    "top Wild",
    "cut Wild",
    "types 5 --by retained",
    "cycles Finalized",
    "help chain",
    "why Node",
    "why (drawing.HELD['sockets'])",
    "why socket.socket",
)
# What the marks of a heap tell; the next command is another one where no program can be asked.
OF_MARKS = ("diff", "diff before after", "diff --all", "history")
NEXT = ("next: ",)


class Job:
    """Of these there are more and more."""


@dataclass(frozen=True)
class SavedHeap:
    """A file, and what the live prompt has said of the same heap."""

    path: Path
    live: dict[str, list[str]]
    nodes: int
    ledger: object
    unowned: object


def closed_sockets():
    """Some that are closed and held, and an open one."""
    sockets = [socket.socket() for _ in range(30)]
    for each in sockets[1:]:
        each.close()
    return sockets


def done_tasks():
    """Some that are done and held."""
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        tasks = [loop.create_task(asyncio.sleep(0)) for _ in range(20)]
        loop.run_until_complete(asyncio.gather(*tasks))
    return tasks


def waiting():
    """Some generators that have begun, one below another, and a task that waits."""

    def rows(number):
        text = "x" * 1000 * number
        yield text

    def outer(number):
        yield from rows(number)

    started = [outer(number) for number in range(5)]
    for each in started:
        next(each)
    loop = asyncio.new_event_loop()
    future = loop.create_future()

    async def wait():
        await future

    task = loop.create_task(wait())
    loop.call_soon(loop.stop)
    loop.run_forever()
    return started, task, loop


@contextlib.contextmanager
def live_prompt():
    """A prompt for more than one test, with a heap of its own."""
    outer = plugin.SESSION
    plugin.SESSION = Session(COMMANDS, seed=1)
    drawing.HELD.clear()
    gc.collect()
    gc.disable()
    try:
        yield Prompt(plugin.SESSION)
    finally:
        gc.enable()
        plugin.SESSION.close()
        plugin.SESSION = outer
        drawing.HELD.clear()


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Save one heap for all tests: it takes longer than they do."""
    folder = tmp_path_factory.mktemp("saved")
    path = folder / "heap.leak"
    with live_prompt() as prompt, pytest.MonkeyPatch.context() as patched:
        patched.setattr(plugin, "draw_beside", lambda value, *_: value)
        drawing.hold("a -> b -> c -> a", "a", kind=drawing.Finalized)
        drawing.hold("a -> b -> c; c -> b", "a")
        drawing.HELD["wild"] = wild = drawing.Wild()
        wild.items = [{"sql": drawing.HELD["a"], 3: ("x", wild)}, "text", 5]
        jobs = drawing.HELD["jobs"] = [Job() for _ in range(300)]
        drawing.HELD["sockets"] = closed_sockets()
        drawing.HELD["tasks"] = done_tasks()
        drawing.HELD["waiting"] = waiting()
        prompt("mark before")
        jobs += [Job() for _ in range(300)]
        prompt("mark after")
        live = {line: prompt(line) for line in LINES}
        prompt.session.handles.clear()
        live["report"] = prompt(f"report {folder}/live.html 1")
        live |= {line: prompt(line) for line in (*OF_MARKS, "")}
        live["save"] = prompt(f"save {path}")
        # Of the very heap that was saved: the answers before were about one from before the marks.
        live["zombies"] = prompt("zombies")
        live["tasks"] = prompt("tasks")
        heap = prompt.session.heap()
        ledger = prompt.session.mark().ledger
        unowned = find_orphans(heap)
        # This one is written to be read again, and not for its answer.
        jobs += [Job() for _ in range(300)]
        prompt.session.forget_heap()
        live["now"] = prompt(f"diff {path}")
        return SavedHeap(path, live, heap.graph.nodes, ledger, unowned)


@pytest.fixture(scope="module")
def opened(saved):
    """The heap of the file, its facts and its marks."""
    return (*offline.open_heap(str(saved.path)), offline.open_marks(str(saved.path)))


@pytest.fixture
def offline_prompt(saved, opened, monkeypatch, tmp_path):
    """The prompt over the saved heap."""
    heap, facts, marks = opened
    path = str(saved.path)
    session = Session(COMMANDS, seed=1, saved=heap, saved_path=path, saved_marks=marks, saved_facts=facts)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plugin, "SESSION", session)
    monkeypatch.setattr(plugin, "draw_beside", lambda value, *_: value)
    monkeypatch.setattr(plugin, "evaluate", lambda text, *_: offline.evaluate(session, text))
    return Prompt(session)


def test_a_saved_heap_gives_the_same_answers(saved, offline_prompt):
    assert saved.live["count Node"][0].startswith("3 objects")
    for line in LINES:
        assert offline_prompt(line) == saved.live[line]


def unnumbered(lines):
    """Return lines with one number for all handles: a prompt that has shown more has given more."""
    return re.sub(r"\b_\d+ *", "_1", "\n".join(lines))


def test_a_file_tells_what_has_finished(saved, offline_prompt):
    (row, *_) = (line for line in saved.live["zombies"] if "socket.socket" in line)
    assert "29" in row.split(), row
    assert any("a socket that is closed" in line for line in saved.live["zombies"])
    assert any("Task-" in line and " to Task-" in line for line in saved.live["zombies"])
    assert unnumbered(offline_prompt("zombies")) == unnumbered(saved.live["zombies"])


def test_marks_tell_the_same_in_a_file(saved, offline_prompt):
    assert any("+300 objects" in line for line in saved.live["diff before after"])
    for line in OF_MARKS:
        told = [each for each in offline_prompt(line) if not each.startswith(NEXT)]
        assert [each for each in told if each not in saved.live[line]] == [], line
    # What the live objects tell of themselves takes the place of other findings.
    assert offline_prompt("")[0] == saved.live[""][0]
    assert offline_prompt.session.mark().ledger == saved.ledger
    assert offline_prompt("memory")[0].startswith("RSS ")
    assert offline_prompt("memory --trim")[0].startswith("*** --gc and --trim ask the running program")
    assert "leak auto" not in "\n".join(offline_prompt(""))


def test_what_waited_is_told_from_the_file(saved, offline_prompt):
    assert any("rows()" in line and "5 " in line for line in saved.live["tasks"]), saved.live["tasks"]
    assert any("wait()" in line and "task" in line for line in saved.live["tasks"])
    assert saved.live["tasks"][0].startswith("1 thread, 1 task, ")
    assert unnumbered(offline_prompt("tasks")) == unnumbered(saved.live["tasks"])


def test_what_c_held_is_told_from_the_file(saved, opened, offline_prompt):
    assert opened[0].recall.unowned == saved.unowned
    answer = offline_prompt("orphans")
    assert answer[0].startswith(f"{len(saved.unowned.found):,} objects that nobody visible owns")
    # What comes next is no other look, which a file cannot take.
    assert "from now on" not in answer[0]
    assert answer[-1].startswith(("next: leak show _", "next: leak zombies")), answer[-1]


def test_a_file_is_compared_with_what_is_open(saved, offline_prompt, tmp_path):
    assert saved.live["now"][0].startswith(f"{saved.path} → now in ")
    assert any("+300 objects" in line for line in saved.live["now"])
    compared = offline_prompt(f"diff {saved.path}")
    assert compared[0].startswith(f"*** {saved.path} is not older than")
    assert offline_prompt("diff none.leak") == ["*** cannot compare 'none.leak': No such file or directory"]
    (tmp_path / "bad.leak").write_bytes(b"no heap")
    assert offline_prompt("diff bad.leak") == [
        "*** cannot compare 'bad.leak': it is no saved heap; leak save FILE writes another"
    ]


def test_a_heap_of_an_older_pdbleak_has_no_ledger_and_a_verdict_all_the_same(
    opened, offline_prompt, monkeypatch
):
    session = Session(COMMANDS, seed=1, saved=replace(opened[0], _cache={}))
    monkeypatch.setattr(plugin, "SESSION", session)
    prompt = Prompt(session)
    assert prompt("")[0] == "RSS unknown"
    assert prompt("memory")[0].startswith("*** this file has no memory ledger")
    assert prompt("diff")[0].startswith("mark 1 is the first one")


def test_a_file_of_an_older_pdbleak_has_no_states_and_says_so(opened, offline_prompt, monkeypatch):
    older = replace(opened[0].recall, judged=None, waits=None, unowned=None)
    heap = replace(opened[0], recall=older, _cache={})
    session = Session(COMMANDS, seed=1, saved=heap, saved_marks=opened[2], saved_facts=opened[1])
    monkeypatch.setattr(plugin, "SESSION", session)
    prompt = Prompt(session)
    for line in ("why Node", "zombies", "tasks", "orphans"):
        assert prompt(line)[0].startswith("*** this file is of an older pdbleak, and does not tell")
    assert not any("leak why" in line for line in prompt(""))


def test_commands_that_ask_the_program_say_so(offline_prompt):
    for line in ("gc", "growth", "heap", "objgraph count int", "mark"):
        name = line.split()[0]
        assert offline_prompt(line) == [f"*** leak {name} asks the running program, and this is a saved heap"]
    assert offline_prompt("show nobody.knows")[0].startswith("no live objects of type 'nobody.knows'")
    assert offline_prompt("show (1 + 1)")[0].startswith("*** (1 + 1): NameError: a saved heap has no frame")
    assert offline_prompt("save heap.leak") == [
        "*** this heap is saved already; type: leak save heap.heapsnapshot"
    ]


def test_a_name_leads_from_a_module(saved, offline_prompt):
    ask = offline_prompt
    (found,) = {
        ask(f"show {text}")[0] for text in ("drawing.HELD['a']", "drawing.HELD['wild'].items[0]['sql']")
    }
    assert found.startswith("_1  drawing.Node")
    address = hex(ask.session.saved.addresses[ask.session.handles["_1"].node])
    assert ask(f"show {address}")[0] == found
    assert ask("show drawing.HELD['a'].b")[0].startswith("_2  drawing.Node")
    assert ask("show drawing.HELD['b'].x")[0].startswith("*** drawing.HELD['b'].x: NameError")


def test_a_mistake_is_one_line(prompt):
    assert prompt("save") == ["*** save needs FILE; type: leak save FILE [--redact]"]


def test_the_command_line_opens_a_prompt(saved, tmp_path):
    command = [sys.executable, "-m", "pdbleak"]
    where = os.environ | {"PYTHONPATH": str(Path(pdbleak.__file__).parents[1])}
    told = {"env": where, "capture_output": True, "text": True, "timeout": 60}
    typed = "count Node\nleak count Node\n\nnonsense\nshow _1\nleak diff\nq\ncount dict\n"
    done = subprocess.run([*command, "--load", saved.path], input=typed, check=True, **told)
    assert done.stdout.count("3 objects of type 'Node'") == 2
    assert done.stdout.count("*** unknown command 'nonsense'") == 1
    assert "before → " in done.stdout
    assert "dict" not in done.stdout.rpartition("next: ")[2]
    cut = tmp_path / "heap.leak"
    cut.write_bytes(saved.path.read_bytes()[:-5])
    done = subprocess.run([*command, "-c", "q", f"--load={cut}"], check=False, **told)
    assert done.returncode == 2
    assert done.stderr == (
        f"pdbleak: cannot load '{cut}': it is cut short or damaged; leak save FILE writes another\n"
    )


def test_who_has_read_enough_gets_no_traceback(saved):
    command = [sys.executable, "-m", "pdbleak", "-c", "types 500", "-c", "types 500", "--load", saved.path]
    where = os.environ | {"PYTHONPATH": str(Path(pdbleak.__file__).parents[1])}
    with subprocess.Popen(command, env=where, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 0


LIVE = """
    import gc, os, pdbleak
    class Node: pass
    NODES = [Node() for _ in range(3)]
    os.environ["TMPDIR"] = {folder!r}
    pdbleak.leak("save {folder}/none/heap.leak")
    pdbleak.leak("save {folder}/x.heapsnapshot")
    pdbleak.leak("save {folder}/heap.leak --redact")
    pdbleak.leak("sql \\"select count(*) as found from objects where type like '%Node'\\"")
    pdbleak.leak("sql \\"select count(*) as found from objects where type like '%Node'\\" {folder}/heap.leak")
"""


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="no DuckDB")
def test_a_small_program_writes_and_asks(tmp_path):
    answer = run(LIVE.replace("{folder!r}", repr(str(tmp_path))).replace("{folder}", str(tmp_path)))
    lines = [line.strip() for line in answer.splitlines()]
    refused = f"*** cannot write '{tmp_path}/none/heap.leak': No such file or directory"
    assert lines[0] == f"{refused}; type a path that can be written"
    assert f"saved to {tmp_path}/x.heapsnapshot" in lines
    assert [line for line in lines if line.startswith("redacted: no values are in it")]
    assert [lines[place + 1] for place, line in enumerate(lines) if line == "found"] == ["3", "3"]
    assert {each.name for each in tmp_path.iterdir()} == {"heap.leak", "x.heapsnapshot"}


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="no DuckDB")
def test_sql_asks_the_heap_that_is_open(offline_prompt):
    found = offline_prompt("sql \"select address from objects where type = 'drawing.Node'\"")
    assert found[0] == "address"
    assert found[-1] == "next: leak show 0x…"
    assert offline_prompt('sql "select"')[0].startswith("*** Parser Error")
    assert offline_prompt('sql " "')[0].startswith("*** sql needs a question; type: leak sql")


def test_a_snapshot_for_other_viewers_is_written_from_a_file(saved, offline_prompt, tmp_path):
    path = tmp_path / "x.heapsnapshot"
    assert offline_prompt(f"types 3 -o {path}")[0] == f"saved to {path}"
    counted = json.loads(path.read_text(encoding="utf-8"))["snapshot"]["node_count"]
    assert counted == saved.nodes + 3


def test_a_report_is_written_live_and_from_a_file(saved, offline_prompt, tmp_path):
    page = saved.path.with_name("live.html")
    assert saved.live["report"][0] == f"written to {page}"
    path = tmp_path / "x.html"
    assert offline_prompt(f"report {path} 1")[0] == f"written to {path}"
    assert offline_prompt.session.handles == {}
    assert offline_prompt("report x.txt") == [
        "*** a report is a page, not 'x.txt'; type: leak report heap.html"
    ]
    refused = offline_prompt(f"report {tmp_path}/none/x.html 1")[0]
    assert refused.startswith(f"*** cannot write '{tmp_path}/none/x.html'")
    for each in (page, path):
        text = each.read_text(encoding="utf-8")
        assert "<h2>Memory" in text
        assert "<h2>History" in text
