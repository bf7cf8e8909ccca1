"""What can be known of a process from outside, and its socket if it listens; changes nothing in it.

A process in a container has another root and another number of its own: both are read from /proc, so that one
that listens is found there as well.
"""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from pdbleak.remote import place

# Seconds to connect.
PATIENCE = 5.0


class AttachError(Exception):
    """There is no prompt to be had in a process, in one line that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A process: its number here and in its own namespace, its user, and the way to its files."""

    process: int
    inner: int
    user: int
    root: str
    runtime: str | None
    contained: bool


def look_at(process: int) -> Target:
    """Return what /proc tells of a process. Raises AttachError."""
    folder = Path(f"/proc/{process}")
    if not Path("/proc/self").exists():
        os.kill(process, 0)
        return Target(process, process, os.geteuid(), "", os.environ.get("XDG_RUNTIME_DIR"), contained=False)
    try:
        status = (folder / "status").read_text()
    except FileNotFoundError:
        raise AttachError(f"there is no process {process}; pgrep -af python lists those there are") from None
    fields = dict(re.findall(r"^(\w+):\t(.*)$", status, re.MULTILINE))
    if fields["Tgid"] != str(process):
        raise AttachError(f"{process} is a thread; type: python -m pdbleak -p {fields['Tgid']}")
    if fields["State"][0] in "ZX":
        raise AttachError(f"process {process} has ended")
    user = int(fields["Uid"].split()[1])
    if os.geteuid() not in (0, user):
        instead = f"sudo -u '#{user}' python -m pdbleak -p {process}"
        raise AttachError(f"process {process} is another user's (uid {user}); type: {instead}")
    contained = differs(process, "mnt")
    return Target(
        process,
        int(fields.get("NSpid", str(process)).split()[-1]),
        user,
        f"/proc/{process}/root" if contained else "",
        runtime_of(folder),
        contained,
    )


def differs(process: int, kind: str) -> bool:
    """Tell whether a process is in another namespace of a kind than we are."""
    try:
        return os.readlink(f"/proc/{process}/ns/{kind}") != os.readlink(f"/proc/self/ns/{kind}")  # noqa: PTH115
    except OSError:
        return False


def runtime_of(folder: Path) -> str | None:
    """Return the XDG_RUNTIME_DIR that a process was started with."""
    with suppress(OSError):
        for entry in (folder / "environ").read_bytes().split(b"\0"):
            if entry.startswith(b"XDG_RUNTIME_DIR="):
                return os.fsdecode(entry.partition(b"=")[2])
    return None


def connect(target: Target) -> socket.socket | None:
    """Return a connection to a process that listens, None if it does not. Raises AttachError."""
    for directory in place.directories(target.user, target.runtime):
        connection = connect_at(f"{target.root}{directory}/{target.inner}{place.SUFFIX}")
        if connection is None:
            continue
        who = place.peer(connection)
        if who.process in (0, target.process) and who.user == target.user:
            return connection
        connection.close()
    return None


def connect_at(path: str) -> socket.socket | None:
    """Return a connection to a socket, None if nobody listens there. Raises AttachError."""
    deadline = monotonic() + PATIENCE
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Where too many wait already, a blocking call would wait for as long as they do.
    connection.setblocking(False)  # noqa: FBT003 - its only argument
    while True:
        try:
            connection.connect(path)
        except BlockingIOError:
            if monotonic() < deadline:
                sleep(0.02)
                continue
            connection.close()
            raise AttachError(f"{path}: too many clients wait already, and nobody takes them") from None
        except PermissionError as error:
            connection.close()
            raise AttachError(f"{path}: {error.strerror}") from None
        except OSError:
            connection.close()
            return None
        connection.setblocking(True)  # noqa: FBT003 - likewise
        return connection
