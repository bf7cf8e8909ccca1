"""Room for a few more descriptors while a prompt is open; knows nothing of what they are opened for."""

from __future__ import annotations

try:
    import resource
except ImportError:  # not everywhere
    resource = None  # type: ignore[assignment]

ROOM = 64


class Headroom:
    """Raises the soft limit of open descriptors, and lowers it again.

    A program that leaks descriptors has none left just when it is looked at, and an import needs one.
    Where the soft limit is the hard one already there is nothing to do.
    """

    __slots__ = ("found",)

    def __enter__(self) -> None:
        """Make room."""
        self.found = None
        if resource is None:
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        more = soft + ROOM if hard == resource.RLIM_INFINITY else min(soft + ROOM, hard)
        if soft != resource.RLIM_INFINITY and more > soft:
            resource.setrlimit(resource.RLIMIT_NOFILE, (more, hard))
            self.found = (soft, hard)

    def __exit__(self, *_error: object) -> None:
        """Leave the limit as found."""
        if self.found is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, self.found)
