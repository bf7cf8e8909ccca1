"""A saved heap answers the same commands with the same words."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import drawing
import pytest

import pdbleak
from pdbleak import offline, plugin
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
)


@pytest.fixture
def offline_prompt(prompt, tmp_path):
    """Return a function from a line to a saved heap's answer, after the live prompt has saved it."""

    def ask(line):
        return prompt(line)

    def leave():
        path = str(tmp_path / "heap.leak")
        assert prompt(f"save {path}")[0] == f"saved to {path}"
        heap, _ = offline.open_heap(path)
        session = Session(COMMANDS, seed=1, saved=heap)
        plugin.SESSION.close()
        plugin.SESSION = prompt.session = session
        evaluate = plugin.evaluate
        plugin.evaluate = lambda text, *_: offline.evaluate(session, text)
        return lambda: setattr(plugin, "evaluate", evaluate)

    return ask, leave


def test_a_saved_heap_gives_the_same_answers(offline_prompt, monkeypatch):
    ask, leave = offline_prompt
    monkeypatch.setattr(plugin, "draw_beside", lambda value, _: value)
    drawing.hold("a -> b -> c -> a", "a", kind=drawing.Finalized)
    drawing.hold("a -> b -> c; c -> b", "a")
    drawing.HELD["wild"] = wild = drawing.Wild()
    wild.items = [{"sql": drawing.HELD["a"], 3: ("x", wild)}, "text", 5]
    live = {line: ask(line) for line in LINES}
    assert live["count Node"][0].startswith("3 objects")
    restore = leave()
    try:
        for line in LINES:
            assert ask(line) == live[line]
    finally:
        restore()


def test_commands_that_ask_the_program_say_so(offline_prompt):
    ask, leave = offline_prompt
    restore = leave()
    try:
        for line in ("gc", "growth", "heap", "objgraph count int"):
            name = line.split()[0]
            assert ask(line) == [f"*** leak {name} asks the running program, and this is a saved heap"]
        assert ask("show nobody.knows")[0].startswith("no live objects of type 'nobody.knows'")
        assert ask("show (1 + 1)")[0].startswith("*** (1 + 1): NameError: a saved heap has no frame")
    finally:
        restore()


def test_a_name_leads_from_a_module(offline_prompt):
    ask, leave = offline_prompt
    drawing.hold("a -> b", "a")
    drawing.HELD["list"] = [drawing.HELD["a"]]
    restore = leave()
    try:
        (found,) = {ask(f"show {text}")[0] for text in ("drawing.HELD['a']", 'drawing.HELD["list"][0]')}
        assert found.startswith("_1  drawing.Node")
        address = hex(plugin.SESSION.saved.addresses[plugin.SESSION.handles["_1"].node])
        assert ask(f"show {address}")[0] == found
        assert ask("show drawing.HELD['a'].b")[0].startswith("_2  drawing.Node")
        assert ask("show drawing.HELD['b'].x")[0].startswith("*** drawing.HELD['b'].x: NameError")
    finally:
        restore()


def test_a_mistake_is_one_line(prompt, tmp_path):
    assert prompt(f"save {tmp_path}/none/heap.leak") == [
        (
            f"*** cannot write '{tmp_path}/none/heap.leak': No such file or directory; "
            "type a path that can be written"
        )
    ]
    assert prompt("save") == ["*** save needs FILE; type: leak save FILE [--redact]"]
    assert prompt("save heap.leak --redact")[2].startswith("redacted: no values are in it")


def test_the_command_line_opens_a_prompt(prompt, tmp_path):
    path = tmp_path / "heap.leak"
    drawing.hold("a -> b", "a")
    prompt(f"save {path}")
    run = [sys.executable, "-m", "pdbleak"]
    where = os.environ | {"PYTHONPATH": str(Path(pdbleak.__file__).parents[1])}
    told = {"env": where, "capture_output": True, "text": True, "timeout": 60}
    typed = "count Node\nleak count Node\n\nnonsense\nshow _1\nq\ncount dict\n"
    done = subprocess.run([*run, "--load", path], input=typed, check=True, **told)
    assert done.stdout.count("2 objects of type 'Node'") == 2
    assert done.stdout.count("*** unknown command 'nonsense'") == 1
    assert "dict" not in done.stdout.rpartition("***")[2]
    done = subprocess.run([*run, "-c", "count Node", "-c", "q", f"--load={path}"], check=True, **told)
    assert done.stdout.count("2 objects of type 'Node'") == 1
    path.write_bytes(path.read_bytes()[:-5])
    done = subprocess.run([*run, "--load", path], check=False, **told)
    assert done.returncode == 2
    assert done.stderr == (
        f"pdbleak: cannot load '{path}': it is cut short or damaged; leak save FILE writes another\n"
    )


@pytest.mark.skipif(importlib.util.find_spec("duckdb") is None, reason="no DuckDB")
def test_sql_asks_the_live_heap_a_file_and_the_loaded_one(prompt, tmp_path):
    drawing.hold("a -> b -> c", "a")
    count = "sql \"select count(*) from objects where type = 'drawing.Node'\""
    live = prompt(count)
    assert (live[1].strip(), live[-1]) == ("3", "next: leak save heap.leak")
    assert list(tmp_path.iterdir()) == []
    prompt(f"save {tmp_path}/heap.leak")
    assert prompt(f"{count} {tmp_path}/heap.leak")[1].strip() == "3"
    heap, _ = offline.open_heap(f"{tmp_path}/heap.leak")
    plugin.SESSION.close()
    plugin.SESSION = Session(COMMANDS, saved=heap, saved_path=f"{tmp_path}/heap.leak")
    found = prompt("sql \"select address from objects where type = 'drawing.Node'\"")
    assert found[0] == "address"
    assert found[-1] == "next: leak show 0x…"
    assert prompt('sql "select"')[0].startswith("*** Parser Error")
    assert prompt('sql " "')[0].startswith("*** sql needs a question; type: leak sql")


def test_a_snapshot_for_other_viewers_is_written_live_and_from_a_file(offline_prompt, tmp_path):
    ask, leave = offline_prompt
    path = tmp_path / "x.heapsnapshot"
    assert ask(f"save {path}")[0] == f"saved to {path}"
    live = json.loads(path.read_text(encoding="utf-8"))["snapshot"]["node_count"]
    assert live == plugin.SESSION.heap().graph.nodes + 3
    restore = leave()
    try:
        assert ask(f"types 3 -o {path}")[0] == f"saved to {path}"
        assert ask("save heap.leak") == ["*** this heap is saved already; type: leak save heap.heapsnapshot"]
    finally:
        restore()
    saved = json.loads(path.read_text(encoding="utf-8"))["snapshot"]["node_count"]
    assert saved == plugin.SESSION.saved.graph.nodes + 3


def test_a_report_is_written_live_and_from_a_file(offline_prompt, tmp_path):
    ask, leave = offline_prompt
    path = tmp_path / "x.html"
    drawing.hold("a -> b -> c", "a")
    asked = f"report {path} 1"
    assert ask(asked)[0] == f"written to {path}"
    assert "<h2>Memory" in path.read_text(encoding="utf-8")
    assert plugin.SESSION.handles == {}
    assert ask("report x.txt") == ["*** a report is a page, not 'x.txt'; type: leak report heap.html"]
    refused = ask(f"report {tmp_path}/none/x.html")[0]
    assert refused.startswith(f"*** cannot write '{tmp_path}/none/x.html'")
    restore = leave()
    try:
        assert ask(asked)[0] == f"written to {path}"
        assert "<h2>Memory" not in path.read_text(encoding="utf-8")
    finally:
        restore()
