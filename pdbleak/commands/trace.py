"""`leak trace`: allocation lines for what is created from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.tracing import Tracing, describe, frames_kept, start, stop
from pdbleak.command import CommandError, command, number, subject

if TYPE_CHECKING:
    from pdbleak.session import Session

MOST = 100


@command(
    subject("on|off", "trace from now on, or no longer; without it, say what is traced", required=False),
    number("frames", "how many frames of an allocation to keep, for on", default=1, most=MOST),
    live=True,
)
def trace(session: Session, *, subject: str, frames: int) -> Tracing:
    """Trace where objects are allocated, from now on: `leak show`, `why` and `diff` then tell it.

    What exists already stays unknown. While it is on, an allocation takes 3 to 6 times as long with one frame
    (up to 20 times with 25), and each live block 90 bytes more. Several frames tell the program's own line
    where a library allocates for it. It stays on after c; off ends only what was started here.
    """
    if subject not in ("", "on", "off"):
        raise CommandError(f"trace takes on or off, not {subject!r}; type: leak trace on")
    kept = frames_kept()
    if not kept:
        session.traced = None
    if subject == "on":
        if kept:
            first = "leak trace off" if session.traced is not None else "tracemalloc.stop()"
            raise CommandError(
                f"tracing is on already, {kept} frame{'s' * (kept != 1)} each; to change that, type: {first}"
            )
        session.traced = start(frames)
    elif subject == "off" and kept:
        if session.traced is None:
            raise CommandError("the program itself started tracing; to stop that, type: tracemalloc.stop()")
        last, session.traced = stop(session.traced), None
        return last
    return describe(session.traced)
