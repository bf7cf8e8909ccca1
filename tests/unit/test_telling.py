"""A walk tells the terminal how long its command runs, after the first second; no trace of that stays."""

from __future__ import annotations

import os
import re
import threading

import pytest

from pdbleak._native import algorithms, stop
from pdbleak._native.ints import from_values

# A walk looks up after each 1,048,576 nodes.
NODES = 1_100_000
TOLD = re.compile(rb"(\rcycles \.\.\. \d s +)+")
ERASED = b"\r\x1b[K"


@pytest.fixture(scope="module")
def chain():
    """Return a linked list of many nodes, as rows."""
    return (
        memoryview(from_values([*range(NODES), NODES - 1], 4)),
        memoryview(from_values(range(1, NODES), 4)),
    )


@pytest.fixture
def terminal():
    """Return a function that reads what was written to a descriptor, and the descriptor."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def written():
        try:
            return os.read(reading, 1 << 16)
        except BlockingIOError:
            return b""

    yield written, writing
    stop.end_telling()
    os.close(reading)
    os.close(writing)


def walk(chain):
    assert sum(memoryview(algorithms.reach(*chain, [0], bytes(NODES)))) == NODES


def test_a_long_walk_tells_how_long_the_command_runs_and_erases_it(chain, terminal):
    written, descriptor = terminal
    stop.begin_telling(descriptor, b"cycles", after=0.0)
    walk(chain)
    assert TOLD.fullmatch(written())
    stop.end_telling()
    assert written() == ERASED
    walk(chain)
    stop.keep_telling()
    stop.tell_share("writing", 0.5)
    assert written() == b""


def test_in_the_first_second_nothing_is_told_and_nothing_erased(terminal):
    written, descriptor = terminal
    stop.begin_telling(descriptor, b"cycles", after=60.0)
    stop.keep_telling()
    stop.tell_share("writing", 0.5)
    stop.end_telling()
    assert written() == b""


def test_what_was_told_once_is_erased_once(terminal):
    written, descriptor = terminal
    stop.begin_telling(descriptor, b"cycles", after=0.0)
    stop.keep_telling()
    # A quarter of a second is not over yet.
    stop.keep_telling()
    assert TOLD.fullmatch(written())
    stop.erase_told()
    stop.erase_told()
    stop.end_telling()
    assert written() == ERASED


def test_a_share_is_told_in_percent(terminal):
    written, descriptor = terminal
    stop.begin_telling(descriptor, b"save", after=0.0)
    stop.tell_share("writing", 0.256)
    assert written().strip() == b"writing ... 26%"


def test_another_thread_does_not_tell_for_this_one(terminal):
    written, descriptor = terminal
    stop.begin_telling(descriptor, b"cycles", after=0.0)
    other = threading.Thread(target=stop.keep_telling)
    other.start()
    other.join()
    assert written() == b""
    stop.keep_telling()
    assert TOLD.fullmatch(written())
