"""Ctrl+C opens the prompt wherever the main thread is, and `c` goes on as if nothing had happened."""

from __future__ import annotations

import pytest
from programs import PROMPT

PLACES = {
    "sleep": "time.sleep(1e6)",
    "accept": "socket.create_server(('127.0.0.1', 0)).accept()",
    "join": "t = threading.Thread(target=time.sleep, args=(1e6,), daemon=True); t.start(); t.join()",
    "wait": "threading.Event().wait()",
    "get": "queue.Queue().get()",
    "select": "select.select([], [], [])",
    "asyncio": "asyncio.run(asyncio.sleep(1e6))",
    "read": "os.read(os.pipe()[0], 1)",
    "busy": "\nwhile True: pass",
}
HEAD = """
import asyncio, os, queue, select, socket, sys, threading, time
def seen():
    while True:
        time.sleep(0.05)
        if os.path.exists("go"):
            os.remove("go")
            print("GOES ON", sys.gettrace(), threading.gettrace(), flush=True)
threading.Thread(target=seen, daemon=True).start()
def serve():
    marker = "here"
    print("ready", flush=True)
    BODY
serve()
"""


@pytest.mark.parametrize("front", ["pdb", "any"])
@pytest.mark.parametrize("place", PLACES)
def test_the_key_opens_the_prompt(place, front, screen, tmp_path):
    body = PLACES[place].replace("\n", "\n    ")
    opened = screen(HEAD.replace("BODY", body), *(["--plain"] if front == "pdb" else []))
    for _ in range(2):
        said = opened.press()
        assert "\n-> " in said or "<frozen" in said
        assert "Traceback" not in said
        if place != "asyncio":
            while "marker" not in opened.type("p sorted(locals())"):
                opened.type("up")
            assert opened.type("p marker") == "'here'"
        opened.resume()
        (tmp_path / "go").touch()
        opened.wait_for("GOES ON None None")
    opened.press()
    opened.resume("q")
    if place != "wait":
        assert opened.status() == 1
        assert "Traceback" not in opened.rest()


def test_a_call_that_was_interrupted_waits_for_the_rest_of_its_time(screen):
    opened = screen("""
        import time
        print("ready", flush=True)
        begin = time.monotonic()
        time.sleep(2)
        print("SLEPT", round(time.monotonic() - begin), flush=True)
    """)
    opened.press()
    opened.resume()
    opened.wait_for("SLEPT 2")
    assert opened.status() == 0


def test_a_step_from_the_key_stops_at_the_next_line_and_c_ends_the_tracing(screen):
    opened = screen(
        """
        import sys, time
        def work():
            while True:
                print("ready", flush=True)
                first = 1
                time.sleep(0.2)
        work()
    """,
        "--plain",
    )
    opened.press()
    assert "-> " in opened.type("n")
    assert "-> " in opened.type("s")
    assert "Breakpoint 1" in opened.type("b 6")
    opened.resume()
    opened.wait_for("-> first = 1")
    opened.wait_for("(Pdb) ")
    assert "Deleted" in opened.type("cl 1")
    opened.resume()
    opened.wait_for("ready")
    opened.press()
    assert (
        opened.type("import sys; print(sys.gettrace(), [f.f_trace for f in [sys._getframe(20)] if f])")
        is not None
    )
    opened.type("f = sys._getframe()")
    assert opened.type("while f.f_back: f = f.f_back; assert f.f_trace is None, f") == ""
    opened.resume("q")
    assert opened.status() == 1


def test_the_key_cancels_a_line_and_a_command_at_the_prompt_only(screen):
    opened = screen("import time\nprint('ready', flush=True)\ntime.sleep(1e6)\n")
    opened.press()
    opened.child.send("p half a line")
    assert "--KeyboardInterrupt--" in opened.press()
    opened.child.sendline("import time; time.sleep(1e6)")
    opened.wait_for("1e6)")
    opened.press()
    assert opened.type("p 1 + 1") == "2"
    opened.resume()
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


def test_a_press_is_heard_however_fast_one_types(screen):
    opened = screen("import time\nprint('ready', flush=True)\ntime.sleep(1e6)\n")
    opened.press()
    for typed in range(40):
        opened.child.send("half a line"[: 1 + typed % 11] + "\x03")
        opened.wait_for("--KeyboardInterrupt--")
        opened.wait_for(PROMPT)
    assert opened.type("p 1 + 1") == "2"
    opened.resume("q")
    assert opened.status() == 1


def test_the_program_believes_that_its_handler_is_installed(screen):
    opened = screen("""
        import os, signal, time
        def mine(signum, frame): print("MINE", signum, frame.f_code.co_name, flush=True)
        assert signal.signal(signal.SIGINT, mine) is signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is mine
        signal.siginterrupt(signal.SIGINT, False)
        os.write(1, b"ready")  # a press inside of a print would find its stream busy
        while True: time.sleep(1e6)
    """)
    opened.press()
    opened.resume("interrupt")
    opened.wait_for("MINE 2 <module>")
    opened.press()
    opened.resume()
    opened.press()
    opened.resume("q")
    assert opened.status() == 1
    assert "MINE" not in opened.rest()


def test_interrupt_is_the_key_press_the_program_would_have_had(screen):
    opened = screen("""
        import os, time
        try:
            os.write(1, b"ready")
            time.sleep(1e6)
        except KeyboardInterrupt: print("CAUGHT", flush=True); raise
    """)
    opened.press()
    opened.resume("interrupt")
    opened.wait_for("CAUGHT")
    assert opened.status() == -2


