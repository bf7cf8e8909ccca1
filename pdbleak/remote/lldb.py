"""Having another process run a line of Python by lldb, where there is no gdb; knows not what the line does.

The two cases are those of `debuggers.py`. lldb does not show which system call was interrupted, so that a
main thread waits is told by its stack and its instruction: they are what they were when the kernel said so.
What is to be done is one expression, which lldb compiles and puts into memory that it takes from the process
and would leave there: its log says where that is, and it is told to give it back.
"""

from __future__ import annotations

import platform
import re
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING

from pdbleak.remote import threadstate
from pdbleak.remote.calls import ADDRESS, FLAGS, PAGE, calm_environment, literal

if TYPE_CHECKING:
    from pdbleak.remote.discover import Target

# Where an interrupted call's result stands.
RESULT = {"x86_64": "$rax", "aarch64": "$x0"}
# What would stop the process in the middle of a call, were it sent then.
PASSED = (
    "SIGINT SIGHUP SIGTERM SIGUSR1 SIGUSR2 SIGPIPE SIGALRM SIGVTALRM SIGPROF SIGCHLD SIGWINCH SIGIO SIGURG"
)
BEFORE = """\
settings set auto-confirm true
settings set target.preload-symbols false
settings set target.load-cwd-lldbinit false
settings set target.load-script-from-symbol-file false
settings set symbols.enable-external-lookup false
settings set plugin.jit-loader.gdb.enable off
log enable -f {log} gdb-remote packets
process attach --pid {process}
thread select 1
process handle --stop false --pass true --notify false {passed}
expression --ignore-breakpoints true --unwind-on-error true --timeout 60000000 -- {expression}
"""
AFTER = "process detach\nquit\n"
# All in one, since each expression takes memory; the names must be none of the program's.
EXPRESSION = """\
char *leak_page =
  ((char *(*)(void *, long, int, int, int, long)){mmap})((void *)0, {page}, 3, {flags}, -1, 0);
const char *leak_line = "{text}";
for (int leak_at = 0; leak_at < {size}; leak_at++) leak_page[leak_at] = leak_line[leak_at];
long leak_result = (long){result};
int leak_failed;
if ((long)$sp == {stack} && (long)$pc == {instruction}
    && (leak_result == -4 || (leak_result >= -516 && leak_result <= -512))
    && ((int (*)(void)){PyGILState_Check})() == 0) {{
  int leak_state = ((int (*)(void)){PyGILState_Ensure})();
  leak_failed = ((int (*)(char *)){PyRun_SimpleString})(leak_page);
  ((void (*)(int)){PyGILState_Release})(leak_state);
  ((int (*)(void *, long)){munmap})(leak_page, {page});
}} else {{
  for (int leak_at = 0; leak_at < 16; leak_at++)
    leak_page[{place} + leak_at] = "0123456789abcdef"[((unsigned long)leak_page >> (60 - 4 * leak_at)) & 15];
  leak_failed = ((int (*)(void *, void *)){Py_AddPendingCall})((void *){PyRun_SimpleString}, leak_page);
}}
leak_failed
"""
DONE = re.compile(r"^\(int\) \$\d+ = (-?\d+)|^error: ")
TAKEN = re.compile(r"send packet: \$_M.*\n.*read packet: \$([0-9a-f]+)#")


def run(program: str, target: Target, line: str, places: dict[str, int], waits_in: int) -> tuple[bool, str]:
    """Have a process run a line; return whether it did or will, and what lldb said.

    `program` is lldb's own path; the rest is as for `debuggers.run`.
    """
    stack, instruction = threadstate.position(target.process, waits_in) if waits_in >= 0 else (0, 0)
    expression = EXPRESSION.format(
        text=literal(line),
        size=len(line.encode()) + 1,
        page=PAGE,
        flags=FLAGS,
        # Without a register that is known, nothing is safe.
        result=RESULT.get(platform.machine(), "0"),
        stack=hex(stack),
        instruction=hex(instruction),
        place=line.index(ADDRESS) + 2,
        **{name: hex(place) for name, place in places.items()},
    )
    with tempfile.TemporaryFile("w+") as log:
        path = f"/proc/self/fd/{log.fileno()}"
        commands = BEFORE.format(
            log=path, process=target.process, passed=PASSED, expression=" ".join(expression.split())
        )
        # In a session of its own: Ctrl+C must not end it while it has the process in its hands.
        with subprocess.Popen(  # noqa: S603 - the arguments are ours
            [program, "--no-lldbinit", "--no-use-colors", "--script-language", "none"],
            pass_fds=(log.fileno(),),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            env=calm_environment(),
        ) as lldb:
            assert lldb.stdin is not None
            assert lldb.stdout is not None
            said, failed = talk(lldb.stdin, lldb.stdout, commands, log)
    return failed == "0", said


def talk(typed: IO[str], shown: IO[str], commands: str, log: IO[str]) -> tuple[str, str]:
    """Give lldb its commands; return what it said, and the expression's value, '' if it came to none."""
    said: list[str] = []
    value = ""
    try:
        typed.write(commands)
        typed.flush()
        for each in shown:
            said.append(each)
            if done := DONE.search(each):
                value = done[1] or ""
                break
        log.seek(0)
        for address in TAKEN.findall(log.read()):
            typed.write(f"process plugin packet send _m{address}\n")
        typed.write(AFTER)
        typed.close()
        shown.read()
    except BrokenPipeError:
        pass
    return "".join(said), value
