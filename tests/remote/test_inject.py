"""Attaching to programs that know nothing of pdbleak, whatever their main thread does; what is left then."""

import os
import re
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from daemons import PATIENCE, Program, prompts

from pdbleak.remote import debuggers, discover, handover, inject, threadstate

KINDS = {
    "sleep": "time.sleep(10_000)",
    "idle": "while True: time.sleep(0.01)",
    "busy": "while True: pass",
    "accept": "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); s.accept()",
    "lock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
    "join": "t = threading.Thread(target=time.sleep, args=(10_000,)); t.start(); t.join()",
    "queue": "queue.Queue().get()",
    "select": "select.select([], [], [])",
    "asyncio": "asyncio.run(asyncio.sleep(10_000))",
    "threads": "time.sleep(10_000)",
}
# Of these, those whose main thread stands elsewhere.
BY_LLDB = ("sleep", "busy", "accept", "lock", "threads")
SOURCE = """
import asyncio, queue, select, socket, threading, time
class Channel: pass
channels = [Channel() for _ in range(700)]
def spin():
    while True: sum(range(1000))
def serve():
    {}
for _ in range({}):
    threading.Thread(target=spin, daemon=True).start()
print("serving", flush=True)
serve()
"""


def start(program, kind):
    daemon = program(SOURCE.format(KINDS[kind], 3 if kind == "threads" else 0), listens=False)
    daemon.wait_for("serving")
    time.sleep(0.2)
    return daemon