def test_asyncio_run_ends_as_it_does_on_the_key(screen):
    opened = screen("""
        import asyncio
        async def main():
            print("ready", flush=True)
            try: await asyncio.sleep(1e6)
            except asyncio.CancelledError: print("CANCELLED", flush=True); raise
        asyncio.run(main())
    """)
    opened.press()
    opened.resume()
    opened.press()
    opened.resume("interrupt")
    opened.wait_for("CANCELLED")
    assert opened.status() == -2


@pytest.mark.parametrize("handler", ["signal.SIG_DFL", "signal.SIG_IGN"])
def test_interrupt_does_what_no_handler_does(handler, screen):
    opened = screen(
        f"import signal, time\nsignal.signal(signal.SIGINT, {handler})\nprint('ready', flush=True)\n"
        "while True: time.sleep(1e6)\n"
    )
    opened.press()
    opened.resume("interrupt")
    if "IGN" in handler:
        opened.press()
        opened.resume("q")
    assert opened.status() == (1 if "IGN" in handler else -2)


def test_an_inherited_ignore_is_left_alone(screen, tmp_path):
    (tmp_path / "inner.py").write_text(
        "import signal, time\nprint('inside', flush=True)\ntime.sleep(0.5)\nprint('end')"
    )
    opened = screen("""
        import os, signal, sys
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        import subprocess
        print("ready", flush=True)
        os.execv("/bin/sh", ["sh", "-c", f"trap '' INT; exec {sys.executable} -m pdbleak inner.py"])
    """)
    opened.wait_for("is ignored")
    opened.wait_for("inside")
    opened.child.send("\x03")
    opened.wait_for("end")
    assert opened.status() == 0


def test_a_forked_child_opens_no_second_prompt(screen):
    opened = screen("""
        import os, time
        child = os.fork()
        if not child:
            time.sleep(1e6)
        time.sleep(0.3)
        print("ready", flush=True)
        time.sleep(1e6)
    """)
    said = opened.press() + opened.type("p 'asked'")
    assert "ignores Ctrl+C" in said + opened.type("p 1")
    opened.type("import os, signal; os.kill(child, signal.SIGKILL)")
    opened.resume("q")
    assert opened.status() == 1


def test_the_prompt_comes_without_descriptors_left(screen):
    opened = screen("""
        import resource, time
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        held = []
        try:
            while True: held.append(open("program.py"))
        except OSError: pass
        print("ready", flush=True)
        time.sleep(1e6)
    """)
    opened.press()
    assert "leak COMMAND" in opened.type("leak help")
    opened.resume("q")
    assert opened.status() == 1


def test_the_prompt_comes_while_the_program_reads_a_line_itself(screen):
    opened = screen("import readline\nprint(repr(input('ready? ')), flush=True)\n", ready="ready? ")
    opened.press()
    assert opened.type("p 2 + 2") == "4"
    opened.resume()
    opened.child.sendline("answer")
    opened.wait_for("answer'")
    assert opened.status() == 0


def test_nothing_of_the_frame_is_kept_after_c(screen):
    opened = screen("""
        import gc, sys, time, weakref
        class Thing: pass
        def serve():
            thing = Thing()
            alive = weakref.ref(thing)
            print("ready", flush=True)
            time.sleep(0.7)
            thing = None
            print("ALIVE" if alive() else "DEAD", flush=True)
            gc.collect()
            print([type(o) for o in gc.get_objects() if type(o).__name__ == "Prompt"], flush=True)
            print("LOOKED", flush=True)
            time.sleep(1e6)
        serve()
    """)
    opened.press()
    opened.type("p thing")
    opened.type("up")
    opened.type("down")
    opened.resume()
    said = opened.wait_for("LOOKED")
    assert "ALIVE" not in said
    assert "DEAD\n[]\n" in said


def test_a_dict_that_the_program_got_from_locals_is_left_alone(screen):
    opened = screen("""
        import time
        def serve():
            value = 1
            kept = locals()
            print("ready", flush=True)
            time.sleep(0.5)
            print("KEPT", kept["value"], flush=True)
        serve()
    """)
    opened.press()
    opened.type("p value")
    opened.resume()
    assert opened.status() == 0
    assert "KEPT 1\n" in opened.rest()


def test_a_pdb_of_the_programs_own_keeps_its_key(screen):
    opened = screen(
        "print('ready', flush=True)\nbreakpoint()\nprint('end')\n", PYTHONBREAKPOINT="pdb.set_trace"
    )
    opened.wait_for("(Pdb")
    opened.child.send("\x03")
    opened.wait_for("--KeyboardInterrupt--")
    opened.wait_for(") ")
    opened.child.sendline("c")
    assert opened.status() == 0
    assert opened.rest().endswith("end\n")


def test_a_prompt_leaves_no_garbage_and_nothing_grows_from_prompt_to_prompt(screen):
    opened = screen("import time\nprint('ready', flush=True)\nwhile True: time.sleep(1e6)\n")
    for _ in range(2):
        opened.press()
        opened.type("leak growth")
        opened.type("leak gc")
        opened.resume()
    opened.press()
    assert "no garbage" in opened.type("leak gc")
    assert "no type grew" in opened.type("leak growth")
    opened.resume("q")
    assert opened.status() == 1


def test_a_local_of_the_program_is_not_seen_to_be_held_by_the_debugger(screen):
    opened = screen("""
        import time
        class Thing: pass
        def serve():
            thing = Thing()
            print("ready", flush=True)
            while True: time.sleep(1e6)
        def main(): serve()
        main()
    """)
    opened.press()
    opened.type("up")
    opened.type("p 1 + 1")
    opened.type("down")
    said = opened.type("leak show Thing")
    assert "local 'thing' of serve()" in said
    assert "nothing that the capture can see refers to it" in said
    opened.resume("q")
    assert opened.status() == 1
