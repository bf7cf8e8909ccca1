"""A session in a running program: its lines, its stack, its files; the program goes on."""

import json
import re
import sys
import time

import pytest
from daemons import PATIENCE, prompts

from pdbleak.remote import turns

COUNTING = """
    import time
    class Channel: pass
    channels = [Channel() for _ in range(700)]
    ticks = 0
    def serve(tick):
        global ticks
        while True:
            ticks += 1
            time.sleep(tick)
    serve({tick})
"""
BUSY = COUNTING.format(tick=0.005)
BLOCKED = COUNTING.format(tick=10_000)


def test_lines_are_answered_while_the_program_runs(program):
    found = program(BUSY).attach("ticks", "ticks", "p len(channels)", "leak count Channel", "q")
    assert found.returncode == 0, found.stderr
    _, first, second, third, fourth, _ = prompts(found.stdout)
    assert int(second) >= int(first)
    assert third == "700\n"
    assert fourth.startswith("700 objects of type 'Channel'")
    assert re.search(r"\(the capture paused the program for \d", fourth)


TRACED = """
    import sys, time
    ticks = 0
    def look(frame, event, arg): return look
    def work():
        global ticks
        ticks += 1
    def serve():
        while True:
            work()
            time.sleep(0.005)
    sys.settrace(look)
    serve()
"""


def test_a_program_that_is_traced_goes_on_after_a_session(program):
    daemon = program(TRACED)
    daemon.attach("1 + 1", "leak count dict", "q")
    found = daemon.attach("ticks", "import time; time.sleep(0.3)", "ticks", "q")
    assert found.returncode == 0, found.stderr
    _, first, _, second, _ = prompts(found.stdout)
    assert int(second) > int(first)


def test_our_own_thread_is_no_thread_of_the_programs(program):
    found = program(BUSY).attach("leak tasks", "q")
    _, answer, _ = prompts(found.stdout)
    assert answer.startswith("1 thread in all")
    assert "pdb" not in answer


def test_the_stack_is_the_main_threads_and_moves_with_it(program):
    found = program(BLOCKED).attach("w", "d", "p tick", "u", "p tick", "q")
    _, where, down, inner, _, outer, _ = prompts(found.stdout)
    assert "serve()" in where
    assert "-> time.sleep(tick)" in down
    assert inner == "10000\n"
    assert outer.startswith("*** NameError")


def test_what_is_printed_goes_to_the_client_and_not_to_the_program(program):
    daemon = program(BUSY)
    found = daemon.attach(
        "print('héllo ✓', [print(i) for i in (1, 2)])", "import sys; print(sys.argv[:0])", "q"
    )
    assert "héllo ✓ [None, None]\n" in found.stdout
    assert "[]\n" in found.stdout
    assert daemon.said == ["ready\n"]


def test_a_statement_sets_the_programs_own_names(program):
    daemon = program(BUSY)
    daemon.attach("answer = [n * 7 for n in (6,)]", "q")
    assert daemon.attach("answer", "q").stdout.count("[42]\n") == 1


@pytest.mark.parametrize(
    "line",
    ["1/0", "nobody", "raise SystemExit(3)", "raise KeyError(1)", "leak tipes", "p 1/0", "interact", "s"],
)
def test_a_mistake_is_one_line_and_the_session_goes_on(program, line):
    found = program(BUSY).attach(line, "1 + 1", "q")
    answer, following = prompts(found.stdout)[1:3]
    assert answer.startswith("*** ")
    assert answer.count("\n") == 1
    assert following == "2\n"


@pytest.mark.parametrize("source", [BUSY, BLOCKED], ids=["busy", "blocked"])
def test_stop_halts_the_main_thread_and_c_lets_it_go(program, source):
    daemon = program(source)
    found = daemon.attach(
        "stop", "ticks", "ticks", "p tick", "leak count Channel", "c", "leak count Channel", "q"
    )
    assert found.returncode == 0, found.stderr
    _, at, first, second, tick, count, _, again, _ = prompts(found.stdout)
    assert "-> time.sleep(tick)" in at or "serve()" in at
    assert first == second
    assert tick in ("0.005\n", "10000\n")
    assert count.startswith("700 objects")
    assert again.startswith("700 objects")
    assert daemon.tell()["trace"] == "None"


def test_stepping_is_pdbs_and_leaves_no_trace(program):
    daemon = program(BUSY)
    before = daemon.tell()
    found = daemon.attach("stop", "n", "n", "n", "tbreak serve", "q")
    assert found.stdout.count("-> ") >= 4, found.stdout
    after = daemon.tell()
    assert after["trace"] == before["trace"] == "None"


def test_a_breakpoint_halts_the_program_later(program):
    daemon = program(BUSY)
    lines = (daemon.folder / "program.py").read_text().splitlines()
    raw = daemon.connect()
    raw.greet()
    raw.until("ask")
    raw.line("stop")
    raw.line("b serve, ticks > 0")
    raw.line(f"b {lines.index('        ticks += 1') + 1}")
    raw.line("cl 1")
    raw.send({"line": "c"})
    text, _ = raw.until("ask")
    if "-> " not in text:
        text += raw.until("out")[1]["out"]
    raw.close()
    end = time.monotonic() + PATIENCE
    while daemon.tell()["trace"] != "None":
        assert time.monotonic() < end


