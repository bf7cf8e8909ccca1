"""Having another process run a line of Python by gdb; knows not what the line does.

gdb reads no symbols, which would take it most of a second while the process stands still: it is told the
addresses of the few functions that it calls.
"""

from __future__ import annotations

import platform
import re
import subprocess
import tempfile
from typing import TYPE_CHECKING

from pdbleak.remote.calls import ADDRESS, FLAGS, PAGE, calm_environment, literal

if TYPE_CHECKING:
    from pdbleak.remote.discover import Target

QUIETLY = ("-nx", "-nh", "-batch", "-iex", "set auto-load off", "-iex", "set debuginfod enabled off")
# After an interrupted call: its number, where its result stands, the instruction that made it.
CALL = {
    "x86_64": ("$orig_rax", "$rax", "*(unsigned short*)($pc-2) == 0x050f"),
    "aarch64": ("$x8", "$x0", "*(unsigned int*)($pc-4) == 0xd4000001"),
}
# Without its files gdb knows no symbols; elsewhere it needs the program's file to make a call.
BLINDLY = {"x86_64": "set sysroot /nonexistent"}
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


def run(program: str, target: Target, line: str, places: dict[str, int], waits_in: int) -> tuple[bool, str]:
    """Have a process run a line; return whether it did or will, and what gdb said.

    `program` is gdb's own path; the rest is as for `debuggers.run`.
    """
    number, result, instruction = CALL.get(platform.machine(), ("-1", "0", "0"))
    before, _, rest = line.partition(ADDRESS)
    commands = COMMANDS.format(
        process=target.process,
        number=number,
        waits_in=waits_in if waits_in >= 0 else -2,
        result=f"(long){result}",
        instruction=instruction,
        page=PAGE,
        flags=FLAGS,
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
            [program, *QUIETLY, "-x", path],
            pass_fds=(script.fileno(),),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            start_new_session=True,
            env=calm_environment(),
        )
    said = finished.stdout + finished.stderr
    return re.search(r"^(RAN|ASKED) 0", said, re.MULTILINE) is not None, said
