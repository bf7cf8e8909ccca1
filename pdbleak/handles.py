"""Making picked objects (`_1`, `_2`, …) names of every expression at the prompt; knows no debugger.

Neither the frame's variables nor its globals can take them: what is written to `f_locals` stays with the
program, and a mapping laid over it fails inside comprehensions on CPython 3.11. Entries in `builtins` for
the time of one line work everywhere.
"""

from __future__ import annotations

import builtins
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pdbleak import meanwhile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType


@contextmanager
def readable(handles: Mapping[str, Any]) -> Iterator[None]:
    """Let every name lookup end at the handles; names that exist already are left alone."""
    space = vars(builtins)
    added = [name for name in handles if name not in space]

    def forget() -> None:
        for name in added:
            space.pop(name, None)

    meanwhile.begin(forget)
    space.update((name, handles[name]) for name in added)
    try:
        yield
    finally:
        forget()
        meanwhile.end(forget)


def hidden(handles: Mapping[str, Any], frame: FrameType, variables: Mapping[str, Any]) -> list[str]:
    """Return the handles that a name of the program's own keeps from being seen in a frame."""
    return [
        name for name in handles if name in variables or name in frame.f_globals or name in vars(builtins)
    ]
