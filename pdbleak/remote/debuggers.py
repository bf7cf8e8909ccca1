"""Having another process run a line of Python, by gdb; knows not what the line does.

The line runs only where that is safe. Two cases, which gdb tells apart when the process stands still:

- The main thread waits in a system call and does not have the interpreter's lock: it takes the lock, runs the
  line and gives it back, right there. It is in no allocator and holds no lock of the C library.
- Anything else: the line is put on the interpreter's list of pending calls, which the main thread looks
  at between two bytecodes. `PyRun_SimpleString` has the type of such a call. The line's own memory is still
  needed when gdb has gone: it is told where that is, and gives it back.

Nothing is loaded into the process, and no breakpoint is set in it. gdb reads no symbols, which would take it
most of a second while the process stands still: it is told the addresses of the few functions that it calls.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from pdbleak.remote.discover import AttachError, Target

QUIETLY = ("-nx", "-nh", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off")
# After an interrupted call: its number, where its result stands, the instruction that made it.
CALL = {
    "x86_64": ("$orig_rax", "$rax", "*(unsigned short*)($pc-2) == 0x050f"),
    "aarch64": ("$x8", "$x0", "*(unsigned int*)($pc-4) == 0xd4000001"),
}
IN_PYTHON = (
    *("PyGILState_Check", "PyGILState_Ensure", "PyGILState_Release"),
    *("PyRun_SimpleString", "Py_AddPendingCall"),
)
IN_C = ("mmap", "munmap")
# Without its files gdb knows no symbols; elsewhere it needs the program's file to make a call.
BLINDLY = {"x86_64": "set sysroot /nonexistent"}
# mmap's and gdb's arguments: one page to read and write, private, of no file.
PAGE = 4096
# In the line: the number that becomes the address of what it has to give back, 0 for nothing.
ADDRESS = "0x0000000000000000"
COMMANDS = """\
set confirm off
set pagination off
set width 0
set auto-solib-add off
set auto-load libthread-db off
{blindly}
set unwindonsignal on
set print thread-events off
set print inferior-events off
handle all nostop noprint pass
handle SIGTRAP SIGSEGV SIGBUS SIGILL SIGFPE SIGABRT stop print
attach {process}
thread 1
set $safe = 0
if {number} == {waits_in} && ({result} == -4 || ({result} >= -516 && {result} <= -512)) && {instruction}
  if ((int(*)(void)){PyGILState_Check})() == 0
    set $safe = 1
  end
end
set $page = (long)((void*(*)(void*,long,int,int,int,long)){mmap})((void*)0, {page}, 3, {flags}, -1, 0)
set {{char[{size}]}} $page = "{text}"
if $safe
  set $state = ((int(*)(void)){PyGILState_Ensure})()
  printf "RAN %d\\n", ((int(*)(long)){PyRun_SimpleString})($page)
  call ((int(*)(int)){PyGILState_Release})($state)
  call ((int(*)(long,long)){munmap})($page, {page})
else
  eval "set {{char[{width}]}} ($page + {place}) = \\"0x%016lx\\"", $page
  set {{char[{rest_size}]}} ($page + {rest_place}) = "{rest}"
  printf "ASKED %d\\n", ((int(*)(long,long)){Py_AddPendingCall})({PyRun_SimpleString}, $page)
end
detach
quit
"""


def run(target: Target, line: str, places: dict[str, int], waits_in: int) -> None:
    """Have a process run a line of Python, at once or as soon as its main thread comes by.

    `places` are the addresses of `IN_PYTHON` and `IN_C`; `waits_in` is the call in which its main thread
    waits, or -1. `ADDRESS` in the line becomes what it has to give back. Raises AttachError.
    """
    gdb = shutil.which("gdb")
    if gdb is None:
        raise AttachError(
            f"process {target.process} does not listen, and gdb is not there to reach it; "
            "install gdb, or start the program with --listen"
        )
    number, result, instruction = CALL.get(platform.machine(), ("-1", "0", "0"))
    before, _, rest = line.partition(ADDRESS)
    commands = COMMANDS.format(
        process=target.process,
        number=number,
        waits_in=waits_in if waits_in >= 0 else -2,
        result=f"(long){result}",
        instruction=instruction,
        page=PAGE,
        flags=0x22,
        size=len(line.encode()) + 1,
        text=literal(line),
        # Each text ends with a zero, which the next one is written over.
        width=len(ADDRESS) + 1,
        place=len(before.encode()),
        rest_size=len(rest.encode()) + 1,
        rest_place=len(before.encode()) + len(ADDRESS),
        rest=literal(rest),
        blindly=BLINDLY.get(platform.machine(), ""),
        **{name: hex(place) for name, place in places.items()},
    )
    with tempfile.TemporaryFile() as script:
        # Nobody else can come by it: whoever changed it would be gdb's master, and gdb may be root's.
        script.write(commands.encode())
        script.flush()
        path = f"/proc/self/fd/{script.fileno()}"
        # In a session of its own: Ctrl+C must not end it while it has the process in its hands.
        finished = subprocess.run(  # noqa: S603 - the arguments are ours
            [gdb, *QUIETLY, "-x", path],
            pass_fds=(script.fileno(),),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            env={name: each for name, each in os.environ.items() if not name.startswith(("PYTHON", "LD_"))},
        )
    if not re.search(r"^(RAN|ASKED) 0", finished.stdout, re.MULTILINE):
        raise AttachError(reason(target, finished.stdout + finished.stderr))


def literal(text: str) -> str:
    """Return a text as it stands between the quotes of a C string."""
    return "".join(f"\\{byte:03o}" for byte in text.encode())


def reason(target: Target, said: str) -> str:
    """Say in one line why gdb could not."""
    process = target.process
    if "ptrace" in said and ("not permitted" in said or "denied" in said):
        return f"gdb may not attach to process {process}: {forbidden(process)}"
    lines = [line for line in said.splitlines() if line.strip()]
    return f"gdb failed with process {process}: {lines[-1].strip() if lines else 'it said nothing'}"


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
