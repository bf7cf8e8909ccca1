"""What is changed in the process for a moment, undone in a child that is forked just then; knows not what.

Of all threads a child has only the one that forked: whoever would have put the change back is not there. A
worker that was forked while a command ran beside its parent would run without a collector all its life.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_undo: list[Callable[[], object]] = []
_asked = False


def begin(undo: Callable[[], object]) -> None:
    """Have `undo` called in every child that is forked from now on, whoever forks it."""
    global _asked  # noqa: PLW0603 - the interpreter takes no such request back, and one is enough
    if not _asked:
        _asked = True
        os.register_at_fork(after_in_child=in_child)
    _undo.append(undo)


def end(undo: Callable[[], object]) -> None:
    """Have it called no more."""
    if undo in _undo:
        _undo.remove(undo)


def in_child() -> None:
    """Undo everything, the last change first."""
    changes = _undo[::-1]
    _undo.clear()
    for each in changes:
        try:
            each()
        except Exception:  # noqa: BLE001, S112 - the child goes on, and so do the others
            continue
