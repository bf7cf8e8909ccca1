"""Room for a few descriptors in another process while it is made to listen; knows not what they are for.

A program that leaks descriptors has none left just when it is looked at, and an import needs one. The kernel
lets its user raise its soft limit, up to the hard one.
"""

from __future__ import annotations

import os
import resource
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = 64


@contextmanager
def of(process: int) -> Iterator[None]:
    """Raise a process's limit of descriptors if it has few left, and lower it again at the end."""
    found = raised = (0, 0)
    with suppress(OSError, AttributeError, ValueError):
        found = raised = limits(process)
        opened = len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208 - to be counted only
        if 0 <= found[0] < opened + ROOM:
            raised = (opened + ROOM if found[1] < 0 else min(opened + ROOM, found[1]), found[1])
            resource.prlimit(process, resource.RLIMIT_NOFILE, raised)
    try:
        yield
    finally:
        with suppress(OSError, AttributeError, ValueError):
            if raised != found and limits(process) == raised:
                resource.prlimit(process, resource.RLIMIT_NOFILE, found)


def limits(process: int) -> tuple[int, int]:
    """Return a process's soft and hard limit of descriptors, negative for none. Raises OSError."""
    return resource.prlimit(process, resource.RLIMIT_NOFILE)