def may_inject(debugger):
    """Tell why nothing can be injected here, or return an empty text."""
    if shutil.which(debugger) is None:
        return f"{debugger} is not installed"
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], stdout=-1
    )
    child.stdout.readline()
    try:
        found = subprocess.run(
            [debugger, "--batch", "-p", str(child.pid)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        child.kill()
        child.communicate()
    return "ptrace is not permitted" if re.search("ptrace|attach failed", found.stderr) else ""


def where(debugger):
    """Return the mark of a test that attaches by a debugger."""
    reason = may_inject(debugger)
    return pytest.mark.skipif(bool(reason), reason=reason)


injecting = where("gdb")
by_lldb = where("lldb")


@pytest.fixture
def only(tmp_path):
    """Return a function that makes a folder for the PATH, with one program in it."""

    def find_only(name):
        folder = tmp_path / "only"
        folder.mkdir()
        (folder / name).symlink_to(shutil.which(name))
        return str(folder)

    return find_only


@pytest.mark.parametrize(
    ("debugger", "kind"),
    [
        *(pytest.param("gdb", kind, marks=injecting) for kind in KINDS),
        *(pytest.param("lldb", kind, marks=by_lldb) for kind in BY_LLDB),
    ],
)
def test_a_prompt_comes_wherever_the_main_thread_is(program, kind, debugger, only):
    daemon = start(program, kind)
    before = daemon.tell()
    found = daemon.attach("w", "leak count Channel", "stop", "w", "c", "q", path=only(debugger))
    assert found.returncode == 0, found.stderr
    _, where, count, _, stopped, _, _ = prompts(found.stdout)
    assert "serve()" in where
    assert count.startswith("700 objects")
    assert "serve()" in stopped
    settled(daemon, before)


@injecting
def test_it_says_which_pdbleak_was_used(program):
    found = start(program, "sleep").attach("q")
    assert "made to listen until q; pdbleak" in found.stdout
    assert "of this installation" in found.stdout


def settled(daemon: Program, before: dict[str, object], *, listens: bool = False) -> dict[str, object]:
    """Wait until nothing of a session is left, and return what the program tells then."""
    kept = ("threads", "fds", "trace", "signals", "blocked", "gc", "hooks", "path", "main", "named")
    end = time.monotonic() + PATIENCE
    while True:
        after = daemon.tell()
        differing = {name: (before[name], after[name]) for name in kept if before[name] != after[name]}
        if not differing:
            break
        assert time.monotonic() < end, differing
        time.sleep(0.05)
    assert listens or not list((daemon.folder / "run").iterdir()), "a socket or its folder was left"
    return after


def grew_by_rounds(first: dict[str, int], last: dict[str, int], rounds: int) -> dict[str, int]:
    """Return what grew by more than comes and goes: an object in two rounds is none that a round leaves."""
    most = {"objects": max(4, rounds // 2), "maps": 10, "resident": 2048}
    return {name: last[name] - first[name] for name in most if last[name] - first[name] > most[name]}


@injecting
def test_a_session_is_over_when_its_client_is_killed(program):
    daemon = start(program, "idle")
    before = daemon.tell()
    client = subprocess.Popen(
        [sys.executable, "-m", "pdbleak", "-p", str(daemon.process)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(inject.PACKAGE.parent)},
        text=True,
    )
    client.stdin.write("stop\n")
    client.stdin.flush()
    try:
        seen = ""
        while not seen.endswith("(Pdb) "):
            more = client.stdout.read(1)
            assert more, f"the client ended after {seen!r}"
            seen += more
    finally:
        client.kill()
        client.communicate()
    settled(daemon, before)


@injecting
def test_rounds_by_gdb_leave_what_was_there(program):
    daemon = start(program, "idle")
    before = daemon.tell()
    daemon.attach("leak count Channel", "stop", "c", "q")
    daemon.attach("leak count Channel", "stop", "c", "q")
    first = settled(daemon, daemon.tell())
    for _ in range(4):
        assert daemon.attach("leak count Channel", "stop", "c", "q").returncode == 0
    last = settled(daemon, first)
    assert grew_by_rounds(first, last, 4) == {}
    new = {name.partition(".")[0] for name in set(last["modules"]) - set(before["modules"])}
    foreign = new - sys.stdlib_module_names - {"pdbleak", "cython_runtime"}
    assert [name for name in foreign if not name.startswith("_cython_")] == []


@by_lldb
@pytest.mark.parametrize("kind", ["idle", "busy"])
def test_rounds_by_lldb_leave_no_memory_in_the_process(program, kind, only):
    def anonymous():
        maps = Path(f"/proc/{daemon.process}/maps").read_text()
        return [line for line in maps.splitlines() if len(line.split()) == 5]

    daemon = start(program, kind)
    path = only("lldb")
    daemon.attach("leak count Channel", "q", path=path)
    settled(daemon, first := daemon.tell())
    before = anonymous()
    for _ in range(2):
        assert daemon.attach("leak count Channel", "q", path=path).returncode == 0
    settled(daemon, first)
    # Where code was put can be executed; what else is mapped is the program's.
    assert [line for line in anonymous() if "x" in line.split()[1]] == []
    assert len(anonymous()) - len(before) < 4


@by_lldb
def test_a_sleep_that_lldb_interrupts_is_as_long_as_it_was_to_be(program, only):
    source = "import time\nbegun = time.monotonic()\nprint('serving', flush=True)\ntime.sleep(5)\n"
    daemon = program(source + "print(5 <= time.monotonic() - begun < 12, flush=True)\n", listens=False)
    daemon.wait_for("serving")
    assert daemon.attach("leak count int", "q", path=only("lldb")).returncode == 0
    daemon.wait_for("True")


FORKING = """
import gc, os, stat, sys, time
held = [[number] for number in range(300_000)]
children = {}
def sockets():
    found = 0
    for each in range(100):
        try:
            found += stat.S_ISSOCK(os.fstat(each).st_mode)
        except OSError:
            pass
    return found
def ask():
    read, write = os.pipe()
    before = gc.isenabled()
    if not (child := os.fork()):
        try:
            os.write(write, repr((gc.isenabled(), sys.getswitchinterval(), sockets())).encode())
        finally:
            os._exit(0)
    os.close(write)
    told = os.read(read, 999).decode()
    os.close(read)
    os.waitpid(child, 0)
    children.setdefault(before, set()).add(told)
print("serving", flush=True)
while True:
    ask()
    time.sleep(0.002)
"""


@injecting
def test_a_child_that_is_forked_meanwhile_has_nothing_of_a_session(program):
    daemon = program(FORKING, listens=False)
    daemon.wait_for("serving")
    slowly = "leak show (__import__('time').sleep(0.5))"
    found = daemon.attach("leak types 3", slowly, "leak via list", "sorted(children.items())", "q")
    assert found.returncode == 0, found.stderr
    # Also of those that were forked while a command had paused their parent's collector.
    told = ["(True, 0.005, 0)"]
    assert eval(prompts(found.stdout)[-2]) == [(False, set(told)), (True, set(told))]


def test_a_hundred_rounds_leave_what_was_there(program):
    daemon = program(SOURCE.format(KINDS["idle"], 0))
    for number in range(105):
        raw = daemon.connect()
        raw.greet()
        raw.until("ask")
        if number % 5 == 0:
            for line in ("leak count Channel", "stop", "w", "n", "c"):
                raw.line(line)
        raw.send({"line": "q"})
        raw.until("bye")
        # The end of the connection is the last that a session does.
        assert raw.receive() is None
        raw.close()
        if number == 5:
            first = daemon.tell()
    last = settled(daemon, first, listens=True)
    assert grew_by_rounds(first, last, 100) == {}


def test_a_process_that_is_not_there_is_said():
    with pytest.raises(discover.AttachError, match="there is no process 2147483647"):
        discover.look_at(2147483647)


def test_another_users_process_is_said(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(discover.AttachError, match=r"another user's \(uid \d+\); type: sudo -u"):
        discover.look_at(os.getpid())


def test_a_process_that_is_no_python_is_said():
    child = subprocess.Popen(["sleep", "60"])
    try:
        with pytest.raises(discover.AttachError, match="is no Python"):
            inject.inject(discover.look_at(child.pid), print)
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(
    ("maps", "program", "wanted"),
    [
        ("7f r--p 00 /usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0\n", "/usr/bin/x", "11"),
        ("7f r--p 00 /x/lib-dynload/_json.cpython-313t-x86_64-linux-gnu.so\n", "/usr/bin/x", "13t"),
        ("", "/usr/bin/python3.12", "12"),
        ("", "/usr/bin/uwsgi", ""),
    ],
)
def test_a_process_tells_its_version_by_what_it_has_loaded(maps, program, wanted):
    assert inject.version(maps, program) == wanted


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("ptrace: Operation not permitted.", "may not attach"),
        ("error: attach failed: Operation not permitted", "may not attach"),
        ("", "it said nothing"),
        ("warning: x\nsomething else", "something else"),
    ],
)
def test_what_gdb_cannot_is_said_in_one_line(said, wanted):
    target = discover.look_at(os.getpid())
    text = debuggers.reason("gdb", target, said)
    assert wanted in text
    assert "\n" not in text


def test_the_script_is_in_a_folder_of_the_user_s_own_and_does_not_stay():
    with handover.make("") as folder:
        folder.write({"attach.py": "1"}, os.geteuid())
        path = Path(folder.inner)
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert stat.S_IMODE((path / "attach.py").stat().st_mode) == 0o600
        assert folder.answer(0.05) == ""
        (path / "answer").write_text("é" * 9999)
        assert folder.answer(5) == "é" * (handover.MOST // 2)
    assert not path.exists()


@pytest.mark.parametrize("what", ["link", "pipe", "directory"])
def test_an_answer_that_is_no_file_is_none(tmp_path, what):
    with handover.make("") as folder:
        answer = Path(folder.inner) / "answer"
        if what == "link":
            (tmp_path / "secret").write_text("secret")
            answer.symlink_to(tmp_path / "secret")
        elif what == "pipe":
            os.mkfifo(answer)
        assert folder.answer(0.05) == ""


def test_a_place_for_the_script_that_is_a_link_is_not_taken(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tmp").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "dev").symlink_to(tmp_path / "elsewhere")
    with handover.make(str(tmp_path)) as folder:
        assert folder is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_missing_debugger_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        discover.AttachError,
        match=r"neither gdb nor lldb is there to reach it; install gdb, or .* --listen",
    ):
        debuggers.run(discover.look_at(os.getpid()), "pass\n", {}, -1)


def test_a_thread_is_not_taken_for_a_process(program):
    daemon = program(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1e4,)).start()\ntime.sleep(1e4)"
    )
    thread = max(int(each.name) for each in Path(f"/proc/{daemon.process}/task").iterdir())
    with pytest.raises(
        discover.AttachError, match=f"is a thread; type: python -m pdbleak -p {daemon.process}"
    ):
        discover.look_at(thread)


@pytest.mark.skipif(not Path("/proc/self/syscall").exists(), reason="no /proc")
@pytest.mark.parametrize(
    ("kind", "wanted"), [("sleep", True), ("lock", True), ("busy", False), ("idle", False)]
)
def test_a_waiting_main_thread_is_told_from_a_running_one(program, kind, wanted):
    daemon = start(program, kind)
    assert (threadstate.waits_in(daemon.process) >= 0) is wanted
