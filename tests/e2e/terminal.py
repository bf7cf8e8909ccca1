"""A daemon under pdbleak on a real pty, used as a person would; knows the screen, nothing behind it."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE = float(os.environ.get("PDBLEAK_PATIENCE", "60"))
PROMPT = re.compile(r"\(Pdb(?:\+\+)?\)(?:\x1b\[[0-9;]*m)* ")
# A cursor that goes up and down again is how pyrepl begins a line.
ANSI = re.compile(r"\x1b\[1A\r\n|\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>])")


def strip_ansi(text: str) -> str:
    """Return what a person reads: no escape sequence, no carriage return."""
    return ANSI.sub("", text).replace("\r", "")


def build_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the pdbleak under test is found and no one's own settings are."""
    spec = importlib.util.find_spec("pdbleak")
    assert spec is not None
    assert spec.origin is not None
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL", "TMPDIR")}
    return kept | {
        "HOME": str(folder),
        "PYTHONPATH": str(Path(spec.origin).parents[1]),
        "TERM": "xterm-256color",
    }


class Terminal:
    """A terminal with a program in its foreground."""

    def __init__(self, command: Sequence[str], folder: Path, *, columns: int = 120, rows: int = 50) -> None:
        self.environment = build_environment(folder)
        self.columns = columns
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            cwd=str(folder),
            env=self.environment,
            dimensions=(rows, columns),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE,
        )
        self.child.delaybeforesend = None
        self.child.logfile_read = self.written = io.StringIO()
        self.port = 0

    def wait_for(self, words: str | re.Pattern[str]) -> str:
        """Return what stood on the screen before the words, plain."""
        self.child.expect(words if isinstance(words, re.Pattern) else re.escape(words))
        return strip_ansi(self.child.before or "")

    def wait_for_port(self) -> int:
        """Return the port that the daemon says it listens on, once it does."""
        self.child.expect(r"listening on 127\.0\.0\.1:(\d+)\r\n")
        assert self.child.match is not None
        self.port = int(self.child.match[1])
        return self.port

    def press_ctrl_c(self) -> str:
        """Press the key, return what was written up to the prompt."""
        self.child.send("\x03")
        return self.wait_for(PROMPT)

    def type(self, line: str) -> str:
        """Type a line at the prompt, return the answer without the echo and the next prompt."""
        self.child.sendline(line)
        answer = self.wait_for(PROMPT)
        echo, _, rest = answer.partition("\n")
        return rest if echo.strip().endswith(line.strip()) else answer

    def resume(self) -> None:
        """Let the program go on; that it did is for its clients to say, before the next key is pressed."""
        self.child.sendline("c")

    def quit_cleanly(self) -> bool:
        """End the program at the prompt; True if it ends with status 1 and no traceback."""
        self.child.sendline("q")
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus == 1 and "Traceback" not in (self.child.before or "")

    def close(self) -> None:
        """End whatever is left of the program."""
        try:
            self.child.close(force=True)
        except pexpect.ExceptionPexpect:
            # It was killed; with many threads, on a busy machine, it is not gone a tenth of a second later.
            self.child.wait()


class Daemon(Terminal):
    """One of the example daemons, in its terminal under pdbleak or as `command` says, and its clients."""

    def __init__(self, name: str, folder: Path, *, command: Sequence[str] = (), **screen: Any) -> None:
        script = EXAMPLES / name / f"{name}.py"
        super().__init__(command or [sys.executable, "-m", "pdbleak", str(script)], folder, **screen)
        self.client = EXAMPLES / name / "client.py"
        self.clients: list[subprocess.Popen[str]] = []

    def drive(self, rounds: int, *options: str) -> None:
        """Run a client for some rounds, to its end; a client that fails is an error."""
        command = [sys.executable, str(self.client), str(self.port), str(rounds), *options]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE * 2, check=False
        )
        assert done.returncode == 0, done.stderr
        assert f"{rounds} rounds done" in done.stdout
        self.wait_for_rest()

    def keep_busy(self) -> None:
        """Run a client that goes on until the daemon ends, in a second process."""
        command = [sys.executable, str(self.client), str(self.port)]
        client = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, text=True, start_new_session=True
        )
        self.clients.append(client)

    def drive_on(self, rounds: int, *options: str) -> None:
        """Run a client for some rounds and let it stay connected, in a second process."""
        client = subprocess.Popen(
            [sys.executable, str(self.client), str(self.port), str(rounds), *options],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.clients.append(client)
        assert client.stdout is not None
        assert client.stdout.readline() == f"{rounds} rounds done\n"
        self.wait_for_rest()

    def wait_for_rest(self) -> None:
        """Wait until the daemon sleeps: its client is gone a moment before it is done."""
        latest = time.monotonic() + PATIENCE
        asleep = 0
        while asleep < 3:
            assert time.monotonic() < latest, "the daemon has no rest"
            time.sleep(0.02)
            state = subprocess.run(
                ["ps", "-o", "state=", "-p", str(self.child.pid)], capture_output=True, text=True, check=True
            )
            asleep = asleep + 1 if state.stdout.startswith("S") else 0

    def close(self) -> None:
        """End the daemon and its clients."""
        super().close()
        for client in self.clients:
            client.kill()
            client.communicate()
