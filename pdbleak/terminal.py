"""The prompt's own streams on the terminal; never touches the program's stdin, stdout and stderr objects.

One private descriptor of the terminal is taken at the start, because a daemon that leaks descriptors has
none left when its prompt is needed. Lines are edited by GNU readline on that descriptor through
`PyOS_Readline`, which, unlike `input`, works although stdout is redirected, replaced or being written to.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from functools import cache

from pdbleak._native import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TextIO

# Above what the program opens, so that it gets the numbers it would have had; below FD_SETSIZE for readline.
FIRST_DESCRIPTOR = 200
LAST_DESCRIPTOR = 1000


def take() -> int:
    """Return a private descriptor of the controlling terminal, or -1 where there is none."""
    try:
        found = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        for standard in (0, 2, 1):
            if os.isatty(standard) and fcntl.fcntl(standard, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR:
                return _above(standard)
        return -1
    private = _above(found)
    os.close(found)
    return private


def _above(descriptor: int) -> int:
    """Duplicate a descriptor out of the way; -1 where none is left."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, FIRST_DESCRIPTOR)
    except OSError:
        try:
            return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 3)
        except OSError:
            return -1


def is_ours(descriptor: int) -> bool:
    """Tell whether we may read from the terminal: it is there still, and we are in its foreground."""
    if descriptor < 0 or not os.isatty(descriptor):
        return False
    try:
        return os.tcgetpgrp(descriptor) == os.getpgrp()
    except OSError:  # a terminal, but not the controlling one: there is no background then
        return True


class LineReader:
    """What a debugger reads its lines from; `ask` is `input` on a descriptor of its own."""

    encoding = "utf-8"

    def __init__(self, descriptor: int, output: TextIO) -> None:
        """Read from `descriptor`, write prompts to `output` where readline cannot."""
        self.descriptor = descriptor
        self.output = output
        self.edited = _edited_line(descriptor) if os.isatty(descriptor) else None

    def ask(self, prompt: str) -> str:
        """Return one line with its end, or an empty text at the end of the input."""
        self.output.flush()
        if self.edited is not None:
            try:
                return self.edited(prompt)
            except RuntimeError:
                # The program itself was in `input`: readline cannot be entered twice.
                self.edited = None
        self.output.write(prompt)
        self.output.flush()
        return self._plain_line()

    def readline(self) -> str:
        """Return one line without a prompt, as `cmd` asks for it."""
        return self.ask("")

    def fileno(self) -> int:
        """Return the descriptor."""
        return self.descriptor

    def isatty(self) -> bool:
        """Tell whether somebody types."""
        return os.isatty(self.descriptor)

    def forget(self) -> None:
        """Throw away what was typed and not read yet."""
        import termios  # noqa: PLC0415 - the first prompt has it

        with suppress(termios.error):
            termios.tcflush(self.descriptor, termios.TCIFLUSH)

    def _plain_line(self) -> str:
        line = bytearray()
        while not line.endswith(b"\n"):
            try:
                piece = os.read(self.descriptor, 1 if not self.isatty() else 4096)
            except OSError:  # the terminal hung up
                break
            if not piece:
                break
            line += piece
        return line.decode(self.encoding, "surrogateescape")


@cache  # ctypes makes new classes each time
def _edited_line(descriptor: int) -> Callable[[str], str] | None:
    """Return a function that reads a line with readline from a terminal, or None where that cannot be had."""
    try:
        import ctypes  # noqa: PLC0415 - the first prompt pays
        import readline  # noqa: F401, PLC0415 - importing it is what installs it
    except ImportError:
        return None
    if descriptor > LAST_DESCRIPTOR:
        return None
    try:
        streams = _streams(ctypes, descriptor)
        pointer, text = ctypes.c_void_p, ctypes.c_char_p
        read = ctypes.PYFUNCTYPE(pointer, pointer, pointer, text)(("PyOS_Readline", ctypes.pythonapi))
        free = ctypes.PYFUNCTYPE(None, pointer)(("PyMem_Free", ctypes.pythonapi))
    except (AttributeError, OSError):
        return None

    def edited(prompt: str) -> str:
        line = read(*streams, prompt.encode("utf-8", "replace"))
        if line is None:
            raise KeyboardInterrupt
        try:
            return ctypes.string_at(line).decode("utf-8", "surrogateescape")
        finally:
            free(line)

    return edited


_opened: dict[int, tuple[int, int]] = {}


def _streams(ctypes: Any, descriptor: int) -> tuple[int, int]:
    """Return two C streams on a descriptor; they are kept, as readline goes on pointing at them."""
    if descriptor not in _opened:
        # No `ctypes.CDLL`, and no class of our own: both are cycles, which would wait for a collection.
        prototype = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p)
        fdopen = prototype(("fdopen", ctypes.pythonapi))
        pair = fdopen(descriptor, b"r"), fdopen(descriptor, b"w")
        if not all(pair):
            raise OSError("no stream on the terminal")
        _opened[descriptor] = pair
    return _opened[descriptor]


def writer(descriptor: int) -> TextIO:
    """Return a text stream on a descriptor, new for every prompt: no interrupted write is inside it."""
    return open(descriptor, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)


def settle(descriptor: int) -> Callable[[], None]:
    """Make the terminal edit and echo lines, whatever the program made of it; return what puts it back.

    A key press shall not throw away a character that readline was told of: it would wait for the next one,
    deaf to every press; `LineReader.forget` throws away what was typed. If the process is killed meanwhile,
    the terminal is put back as well.
    """
    import termios  # noqa: PLC0415 - the first prompt pays

    try:
        found = termios.tcgetattr(descriptor)
    except termios.error:
        return lambda: None
    guarded = key.guard(descriptor)
    calm = list(found)
    calm[0] |= termios.ICRNL
    calm[1] |= termios.OPOST
    calm[3] |= termios.ICANON | termios.ECHO | termios.ISIG | termios.NOFLSH
    if calm != found:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, calm)

    def restore() -> None:
        try:
            if is_ours(descriptor):
                termios.tcsetattr(descriptor, termios.TCSADRAIN, found)
        finally:
            if guarded:
                key.unguard()

    return restore
