"""How long the key takes to the prompt and the launcher to the program; knows what a terminal shows."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

PROMPT = b"(Pdb"
PATIENCE = 30.0
STARTS = 40

PROGRAMS = {
    "in `time.sleep`": """
import time
print("ready", flush=True)
while True:
    time.sleep(1000)
""",
    "in `accept`": """
import socket
server = socket.create_server(("127.0.0.1", 0))
print("ready", flush=True)
while True:
    server.accept()
""",
    "in a busy loop": """
print("ready", flush=True)
number = 0
while True:
    number += 1
""",
    "in an idle asyncio loop": """
import asyncio
async def main():
    print("ready", flush=True)
    while True:
        await asyncio.sleep(1000)
asyncio.run(main())
""",
}


class Screen:
    """A program in the foreground of a terminal of its own."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execve(command[0], command, {**os.environ, "TERM": "dumb", "NO_COLOR": "1"})

    def wait_for(self, words: bytes) -> None:
        """Read until the words stand on the screen."""
        text = b""
        end = time.monotonic() + PATIENCE
        while words not in text:
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(text.decode(errors="replace"))
            text += os.read(self.terminal, 65536)

    def press(self) -> float:
        """Press Ctrl+C; return the seconds until the prompt stands there."""
        started = time.perf_counter()
        os.write(self.terminal, b"\x03")
        self.wait_for(PROMPT)
        return time.perf_counter() - started

    def resume(self) -> None:
        """Continue, and give the program the time to be where it was."""
        os.write(self.terminal, b"c\n")
        time.sleep(0.005)
        while select.select([self.terminal], [], [], 0.01)[0]:
            os.read(self.terminal, 65536)

    def close(self) -> None:
        """End the program and its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def measure_presses(program: str, folder: Path, presses: int, *options: str) -> list[float]:
    """Press Ctrl+C so many times in a program; the first press includes all imports."""
    script = folder / "program.py"
    script.write_text(PROGRAMS[program])
    screen = Screen([sys.executable, "-m", "pdbleak", *options, str(script)], folder)
    try:
        screen.wait_for(b"ready")
        taken = []
        for _ in range(presses):
            taken.append(screen.press())
            screen.resume()
    finally:
        screen.close()
    return taken


def measure_start(folder: Path, *options: str) -> tuple[list[float], list[float]]:
    """Start an empty program so many times, by plain Python and under the launcher, in turn."""
    script = folder / "empty.py"
    script.write_text("")
    plain: list[float] = []
    launched: list[float] = []
    for _ in range(STARTS):
        for taken, before in ((plain, []), (launched, ["-m", "pdbleak", *options])):
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, *before, str(script)], check=True, cwd=folder, stderr=subprocess.DEVNULL
            )
            taken.append(time.perf_counter() - started)
    return plain, launched


def measure(folder: Path, presses: int = 101) -> dict[str, dict[str, object]]:
    """Measure both front ends where there are two."""
    fronts: dict[str, tuple[str, ...]] = {"pdb": ("--plain",)}
    if importlib.util.find_spec("pdbpp") is not None and sys.version_info[:3] != (3, 13, 0):
        fronts["pdb++"] = ()
    return {
        "presses": {
            front: {program: measure_presses(program, folder, presses, *options) for program in PROGRAMS}
            for front, options in fronts.items()
        },
        "starts": {front: measure_start(folder, *options) for front, options in fronts.items()},
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
