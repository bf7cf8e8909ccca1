"""Whether a frame stands inside an import of ours, which Ctrl+C must not end half-way; knows no key.

The interpreter prints and drops an exception that is raised in one of an import's callbacks, a compiled
module drops one silently, and the press would be lost.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

PACKAGE = __name__.partition(".")[0]


def is_ours(frame: FrameType | None) -> bool:
    """Tell whether a frame runs inside of an import that one of our modules has begun."""
    importing = False
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module == "importlib" or frame.f_code.co_filename.startswith("<frozen importlib"):
            importing = True
        elif importing and module.partition(".")[0] == PACKAGE:
            return True
        else:
            importing = False
        frame = frame.f_back
    return False
