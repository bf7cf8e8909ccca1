"""`python -m pdbleak -p PID`: from a process's number to a session in it; knows no heap."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from pdbleak.remote import client, discover

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence


def attach(process: int, *, commands: Sequence[str] = (), fork: bool = False, there: bool = False) -> int:
    """Have a session in a process; return the status to end with."""
    try:
        target = discover.look_at(process)
        connection, how = reach(target)
        words = client.talk(connection, how, process, commands=commands, fork=fork, there=there)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (discover.AttachError, client.ClientError) as error:
        sys.stderr.write(f"pdbleak: {error}\n")
        return 1
    if words:
        sys.stderr.write(f"pdbleak: {words}\n")
    return 1 if words else 0


def reach(target: discover.Target) -> tuple[socket.socket, str]:
    """Return a connection to a process, and how it came about. Raises AttachError."""
    connection = discover.connect(target)
    if connection is None:
        raise discover.AttachError(f"process {target.process} does not listen")
    return connection, "which listens"
