"""Where one generator or coroutine waits, down to the innermost; resumes none, makes no frame object."""

from __future__ import annotations

import os.path
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak._native import referents, waiting_line
from pdbleak.names.code import called, code_of
from pdbleak.names.types import plain_text, printable, type_name

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST = 1000
LIBRARY = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - pathlib is not loaded for it
PACKAGES = f"{LIBRARY}site-packages{os.sep}"
_NEXT = {
    id(types.GeneratorType): types.GeneratorType.__dict__["gi_yieldfrom"].__get__,
    id(types.CoroutineType): types.CoroutineType.__dict__["cr_await"].__get__,
    id(types.AsyncGeneratorType): types.AsyncGeneratorType.__dict__["ag_await"].__get__,
}
# What stands between a coroutine and what it waits for, and refers to that.
_BETWEEN = frozenset({
    "coroutine_wrapper", "async_generator_asend", "async_generator_athrow", "anext_awaitable",
    "_asyncio.FutureIter",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A function and the line at which it stands; 0 where it was never started."""

    function: str
    file: str
    line: int

    @property
    def text(self) -> str:
        """The place in words: `fetch() at app.py:31`."""
        if not self.line:
            return f"{self.function}()"
        return f"{self.function}() at {os.path.basename(self.file)}:{self.line}"  # noqa: PTH119


def is_library(file: str) -> bool:
    """Tell whether a file is the interpreter's own library."""
    return file.startswith("<") or (file.startswith(LIBRARY) and not file.startswith(PACKAGES))


def inner_of(item: object) -> Any:
    """Return what a suspended generator or coroutine waits for: another one, a future, or None. O(1)."""
    step = _NEXT.get(id(type(item)))
    found = None if step is None else step(item)
    # A class of the program may have such a name, and an instance refer to itself.
    for _ in _BETWEEN:
        if found is None or type_name(type(found)) not in _BETWEEN:
            break
        below = [each for each in referents(found) if each is not None and each is not type(found)]
        found = next((each for each in below if id(type(each)) in _NEXT), below[0] if below else None)
    return found


def places_of(item: object) -> tuple[list[Place], Any]:
    """Return where an object waits, outermost place first, and what the innermost waits for. O(depth)."""
    places: list[Place] = []
    while id(type(item)) in _NEXT and len(places) < DEEPEST:
        code = code_of(item)
        file = printable((plain_text(code.co_filename) if code else None) or "?")
        places.append(Place(called(item), file, max(0, waiting_line(item))))
        item = inner_of(item)
    return places, item


def telling(places: Sequence[Place]) -> Place:
    """Return the innermost place that somebody wrote, the innermost of all if nobody did."""
    return next((place for place in reversed(places) if not is_library(place.file)), places[-1])
