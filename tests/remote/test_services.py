"""Services under load that know nothing of pdbleak: attached to, looked into, left; no request fails."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from daemons import HOME, PATIENCE, environment, prompts
from test_inject import injecting

from pdbleak.commands import COMMANDS
from pdbleak.remote import forking

# The load and the programs are those of the servers' own tests.
SERVERS = Path(__file__).parents[1] / "servers"
sys.path.insert(0, str(SERVERS))

from client import PORTS, Load  # noqa: E402
from kinds import BY_NAME  # noqa: E402

# With a number, every session has all commands in it; without, one of each family of servers, and the first
# session with the others those which act on the process: what only asks about the heap asks the same of all.
ROUNDS = int(os.environ.get("PDBLEAK_ROUNDS", "0"))
ASKED_EVERYTHING = ("uvicorn", "gunicorn, uvicorn workers")
STEPS = ("stop", "n", "n", "n", "c")
SHORT = ("w", "leak count dict", "stop", "w", "c")
# What is typed for a command where its name, and `dict` for a subject that it needs, is not enough.
TYPED = {
    "auto": ("auto 1 1",),
    "ignore": ("ignore 1",),
    "objgraph": ("objgraph count dict",),
    "sql": ("sql select 1",),
    "trace": ("trace on", "trace off"),
    "types": ("types 5", "types 5 --by retained"),
}


def lines(*, all_of_them):
    """Yield every command, or those that act, beside the running program and while it stands still."""
    wanted = [each for each in COMMANDS if all_of_them or each.name not in forking.ASKS | {"sql"}]
    commands = [f"leak {typed}" for command in wanted for typed in lines_of(command)]
    yield from ("w", *commands, "stop", "w", "leak fresh", "leak count dict", "c", "leak growth 3")


def lines_of(command):
    """Return what to type for a command."""
    needed = [
        "saved" if argument.metavar.startswith("FILE") else "dict"
        for argument in command.arguments
        if argument.required and argument.kind == "subject"
    ]
    return TYPED.get(command.name, (" ".join([command.name, *needed]),))


KINDS = ("uvicorn", "uvicorn --loop uvloop", "gunicorn, sync workers", "gunicorn, uvicorn workers")


@contextlib.contextmanager
def service(name, folder):
    """Start a service and clients that ask it all the time; yield the process and the load."""
    kind = BY_NAME[name]
    port = next(PORTS)
    (folder / "run").mkdir()
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, *kind.arguments(port, folder)],
            env=environment(folder) | {"PYTHONPATH": str(SERVERS / "programs")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    load = Load(kind, port)
    try:
        assert load.wait_for_round(PATIENCE * 2).complete, (folder / "log").read_text()
        yield running.pid, load
    finally:
        load.__exit__()
        with contextlib.suppress(OSError):
            os.killpg(running.pid, 9)
        running.wait()


def workers(process):
    """Return a process's children."""
    found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(each) for each in found]


def attach(process, folder, *lines, options=()):
    """Have a session in a process."""
    return subprocess.run(
        [sys.executable, "-m", "pdbleak", "-p", str(process), *options],
        env=environment(folder) | {"PYTHONPATH": HOME},
        cwd=folder,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 5,
        check=False,
    )


def left_in(process):
    """Return the names of our threads in a process; gunicorn starts and ends some of its own."""
    names = [each.read_text() for each in Path(f"/proc/{process}/task").glob("*/comm")]
    return [name for name in names if "pdbleak" in name]


def opened(process):
    """Return what a process has open, but for its clients' connections; a Unix socket by its path."""
    inner = {
        line.split()[6]: line.split()[7:] for line in Path("/proc/net/unix").read_text().splitlines()[1:]
    }
    found = Counter()
    for each in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            name = str(each.readlink())
            if not name.startswith("socket:"):
                found[name] += 1
            elif name[8:-1] in inner:
                found[f"unix socket {inner[name[8:-1]]}"] += 1
    return found


@injecting
@pytest.mark.parametrize("name", KINDS)
def test_a_service_under_load_loses_no_request(name, tmp_path):
    with service(name, tmp_path) as (process, load):
        served = workers(process)[:1] if name.startswith("gunicorn") else [process]
        # Also the one that only watches over the others.
        for each in {process, *served}:
            for number in range(ROUNDS or 4):
                everything = ROUNDS or (name in ASKED_EVERYTHING and each in served)
                typed = tuple(lines(all_of_them=everything)) if ROUNDS or not number else SHORT
                found = attach(each, tmp_path, *typed, "q", options=("--fork",) if number == 1 else ())
                assert found.returncode == 0, found.stderr
                answers = prompts(found.stdout)
                assert len(answers) == len(typed) + 2, found.stdout
                # The user's mistakes are lines like any other; ours say so.
                refused = [answer for answer in answers if "the program is not affected" in answer]
                assert refused == []
                if not number:
                    # gunicorn opens some of its own when it serves already.
                    first = opened(each)
            # Each with a debugger of its own, while coroutines sleep that the one before has traced.
            assert attach(each, tmp_path, *STEPS * 2, "q").returncode == 0
            assert load.wait_for_round().complete
            end = time.monotonic() + PATIENCE
            while left := [*left_in(each), *(opened(each) - first).elements()]:
                assert time.monotonic() < end, left
                time.sleep(0.05)
            assert not [held for held in opened(each) if "/pdbleak" in held]
        counts = load.stop()
        assert (counts.failed, counts.dropped) == (0, 0), counts
        assert counts.answered > 100
        assert not any("pdbleak" in line for line in (tmp_path / "log").read_text().splitlines())
        assert not (tmp_path / "run" / "pdbleak").exists()
