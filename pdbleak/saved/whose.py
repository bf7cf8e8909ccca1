"""Which process a heap is of, as a number that another process does not have; knows no heap."""

from __future__ import annotations

import os
import zlib

# Where the system does not tell when a process began; what is forked has another process's number.
_IMPORTED = os.urandom(8).hex()


def process_number(process: int) -> int:
    """Return a number that stays while a process lives, and that no other one has but by chance.

    The number of a process is given again after its end, and in each container anew.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123
            boot = file.read().strip()
        with open(f"/proc/{process}/stat", "rb") as file:  # noqa: PTH123
            # Behind the name, which may have brackets itself, the start is the 20th (proc_pid_stat(5)).
            began = file.read().rpartition(b")")[2].split()[19].decode("ascii")
    except (OSError, IndexError, ValueError):
        boot, began = _IMPORTED, ""
    return zlib.crc32(f"{boot} {process} {began}".encode())
