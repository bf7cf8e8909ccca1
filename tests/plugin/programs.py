"""Programs under pdbleak for the tests: in pipes, or on a terminal of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pexpect

import pdbleak

PATIENCE = float(os.environ.get("PDBLEAK_PATIENCE", "30"))
PROMPT = re.compile(r"\(Pdb(?:\+\+)?\)(?:\x1b\[[0-9;]*m)* ")
ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Generous, as the machine may have much to do; how soon it comes is measured by `benchmarks/keys.py`.
SECONDS_TO_PROMPT = 15
CANCELLED_AT_MOST = 5


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment with this pdbleak and without anybody's own settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    home = {"HOME": str(folder), "TERM": "xterm", "PYTHONPATH": str(Path(pdbleak.__file__).parents[1])}
    return kept | home | more


def write(folder: Path, source: str, name: str = "program.py") -> Path:
    """Write a program."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(source))
    return path


def python(folder: Path, *arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python in pipes to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(folder, **more),
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
        start_new_session=True,
    )


def pdbleak_run(folder: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command line of pdbleak in pipes to its end."""
    return python(folder, "-m", "pdbleak", *arguments, typed=typed)


class Screen:
    """A program on a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str, ready: str = "ready", **more: str) -> None:
        self.child = pexpect.spawn(
            sys.executable,
            list(arguments),
            cwd=str(folder),
            env=environment(folder, **more),
            dimensions=(50, 200),
            encoding="utf-8",
            timeout=PATIENCE,
        )
        self.child.delaybeforesend = None
        self.resumed = ""
        if ready:
            self.wait_for(ready)

    def wait_for(self, words: str | re.Pattern[str]) -> str:
        """Return what stood before the words."""
        self.child.expect(words if isinstance(words, re.Pattern) else re.escape(words))
        return ANSI.sub("", self.child.before or "").replace("\r", "")

    def press(self) -> str:
        """Press Ctrl+C; return what was written up to the prompt, which is not long in coming.

        A press that comes before the `c` of `resume` has run cancels it, and is at the same prompt still: on
        a busy machine that is so now and then, and the program is let go once more.
        """
        for _ in range(CANCELLED_AT_MOST):
            self.child.send("\x03")
            self.child.expect(PROMPT, timeout=SECONDS_TO_PROMPT)
            said = ANSI.sub("", self.child.before or "").replace("\r", "")
            if not self.resumed or "--KeyboardInterrupt--" not in said:
                break
            self.resume(self.resumed)
        self.resumed = ""
        return said

    def type(self, line: str) -> str:
        """Type a line at the prompt; return its answer."""
        self.child.sendline(line)
        return self.wait_for(PROMPT).partition("\n")[2].strip()

    def resume(self, line: str = "c") -> None:
        """Type a line that ends the prompt, and wait until it is read: a key press would throw it away."""
        self.child.sendline(line)
        self.wait_for(f"{line}\r\n")
        self.resumed = line

    def status(self) -> int:
        """Return the status the program ends with."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return -self.child.signalstatus if self.child.signalstatus else self.child.exitstatus

    def rest(self) -> str:
        """Return what was written up to the end."""
        return ANSI.sub("", self.child.before or "").replace("\r", "")
