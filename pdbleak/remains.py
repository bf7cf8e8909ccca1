"""What a debugger leaves in the program, and taking it away again; knows nothing of prompts and their lines.

Up to CPython 3.12 `frame.f_locals` is a dict that stays on the frame and keeps old values alive; from 3.13
on it is a proxy (PEP 667). `$name` lives in the frame's globals, and what a step set on the outermost frame
bdb never takes off.
"""

from __future__ import annotations

import sys
from types import MethodType
from typing import TYPE_CHECKING, Any

from pdbleak._native import variables_of
from pdbleak.target import ABOVE_PROGRAM

if TYPE_CHECKING:
    from types import FrameType

OPTIMIZED = 0x1  # inspect.CO_OPTIMIZED
LEFT_BY_PDB = ("__return__", "__exception__")
LOOKED_AT = ("curframe_locals", "_curframe_locals", "fullstack", "_hidden_frames", "_via_set_trace_frame")
CONVENIENCE = "__pdb_convenience_variables"


def stack(frame: FrameType | None) -> list[FrameType]:
    """Return the program's frames from `frame` outwards, without the launcher's."""
    frames = []
    while frame is not None and frame.f_globals.get("__name__") not in ABOVE_PROGRAM:
        frames.append(frame)
        frame = frame.f_back
    return frames


def namespaces(debugger: Any) -> list[Any]:
    """Return the dicts that reading `f_locals` left on the stack's frames; none from CPython 3.13 on."""
    cached = getattr(debugger, "curframe_locals", None)
    if sys.version_info >= (3, 13) or cached is None:
        return []
    # What is not to be emptied afterwards is not made either; reading the current frame's again would undo
    # assignments made at the prompt.
    frames = [frame for frame, _ in debugger.stack] if hasattr(debugger, "interrupting") else []
    found = [frame.f_locals for frame in frames if is_optimized(frame) and frame is not debugger.curframe]
    return [*found, cached] if is_optimized(debugger.curframe) else found


def is_optimized(frame: FrameType) -> bool:
    """Tell whether the variables live in the frame, and not in its namespace dict."""
    return bool(frame.f_code.co_flags & OPTIMIZED)


def let_go(debugger: Any) -> None:
    """Make a debugger forget what a prompt looked at; it may go on tracing."""
    plugin = sys.modules.get("pdbleak.plugin")
    if plugin is not None:
        plugin.release(debugger)
    for name in LOOKED_AT:
        debugger.__dict__.pop(name, None)
    # pdb++ keeps the debugger itself as a part of the cache's keys.
    highlighted = getattr(debugger, "_highlight_cached", None)
    if highlighted is not None:
        highlighted.cache_clear()


def discard(debugger: Any, frames: list[FrameType]) -> None:
    """Empty a debugger that is done, and take its `$name` variables out of the program."""
    let_go(debugger)
    for frame in frames:
        frame.f_globals.pop(CONVENIENCE, None)
    debugger.__dict__.clear()


def is_tracer_of(tracer: Any, debugger: Any) -> bool:
    """Tell whether a trace function is a debugger's; the program's own is not asked whether it is equal."""
    return type(tracer) is MethodType and tracer.__self__ is debugger


def forget_tracing(debugger: Any, frame: FrameType | None) -> None:
    """Take a debugger off every frame from `frame` outwards."""
    while frame is not None:
        if is_tracer_of(frame.f_trace, debugger):
            del frame.f_trace
        frame = frame.f_back


def empty_locals(frames: list[FrameType]) -> None:
    """Empty the dicts that reading `f_locals` left on frames; trace functions would write them back.

    A dict that the program itself got from `locals()` is left alone, and so are names that `exec` put
    there.
    """
    if sys.version_info >= (3, 13):
        return
    for frame in frames:
        code = frame.f_code
        if not is_optimized(frame):
            continue
        left = frame.f_locals
        if sys.getrefcount(left) > 3:  # noqa: PLR2004 - the frame's, ours, the call's
            continue
        for name in (*variables_of(code), *LEFT_BY_PDB):
            left.pop(name, None)
