"""Room for a few more descriptors and calls while a prompt is open; knows nothing of what they are for."""

from __future__ import annotations

import sys

try:
    import resource
except ImportError:  # not everywhere
    resource = None  # type: ignore[assignment]

ROOM = 64
CALLS = 1000


class Headroom:
    """Raises the soft limit of open descriptors and the one of nested calls, and lowers them again.

    A program that leaks descriptors has none left just when it is looked at, and an import needs one; one
    that is deep in a recursion has no call left. Where the soft limit is the hard one there is nothing to do.
    """

    __slots__ = ("calls", "depth", "found")

    def __init__(self, *, calls: int = CALLS) -> None:
        """Make room for so many calls, 0 where no program's stack is above."""
        self.calls = calls

    def __enter__(self) -> None:
        """Make room."""
        self.depth = sys.getrecursionlimit()
        if self.calls:
            sys.setrecursionlimit(self.depth + self.calls)
        self.found = None
        if resource is None:
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        more = soft + ROOM if hard == resource.RLIM_INFINITY else min(soft + ROOM, hard)
        if soft != resource.RLIM_INFINITY and more > soft:
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            self.found = (soft, hard)

    def __exit__(self, *_error: object) -> None:
        """Leave the limits as found, or as the program has set them meanwhile."""
        if self.found is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, self.found)
        if self.calls and sys.getrecursionlimit() == self.depth + self.calls:
            try:
                sys.setrecursionlimit(self.depth)
            except RecursionError:  # it stands right at its limit
                return
