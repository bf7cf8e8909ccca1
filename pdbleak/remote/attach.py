"""`python -m pdbleak -p PID`: from a process's number to a session in it; knows no heap."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from pdbleak.remote import client, discover, distrust, room

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence


def attach(process: int, *, commands: Sequence[str] = (), fork: bool = False, there: bool = False) -> int:
    """Have a session in a process; return the status to end with."""
    try:
        target = discover.look_at(process)
        with room.of(process):
            connection, how = reach(target)
            session = client.Client(connection, commands)
            hello = session.greet(fork=fork, there=there)
        session.write(client.welcome(hello, how, process))
        client.edit_lines(session)
        words = session.run()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except (discover.AttachError, client.ClientError) as error:
        sys.stderr.write(f"pdbleak: {distrust.one_line(str(error))}\n")
        return 1
    if words:
        sys.stderr.write(f"pdbleak: {words}\n")
    return 1 if words else 0


def reach(target: discover.Target) -> tuple[socket.socket, str]:
    """Return a connection, and how it came about. Raises AttachError."""
    connection = discover.connect(target)
    if connection is not None:
        return connection, "which listens"
    from pdbleak.remote import inject  # noqa: PLC0415 - who finds a listener does not pay for it

    inject.inject(target, lambda text: sys.stderr.write(f"pdbleak: {text}\n"))
    connection = discover.connect(target)
    if connection is None:
        raise discover.AttachError(
            f"process {target.process} was made to listen, but its socket is not found"
        )
    return connection, "made to listen until q"
