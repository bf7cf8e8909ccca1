"""Lines that a forked child answers: the same answers, and neither the program nor its children notice."""

import os
import time
from pathlib import Path

import pytest
from daemons import PATIENCE, prompts

from pdbleak.remote import threadstate

SOURCE = """
    import os, time
    class Channel: pass
    channels = [Channel() for _ in range(700)]
    met = []
    def serve(tick):
        local = [Channel() for _ in range(33)]
        print("serving", flush=True)
        while True:
            try:
                met.append(os.waitpid(-1, os.WNOHANG))
            except ChildProcessError:
                pass
            time.sleep(tick)
    serve({tick})
"""
ENDLESS = "leak show (lambda: [None for _ in iter(int, 1) if 0])()"


@pytest.fixture(params=[0.002, 10_000], ids=["busy", "blocked"])
def daemon(program, request):
    found = program(SOURCE.format(tick=request.param))
    found.wait_for("serving")
    end = time.monotonic() + PATIENCE
    # A signal that comes just before a long sleep is not answered until its end.
    while request.param > 1 and threadstate.waits_in(found.process) < 0:
        assert time.monotonic() < end, "the program does not sleep"
    return found


def alive(daemon):
    """Return the processes that run the program's file."""
    path = os.fsencode(daemon.folder / "program.py")
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if path in (each / "cmdline").read_bytes().split(b"\0") and "Z" not in state(each):
                found.append(int(each.name))
        except OSError:
            continue
    return found


def state(folder):
    """Return a process's state letter."""
    return (folder / "stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("line", ["leak heap", "leak objgraph count dict"])
def test_tools_that_hold_every_object_look_at_a_copy(daemon, line):
    found = daemon.attach(line, "import sys; print({'guppy', 'objgraph'} & {*sys.modules})", "q")
    assert found.returncode == 0, found.stderr
    _, answer, loaded, _ = prompts(found.stdout)
    assert "(answered in a child; the fork paused the program for " in answer
    assert loaded == "set()\n"


def wait_until_alone(daemon):
    """Wait until no child is left."""
    end = time.monotonic() + PATIENCE
    while alive(daemon) != [daemon.process]:
        assert time.monotonic() < end, alive(daemon)
        time.sleep(0.02)


def test_a_child_answers_what_the_process_would(daemon, tmp_path):
    lines = ("leak count Channel", "leak chain channels", "leak types 3 -o types.json", "met", "q")
    before = daemon.tell()
    here = prompts(daemon.attach(*lines).stdout)
    (tmp_path / "types.json").unlink()
    found = daemon.attach(*lines, options=("--fork",))
    there = prompts(found.stdout)
    assert found.stdout.count("(answered in a child; the fork paused the program for ") == 3
    assert there[1].splitlines()[0] == here[1].splitlines()[0]
    assert there[1].startswith("733 objects of type 'Channel'")
    assert "module __main__" in there[2]
    assert there[2].splitlines()[:3] == [line for line in here[2].splitlines() if "fresh" not in line][:3]
    assert (tmp_path / "types.json").exists()
    assert here[4] == there[4] == "[]\n"
    wait_until_alone(daemon)
    end = time.monotonic() + PATIENCE
    while daemon.tell()["fds"] != before["fds"]:
        left = " ".join(str(each.readlink()) for each in Path(f"/proc/{daemon.process}/fd").iterdir())
        assert time.monotonic() < end, left


def test_the_main_threads_variables_are_seen(daemon):
    found = daemon.attach("d", "leak size local", "leak count Channel", "q", options=("--fork",))
    assert "list" in prompts(found.stdout)[2], found.stdout
    assert "the frame that was chosen has returned" not in found.stdout


def test_what_acts_is_done_in_the_process(daemon):
    found = daemon.attach("leak gc", "leak growth", "q", options=("--fork",))
    assert "answered in a child" not in found.stdout
    assert "***" not in found.stdout


def test_a_mistake_is_one_line(daemon):
    found = daemon.attach("leak types 0", "leak show (nobody)", "q", options=("--fork",))
    assert all(answer.count("*** ") == 1 for answer in prompts(found.stdout)[1:3]), found.stdout


def begin(daemon):
    """Start a session with an endless line, and return it when the child is there."""
    raw = daemon.connect()
    raw.greet(fork=True)
    raw.until("ask")
    raw.send({"line": ENDLESS})
    end = time.monotonic() + PATIENCE
    while len(alive(daemon)) != 2:
        assert time.monotonic() < end, "there is no child"
    # The first child has ended, the second one is at work.
    time.sleep(0.3)
    return raw


def test_ctrl_c_ends_the_child_and_not_the_session(daemon):
    raw = begin(daemon)
    raw.send({"interrupt": True})
    assert "--KeyboardInterrupt--" in raw.until("ask")[0]
    wait_until_alone(daemon)
    assert raw.line("1 + 1") == "2\n"


def test_a_client_that_dies_takes_the_child_along(daemon):
    begin(daemon).close()
    wait_until_alone(daemon)
    assert "2\n" in daemon.attach("1 + 1", "q").stdout


def test_a_child_does_not_listen(daemon, tmp_path):
    raw = begin(daemon)
    assert [each.name for each in (tmp_path / "run" / "pdbleak").iterdir()] == [f"{daemon.process}.sock"]
    raw.close()
    wait_until_alone(daemon)
