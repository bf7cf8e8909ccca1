"""Another Python for what is not loaded into the program: which one, and how it is started; knows no task."""

from __future__ import annotations

import os
import sys

# Isolated and without site: neither the program's directory nor its environment reaches the child's
# imports first; the program's own path comes last, since pdbleak may be found only there.
START = "import runpy, sys; sys.path += sys.argv[3:]; runpy.run_module(sys.argv[1], None, '__main__', True)"


def interpreter() -> str:
    """Return this Python's own program; `OSError` where it is not known.

    An embedding program may be `sys.executable` itself, and starting that again starts a second server.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    candidates = [sys.executable or "", os.path.join(sys.exec_prefix, "bin", version)]  # noqa: PTH118
    for candidate in candidates:
        name = os.path.basename(candidate).lower()  # noqa: PTH119
        if name.startswith("python") and os.access(candidate, os.X_OK):
            return candidate
    raise OSError(0, "this program does not know its Python interpreter (sys.executable)")


def command_line(module: str, argument: str) -> list[str]:
    """Return what starts a module of pdbleak in a child; it finds its one argument in `sys.argv[2]`.

    What the program can import, the child can: the program's path comes last. Raises OSError.
    """
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    path = [entry for entry in sys.path if isinstance(entry, str) and os.path.isabs(entry)]  # noqa: PTH117
    return [interpreter(), "-I", "-S", "-c", START, module, argument, here, *path]
