"""What a child inherits where the program ignores SIGINT: that, and not our handler; knows no key press.

A handler becomes the default action in what is executed, which ends by the key; "ignore" stays "ignore".
"""

from __future__ import annotations

import _posixsubprocess
import os
from functools import wraps

from pdbleak._native import key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def take(ignores: Callable[[], bool]) -> None:
    """Let children inherit "ignore" while `ignores()` is true.

    `subprocess` and `multiprocessing` execute what they start by these functions; meanwhile SIGINT
    is ignored in earnest, and a press in these few milliseconds is lost.
    """
    for module, name in (
        (_posixsubprocess, "fork_exec"),
        (os, "posix_spawn"),
        (os, "posix_spawnp"),
    ):
        start = getattr(module, name, None)
        if start is not None:
            setattr(module, name, ignoring(start, ignores))

    def forked() -> None:
        if ignores():
            key.ignore()

    os.register_at_fork(after_in_child=forked)


def ignoring(start: Callable[..., Any], ignores: Callable[[], bool]) -> Callable[..., Any]:
    """Return `start` with SIGINT ignored meanwhile, if the program ignores it."""

    @wraps(start)
    def ignore_and_start(*arguments: Any, **options: Any) -> Any:
        if not ignores():
            return start(*arguments, **options)
        key.ignore()
        try:
            return start(*arguments, **options)
        finally:
            key.install()

    return ignore_and_start
