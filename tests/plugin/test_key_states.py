"""The key when the process is at its worst, and what several presses in a row mean."""

from __future__ import annotations

import os
import signal
import termios
import time

import pexpect
import pytest
from programs import PROMPT

SLEEP = "import time\nprint('ready', flush=True)\nwhile True: time.sleep(1e6)\n"
# Each says "ready" just before it stands where the key shall find it.
STATES = {
    "a finalizer": """
        import time
        class Thing:
            def __del__(self): print("ready", flush=True); time.sleep(1e6)
        thing = Thing()
        del thing
    """,
    "a collection": """
        import gc, time
        class Thing:
            def __del__(self): print("ready", flush=True); time.sleep(1e6)
        thing = Thing()
        thing.itself = thing
        del thing
        gc.collect()
    """,
    "atexit": """
        import atexit, time
        @atexit.register
        def last(): print("ready", flush=True); time.sleep(1e6)
    """,
    "the join of threads at the end": """
        import threading, time
        def work():
            while threading.main_thread().is_alive(): time.sleep(0.01)
            print("ready", flush=True)
            time.sleep(1e6)
        threading.Thread(target=work).start()
    """,
    "an import": """
        import pathlib, sys
        pathlib.Path("imported.py").write_text("import time; print('ready', flush=True); time.sleep(1e6)")
        import imported
    """,
    "a finally": """
        import time
        try: 1 / 0
        finally: print("ready", flush=True); time.sleep(1e6)
    """,
    "a handler of the program's": """
        import os, signal, time
        def work(*_): print("ready", flush=True); time.sleep(1e6)
        signal.signal(signal.SIGUSR1, work)
        os.kill(os.getpid(), signal.SIGUSR1)
    """,
    "the program's own handler of SIGINT": """
        import os, signal, time
        def work(*_): print("ready", flush=True); time.sleep(1e6)
        signal.signal(signal.SIGINT, work)
        os.kill(os.getpid(), signal.SIGINT)
    """,
    "the start of threads": """
        import threading
        print("ready", flush=True)
        while True:
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()
    """,
    "closed streams": """
        import os, sys, time
        os.write(1, b"ready")
        for each in (sys.stdin, sys.stdout, sys.stderr): each.close()
        time.sleep(1e6)
    """,
    "closed descriptors": """
        import os, time
        os.write(1, b"ready")
        for each in (0, 1, 2): os.close(each)
        time.sleep(1e6)
    """,
    "a write that does not end": """
        import os, sys, threading, time
        read, write = os.pipe()
        sys.stdout = os.fdopen(write, "w")
        def drain():
            while os.read(read, 99999): time.sleep(0.5)
        os.write(2, b"ready")
        sys.stdout.write("x" * 10**6); sys.stdout.flush()
    """,
    "a full disk": """
        import sys, time
        try: sys.stdout = sys.stderr = open("/dev/full", "w", buffering=1)
        except OSError: pass
        import os
        os.write(1, b"ready")
        time.sleep(1e6)
    """,
    "little memory": """
        import os, resource, time
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 50 * 2**20, resource.getrlimit(resource.RLIMIT_AS)[1]))
        os.write(1, b"ready")
        time.sleep(1e6)
    """,
    "a deep recursion": """
        import time, sys
        def deep(n):
            if n: return deep(n - 1)
            print("ready", flush=True); time.sleep(1e6)
        deep(sys.getrecursionlimit() - 60)
    """,
    "a terminal in raw mode": """
        import os, time, tty
        tty.setcbreak(0)
        os.write(1, b"ready")
        time.sleep(1e6)
    """,
}


@pytest.mark.parametrize("state", STATES)
def test_the_prompt_comes_in(state, screen):
    opened = screen(STATES[state])
    for _ in range(2):
        assert "Traceback" not in opened.press()
        assert opened.type("p 6 * 7") == "42"
        opened.resume()
    opened.press()
    assert "leak COMMAND" in opened.type("leak help")


@pytest.mark.parametrize("seconds", [0.02, 0.5])
def test_a_second_press_is_answered_from_c_when_the_main_thread_does_not_come_back(screen, seconds):
    opened = screen("""
        import collections, itertools, os
        def stuck(n):
            word = map(os.write, [1], [b"ready"])
            collections.deque(itertools.chain(word, itertools.repeat(0, n)), maxlen=0)
        stuck(10**14)
    """)
    opened.child.send("\x03")
    with pytest.raises(pexpect.TIMEOUT):
        opened.child.expect("pdbleak:", timeout=seconds)
    opened.child.send("\x03")
    said = opened.wait_for("in <module>")
    assert "inside C code" in said
    assert str(opened.child.pid) in said
    assert "in stuck" in said
    with pytest.raises(pexpect.TIMEOUT):  # said once
        opened.child.expect("pdbleak:", timeout=0.5)


