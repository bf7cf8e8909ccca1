"""Programs that run on their own, and what attaches to them; knows no command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdbleak
from pdbleak.remote import discover, wire

if TYPE_CHECKING:
    import socket

PATIENCE = 30.0
HOME = str(Path(pdbleak.__file__).parents[1])
# What tells of a process whether something stayed behind; asked by a signal that it answers in a file.
TELLING = """
import gc as _gc, json as _json, os as _os, signal as _signal, sys as _sys, threading as _threading
def _tell(signum, frame):
    _gc.collect()
    taken = [int(n) for n in _signal.valid_signals() if _signal.getsignal(n) not in (0, 1, None)]
    told = {
        "threads": len(_os.listdir("/proc/self/task")), "named": [t.name for t in _threading.enumerate()],
        "fds": len(_os.listdir("/proc/self/fd")), "trace": repr(_sys.gettrace()),
        "signals": taken,
        "gc": _gc.isenabled(), "objects": len(_gc.get_objects()), "path": len(_sys.path),
        "main": sorted(n for n in vars(_sys.modules["__main__"]) if not n.startswith("_")),
        "maps": len(open("/proc/self/maps").readlines()), "modules": sorted(_sys.modules),
        "resident": [int(n.split()[1]) for n in open("/proc/self/status") if n.startswith("VmRSS")][0],
        "blocked": [int(n) for n in _signal.pthread_sigmask(_signal.SIG_BLOCK, ())],
        "hooks": [len(_gc.callbacks), len(_sys.meta_path), repr(_sys.excepthook), repr(_sys.displayhook),
                  repr(_sys.breakpointhook), repr(_sys.getprofile()), repr(_threading._trace_hook),
                  len(_sys._current_frames()), _signal.set_wakeup_fd(-1), _sys.getswitchinterval()],
    }
    open(_sys.argv[1] + ".tmp", "w").write(_json.dumps(told))
    _os.rename(_sys.argv[1] + ".tmp", _sys.argv[1])
_signal.signal(_signal.SIGUSR1, _tell)
"""


def environment(folder: Path) -> dict[str, str]:
    """Return an environment without anybody's own settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL")}
    return kept | {"HOME": str(folder), "TERM": "xterm", "XDG_RUNTIME_DIR": str(folder / "run")}


class Program:
    """A Python program in a process of its own; it knows of pdbleak only if it is told to listen."""

    def __init__(
        self, folder: Path, source: str, *, listens: bool = True, python: str = sys.executable
    ) -> None:
        (folder / "run").mkdir(exist_ok=True)
        path = folder / "program.py"
        self.told = folder / "told.json"
        first = "import pdbleak\npdbleak.listen()\n" if listens else ""
        ready = "print('ready', flush=True)\n"
        path.write_text(f"{TELLING}{first}{ready}{textwrap.dedent(source)}")
        more = {"PYTHONPATH": HOME} if listens else {}
        self.folder = folder
        self.running = subprocess.Popen(
            [python, str(path), str(self.told)],
            env=environment(folder) | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        assert self.ready.wait(PATIENCE), "the program did not start"

    def _read(self) -> None:
        assert self.running.stdout is not None
        for line in self.running.stdout:
            self.said.append(line)
            self.ready.set()

    @property
    def process(self) -> int:
        return self.running.pid

    def wait_for(self, word: str) -> None:
        """Wait until the program has said a word."""
        end = time.monotonic() + PATIENCE
        while f"{word}\n" not in self.said:
            assert time.monotonic() < end, f"the program does not say {word}"
            time.sleep(0.01)

    def tell(self) -> dict[str, Any]:
        """Return what the program knows of itself.

        It is asked again: a signal that comes between CPython's look for one and the lock it then waits for
        is seen with the next.
        """
        self.told.unlink(missing_ok=True)
        end = time.monotonic() + PATIENCE
        again = 0.0
        while not self.told.exists():
            assert time.monotonic() < end, "the program does not answer"
            if time.monotonic() > again:
                os.kill(self.process, signal.SIGUSR1)
                again = time.monotonic() + 2
            time.sleep(0.005)
        return json.loads(self.told.read_text())

    def attach(
        self, *lines: str, options: tuple[str, ...] = (), folder: Path | None = None, path: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Have a session of these lines, in pipes; the client runs in a folder, the program's own if none.

        `path` is where the client finds its tools, the usual places if empty.
        """
        return subprocess.run(
            [sys.executable, "-m", "pdbleak", "-p", str(self.process), *options],
            cwd=folder or self.folder,
            env=environment(self.folder)
            | {"PYTHONPATH": HOME, "COLUMNS": "120"}
            | ({"PATH": path} if path else {}),
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )

    def connect(self) -> Raw:
        """Return a bare connection to the program's socket."""
        target = discover.look_at(self.process)
        target = discover.Target(
            target.process, target.inner, target.user, "", str(self.folder / "run"), False
        )
        connection = discover.connect(target)
        assert connection is not None, "the program does not listen"
        return Raw(connection)

    def close(self) -> None:
        self.running.kill()
        self.running.communicate()


class Raw:
    """A connection that may say anything."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        connection.settimeout(PATIENCE)
        self.parser = wire.Parser(wire.TO_CLIENT)
        self.waiting: list[wire.Message] = []

    def send(self, message: wire.Message) -> None:
        self.connection.sendall(wire.frame(message))

    def send_bytes(self, data: bytes) -> None:
        self.connection.sendall(data)

    def receive(self) -> wire.Message | None:
        """Return the next message, None at the end."""
        while not self.waiting:
            try:
                data = self.connection.recv(1 << 16)
            except ConnectionError:
                return None
            if not data:
                return None
            self.waiting += self.parser.feed(data)
        return self.waiting.pop(0)

    def greet(self, **more: Any) -> wire.Message | None:
        with contextlib.suppress(BrokenPipeError):
            self.send({"pdbleak": 1, "columns": 120, **more})
        return self.receive()

    def until(self, key: str) -> tuple[str, wire.Message]:
        """Return what was written until a message of a kind came, and that message."""
        text = ""
        while True:
            message = self.receive()
            assert message is not None, f"the connection ended after {text!r}"
            if key in message:
                return text, message
            text += str(message.get("out", ""))

    def line(self, text: str) -> str:
        """Run a line and return what it wrote, up to the next prompt."""
        self.send({"line": text})
        return self.until("ask")[0]

    def close(self) -> None:
        self.connection.close()


def prompts(text: str) -> list[str]:
    """Split a session's output at its prompts."""
    return re.split(r"\((?:running|Pdb)\) ", text)
