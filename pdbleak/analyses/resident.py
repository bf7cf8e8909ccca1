"""How much memory the process has, as the operating system tells; knows no object."""

from __future__ import annotations

import os


def resident_bytes() -> int:
    """Return the resident bytes of this process, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - pathlib is not loaded for it
            return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError, IndexError):
        return 0