def test_a_press_that_is_late_to_be_seen_opens_one_prompt(screen):
    opened = screen("""
        import collections, itertools, os, time
        word = map(os.write, [1], [b"ready"])
        collections.deque(itertools.chain(word, itertools.repeat(0, 10**8)), maxlen=0)
        while True: time.sleep(1e6)
    """)
    for _ in range(5):
        opened.child.send("\x03")
    opened.press()
    assert opened.type("p 'only one'") == "'only one'"
    opened.resume()
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


def test_an_idle_prompt_continues_by_itself(screen):
    opened = screen(SLEEP, "--timeout", "0.5")
    for _ in range(2):
        opened.press()
        opened.wait_for("nothing was typed for 0.5 s")
    opened.press()
    for letter in "p 'typing'":
        opened.child.send(letter)
        opened.wait_for(letter)
        with pytest.raises(pexpect.TIMEOUT):
            opened.child.expect("nothing was typed", timeout=0.15)
    opened.child.send("\n")
    opened.wait_for("\n'typing'")
    opened.wait_for("nothing was typed")
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


@pytest.mark.parametrize("word", ["0", "-1", "soon", "nan"])
def test_a_timeout_is_a_time(word, screen):
    opened = screen("", f"--timeout={word}", ready="--timeout needs a number of seconds")
    assert opened.status() == 2


@pytest.mark.parametrize("end", ["c", "interrupt", "q", "crash", "TERM", "HUP"])
def test_the_terminal_comes_back_as_it_was(end, screen, tmp_path):
    opened = screen("""
        import os, termios, time
        modes = termios.tcgetattr(0)
        modes[3] &= ~(termios.ECHO | termios.ICANON)
        modes[6][termios.VMIN] = 3
        termios.tcsetattr(0, termios.TCSANOW, modes)
        print("ready", flush=True)
        while True: time.sleep(0.2); os.path.exists("end") and print("ON", flush=True)
    """)
    watch = os.dup(opened.child.child_fd)
    before = termios.tcgetattr(watch)
    opened.press()
    opened.type("p 1")
    assert termios.tcgetattr(watch) != before
    if end == "crash":
        opened.child.sendline("import ctypes; ctypes.string_at(1)")
        assert opened.status() == -signal.SIGSEGV
    elif end in ("TERM", "HUP"):
        number = getattr(signal, f"SIG{end}")
        opened.child.kill(number)
        assert opened.status() == -number
    elif end == "c":
        opened.resume()
        (tmp_path / "end").touch()
        opened.wait_for("ON")
        opened.child.kill(signal.SIGKILL)
        opened.status()
    else:
        opened.resume(end)
        opened.status()
    assert termios.tcgetattr(watch) == before
    os.close(watch)


def test_a_handler_of_the_programs_is_called_at_the_prompt_too(screen):
    opened = screen("""
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
        print("ready", flush=True)
        while True: time.sleep(1e6)
    """)
    opened.press()
    opened.child.kill(signal.SIGTERM)
    assert opened.status() == 3


def test_in_the_terminals_background_the_key_is_the_programs(screen, tmp_path):
    (tmp_path / "inner.py").write_text("import time; print('inside', flush=True); time.sleep(1e6)")
    opened = screen("""
        import os, signal, sys, time
        child = os.fork()
        if not child:
            os.setpgid(0, 0)
            os.execv(sys.executable, [sys.executable, "-m", "pdbleak", "inner.py"])
        print("ready", child, flush=True)
        print("STATUS", os.waitpid(child, 0)[1], flush=True)
    """)
    child = int(opened.wait_for("\r\n"))
    opened.wait_for("inside")
    os.kill(child, signal.SIGINT)
    opened.wait_for("no terminal in the foreground")
    opened.wait_for("STATUS 2")
    assert opened.status() == 0


INNER = """
import os, signal, sys, time
if sys.argv[1:]: signal.signal(signal.SIGINT, lambda *_: (print("MINE", flush=True), sys.exit(3)))
os.write(1, b"inside\\n")
time.sleep(1e6)
"""


@pytest.mark.parametrize("handler", ["", "own"])
@pytest.mark.parametrize("change", ["os.close(0)", "os.dup2(os.open('/dev/null', os.O_RDONLY), 0)"])
def test_without_a_standard_input_the_key_is_the_programs(change, handler, screen, tmp_path):
    (tmp_path / "inner.py").write_text(INNER)
    opened = screen(
        f"""
        import os, sys
        {change}
        os.execv(sys.executable, [sys.executable, "-m", "pdbleak", "inner.py", *{handler.split()}])
        """,
        ready="inside",
    )
    opened.child.send("\x03")
    said = opened.wait_for("MINE" if handler else "KeyboardInterrupt")
    assert "the standard input is no terminal; the program gets the Ctrl+C. To look into it: " in said
    assert f"-p {opened.child.pid}" in said
    assert opened.status() == (3 if handler else -signal.SIGINT)


