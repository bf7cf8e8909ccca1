"""Where a process's socket is, and who may come in; knows no messages.

A Unix socket in a directory that only its owner can enter, named by the process: there is no TCP. Both
sides look who the other one is (SO_PEERCRED): the program takes its own user and root, the client takes
nobody but the process that it asked for.
"""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from contextlib import suppress
from typing import NamedTuple

PRIVATE = 0o700
SUFFIX = ".sock"
BACKLOG = 8


class PlaceError(Exception):
    """No socket can be made or reached, in one line."""


class Peer(NamedTuple):
    """The process at the other end of a socket; its id is 0 where the system does not tell."""

    process: int
    user: int


def directories(user: int, runtime: str | None) -> list[str]:
    """Return where a user's sockets may be, the best place first; `runtime` is their XDG_RUNTIME_DIR."""
    found = [f"{base}/pdbleak-{user}" for base in ("/tmp", "/dev/shm")]  # noqa: S108 - made private, and checked
    first = [f"{base}/pdbleak" for base in dict.fromkeys((runtime, f"/run/user/{user}")) if base]
    return [*first, *found]


def open_directory(path: str) -> None:
    """Make a directory that only this user can enter, or make sure that it is one. Raises PlaceError."""
    try:
        os.mkdir(path, PRIVATE)  # noqa: PTH102 - no pathlib in the program
    except FileExistsError:
        pass
    except OSError as error:
        raise PlaceError(f"{path}: {error.strerror}") from error
    found = os.lstat(path)
    if not stat.S_ISDIR(found.st_mode):
        raise PlaceError(f"{path} is no directory")
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PlaceError(f"{path} is not this user's alone")


def bind(process: int) -> tuple[socket.socket, str]:
    """Return a listening socket for a process, and its path, in the first place that is possible.

    Raises PlaceError.
    """
    reasons = []
    for directory in directories(os.geteuid(), os.environ.get("XDG_RUNTIME_DIR")):
        try:
            open_directory(directory)
            sweep(directory)
            return bind_in(directory, process)
        except PlaceError as error:
            reasons.append(str(error))
        except OSError as error:
            reasons.append(f"{directory}: {error.strerror or error}")
    raise PlaceError(f"no place for a socket ({'; '.join(reasons)})")


def bind_in(directory: str, process: int) -> tuple[socket.socket, str]:
    """Return a listening socket in a directory, for its owner alone."""
    path = f"{directory}/{process}{SUFFIX}"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # In a directory that others cannot enter it does not matter that the mode comes a moment later.
        listener.bind(path)
        os.chmod(path, 0o600)  # noqa: PTH101
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener, path


def sweep(directory: str) -> None:
    """Remove sockets that nobody listens on: their processes ended without a chance to do so."""
    for name in os.listdir(directory):  # noqa: PTH208
        path = f"{directory}/{name}"
        if name.endswith(SUFFIX) and is_stale(path):
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108


def is_stale(path: str) -> bool:
    """Tell whether nobody listens on a socket any more."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)  # noqa: FBT003 - its only argument
        try:
            probe.connect(path)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def remove(path: str) -> None:
    """Remove a socket, and its directory if that is empty now."""
    with suppress(OSError):
        os.unlink(path)  # noqa: PTH108
        os.rmdir(os.path.dirname(path))  # noqa: PTH106, PTH120


def peer(connection: socket.socket) -> Peer:
    """Return who is at the other end."""
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        process, user, _group = struct.unpack("3i", credentials)
        return Peer(process, user)
    # LOCAL_PEERCRED of macOS and the BSDs: struct xucred, its second word the user.
    credentials = connection.getsockopt(0, 1, 76)
    return Peer(0, struct.unpack_from("2I", credentials)[1])


def may_enter(user: int, owner: int) -> bool:
    """Tell whether a user may have a prompt in a process of `owner`."""
    return user in (owner, 0)
