"""Making a process listen that was not prepared for it; knows not how a line gets there.

The process reads a script of ours from a folder that only its user and root can enter. It runs at most once:
whoever renames it first may run it, and a request that was given up finds nothing.
"""

from __future__ import annotations

import importlib.machinery
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pdbleak.remote import calls, debuggers, handover, symbols, threadstate
from pdbleak.remote.discover import AttachError, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.remote.handover import Folder

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
    places = check(target)
    with handover.make(target.root) as folder:
        if folder is None:
            raise AttachError(f"there is no place for a script that process {target.process} could read")
        texts = scripts(target, folder.inner)
        folder.write(texts, target.user)
        if sys.version_info >= (3, 14):
            with suppress(OSError, RuntimeError):
                sys.remote_exec(target.process, f"{folder.inner}/line.py")
            if answered(folder, PATIENCE):
                return
        told = False
        while True:
            debuggers.run(target, texts["line.py"], places, threadstate.waits_in(target.process))
            if answered(folder, PATIENCE):
                return
            while threadstate.waits_in(target.process) < 0:
                if not told:
                    told = True
                    tell(AWAY)
                if answered(folder, PATIENCE):
                    return


def scripts(target: Target, folder: str) -> dict[str, str]:
    """Return what the process shall find in a folder, the line that begins it last."""
    package = str(PACKAGE) if is_visible(target) else ""
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    first = (PACKAGE / "remote" / "arrive.py").read_text(encoding="utf-8")
    claim = CLAIM.format(first=f"{folder}/attach.py", then=f"{folder}/taken.py")
    return {
        "attach.py": f"{first}\n\nbegin({package!r}, {suffix!r}, {folder + '/answer'!r}, page)\n",
        # In a namespace of its own: the line itself runs in the program's `__main__`.
        "line.py": f'exec({claim!r}, {{"page": {calls.ADDRESS}}})\n',
    }


def is_visible(target: Target) -> bool:
    """Tell whether the process sees this installation where we see it."""
    if not target.contained:
        return True
    try:
        return os.path.samestat(os.stat(f"{target.root}{PACKAGE}"), os.stat(PACKAGE))  # noqa: PTH116
    except OSError:
        return False


def answered(folder: Folder, patience: float) -> bool:
    """Wait for the script's answer; return whether it came. Raises AttachError if it is no good one."""
    told = folder.answer(patience)
    if told.startswith("ModuleNotFoundError: No module named 'pdbleak"):
        raise AttachError(
            "the process sees no pdbleak: it has other files than we have; pip install pdbleak there as well"
        )
    if told not in ("", "listens"):
        raise AttachError(f"pdbleak cannot be loaded there: {told.removeprefix('PlaceError: ')}")
    return bool(told)


def check(target: Target) -> dict[str, int]:
    """Refuse what cannot work, before anything is done to the process; return where its functions are.

    Raises AttachError.
    """
    process = target.process
    try:
        maps = Path(f"/proc/{process}/maps").read_text()
        program = os.readlink(f"/proc/{process}/exe")  # noqa: PTH115
    except OSError as error:
        raise AttachError(f"process {process} cannot be looked at: {error.strerror}") from None
    places = look_up(process, maps, program)
    found = version(maps, program)
    ours = f"{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    if found and found != ours:
        what = " (free-threaded, which is not supported)" if found.endswith("t") else ""
        instead = f"{program} -m pdbleak -p {process}"
        raise AttachError(f"process {process} runs Python 3.{found}{what}, this is 3.{ours}; type: {instead}")
    return places


def look_up(process: int, maps: str, program: str) -> dict[str, int]:
    """Return the addresses of the functions that a debugger has to call. Raises AttachError."""
    python, library = [], []
    for path, base in symbols.mapped(maps):
        if re.search(r"/libpython3\.[^/]*$", path) or path == program.removesuffix(" (deleted)"):
            python.append(base)
        elif re.search(r"/(libc[.-]|ld-musl)[^/]*$", path):
            library.append(base)
    found: dict[str, int] = {}
    try:
        for bases, names in ((python, calls.IN_PYTHON), (library or python, calls.IN_C)):
            for base in bases:
                found = symbols.addresses(process, base, names) | found
    except OSError:
        raise AttachError(
            f"process {process} may not be looked into: {debuggers.forbidden(process)}"
        ) from None
    if "PyRun_SimpleString" not in found:
        raise AttachError(f"process {process} ({program}) is no Python")
    missing = {*calls.IN_PYTHON, *calls.IN_C} - found.keys()
    if missing:
        raise AttachError(f"process {process} ({program}) exports no {', '.join(sorted(missing))}")
    return found


def version(maps: str, program: str) -> str:
    """Return a process's minor version, with a `t` if it is free-threaded; '' if it cannot be told."""
    for pattern in (r"/libpython3\.(\d+)(t?)", r"\.cpython-3(\d+)(t?)-", r"/python3\.(\d+)(t?)/"):
        if match := re.search(pattern, maps):
            return match[1] + match[2]
    match = re.search(r"python3\.(\d+)(t?)$", program)
    return match[1] + match[2] if match else ""
