"""What has finished and is held: each kind by its real thing, and nothing that still works."""

from __future__ import annotations

import asyncio
import concurrent.futures
import random
import socket
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace

import drawing
import pytest
from drawing import Node

from pdbleak._native.ints import from_values
from pdbleak.analyses.retaining import retained_by
from pdbleak.commands.zombies import zombies
from pdbleak.graph import from_edges
from pdbleak.heap import LARGE


class Pool:
    """Somebody who keeps what has finished."""

    def __init__(self):
        self.jobs = {}


def count_to(number):
    yield from range(number)


def rows(found):
    return {row.type: row for row in found.rows}


def done_tasks(number):
    async def fetch():
        return bytearray(1000)

    async def run():
        tasks = [asyncio.create_task(fetch()) for _ in range(number)]
        await asyncio.wait(tasks)
        return tasks

    return asyncio.run(run())


def closed_socket():
    made = socket.socket()
    made.close()
    return made


def closed_file():
    with Path("/dev/null").open() as made:
        return made


def ended_thread():
    made = threading.Thread(target=int)
    made.start()
    made.join()
    return made


def exited_process():
    made = subprocess.Popen([sys.executable, "-S", "-c", ""])
    made.wait()
    return made


def done_future():
    made = concurrent.futures.Future()
    made.set_result(1)
    return made


def ended_generator():
    made = count_to(3)
    list(made)
    return made


def dead_weakref():
    return weakref.ref(Node())


FINISHED = {
    "socket.socket": closed_socket,
    "_io.TextIOWrapper": closed_file,
    "threading.Thread": ended_thread,
    "subprocess.Popen": exited_process,
    "concurrent.futures._base.Future": done_future,
    "generator": ended_generator,
    "weakref.ReferenceType": dead_weakref,
}
WORKING = {
    "socket.socket": socket.socket,
    "_io.TextIOWrapper": Path("/dev/null").open,
    "threading.Thread": lambda: threading.Thread(target=int),
    "concurrent.futures._base.Future": concurrent.futures.Future,
    "generator": lambda: count_to(3),
    "weakref.ReferenceType": lambda: weakref.ref(Pool),
}


@pytest.mark.parametrize("kind", FINISHED)
def test_what_has_finished_is_counted_under_its_holder(session, kind):
    drawing.HELD["pool"] = pool = Pool()
    before = rows(zombies(session, limit=50))
    for number in range(7):
        pool.jobs[number] = FINISHED[kind]()
    session.fresh()
    row = rows(zombies(session, limit=50))[kind]
    known = before.get(kind)
    assert row.count - (known.count if known else 0) == 7
    if not known:
        assert (row.holder, row.share) == (f"{__name__}.Pool.jobs[*]", 1.0)
        assert session.handles[row.handle] in pool.jobs.values()
    for made in pool.jobs.values():
        if kind == "subprocess.Popen":
            assert made.returncode == 0


@pytest.mark.parametrize("kind", WORKING)
def test_what_still_works_is_not_accused(session, kind):
    before = rows(zombies(session, limit=50)).get(kind)
    drawing.HELD["working"] = [WORKING[kind]() for _ in range(5)]
    session.fresh()
    after = rows(zombies(session, limit=50)).get(kind)
    assert (after.count if after else 0) == (before.count if before else 0)
    for made in drawing.HELD.pop("working"):
        if hasattr(made, "close"):
            made.close()


def test_done_tasks_are_one_row_with_their_numbers_and_all_they_free(session):
    drawing.HELD["pool"] = pool = Pool()
    pool.jobs["done"] = done_tasks(40)
    row = rows(zombies(session))["_asyncio.Task"]
    assert (row.count, row.holder) == (40, f"{__name__}.Pool.jobs['done'][*]")
    assert row.retained > 40 * 1000
    assert row.age.startswith("Task-")
    first, last = (int(name.removeprefix("Task-")) for name in row.age.split(" to "))
    assert last - first == 39


