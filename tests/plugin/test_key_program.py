"""The program keeps its handler of SIGINT and hears of no press but the one that is given to it."""

from __future__ import annotations

import importlib.util

import pytest

needs_uvloop = pytest.mark.skipif(
    importlib.util.find_spec("uvloop") is None, reason="uvloop is not installed"
)
LOOP = """
import asyncio, os, signal, sys
async def main():
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    def stop():
        os.write(1, b"STOPPED\\n")
        ended.set()
    loop.add_signal_handler(signal.SIGINT, stop)
    loop.add_signal_handler(signal.SIGUSR1, lambda: os.write(1, b"USR1\\n"))
    async def work():
        while True:
            await asyncio.sleep(0.1)
            BUSY
    task = asyncio.create_task(work())
    os.write(1, b"ready")
    await ended.wait()
    assert loop.remove_signal_handler(signal.SIGINT)
    assert not loop.remove_signal_handler(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    print("END", flush=True)
"""
RUN = {
    "idle": LOOP.replace("BUSY", "await asyncio.sleep(1e6)") + "asyncio.run(main())\n",
    "busy": LOOP.replace("BUSY", "sum(range(10**5))") + "asyncio.run(main())\n",
    "uvloop": LOOP.replace("BUSY", "await asyncio.sleep(1e6)") + "import uvloop\nuvloop.run(main())\n",
}


@pytest.mark.parametrize("loop", ["idle", "busy", pytest.param("uvloop", marks=needs_uvloop)])
def test_a_loops_own_callback_runs_once_and_only_when_asked_for(loop, screen):
    opened = screen(RUN[loop])
    for _ in range(3):
        opened.press()
        opened.child.send("half a line")
        opened.wait_for("half a line")
        opened.press()
        opened.resume()
    opened.press()
    opened.type("import os, signal; os.kill(os.getpid(), signal.SIGUSR1)")
    opened.resume()
    assert "STOPPED" not in opened.wait_for("USR1")
    opened.press()
    opened.resume("interrupt")
    said = opened.wait_for("END")
    assert said.count("STOPPED") == 1
    assert opened.status() == 0


def test_a_wakeup_descriptor_hears_of_no_press_but_of_the_one_given_to_it(screen):
    opened = screen("""
        import os, signal, socket, threading, time
        near, far = socket.socketpair()
        far.setblocking(False)
        got = []
        def hear():
            while True:
                got.extend(near.recv(99))
        threading.Thread(target=hear, daemon=True).start()
        assert signal.set_wakeup_fd(far.fileno()) == -1
        signal.signal(signal.SIGINT, lambda *a: os.write(1, b"MINE\\n"))
        print("ready", flush=True)
        while True: time.sleep(1e6)
    """)
    for _ in range(2):
        opened.press()
        opened.child.send("half")
        opened.wait_for("half")
        opened.press()
        opened.resume()
    opened.press()
    assert opened.type("p signal.SIGINT in got") == "False"
    assert opened.type("p signal.set_wakeup_fd.__name__, far.fileno() > 0") == "('set_wakeup_fd', True)"
    opened.resume("interrupt")
    opened.wait_for("MINE")
    opened.press()
    assert opened.type("p got.count(signal.SIGINT)") == "1"
    opened.resume("q")
    assert opened.status() == 1


def test_what_the_program_sends_to_itself_is_no_key_press(screen):
    opened = screen("""
        import _thread, os, signal, time
        got = []
        signal.signal(signal.SIGINT, lambda number, frame: got.append(number))
        os.kill(os.getpid(), signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        _thread.interrupt_main()
        print("ready", got, flush=True)
        time.sleep(1e6)
    """)
    opened.wait_for("[2, 2, 2]")
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


def test_a_sent_sigint_is_the_key(screen):
    opened = screen("import time\nprint('ready', flush=True)\nwhile True: time.sleep(1e6)\n")
    for _ in range(2):
        opened.child.kill(2)
        opened.wait_for("(Pdb")
        opened.wait_for(") ")
        assert opened.type("p 1 + 1") == "2"
        opened.resume()
    opened.press()
    opened.resume("q")
    assert opened.status() == 1


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("signal.signal(signal.SIGINT, 7)", "TypeError"),
        ("signal.signal(signal.SIGINT, None)", "TypeError"),
        ("signal.signal(99999, print)", "ValueError"),
        ("signal.signal(signal.SIGKILL, print)", "OSError"),
        ("in_thread(signal.signal, signal.SIGINT, print)", "ValueError"),
    ],
)
def test_a_mistake_with_the_handler_is_answered_as_ever(call, error, screen):
    opened = screen(f"""
        import signal, threading
        def in_thread(function, *arguments):
            raised = []
            def run():
                try: function(*arguments)
                except Exception as error: raised.append(error)
            thread = threading.Thread(target=run); thread.start(); thread.join()
            if raised: raise raised[0]
        before = signal.getsignal(signal.SIGINT)
        try: {call}
        except Exception as error: print("ready", type(error).__name__, flush=True)
        assert signal.getsignal(signal.SIGINT) is before is signal.default_int_handler
    """)
    opened.wait_for(error)
    assert opened.status() == 0
