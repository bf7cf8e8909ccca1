"""Running a program with the key in our hands; what a prompt needs is imported at the first prompt only.

Only what every program pays for is imported here: the start stays within 30 ms of plain Python's. The
imports of the first prompt are what it takes longer than the later ones for (docs/performance.md);
that they succeed in a program without descriptors is `descriptors.headroom`'s business.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

from pdbleak import descriptors, interrupt, seam, target, terminal
from pdbleak.standing import STANDING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any


class Launch:
    """What the command line says, and the terminal that is taken for the prompts at the start."""

    __slots__ = (
        "commands",
        "descriptor",
        "every",
        "is_module",
        "listen",
        "name",
        "owner",
        "plain",
        "stop_first",
        "timeout",
        "typed",
    )

    def __init__(
        self,
        name: str,
        *,
        is_module: bool,
        commands: list[str],
        plain: bool = False,
        stop_first: bool = False,
        timeout: float = 0.0,
        listen: bool = False,
        every: float = 0.0,
    ) -> None:
        """Take the terminal; `commands` are run at the first prompt, `timeout` seconds it may be idle.

        `every` so many seconds a mark is taken, 0 for none.
        """
        self.name = name
        self.is_module = is_module
        self.commands = commands
        self.plain = plain
        self.stop_first = stop_first
        self.descriptor = terminal.take()
        self.owner = os.getpid()
        self.timeout = timeout
        # Who redirects the input wants no questions asked; what the program does to it later says nothing.
        self.typed = os.isatty(0)
        self.listen = listen
        self.every = every


def run(launch: Launch, arguments: list[str]) -> None:
    """Run the program; whatever it raises goes to the interpreter, which ends as it always does."""
    execute = (target.module if launch.is_module else target.path)(launch.name, arguments)
    main = ModuleType("__main__")
    main.__dict__.update(__builtins__=sys.modules["builtins"])
    if sys.version_info < (3, 14):
        main.__dict__.update(__annotations__={})
    sys.modules["__main__"] = main
    seam.install_later()
    key = "Ctrl+C opens the prompt"
    if interrupt.take(lambda frame: open_for_key(launch, frame)):
        interrupt.speak_on(launch.descriptor if launch.descriptor >= 0 else 2)
    else:
        key = "Ctrl+C is ignored, as it was before"
    announce(f"pdbleak: running {launch.name} as process {launch.owner}; {key}")
    if launch.listen:
        listen(launch)
    if launch.every:
        repeat_marks(launch)
    try:
        if launch.stop_first:
            sys.settrace(lambda frame, _event, _argument: first_call(launch, frame))
        execute(main)
    finally:
        # Whatever leaves the program passes here; its own hook, if it has set one, still has its say.
        sys.excepthook = Report(launch, sys.excepthook)


def listen(launch: Launch) -> None:
    """Let clients in; where that cannot be had, the program runs without."""
    try:
        from pdbleak.remote import server  # noqa: PLC0415 - only who listens pays

        server.listen()
    except Exception as error:  # noqa: BLE001 - a socket is no reason for a program not to run
        announce(f"pdbleak: process {launch.owner} cannot listen: {error}")


def repeat_marks(launch: Launch) -> None:
    """Take marks while the program runs; where that cannot be had, it runs without."""
    try:
        from pdbleak import comeback, plugin  # noqa: PLC0415 - only who wants marks pays

        comeback.repeat(plugin.take_mark, launch.every)
    except Exception as error:  # noqa: BLE001 - no mark is a reason for a program not to run
        announce(f"pdbleak: no marks are taken: {type(error).__name__}: {error}")


def announce(text: str) -> None:
    """Write a line to stderr, if there is one."""
    try:
        os.write(2, f"{text}\n".encode(errors="backslashreplace"))
    except OSError:
        return


def open_for_key(launch: Launch, frame: FrameType) -> tuple[bool, Any]:
    """Open the prompt of a Ctrl+C; what fails on the way there is said, and the program goes on."""
    try:
        with STANDING, descriptors.Headroom():
            from pdbleak import prompt  # noqa: PLC0415 - the first prompt pays

            return prompt.open_for_key(launch, frame)
    except Exception as error:  # noqa: BLE001 - it would be raised inside the program
        announce(f"pdbleak: no prompt could be opened ({type(error).__name__}: {error}); the program goes on")
        return False, sys.gettrace()


def first_call(launch: Launch, frame: FrameType) -> Any:
    """Trace nothing but the program's main module, until its first line."""
    if frame.f_code.co_name != "<module>" or frame.f_globals is not sys.modules["__main__"].__dict__:
        return None
    sys.settrace(None)

    def first_line(frame: FrameType, event: str, _argument: object) -> Any:
        if event != "line":
            return first_line
        del frame.f_trace
        with descriptors.Headroom():
            from pdbleak import prompt  # noqa: PLC0415 - the first prompt pays

            _, trace = prompt.open_at(launch, frame)
        sys.settrace(trace)
        return trace

    sys.settrace(first_line)
    return first_line


class Report:
    """The hook for what the program lets out: its traceback without our frames, then a prompt."""

    __slots__ = ("launch", "program")

    def __init__(self, launch: Launch, program: Any) -> None:
        """Report through the hook that the program has left."""
        self.launch = launch
        self.program = program

    def __call__(self, kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
        """Report an exception; the interpreter ends with the status it always has."""
        quitting = getattr(sys.modules.get("bdb"), "BdbQuit", ())
        if issubclass(kind, quitting):
            return
        trace = programs_own(trace)
        value = value.with_traceback(trace)
        self.program(kind, value, trace)
        if trace is None or is_interrupt(value) or not os.isatty(0):
            return
        with descriptors.Headroom():
            from pdbleak import prompt  # noqa: PLC0415 - the first prompt pays

            prompt.open_at(self.launch, None, value)


def is_interrupt(value: BaseException) -> bool:
    """Tell whether an exception is a Ctrl+C that nobody caught, by itself or as a group of nothing else."""
    if isinstance(value, BaseExceptionGroup):
        return all(map(is_interrupt, value.exceptions))
    return isinstance(value, (KeyboardInterrupt, SystemExit))


def programs_own(trace: TracebackType | None) -> TracebackType | None:
    """Cut the launcher's frames off a traceback: those above the program, and the key's at its end."""
    entries = []
    while trace is not None:
        entries.append(trace)
        trace = trace.tb_next
    names = [entry.tb_frame.f_globals.get("__name__") for entry in entries]
    start = next((i for i, entry in enumerate(entries) if entry.tb_frame.f_code is run.__code__), -1) + 1
    while start < len(names) and names[start] in target.ABOVE_PROGRAM:
        start += 1
    end = names.index(interrupt.__name__) if interrupt.__name__ in names else len(names)
    if start < end < len(names):
        entries[end - 1].tb_next = None
    return entries[start] if start < end else None
