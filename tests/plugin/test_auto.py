"""Letting the program run for some marks: the prompt comes back by itself, and the program never notices."""

from __future__ import annotations

from programs import python, write

GROWING = """
    import threading, time
    KEPT = {}
    class Order:
        def __init__(self, number): self.lines = [f"{number} {line}" for line in range(3)]
    print("ready", flush=True)
    number = 0
    while True:
        KEPT[f"order {number}"] = Order(number)
        number += 1
        time.sleep(0.005)
        if number % 60 == 0: print("sixty", flush=True)
"""
BLOCKED = """
    import os, threading, time
    print("ready", flush=True)
    started = time.monotonic()
    time.sleep(8)
    threads = len(os.listdir("/proc/self/task"))
    print(f"slept {time.monotonic() - started > 8 - 0.1} {threads} threads", flush=True)
    time.sleep(1e6)
"""


def test_the_prompt_comes_back_with_the_verdict(screen):
    opened = screen(GROWING)
    opened.wait_for("sixty")
    opened.press()
    opened.type("leak auto 2 1")
    said = opened.type("leak")
    assert "module __main__ .KEPT" in said
    assert "only ever rose" in said
    opened.resume("q")
    assert opened.status() == 1


def test_a_blocked_call_is_marked_and_goes_on(screen):
    opened = screen(BLOCKED)
    opened.press()
    opened.type("leak auto 2 1")
    assert "no leak found" in opened.type("leak")
    assert "3 marks" in opened.type("leak history") or "4 marks" in opened.type("leak history")
    opened.resume("c")
    opened.wait_for("slept True 1 threads")


def test_neither_prompts_nor_marks_are_garbage(screen):
    opened = screen(BLOCKED)
    opened.press()
    opened.type("!import gc; gc.collect(); gc.disable()")
    opened.type("leak auto 2 1")
    assert "garbage" not in opened.type("leak cycles")
    assert "no garbage" in opened.type("leak gc")
    opened.resume("q")
    assert opened.status() == 1


def test_the_key_comes_back_at_once_and_the_marks_count(screen):
    opened = screen(GROWING)
    opened.wait_for("sixty")
    opened.press()
    opened.child.sendline("leak auto 3 600")
    opened.wait_for("Ctrl+C comes back at once")
    opened.wait_for("sixty")
    opened.press()
    assert "rose in one interval" in opened.type("leak")
    assert "2 marks" in opened.type("leak history")


def test_marks_are_taken_while_the_program_runs(screen):
    opened = screen(GROWING, "--every", "0.5")
    opened.wait_for("sixty")
    opened.press()
    opened.type("leak")
    said = opened.type("leak history")
    assert "module __main__ .KEPT" in said or "marks over" in said


def test_a_prompt_of_the_programs_own_comes_back(tmp_path):
    source = """
        import pdbleak, time, threading
        pdbleak.install()
        breakpoint()
        done = False
        while not done: time.sleep(0.1)
        print("the end", threading.active_count(), flush=True)
    """
    path = write(tmp_path, source)
    typed = "leak auto 1 1\np 6 * 7\n!done = True\nc\n"
    done = python(tmp_path, str(path), typed=typed, PDBPP_HIJACK_PDB="0")
    assert "RSS" in done.stdout
    assert "42" in done.stdout
    assert done.stdout.rstrip().endswith("the end 1")
    assert done.stderr == ""


def test_after_the_end_there_is_nothing_to_wait_for(tmp_path):
    path = write(tmp_path, "import pdbleak\npdbleak.install()\n1 / 0\n")
    done = python(
        tmp_path, "-m", "pdb", "-c", "c", str(path), typed="leak auto 1 1\nq\n", PDBPP_HIJACK_PDB="0"
    )
    assert "*** the program is over" in done.stdout


def test_time_at_a_prompt_is_not_the_programs(tmp_path):
    source = """
        import pdbleak, time
        from pdbleak.standing import STANDING
        pdbleak.install()
        begun = STANDING.ran
        breakpoint()
        print("stood", STANDING.ran - begun < 1.2, STANDING.depth, flush=True)
        time.sleep(0.2)
        print("ran", STANDING.ran - begun >= 0.2, flush=True)
    """
    path = write(tmp_path, source)
    typed = "leak count int\nimport time; time.sleep(1.5)\nc\n"
    done = python(tmp_path, str(path), typed=typed, PDBPP_HIJACK_PDB="0")
    assert "stood True 0\n" in done.stdout
    assert "ran True\n" in done.stdout
