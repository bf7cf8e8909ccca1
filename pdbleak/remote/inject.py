"""Making a process listen that was not prepared for it; knows not how a line gets there.

The process reads a script of ours from a folder that only its user and root can enter. It runs at most once:
whoever renames it first may run it, and a request that was given up finds nothing.
"""

from __future__ import annotations

import importlib.machinery
import mmap
import os
import re
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from pdbleak.remote import debuggers, threadstate
from pdbleak.remote.discover import AttachError, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGE = Path(__file__).resolve().parents[1]
# Seconds for a running main thread to come by, before it is looked at again.
PATIENCE = 2.0
AWAY = "its main thread is inside C code; the prompt comes when it is back (Ctrl+C gives up)"
CLAIM = """\
import os
try:
    os.rename({first!r}, {then!r})
    exec(open({then!r}, encoding="utf-8").read(), {{"page": page}})
except BaseException:
    pass
"""


def inject(target: Target, tell: Callable[[str], object]) -> None:
    """Make a process listen. Raises AttachError.

    `tell` is called with what takes its time, and why.
    """
    check(target)
    with handover(target) as folder:
        claim = CLAIM.format(first=f"{folder.inner}/attach.py", then=f"{folder.inner}/taken.py")
        # In a namespace of its own: the line itself runs in the program's `__main__`.
        line = f'exec({claim!r}, {{"page": {debuggers.ADDRESS}}})\n'
        if sys.version_info >= (3, 14):
            # In a script as well, a name would stay in `__main__`.
            script = Path(folder.outer) / "line.py"
            script.write_text(line)
            os.chown(script, target.user, -1)
            with suppress(OSError, RuntimeError):
                sys.remote_exec(target.process, f"{folder.inner}/line.py")
            if answered(folder.outer, PATIENCE):
                return
        told = False
        while True:
            debuggers.run(target, line, threadstate.waits_in(target.process), folder.outer)
            if answered(folder.outer, PATIENCE):
                return
            while threadstate.waits_in(target.process) < 0:
                if not told:
                    told = True
                    tell(AWAY)
                if answered(folder.outer, PATIENCE):
                    return


class Folder:
    """The folder for the script, as it is called here and as the process calls it."""

    __slots__ = ("inner", "outer")

    def __init__(self, inner: str, outer: str) -> None:
        """Name it."""
        self.inner = inner
        self.outer = outer


@contextmanager
def handover(target: Target) -> Iterator[Folder]:
    """Make the folder with the script, and remove it at the end. Raises AttachError."""
    for base in ("/tmp", "/dev/shm"):  # noqa: S108 - made by mkdtemp
        try:
            outer = tempfile.mkdtemp(prefix="pdbleak-attach-", dir=f"{target.root}{base}")
        except OSError:
            continue
        inner = outer.removeprefix(target.root)
        try:
            script = Path(outer) / "attach.py"
            package = str(PACKAGE) if is_visible(target) else ""
            suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
            first = (PACKAGE / "remote" / "arrive.py").read_text(encoding="utf-8")
            script.write_text(f"{first}\n\nbegin({package!r}, {suffix!r}, {inner + '/answer'!r}, page)\n")
            for path in (script, outer):
                os.chown(path, target.user, -1)
            yield Folder(inner, outer)
        finally:
            with suppress(OSError):
                shutil.rmtree(outer)
        return
    raise AttachError(f"there is no place for a script that process {target.process} could read")


def is_visible(target: Target) -> bool:
    """Tell whether the process sees this installation where we see it."""
    if not target.contained:
        return True
    try:
        return os.path.samestat(os.stat(f"{target.root}{PACKAGE}"), os.stat(PACKAGE))  # noqa: PTH116
    except OSError:
        return False


def answered(folder: str, patience: float) -> bool:
    """Wait for the script's answer; return whether it came. Raises AttachError if it is no good one."""
    answer = Path(folder) / "answer"
    end = monotonic() + patience
    while not answer.exists():
        if monotonic() > end:
            return False
        sleep(0.01)
    told = answer.read_text()
    if told != "listens":
        raise AttachError(f"pdbleak cannot be loaded there: {told}")
    return True


def check(target: Target) -> None:
    """Refuse what cannot work, before anything is done to the process. Raises AttachError."""
    process = target.process
    try:
        maps = Path(f"/proc/{process}/maps").read_text()
        program = os.readlink(f"/proc/{process}/exe")  # noqa: PTH115
    except OSError as error:
        raise AttachError(f"process {process} cannot be looked at: {error.strerror}") from None
    if not is_python(process, maps):
        raise AttachError(f"process {process} ({program}) is no Python")
    found = version(maps, program)
    ours = f"{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    if found and found != ours:
        what = " (free-threaded, which is not supported)" if found.endswith("t") else ""
        instead = f"{program} -m pdbleak -p {process}"
        raise AttachError(f"process {process} runs Python 3.{found}{what}, this is 3.{ours}; type: {instead}")


def is_python(process: int, maps: str) -> bool:
    """Tell whether a process has an interpreter in it."""
    if "/libpython3." in maps:
        return True
    with (
        Path(f"/proc/{process}/exe").open("rb") as program,
        mmap.mmap(program.fileno(), 0, access=mmap.ACCESS_READ) as image,
    ):
        return image.find(b"PyRun_SimpleString\0") >= 0


def version(maps: str, program: str) -> str:
    """Return a process's minor version, with a `t` if it is free-threaded; '' if it cannot be told."""
    for pattern in (r"/libpython3\.(\d+)(t?)", r"\.cpython-3(\d+)(t?)-", r"/python3\.(\d+)(t?)/"):
        if match := re.search(pattern, maps):
            return match[1] + match[2]
    match = re.search(r"python3\.(\d+)(t?)$", program)
    return match[1] + match[2] if match else ""
