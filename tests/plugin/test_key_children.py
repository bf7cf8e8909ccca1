"""Children neither prompt nor end of the key, and have their Ctrl+C when the parent is given it."""

from __future__ import annotations

import pytest

FORKED = """
    import os, signal, sys, time
    def stopped(*_):
        os.write(1, b"CHILD STOPPED\\n")
        os._exit(0)
    child = os.fork()
    if not child:
        CHILD
        os.write(1, b"child there\\n")
        while True: time.sleep(1e6)
    try:
        os.write(1, b"ready")
        os.waitpid(child, 0)
    except KeyboardInterrupt:
        os.waitpid(child, 0)
        print("END", flush=True)
"""
HANDLER = "signal.signal(signal.SIGINT, stopped)"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_forked_child_has_its_key_press_from_interrupt_only(when, screen):
    source = FORKED.replace("CHILD\n", HANDLER + "\n")
    if when == "before":
        source = (
            FORKED.replace("child = os.fork()", HANDLER + "; child = os.fork()")
            .replace("CHILD\n", "pass\n")
            .replace("try:", "signal.signal(signal.SIGINT, signal.default_int_handler)\n    try:", 1)
        )
    opened = screen(source, ready="child there")
    said = ""
    for _ in range(2):
        said += opened.press() + opened.type("p 1") + opened.type("p 2")
        opened.resume()
    assert said.count("ignores Ctrl+C") == 1
    opened.press()
    opened.resume("interrupt")
    assert opened.wait_for("END").count("CHILD STOPPED") == 1
    assert opened.status() == 0


def test_a_child_that_is_sent_sigint_has_it(screen):
    opened = screen(
        FORKED.replace("CHILD\n", HANDLER + "\n").replace(
            "try:", "time.sleep(0.2); os.kill(child, signal.SIGINT)\n    try:", 1
        ),
        ready="child there",
    )
    opened.wait_for("CHILD STOPPED")
    assert opened.status() == 0


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_workers_of_multiprocessing_survive(method, screen):
    opened = screen(f"""
        import multiprocessing, os, time
        from concurrent.futures import ProcessPoolExecutor
        def work(n):
            time.sleep(0.05)
            return n + 1
        def who(n):
            time.sleep(0.05)
            return os.getpid()
        if __name__ == "__main__":
            context = multiprocessing.get_context("{method}")
            with ProcessPoolExecutor(2, mp_context=context) as pool:
                # A child that is being started is not shielded yet.
                workers = set()
                while len(workers) < 2: workers.update(pool.map(who, range(4)))
                done = pool.submit(work, 0).result()
                try:
                    print("ready", flush=True)
                    while True:
                        assert list(pool.map(work, [done, done])) == [done + 1] * 2
                        done += 1
                        if done % 10 == 0: print("DONE", done, flush=True)
                except KeyboardInterrupt:
                    print("END", flush=True)
    """)
    for _ in range(3):
        said = opened.press()
        assert "Traceback" not in said
        opened.resume()
        opened.wait_for("DONE")
    opened.press()
    opened.resume("interrupt")
    opened.wait_for("END")


def test_what_is_executed_has_the_action_it_had(screen):
    opened = screen("""
        import subprocess, time
        child = subprocess.Popen(["sleep", "1000"])
        print("ready", flush=True)
        while True: time.sleep(1e6)
    """)
    opened.press()
    assert opened.type("p child.wait()") == "-2"
    opened.resume("q")
    assert opened.status() == 1


def test_what_is_executed_inherits_that_sigint_is_ignored(screen):
    opened = screen(
        """
        import os, signal, subprocess, sys, time
        ask = [sys.executable, "-c", "import signal as s; print(repr(s.getsignal(s.SIGINT)), flush=True)"]
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        subprocess.run(ask)
        os.spawnv(os.P_WAIT, ask[0], ask)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        subprocess.run(ask)
        print("ready", flush=True)
        time.sleep(1e6)
    """,
        ready="SIG_IGN",
    )
    opened.wait_for("SIG_IGN")
    opened.wait_for("default_int_handler")
    opened.wait_for("ready")
    opened.press()
    opened.resume("q")
    assert opened.status() == 1