def test_an_input_that_the_program_replaces_later_says_nothing(screen):
    opened = screen("""
        import os, time
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        print("ready", flush=True)
        time.sleep(1e6)
    """)
    opened.press()
    assert opened.type("p 6 * 7") == "42"


def test_a_press_while_the_prompt_closes_opens_it_again(screen):
    opened = screen(SLEEP)
    opened.press()
    for turn in range(25):
        opened.child.sendline("c")
        # A key press would also throw away what was typed and not yet read; this only presses.
        deadline = time.perf_counter() + turn * 4e-4
        while time.perf_counter() < deadline:
            pass
        opened.child.kill(signal.SIGINT)
        opened.wait_for("\n")
        opened.child.expect(PROMPT)
        assert opened.type("p 6 * 7").endswith("42")
    opened.resume("q")
    assert opened.status() == 1


def test_a_press_during_a_capture_ends_the_command_only(screen):
    opened = screen("""
        import time
        held = [[number] for number in range(10**6)]
        print("ready", flush=True)
        while True: time.sleep(1e6)
    """)
    opened.press()
    interrupted = 0
    for turn in range(8):
        opened.child.sendline("leak fresh")
        opened.wait_for("fresh\r\n")
        time.sleep(turn * 0.02)
        opened.child.send("\x03")
        # Too late for the command, it cancels the next line.
        answer = opened.wait_for("--KeyboardInterrupt--")
        opened.wait_for(PROMPT)
        interrupted += "objects" not in answer
        assert "Traceback" not in answer
    assert interrupted
    assert "1,0" in opened.type("leak count list")
    opened.resume("q")
    assert opened.status() == 1


def test_a_press_during_an_import_of_ours_comes_when_that_is_complete(screen, tmp_path):
    (tmp_path / "slow.py").write_text("import time; print('inside', flush=True); time.sleep(1e6)")
    opened = screen("""
        import os, signal, sys, time
        class Press:
            def find_spec(self, name, *_):
                if name != "pdbleak.session": return
                try:
                    os.kill(os.getpid(), signal.SIGINT)
                    for _ in range(30): time.sleep(0.01)
                except KeyboardInterrupt: print("HALF-WAY", flush=True)
        sys.meta_path.insert(0, Press())
        held = [[number] for number in range(500_000)]
        print("ready", flush=True)
        while True: time.sleep(1e6)
    """)
    opened.press()
    answer = opened.type("leak fresh")
    assert answer == "--KeyboardInterrupt--"
    assert "captured" in opened.type("leak fresh")
    # One that is the user's ends at once.
    opened.child.sendline("import slow")
    opened.wait_for("inside\r\n")
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


def test_a_press_that_cannot_be_raised_where_it_comes_is_raised_later(screen):
    opened = screen("""
        import os, signal, sys, time, weakref
        class Thing: pass
        def dropped(_): os.kill(os.getpid(), signal.SIGINT); time.sleep(0.01)
        def drop():
            thing = Thing()
            held = weakref.ref(thing, dropped)
            del thing
            for _ in range(10**9): pass
        def fails(_): 1 / 0
        def fail():
            thing = Thing()
            held = weakref.ref(thing, fails)
            del thing
        print("ready", flush=True)
        for n in range(10**6):
            time.sleep(0.1)
            print(sys.unraisablehook is sys.__unraisablehook__, n > 20, flush=True)
    """)
    for _ in range(2):
        opened.press()
        answer = opened.type("drop()")
        assert "KeyboardInterrupt" in answer
        assert "ignored" not in answer
        assert "ZeroDivisionError" in opened.type("fail()")
        opened.resume()
    opened.wait_for("True True")


def test_a_ctrl_c_that_ends_the_program_in_a_group_of_exceptions_opens_no_prompt(screen):
    opened = screen("""
        import time
        try:
            print("ready", flush=True)
            time.sleep(1e6)
        except KeyboardInterrupt as error: raise BaseExceptionGroup("cancelled", [error]) from None
    """)
    opened.press()
    opened.resume("interrupt")
    assert opened.status() == 1
    assert "(Pdb" not in opened.rest()


def test_words_that_leave_the_prompt_do_so_whatever_variables_there_are(screen):
    opened = screen("""
        import time
        c = cont = interrupt = q = 5
        while True:
            try:
                print("ready", flush=True)
                time.sleep(1e6)
            except KeyboardInterrupt: print("MINE", flush=True)
    """)
    for word in ("c", "cont"):
        opened.press()
        opened.resume(word)
    opened.press()
    opened.child.sendline("interrupt")
    opened.wait_for("MINE\r\nready")
    opened.press()
    opened.resume("q")
    assert opened.status() == 1
