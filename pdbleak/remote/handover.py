"""A folder in which a script waits for another process, and its answer; knows not what they say.

The process may be anybody's, and so may its /tmp: root must not be led by it to other files. Everything is
done relative to open directories, no symbolic link is followed, and what comes back is data of limited size.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BASES = ("tmp", "dev/shm")
AS_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# What an answer may have, in bytes: one line.
MOST = 4096


class Folder:
    """The folder, open here, and its path as the process calls it."""

    __slots__ = ("directory", "inner")

    def __init__(self, inner: str, directory: int) -> None:
        """Take an open directory."""
        self.inner = inner
        self.directory = directory

    def write(self, texts: Mapping[str, str], user: int) -> None:
        """Write files, and give them and the folder to a user; nothing can be written after that."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        for name, text in texts.items():
            with os.fdopen(os.open(name, flags, 0o600, dir_fd=self.directory), "w", encoding="utf-8") as file:
                file.write(text)
                os.fchown(file.fileno(), user, -1)
        os.fchown(self.directory, user, -1)

    def answer(self, patience: float) -> str:
        """Wait for the file `answer` and return what it says, '' if it does not come in time."""
        end = monotonic() + patience
        while monotonic() < end:
            with suppress(OSError):
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                with os.fdopen(os.open("answer", flags, dir_fd=self.directory), "rb") as file:
                    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                        return file.read(MOST).decode("utf-8", "replace") or "nothing"
            sleep(0.01)
        return ""

    def clear(self) -> None:
        """Remove the files in it."""
        for name in os.listdir(self.directory):  # noqa: PTH208 - by its descriptor
            os.unlink(name, dir_fd=self.directory)


@contextmanager
def make(root: str) -> Iterator[Folder | None]:
    """Make a folder for its owner alone below a root, '' for ours, remove it at the end; None: nowhere."""
    for base in BASES:
        name = f"pdbleak-attach-{os.urandom(8).hex()}"
        try:
            above = open_below(f"{root}/", base)
        except OSError:
            continue
        try:
            os.mkdir(name, 0o700, dir_fd=above)
        except OSError:
            os.close(above)
            continue
        directory = os.open(name, AS_DIRECTORY, dir_fd=above)
        folder = Folder(f"/{base}/{name}", directory)
        try:
            yield folder
        finally:
            with suppress(OSError):
                folder.clear()
            with suppress(OSError):
                os.rmdir(name, dir_fd=above)
            os.close(directory)
            os.close(above)
        return
    yield None


def open_below(root: str, path: str) -> int:
    """Return a descriptor of a directory, none of whose steps below the root is a symbolic link."""
    found = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for step in path.split("/"):
        above, found = found, -1
        try:
            found = os.open(step, AS_DIRECTORY, dir_fd=above)
        finally:
            os.close(above)
    return found
