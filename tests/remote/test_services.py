"""Services under load that know nothing of pdbleak: attached to, looked into, left; no request fails."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from daemons import HOME, PATIENCE, environment, prompts
from test_inject import injecting

# The load and the programs are those of the servers' own tests.
SERVERS = Path(__file__).parents[1] / "servers"
sys.path.insert(0, str(SERVERS))

from client import PORTS, Load  # noqa: E402
from kinds import BY_NAME  # noqa: E402

ROUNDS = int(os.environ.get("PDBLEAK_ROUNDS", "3"))
LINES = (
    "w",
    "leak types 5",
    "leak growth 3",
    "leak chain dict",
    "leak cycles",
    "leak fresh",
    "stop",
    "w",
    "c",
    "leak count dict",
)
KINDS = ("uvicorn", "uvicorn --loop uvloop", "gunicorn, sync workers", "gunicorn, uvicorn workers")


@contextlib.contextmanager
def service(name, folder):
    """Start a service and clients that ask it all the time; yield the process and the load."""
    kind = BY_NAME[name]
    port = next(PORTS)
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
        assert load.wait_for_round().complete, (folder / "log").read_text()
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


def attach(process, folder, *lines):
    """Have a session in a process."""
    return subprocess.run(
        [sys.executable, "-m", "pdbleak", "-p", str(process)],
        env=environment(folder) | {"PYTHONPATH": HOME},
        cwd=folder,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 3,
        check=False,
    )


def threads_of(process):
    """Return how many threads a process has."""
    return len(list(Path(f"/proc/{process}/task").iterdir()))


@injecting
@pytest.mark.parametrize("name", KINDS)
def test_a_service_under_load_loses_no_request(name, tmp_path):
    with service(name, tmp_path) as (process, load):
        served = workers(process)[:1] if name.startswith("gunicorn") else [process]
        # Also the one that only watches over the others.
        for each in {process, *served}:
            threads = threads_of(each)
            for _ in range(ROUNDS):
                found = attach(each, tmp_path, *LINES, "q")
                assert found.returncode == 0, found.stderr
                answers = prompts(found.stdout)
                assert len(answers) == len(LINES) + 2, found.stdout
                assert "***" not in found.stdout
            assert load.wait_for_round().complete
            assert threads_of(each) == threads
        counts = load.stop()
        assert (counts.failed, counts.dropped) == (0, 0), counts
        assert counts.answered > 100
        assert not any("pdbleak" in line for line in (tmp_path / "log").read_text().splitlines())
