"""The running threads: their names, where each stands, and the roots that only some of them hold."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.analyses.kinds import classes_of, nodes_in, rows_below
from pdbleak.analyses.waiting import Place, is_library
from pdbleak.heap import DEBUGGERS, IMMORTAL
from pdbleak.names.attributes import attributes
from pdbleak.names.types import plain_text, printable

if TYPE_CHECKING:
    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class Thread:
    """A running thread, and where it stands, outermost place first.

    `ident` is its number in `heap.frames`; `node` its `threading.Thread`, -1 where it has none.
    """

    ident: int
    name: str
    daemon: bool
    node: int
    places: tuple[Place, ...]


def find_threads(heap: Heap) -> list[Thread]:
    """Return the threads that ran Python code at the time of the capture. O(frames + V)."""
    known = _named(heap)
    frames: dict[int, list[int]] = {}
    for number, frame in enumerate(heap.frames):
        frames.setdefault(frame.thread, []).append(number)
    threads = []
    for ident, numbers in frames.items():
        name, daemon, node = known.get(ident, (f"thread {ident:#x}", False, -1))
        stack = [heap.frames[number] for number in numbers]
        # The prompt's own frames say nothing of where the program stands.
        while len(stack) > 1 and _is_debuggers(stack[0].file):
            del stack[0]
        places = tuple(
            Place(frame.function.rpartition("<locals>.")[2], frame.file, frame.line)
            for frame in reversed(stack)
        )
        threads.append(Thread(ident, name, daemon, node, places))
    return threads


def frames_of(heap: Heap, threads: set[int]) -> frozenset[int]:
    """Return the numbers of the frames of some threads, which are told by their identifiers. O(frames)."""
    return frozenset(number for number, frame in enumerate(heap.frames) if frame.thread in threads)


def _is_debuggers(file: str) -> bool:
    folder, _, base = file.rpartition(os.sep)
    own = is_library(file) and base.removesuffix(".py") in DEBUGGERS
    return own or folder.rpartition(os.sep)[2] in DEBUGGERS


def _named(heap: Heap) -> dict[int, tuple[str, bool, int]]:
    """Return {identifier: (name, whether daemonic, node)} of the live `threading.Thread` objects."""
    known: dict[int, tuple[str, bool, int]] = {}
    items = heap.resolve(nodes_in(heap, rows_below(classes_of(heap), "threading.Thread")))
    for node, item in items.items():
        stored = dict(attributes(item))
        ident = stored.get("_ident")
        if type(ident) is int:
            name = printable(plain_text(stored.get("_name")) or "(nameless)", 40)
            known[ident] = name, stored.get("_daemonic") is True, node
    return known


def held_only_by(heap: Heap, frames: frozenset[int]) -> list[int]:
    """Return the roots that are roots by some frames' variables alone. O(roots of frames)."""
    mine: set[int] = set()
    others: set[int] = set()
    for node, frame in zip(heap.frame_roots[0], heap.frame_roots[1], strict=True):
        (mine if frame in frames else others).add(node)
    return [node for node in mine - others if not heap.unexplained[node] and not heap.has(node, IMMORTAL)]
