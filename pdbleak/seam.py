"""The names that every debugger gets through `bdb.Bdb`; imports what is behind them only when one is typed.

Up to three `Pdb` classes live in one process with pdb++, and every other front end (ipdb, remote-pdb,
pytest's and celery's) derives from `bdb.Bdb` too: attributes of that one class reach them all, in whatever
order they are imported.
"""

from __future__ import annotations

import sys

from pdbleak import arrival

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def do_leak(self: Any, arg: str) -> Any:
    """leak [COMMAND] [SUBJECT] [N] [options]

    Find what leaks, what holds it and which reference to cut.
    `leak help` lists the commands, `leak help COMMAND` explains one.
    """  # noqa: D400, D403, D415 - the first line is the usage, as in every pdb command
    try:
        from pdbleak.plugin import answer  # noqa: PLC0415 - waits for the first `leak`

        if answer(self, arg):
            return self.do_continue("")
    except KeyboardInterrupt:
        self.message("--KeyboardInterrupt--")
    except Exception as error:  # noqa: BLE001 - what leaves a pdb command is raised inside the program
        self.error(f"pdbleak: {type(error).__name__}: {error}; the program is not affected")
    return None


def help_leak(self: Any) -> None:
    """Answer `help leak`."""
    do_leak(self, "help")


def complete_leak(self: Any, text: str, line: str, begidx: int, _endidx: int) -> list[str]:
    """Complete commands, options, choices, type names and names of the frame."""
    try:
        from pdbleak.plugin import complete  # noqa: PLC0415 - waits for the first Tab

        return complete(self, text, line[:begidx])
    except Exception:  # noqa: BLE001 - readline would print a traceback over the line being typed
        return []


def postloop(self: Any) -> None:
    """Let go of the program when a prompt ends."""
    plugin = sys.modules.get("pdbleak.plugin")
    if plugin is not None:
        plugin.release(self)
    after = getattr(super(sys.modules["bdb"].Bdb, self), "postloop", None)
    if after is not None:
        after()


def add_to(bdb: Any) -> None:
    """Add the command to the base class of all debuggers."""
    for function in (do_leak, help_leak, complete_leak, postloop):
        setattr(bdb.Bdb, function.__name__, function)
    tell_remote_client()


def tell_remote_client() -> None:
    """Have the client of `python -m pdb -p` told of the command: to it what is no command is Python."""
    debugger: Any = getattr(getattr(sys.modules.get("pdb"), "Pdb", None), "_last_pdb_instance", None)
    if getattr(debugger, "_command_name_cache", None):
        debugger._command_name_cache = []  # noqa: SLF001 - as its own `alias` does


def install() -> None:
    """Add the command now."""
    import bdb  # noqa: PLC0415 - costs 15 ms

    add_to(bdb)


def install_later() -> None:
    """Add the command as soon as the program imports a debugger; at once if it has one."""
    arrival.upon("bdb", add_to)
