"""Keeping other tools from objects that are dead already; knows no tool's answer.

The module state of `_asyncio` visits its free list of dead iterators (CPython 3.12.1). Whoever takes a
reference to one and drops it frees it twice, and the program dies: heapy does, and so does everything
that calls `gc.get_referents`. `gc.get_referrers` only compares addresses.
"""

from __future__ import annotations

import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.opinion import UnansweredError
from pdbleak.heap import take_capture

if TYPE_CHECKING:
    from collections.abc import Iterator

FORWARD = frozenset({"show_refs", "find_ref_chain", "show_chain", "get_leaking_objects"})


def touches_referents(module: str, name: str) -> bool:
    """Tell whether a tool's function takes references to whatever an object refers to."""
    return module == "guppy" or name in FORWARD


def refuse_dead() -> None:
    """Raise UnansweredError if the interpreter still shows dead objects; collects garbage. O(V + E)."""
    # The tools collect first, and what that frees goes to the free lists too.
    gc.collect()
    dead = take_capture().dead
    if dead:
        raise UnansweredError(_reason(dead))


@contextmanager
def dead_apart() -> Iterator[None]:
    """Keep dead objects out of sight for a while by taking them off asyncio's free list; collects garbage.

    Raises UnansweredError where that is not enough. O(V + E).
    """
    gc.collect()
    dead = take_capture().dead
    revived = _taken(dead) if dead else []
    left = take_capture().dead if revived else dead
    if left:
        raise UnansweredError(_reason(left))
    try:
        yield
    finally:
        revived.clear()


def _taken(dead: int) -> list[Any]:
    """Make as many iterators as lie on the free list; they lie there again when they are dropped."""
    asyncio = sys.modules.get("_asyncio")
    if asyncio is None:
        return []
    future = asyncio.Future(loop=_NoLoop())
    return [iter(future) for _ in range(dead)]


class _NoLoop:
    """The least that a future asks of its loop."""

    def get_debug(self) -> bool:
        return False


def _reason(dead: int) -> str:
    return (
        f"it would touch {dead:,} dead objects that this Python still shows on a free list, "
        "and crash the program; type: leak types 20"
    )
