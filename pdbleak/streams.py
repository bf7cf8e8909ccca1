"""What the stream before a person can show: its terminal, width and colours; knows no prompt."""

from __future__ import annotations

import os
import shutil
from typing import Any


def terminal_of(stream: Any) -> int:
    """Return the descriptor of the terminal behind a stream, -1 where there is none."""
    try:
        return int(stream.fileno()) if stream.isatty() else -1
    except (AttributeError, OSError, ValueError):
        return -1


def width(stream: Any) -> int:
    """Return the width of the terminal behind a stream, 80 where there is none."""
    if isinstance(columns := getattr(stream, "columns", None), int):
        return columns
    try:
        return max(40, os.get_terminal_size(stream.fileno()).columns)
    except (AttributeError, OSError, ValueError):
        return max(40, shutil.get_terminal_size((80, 24)).columns)


def wants_colour(stream: Any) -> bool:
    """Tell whether a stream is a terminal that takes colours (https://no-color.org)."""
    if isinstance(colours := getattr(stream, "colours", None), bool):
        return colours
    try:
        return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    except (AttributeError, OSError, ValueError):
        return False
