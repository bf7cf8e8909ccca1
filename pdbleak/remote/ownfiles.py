"""Answering on the client's side what asks saved heaps that lie there, and nothing else; knows no process."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def answer(typed: str, write: Callable[[str], object], width: int) -> bool:
    """Answer a `leak` line if all it asks is files that are here; tell whether it was."""
    # The client needs the commands for this only; the process has its own.
    from pdbleak import plugin, streams  # noqa: PLC0415
    from pdbleak.command import CommandError  # noqa: PLC0415
    from pdbleak.commands import COMMANDS  # noqa: PLC0415
    from pdbleak.line import read  # noqa: PLC0415

    text = typed.partition(" ")[2]
    try:
        line = read(text, COMMANDS)
    except CommandError:
        # The process says what is wrong, or takes an option out that is for itself.
        return False
    paths = line.command.files(str(line.options.get("subject", "")))
    if not paths or not all(map(os.path.exists, paths)):
        return False
    try:
        mistake = plugin.respond(
            text, lambda each: write(f"{each}\n"), width=width, colour=streams.wants_colour(sys.stdout)
        )
    except KeyboardInterrupt:
        mistake = "KeyboardInterrupt"
    if mistake:
        write(f"*** {mistake}\n")
    return True
