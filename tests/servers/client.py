"""The load on a daemon, from here: starts the second process and reads its counts; knows no terminal."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kinds import Kind

CONNECTIONS = 3
ROUND = 15.0
# Below what the system gives to outgoing connections, a stretch for each of the runs side by side.
FIRST_PORT, STRETCH = 21000, 400


@dataclass(frozen=True, slots=True)
class Counts:
    """What the clients saw: answers, failures, connections dropped, and whether the round came to its end."""

    answered: int = 0
    opened: int = 0
    failed: int = 0
    dropped: int = 0
    complete: bool = True
    errors: tuple[str, ...] = ()


def ports() -> Iterator[int]:
    """Yield ports that nobody listens on."""
    number = "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", "")))
    first = FIRST_PORT + int(number or 0) * STRETCH
    # Another run of the whole on this machine is likely to begin elsewhere in the stretch.
    for step in itertools.count(os.getpid() * 7):
        port = first + step % STRETCH
        with socket.socket() as candidate:
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port


PORTS = ports()


class Load:
    """Clients in a second process, which ask as long as this is open."""

    def __init__(self, kind: Kind, port: int) -> None:
        script = Path(__file__).with_name("load.py")
        command = [
            sys.executable,
            "-I",
            str(script),
            kind.protocol,
            str(port),
            str(CONNECTIONS),
            str(kind.pause),
        ]
        self.clients = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )

    def wait_for_round(self, patience: float = ROUND) -> Counts:
        """Wait until every connection has had an answer to a new request; return the counts."""
        return self._ask(f"round {patience}")

    def stop(self) -> Counts:
        """Let every request end, close the connections, return the counts."""
        return self._ask("stop")

    def _ask(self, command: str) -> Counts:
        assert self.clients.stdin is not None
        assert self.clients.stdout is not None
        self.clients.stdin.write(f"{command}\n")
        self.clients.stdin.flush()
        answer: dict[str, Any] = json.loads(self.clients.stdout.readline())
        return Counts(**answer | {"errors": tuple(answer["errors"])})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.clients.kill()
        self.clients.communicate()
