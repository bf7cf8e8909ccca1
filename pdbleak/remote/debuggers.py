"""Having another process run a line of Python, by the native debugger that is there; knows not what it does.

The line runs only where that is safe. Two cases, which are told apart when the process stands still:

- The main thread waits in a system call and does not have the interpreter's lock: it takes the lock, runs the
  line and gives it back, right there. It is in no allocator and holds no lock of the C library.
- Anything else: the line is put on the interpreter's list of pending calls, which the main thread looks
  at between two bytecodes. `PyRun_SimpleString` has the type of such a call. The line's own memory is still
  needed when the debugger has gone: it is told where that is, and gives it back.

Nothing is loaded into the process, and no breakpoint is set in it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from pdbleak.remote import gdb, lldb
from pdbleak.remote.discover import AttachError, Target

# In the order in which they are looked for.
KNOWN = {"gdb": gdb.run, "lldb": lldb.run}


def run(target: Target, line: str, places: dict[str, int], waits_in: int) -> None:
    """Have a process run a line of Python, at once or as soon as its main thread comes by.

    `places` are the addresses of `calls.IN_PYTHON` and `calls.IN_C`; `waits_in` is the call in which its main
    thread waits, or -1. `calls.ADDRESS` in the line becomes what it has to give back. Raises AttachError.
    """
    for name, run_by in KNOWN.items():
        if program := shutil.which(name):
            does, said = run_by(program, target, line, places, waits_in)
            if not does:
                raise AttachError(reason(name, target, said))
            return
    raise AttachError(
        f"process {target.process} does not listen, and neither gdb nor lldb is there to reach it; "
        "install gdb, or start the program with --listen"
    )


def reason(name: str, target: Target, said: str) -> str:
    """Say in one line why a debugger could not."""
    process = target.process
    if re.search(r"(ptrace|attach).*(not permitted|denied)", said):
        return f"{name} may not attach to process {process}: {forbidden(process)}"
    lines = [line for line in said.splitlines() if line.strip()]
    return f"{name} failed with process {process}: {lines[-1].strip() if lines else 'it said nothing'}"


def forbidden(process: int) -> str:
    """Return what keeps a debugger from attaching, and what helps."""
    status = Path(f"/proc/{process}/status")
    found = re.search(r"^TracerPid:\t(\d+)", status.read_text(), re.MULTILINE) if status.exists() else None
    if found and found[1] != "0":
        return f"process {found[1]} is attached to it already; end that first"
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    level = scope.read_text().strip() if scope.exists() else "0"
    if level == "3":
        return (
            "the kernel allows it to nobody (kernel.yama.ptrace_scope is 3); start the program with --listen"
        )
    if level != "0" and os.geteuid() != 0:
        return (
            f"only root may (kernel.yama.ptrace_scope is {level}); type: sudo python -m pdbleak -p {process}"
        )
    return "it takes CAP_SYS_PTRACE (docker run --cap-add SYS_PTRACE); or start the program with --listen"
