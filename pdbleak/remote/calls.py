"""What a native debugger needs to have a process run a line of Python: functions, memory, texts."""

from __future__ import annotations

import os

IN_PYTHON = (
    *("PyGILState_Check", "PyGILState_Ensure", "PyGILState_Release"),
    *("PyRun_SimpleString", "Py_AddPendingCall"),
)
IN_C = ("mmap", "munmap")
# Of mmap: one page to read and write, private, of no file.
PAGE = 4096
FLAGS = 0x22
# In the line: the number that becomes the address of what it has to give back, 0 for nothing.
ADDRESS = "0x0000000000000000"


def literal(text: str) -> str:
    """Return a text as it stands between the quotes of a C string."""
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def calm_environment() -> dict[str, str]:
    """Return our environment without what changes the Python or the libraries inside of a debugger."""
    return {name: each for name, each in os.environ.items() if not name.startswith(("PYTHON", "LD_"))}
