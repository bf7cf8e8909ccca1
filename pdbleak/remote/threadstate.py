"""What the main thread of another process is doing, as the kernel tells it; changes nothing."""

from __future__ import annotations

import platform
from pathlib import Path
from time import sleep

# System calls that wait, with the interpreter's lock released: numbers by machine, from the kernel's tables.
WAITING = {
    "x86_64": {
        "accept": 43, "accept4": 288, "epoll_wait": 232, "epoll_pwait": 281, "epoll_pwait2": 441, "poll": 7,
        "ppoll": 271, "select": 23, "pselect6": 270, "nanosleep": 35, "clock_nanosleep": 230, "wait4": 61,
        "waitid": 247, "pause": 34, "rt_sigtimedwait": 128, "rt_sigsuspend": 130, "read": 0, "recvfrom": 45,
        "recvmsg": 47, "connect": 42, "futex": 202, "futex_waitv": 449, "flock": 73,
    },
    "aarch64": {
        "accept": 202, "accept4": 242, "epoll_pwait": 22, "epoll_pwait2": 441, "ppoll": 73, "pselect6": 72,
        "nanosleep": 101, "clock_nanosleep": 115, "wait4": 260, "waitid": 95, "rt_sigtimedwait": 137,
        "rt_sigsuspend": 133, "read": 63, "recvfrom": 207, "recvmsg": 212, "connect": 203, "futex": 98,
        "futex_waitv": 449, "flock": 32,
    },
}  # fmt: skip
# Longer than a thread that waits for the interpreter's lock stays in one call (5 ms), seconds.
LONG = 0.06


def waits_in(process: int) -> int:
    """Return the number of the system call in which the main thread waits for a while, -1 if it does not."""
    before = sample(process)
    if before is None or before[0] not in WAITING.get(platform.machine(), {}).values():
        return -1
    sleep(LONG)
    return before[0] if sample(process) == before else -1


def position(process: int, waits_in: int) -> tuple[int, int]:
    """Return where a main thread is that waits in a system call: its stack, its instruction; else zeros."""
    try:
        call = Path(f"/proc/{process}/task/{process}/syscall").read_text().split()
    except OSError:
        return 0, 0
    if call[0] != str(waits_in):
        return 0, 0
    return int(call[-2], 16), int(call[-1], 16)


def sample(process: int) -> tuple[int, str] | None:
    """Return a sleeping main thread's system call, and how often it has gone to sleep; else None."""
    folder = Path(f"/proc/{process}/task/{process}")
    try:
        call = (folder / "syscall").read_text().split()
        status = (folder / "status").read_text()
    except OSError:
        return None
    if len(call) < 2 or "\nState:\tS" not in status:  # noqa: PLR2004 - `running`, or `-1 SP PC`
        return None
    switches = next(line for line in status.splitlines() if line.startswith("voluntary_ctxt_switches"))
    return int(call[0]), switches