def test_what_is_inside_of_another_finished_object_is_not_a_row(session):
    drawing.HELD["pool"] = pool = Pool()
    pool.jobs["file"] = closed_file()
    found = rows(zombies(session, limit=50))
    assert found["_io.TextIOWrapper"].count == 1
    assert "_io.BufferedReader" not in found
    assert "_io.FileIO" not in found


def test_what_only_a_running_frame_holds_is_passing(session):
    mine = [done_future() for _ in range(1)].pop()
    found = rows(zombies(session, limit=50))
    assert "concurrent.futures._base.Future" not in found
    drawing.HELD["future"] = done_future()
    session.fresh()
    row = rows(zombies(session, limit=50))["concurrent.futures._base.Future"]
    assert (row.count, row.passing) == (1, 1)
    assert mine.done()


def test_garbage_is_not_held(session):
    loop = [done_future()]
    loop.append(loop)
    del loop
    assert "concurrent.futures._base.Future" not in rows(zombies(session, limit=50))


def drawn_heap(rng):
    """A random graph with sizes, as far as `retained_by` looks at a heap."""
    count = rng.randrange(2, 40)
    edges = [(rng.randrange(count), rng.randrange(count)) for _ in range(rng.randrange(3 * count))]
    sizes = [rng.choice((16, 48, LARGE)) for _ in range(count)]
    return SimpleNamespace(
        graph=from_edges(count, edges),
        roots=rng.sample(range(count), rng.randrange(1, count)),
        types=("int", "str"),
        type_of=memoryview(from_values([node % 2 for node in range(count)], 4)),
        sizes=memoryview(from_values(sizes, 4)),
        large={node: 2 * LARGE + node for node, size in enumerate(sizes) if size == LARGE},
    )


def naive_retained(heap, chosen):
    def reached(starts, without):
        met, waiting = set(), [node for node in starts if node not in without]
        while waiting:
            node = waiting.pop()
            if node not in met:
                met.add(node)
                waiting += [each for each in heap.graph.referents(node) if each not in without]
        return met

    freed = reached(chosen, ()) - reached(heap.roots, chosen)
    return len(freed), sum(heap.large.get(node, heap.sizes[node]) for node in freed)


def test_what_a_set_retains_is_what_the_roots_do_not_reach_without_it():
    rng = random.Random(7)
    for _ in range(300):
        heap = drawn_heap(rng)
        chosen = rng.sample(range(heap.graph.nodes), rng.randrange(1, heap.graph.nodes))
        assert retained_by(heap, chosen) == naive_retained(heap, set(chosen))


def test_what_zombies_are_said_to_retain_dies_with_them(session):
    drawing.HELD["pool"] = pool = Pool()
    pool.jobs["done"] = done_tasks(40)
    row = rows(zombies(session))["_asyncio.Task"]
    # Handles hold one of them.
    session.handles.clear()
    before = session.fresh()
    size = before.total_size(range(before.graph.nodes))
    objects = before.graph.nodes
    pool.jobs["done"][:] = [None] * 40
    after = session.fresh()
    assert objects - after.graph.nodes == pytest.approx(row.retained_objects, abs=45)
    assert size - after.total_size(range(after.graph.nodes)) == pytest.approx(row.retained, rel=0.05)


def test_a_long_linked_list_of_done_futures_takes_no_recursion(session):
    last = None
    for _ in range(20_000):
        future = concurrent.futures.Future()
        future.set_result(last)
        last = future
    drawing.HELD["last"] = last
    row = rows(zombies(session))["concurrent.futures._base.Future"]
    # Each but the outermost is inside of the one before.
    assert (row.count, row.inside) == (1, 19_999)
    assert row.retained_objects >= 20_000
    while last is not None:
        last = last._result
    drawing.HELD.clear()


def test_nothing_is_kept_after_the_answer(session):
    drawing.HELD["pool"] = pool = Pool()
    pool.jobs["future"] = done_future()
    watch = weakref.ref(pool.jobs["future"])
    zombies(session)
    session.close()
    del pool.jobs["future"]
    assert watch() is None
