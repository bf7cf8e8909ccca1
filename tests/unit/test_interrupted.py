"""Ctrl+C ends every algorithm with nothing left of it, and the next call is right."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pdbleak._native import algorithms, cut, dominators, dying, paths, stop, via, weaken
from pdbleak._native.ints import from_values

# A walk looks up after each 1,048,576 steps.
NODES = 1_100_000
LAST = NODES - 1
STATM = Path("/proc/self/statm")


def words(values):
    return memoryview(from_values(list(values), 4))


@pytest.fixture(scope="module")
def ring():
    """Return a ring of many nodes as rows, with columns of zeros and ones by node."""
    found = SimpleNamespace(
        offsets=words(range(NODES + 1)),
        targets=words([*range(1, NODES), 0]),
        back_targets=words([LAST, *range(LAST)]),
        zeros=words([0] * NODES),
        ones=words([1] * NODES),
        nowhere=bytes(NODES),
        first=b"\1" + bytes(LAST),
        last=bytes(LAST) + b"\1",
        none=memoryview(from_values([], 8)),
        each=words(range(NODES)),
    )
    found.rows = found.offsets, found.targets
    found.back = found.offsets, found.back_targets
    found.forest = words([0, *range(LAST)])
    return found


def merge(ring):
    return paths.merge_paths(
        *(ring.each, ring.forest, ring.zeros, ring.offsets, ring.zeros, ring.ones, ring.nowhere, 16, 32),
        *(ring.targets, words([0]), b"\0", b"\0", b"\0"),
    )


def minimum_cut(ring):
    return cut.minimum_cut(
        *(*ring.rows, *ring.back, LAST, ring.first, ring.zeros, b"\0", words([0xFFFFFFFF])),
        *(ring.nowhere, 0, 0, ring.none, 6),
    )


def die(ring):
    empty = words([])
    return dying.dying(*ring.rows, ring.offsets, ring.first, words([0]), empty, empty, empty, 8)


def group(ring):
    return via.group_by_holders(
        *(*ring.rows, *ring.back, ring.each, ring.zeros, words([0]), ring.ones, b"\0", ring.nowhere, 16, 1),
    )


ALGORITHMS = {
    "reach": lambda ring: algorithms.reach(*ring.rows, [0], ring.nowhere),
    "nearest": lambda ring: algorithms.nearest(*ring.rows, 0, ring.last, ring.nowhere),
    "components": lambda ring: algorithms.components(*ring.rows, ring.nowhere),
    "dominate": lambda ring: dominators.dominate(*ring.rows, *ring.back, words([0])),
    "grow_forest": lambda ring: paths.grow_forest(
        *ring.rows, words([0]), words([0]), words([1]), 1, ring.nowhere
    ),
    "merge_paths": merge,
    "minimum_cut": minimum_cut,
    "choke_point": lambda ring: cut.choke_point(*ring.back, LAST, ring.first),
    "dying": die,
    "left_without": lambda ring: weaken.left_without(*ring.rows, ring.each, ring.ones, 1, ring.zeros, b"\0"),
    "group_by_holders": group,
}


def plain(answer):
    """Return an answer as values that can be compared."""
    if isinstance(answer, dict):
        return {name: plain(part) for name, part in answer.items()}
    if isinstance(answer, tuple):
        return tuple(plain(part) for part in answer)
    return answer if isinstance(answer, (int, list, bool)) else bytes(answer)


def mapped():
    """Return the bytes of address space that the process has."""
    return int(STATM.read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("name", ALGORITHMS)
def test_an_interrupted_algorithm_leaves_nothing_and_the_next_is_right(ring, name):
    run = ALGORITHMS[name]
    expected = plain(run(ring))
    before = mapped() if STATM.exists() else 0
    for _ in range(3):
        stop.listen_for(-1)
        stop.press()
        try:
            with pytest.raises(KeyboardInterrupt):
                run(ring)
        finally:
            stop.listen_no_more()
        # A column by node is 1.1 MB at least.
        assert not STATM.exists() or mapped() - before < NODES
    assert plain(run(ring)) == expected
