"""Where a prompt stands: the variables of its frame, and the objects of its own; knows no answer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pdbleak import remains

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


def variables(debugger: Any) -> dict[str, Any]:
    """Return the frame's variables as the debugger sees them, what was assigned at the prompt included."""
    frame = debugger.curframe
    if frame is None:
        return {}
    # Up to 3.12 reading f_locals again would undo assignments made at the prompt.
    cached = None if sys.version_info >= (3, 13) else getattr(debugger, "curframe_locals", None)
    return dict(frame.f_locals if cached is None else cached)


def own_objects(debugger: Any, frame: FrameType) -> tuple[Any, ...]:
    """Return what must not be seen in an answer: the debugger, the prompt's frames, what it imported."""
    frontend = sys.modules.get("pdbleak.frontend")
    brought = frontend.brought() if frontend else ()
    return (
        debugger,
        *getattr(debugger, "own", ()),
        *remains.namespaces(debugger),
        *prompt_frames(frame, debugger),
        *brought,
    )


def prompt_frames(frame: FrameType | None, debugger: Any) -> Iterator[FrameType]:
    """Yield the frames of the prompt itself: from here to the frame that is being looked at."""
    program = {id(each) for each, _ in debugger.stack}
    while frame is not None and id(frame) not in program:
        yield frame
        frame = frame.f_back
