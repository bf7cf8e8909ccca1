"""Attaching to a process in other namespaces: with files, a root and a number of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from daemons import HOME, PATIENCE, environment
from test_inject import injecting

ENTER = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
UNPREPARED = 'import time; channels = [0] * 700; print("ready", flush=True)\nwhile True: time.sleep(0.01)'
LISTENING = f"import pdbleak; pdbleak.listen(); {UNPREPARED}"


def may_enter():
    """Tell whether this user may make namespaces."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*ENTER, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not may_enter(), reason="namespaces are not permitted")


@pytest.fixture
def contained(tmp_path):
    """Return a function that starts a source in namespaces of its own, after some lines of shell."""
    started = []

    def start(source, *, before="", path=HOME):
        run = tmp_path / "run"
        run.mkdir(exist_ok=True)
        shell = f'mount -t tmpfs -o mode=700 none {run} && {before or "true"} && exec "$0" -c "$1"'
        started.append(
            subprocess.Popen(
                [*ENTER, "sh", "-c", shell, sys.executable, source],
                env=environment(tmp_path) | {"PYTHONPATH": path, "XDG_RUNTIME_DIR": str(run)},
                stdout=subprocess.PIPE,
                start_new_session=True,
            )
        )
        assert started[-1].stdout.readline() == b"ready\n"
        return int(Path(f"/proc/{started[-1].pid}/task/{started[-1].pid}/children").read_text())

    yield start
    for each in started:
        each.kill()
        each.communicate()


def attach(process, folder, *lines):
    return subprocess.run(
        [sys.executable, "-m", "pdbleak", "-p", str(process)],
        env=environment(folder) | {"PYTHONPATH": HOME},
        cwd=folder,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )


def is_clean(process, folder):
    """Tell whether no socket is left where only the process sees it."""
    return not list(Path(f"/proc/{process}/root{folder}/run").iterdir())


def test_one_that_listens_is_found_by_the_number_it_has_outside(contained, tmp_path):
    process = contained(LISTENING)
    found = attach(process, tmp_path, "len(channels)", "__import__('os').getpid()", "q")
    assert found.returncode == 0, found.stderr
    assert "(running) 700\n(running) 1\n" in found.stdout


@injecting
def test_one_that_sees_our_installation_is_made_to_listen(contained, tmp_path):
    process = contained(UNPREPARED, path="")
    for _ in range(2):
        found = attach(process, tmp_path, "len(channels)", "leak count list", "q")
        assert found.returncode == 0, found.stderr
        assert "of this installation" in found.stdout
        assert "(running) 700\n" in found.stdout
        assert "objects of type 'list'" in found.stdout
    assert is_clean(process, tmp_path)


@injecting
def test_one_that_does_not_see_it_says_what_is_missing(contained, tmp_path):
    process = contained(UNPREPARED, before=f"mount -t tmpfs none {HOME}/pdbleak", path="")
    found = attach(process, tmp_path, "q")
    assert found.returncode == 1
    assert found.stderr == (
        "pdbleak: the process sees no pdbleak: it has other files than we have; "
        "pip install pdbleak there as well\n"
    )
    assert is_clean(process, tmp_path)
