"""Known causes around exceptions: with one, every frame of its traceback is kept, and all local variables."""

from __future__ import annotations

from pdbleak.analyses.holders.known import KnownHolder

ERRORS = (
    KnownHolder(
        "the last uncaught exception is kept, with all local variables of its frames",
        r"^module sys \.last_(exc|value|traceback)\b",
        "del sys.last_exc, sys.last_value, sys.last_traceback",
        "https://docs.python.org/3/library/sys.html#sys.last_exc",
        least=1 << 30,
        least_size=8 << 20,
    ),
    KnownHolder(
        "exceptions are kept, and each keeps the frames of its traceback with all their local variables",
        r"(\.__traceback__ → traceback|(\[\*\]|\{\S+\}) → \S*(Error|Exception|Interrupt|Warning))$",
        "keep str(error) or traceback.format_exc(); or drop the frames, error.with_traceback(None), "
        "and the errors behind it: error.__cause__ = error.__context__ = None",
        "https://docs.python.org/3/reference/datamodel.html#traceback-objects",
    ),
)
