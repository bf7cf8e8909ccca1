"""Where an object was allocated, while allocations are traced; calls nothing of its class."""

from __future__ import annotations

import _tracemalloc  # what tracemalloc itself is made of: that would load pickle into the program
import os

from pdbleak._native import allocation
from pdbleak.remembered import Remembered

_LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - pathlib is not loaded for it
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")


def origin_of(item: object) -> str:
    """Return `file:line` of an object's allocation: the program's innermost line, and through which other.

    `views.py:12, through decoder.py:353` where a library allocated it for the program, and more than one
    frame is traced. Empty where nothing is traced, and for what is older than the tracing. O(frames).
    """
    if type(item) is Remembered or not _tracemalloc.is_tracing():
        return ""
    frames = allocation(item)
    if not frames:
        return ""
    file, line = next((frame for frame in frames if not is_library(frame[0])), frames[0])
    inner, inner_line = frames[0]
    through = "" if (file, line) == frames[0] else f", through {os.path.basename(inner)}:{inner_line}"  # noqa: PTH119
    return f"{file}:{line}{through}"


def is_library(file: str) -> bool:
    """Tell whether a file is the interpreter's library's or an installed package's."""
    if any(part in file for part in _INSTALLED) or file.startswith("<frozen "):
        return True
    return file.startswith(_LIBRARY)
