"""The public names of pdbleak; knows nothing else, so that importing it costs the program nothing."""

from __future__ import annotations

import sys

__all__ = ["__version__", "install", "leak", "listen"]
__version__ = "0.1.0"


def install() -> None:
    """Add the `leak` command to every debugger of this process; one line in `.pdbrc` does for all prompts."""
    from pdbleak import seam  # noqa: PLC0415 - a program that only imports pdbleak does not pay for bdb

    seam.install()


def leak(line: str = "") -> None:
    """Answer one `leak` line on sys.stdout, for a prompt that is no pdb: `pdbleak.leak("types 20")`.

    Expressions are evaluated in the caller's frame. A mistake is answered by one `***` line.
    """
    from pdbleak.plugin import answer_anywhere  # noqa: PLC0415 - likewise

    answer_anywhere(line, sys._getframe(1))  # noqa: SLF001 - the documented way to the caller


def listen() -> None:
    """Let `python -m pdbleak -p PID` open a prompt here, and in children that are forked.

    For this user and root: a Unix socket, and one thread that waits for it. To be called in the main thread.
    """
    from pdbleak.remote import server  # noqa: PLC0415 - likewise

    server.listen()
