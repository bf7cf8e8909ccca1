"""The command line: reads the options and starts the launcher; knows no program and no prompt.

No argparse: it costs 8 ms at every start, and everything after the program's name is the program's.
"""

from __future__ import annotations

import os
import sys

from pdbleak import __version__

USAGE = """\
usage: python -m pdbleak [options] script.py [args...]
       python -m pdbleak [options] -m module [args...]
       python -m pdbleak [options] -p PID
       python -m pdbleak [-c COMMAND] --load FILE

Run a program as plain Python does; Ctrl+C opens the debugger's prompt wherever it is, and `c` lets it go on.
With -p, open a prompt in a process that is already running, without stopping it.
At the prompt, `leak` finds what leaks, what holds it, and which reference to cut (`leak help`).

options:
  -c COMMAND, --command COMMAND  run a debugger command at the first prompt; may be repeated
  -b, --break                    stop at the first line
  --every SECONDS                record the heap's growth while it runs, for `leak` and `leak history`
  --timeout SECONDS              let an idle prompt continue by itself, for a watchdog's sake
  --listen                       let -p of this user in, also into forked children
  --load FILE                    answer from a heap that `leak save FILE` wrote; no program is run
  --plain                        the standard library's pdb, even if pdb++ is there
  -p PID, --pid PID              open a prompt in this process; it keeps running
  --fork                         with -p: capture in a forked child, so that the pause is the fork's
  --there                        with -p: files of -o stay where the process runs
  -h, --help                     print this and end
  --version                      print the version and end
"""
SWITCHES = ("--plain", "--listen", "--fork", "--there")
UNBUILT = (
    "its core is not built in #; in a source tree type: pip install -e . (or go to another folder, where an "
    "installed pdbleak is found)"
)
TOLD = {"-h": USAGE, "--help": USAGE, "--version": f"pdbleak {__version__}\n"}


class UsageError(Exception):
    """A command line that cannot be run, in one line."""


class Options:
    """The command line as read."""

    __slots__ = (
        *(
            "arguments",
            "commands",
            "every",
            "fork",
            "is_module",
            "listen",
            "load",
            "name",
            "plain",
            "process",
        ),
        *("stop_first", "there", "timeout", "told"),
    )

    def __init__(self) -> None:
        """Start with what holds without options."""
        self.name = ""
        self.is_module = False
        self.arguments: list[str] = []
        self.commands: list[str] = []
        self.load = ""
        self.plain = False
        self.stop_first = False
        self.timeout = self.every = 0.0
        self.told = ""
        self.listen = self.fork = self.there = False
        self.process = 0


def read(arguments: list[str]) -> Options:  # noqa: C901, PLR0912 - a branch for each option
    """Read a command line; options end at the program's name, and what follows it is the program's.

    Raises UsageError.
    """
    options = Options()
    left = list(arguments)
    while left:
        word = left.pop(0)
        name, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if word in TOLD:
            options.told = TOLD[word]
            return options
        if word in ("-b", "--break"):
            options.stop_first = True
        elif word in SWITCHES:
            setattr(options, word.removeprefix("--"), True)
        elif name in ("-p", "--pid"):
            options.process = number(value if has_value else following(left, name, "PID"))
        elif name in ("-c", "--command"):
            options.commands.append(value if has_value else following(left, name, "COMMAND"))
        elif name == "--load":
            options.load = value if has_value else following(left, name, "FILE")
        elif name == "--timeout":
            options.timeout = seconds(name, value if has_value else following(left, name, "SECONDS"))
        elif name == "--every":
            options.every = seconds(name, value if has_value else following(left, name, "SECONDS"))
        elif word == "-m":
            options.name, options.is_module = following(left, word, "module"), True
            break
        elif word == "--":
            options.name = following(left, word, "script.py")
            break
        elif word.startswith("-"):
            raise UsageError(f"unknown option {word!r}")
        else:
            options.name = word
            break
    if options.process and options.name:
        raise UsageError("-p takes no program")
    if options.load and (options.name or options.process):
        raise UsageError("--load takes no program")
    if not options.name and not options.process and not options.load:
        raise UsageError("a script or -m module is missing")
    options.arguments = left
    return options


def following(left: list[str], option: str, what: str) -> str:
    """Take the value of an option from what is left of the line."""
    if not left:
        raise UsageError(f"{option} needs a value: {option} {what}")
    return left.pop(0)


def number(word: str) -> int:
    """Read a process's number."""
    if not (word.isascii() and word.isdigit() and 0 < int(word) < 1 << 31):
        raise UsageError(f"-p needs a process's number, not {word!r}: -p 1234")
    return int(word)


def seconds(option: str, word: str) -> float:
    """Read a time that is longer than nothing."""
    try:
        found = float(word)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e6:  # noqa: PLR2004 - ten days
        raise UsageError(f"{option} needs a number of seconds, not {word!r}: {option} 20")
    return found


def main() -> None:
    """Run the command line of this process."""
    try:
        options = read(sys.argv[1:])
    except UsageError as error:
        sys.stderr.write(f"pdbleak: {error}; try: python -m pdbleak --help\n")
        raise SystemExit(2) from None
    if options.told:
        sys.stdout.write(options.told)
        return
    try:
        import pdbleak._native  # noqa: F401, PLC0415
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("pdbleak."):
            raise
        sys.stderr.write(f"pdbleak: {UNBUILT.replace('#', os.path.dirname(__file__))}\n")  # noqa: PTH120
        raise SystemExit(2) from None
    if options.process:
        from pdbleak.remote import attach  # noqa: PLC0415 - a launched program does not pay for it

        raise SystemExit(
            attach.attach(options.process, commands=options.commands, fork=options.fork, there=options.there)
        )
    if options.load:
        from pdbleak import offline  # noqa: PLC0415 - not what a program shall pay for

        raise SystemExit(offline.run(options.load, options.commands))
    # Under its own name: this module is `__main__` now, and will not be when the program runs.
    from pdbleak import launch  # noqa: PLC0415

    launch.run(
        launch.Launch(
            options.name,
            is_module=options.is_module,
            commands=options.commands,
            plain=options.plain,
            stop_first=options.stop_first,
            timeout=options.timeout,
            listen=options.listen,
            every=options.every,
        ),
        options.arguments,
    )


if __name__ == "__main__":
    main()