def test_a_command_beside_the_program_takes_short_turns_at_the_lock(program):
    daemon = program(BUSY)
    before = daemon.tell()
    asked = "__import__('sys').getswitchinterval()"
    found = prompts(daemon.attach(f"leak show ({asked})", asked, "q").stdout)
    assert found[1].splitlines()[0].endswith(" 0.0005"), found
    assert found[2] == "0.005\n"
    assert daemon.tell()["hooks"][-1] == before["hooks"][-1] == 0.005


@pytest.mark.parametrize("interval", [0.005, 0.0001, 0.000123, 1.0])
def test_the_turns_are_as_long_as_before_and_what_is_set_meanwhile_stays(interval):
    found = sys.getswitchinterval()
    try:
        sys.setswitchinterval(interval)
        before = sys.getswitchinterval()
        for _ in range(3):
            with turns.Short(), turns.Short():
                assert sys.getswitchinterval() <= turns.SHORT
        assert sys.getswitchinterval() == before
        with turns.Short():
            sys.setswitchinterval(0.002)
        assert sys.getswitchinterval() == pytest.approx(0.002, abs=2e-6)
    finally:
        sys.setswitchinterval(found)


def test_files_land_at_the_client(program, tmp_path):
    daemon = program(BUSY)
    (tmp_path / "here").mkdir()
    found = daemon.attach("leak types 3 -o here/types.json", "leak types -o nowhere/x.json", "q")
    assert json.loads((tmp_path / "here" / "types.json").read_text())["kind"] == "census"
    answers = prompts(found.stdout)
    assert f"written to {tmp_path}/here/types.json" in answers[1]
    assert "nowhere" in answers[2]
    assert list((tmp_path / "here").iterdir()) == [tmp_path / "here" / "types.json"]


def test_there_leaves_them_with_the_program(program, tmp_path):
    wanted = tmp_path / "there.json"
    found = program(BUSY).attach(f"leak types 3 --there -o {wanted}", "q")
    assert f"written to {wanted}" in found.stdout
    assert wanted.exists()


def test_saved_heaps_at_the_client_are_compared_there(program, tmp_path):
    daemon = program(BUSY)
    client = tmp_path / "client"
    client.mkdir()
    lines = ("leak save a.leak", "leak fresh", "leak save b.leak", "leak diff a.leak b.leak")
    found = prompts(daemon.attach(*lines, "leak diff a.leak b.leak --there", "q", folder=client).stdout)
    assert found[4].splitlines()[0].startswith("a.leak → b.leak in"), found[4]
    assert "cannot compare 'a.leak': No such file" in found[5]
    # What a breakpoint is to run is for the process.
    later = ("stop", "break serve", "commands 1", "leak diff a.leak b.leak", "end", "q")
    assert "a.leak → b.leak" not in daemon.attach(*later, folder=client).stdout


def test_an_answer_of_any_size_comes_whole(program):
    found = program(BUSY).attach("print('x' * 3_000_000)", "1 + 1", "q")
    assert found.stdout.count("x") == 3_000_000
    assert "2\n" in found.stdout


def test_completion_knows_the_programs_names(program):
    raw = program(BLOCKED).connect()
    raw.greet()
    raw.until("ask")
    for line, word, wanted in (
        ("leak ty", "ty", "types"),
        ("leak count Chan", "Chan", "Channel"),
        ("p chan", "chan", "channels"),
        ("wh", "wh", "where"),
    ):
        raw.send({"complete": line, "word": word})
        assert wanted in raw.until("completed")[1]["completed"]


def test_two_captures_of_a_session_are_equal(program):
    raw = program(BLOCKED).connect()
    raw.greet()
    raw.until("ask")
    counts = []
    for _ in range(3):
        raw.line("leak fresh")
        rows = json.loads(raw.line("leak types 1000 --json").partition("\n(the")[0])["rows"]
        # Not the bytes: CPython makes instances smaller as it learns how many attributes they have.
        counts.append({row["type"]: row["count"] for row in rows})
    assert counts[1] == counts[2]
    assert not [name for name in counts[2] if "pdb" in name.lower()]


GROWING = """
    import gc, time
    class Order: pass
    kept, off = [], 0
    while True:
        kept.append(Order())
        off += not gc.isenabled()
        time.sleep(0.005)
"""


def test_marks_are_awaited_beside_the_program_which_keeps_its_collector(program):
    found = program(GROWING).attach("leak auto 3 1", "p off < len(kept) / 2", "q")
    assert found.returncode == 0, found.stderr
    _, verdict, collected, _ = prompts(found.stdout)
    assert "module __main__ .kept → list [*] → Order" in verdict
    assert collected == "True\n"
