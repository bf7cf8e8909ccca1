"""Where threads, tasks and generators wait, by their real things, and what their variables keep alive."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
import types

import drawing
import pytest

from pdbleak.analyses.waiting import inner_of
from pdbleak.commands.tasks import tasks


def inner():
    yield 1
    yield 2


def outer(size=10):
    data = bytearray(size)
    yield from inner()
    del data


async def listen():
    while True:
        await asyncio.sleep(3600)
        yield 1


async def read(queue):
    data = bytearray(50_000)
    await queue.get()
    del data


async def fetch(queue):
    await read(queue)


async def consume():
    async for _ in listen():
        pass


@types.coroutine
def old_style():
    yield


async def modern():
    await old_style()


def line_of(function, step):
    return f"{function.__code__.co_firstlineno + step}"


def row_at(found, function, kind):
    return next(row for row in found.rows if row.kind == kind and row.function == f"{function}()")


def with_loop(session, *coroutines, limit=50):
    """The answer while some coroutines wait in tasks."""

    async def run():
        made = [asyncio.create_task(each) for each in coroutines]
        await asyncio.sleep(0.01)
        session.fresh()
        found = tasks(session, limit=limit)
        for each in made:
            each.cancel()
        await asyncio.wait(made)
        return found

    return asyncio.run(run())


def test_generators_that_wait_at_one_place_are_one_row(session):
    drawing.HELD["waiting"] = made = [outer() for _ in range(12)]
    for each in made:
        next(each)
    row = row_at(tasks(session, limit=50), "outer", "generator")
    assert row.count == 12
    assert row.place == f"inner() at test_tasks.py:{line_of(inner, 1)}"
    assert session.handles[row.handle] in made


def test_generators_that_wait_at_two_lines_are_two_rows(session):
    drawing.HELD["waiting"] = made = [outer() for _ in range(5)]
    for each in made:
        next(each)
    next(made[0])
    places = {row.place: row.count for row in tasks(session, limit=50).rows if row.function == "outer()"}
    assert places == {
        f"inner() at test_tasks.py:{line_of(inner, 1)}": 4,
        f"inner() at test_tasks.py:{line_of(inner, 2)}": 1,
    }


def test_finished_and_running_ones_do_not_wait(session):
    drawing.HELD["ended"] = made = [outer() for _ in range(3)]
    for each in made:
        list(each)
    seen = []

    def looks():
        seen.append(tasks(session, limit=50))
        yield

    list(looks())
    assert {"outer()", "looks()"}.isdisjoint(row.function for row in seen[0].rows)


def test_what_was_never_started_has_no_line(session):
    drawing.HELD["never"] = made = [fetch(None) for _ in range(3)]
    row = row_at(tasks(session, limit=50), "fetch", "coroutine")
    assert (row.count, row.place, row.awaits) == (3, "fetch()", "")
    for each in made:
        each.close()


def test_tasks_wait_where_their_innermost_coroutine_does(session):
    queue = asyncio.Queue()
    found = with_loop(session, *(fetch(queue) for _ in range(15)))
    row = row_at(found, "fetch", "task")
    assert (row.count, row.place) == (15, f"read() at test_tasks.py:{line_of(read, 2)}")
    assert row.inside.startswith("Queue.get() at queues.py:")
    assert row.awaits == "_asyncio.Future"
    first, last = (int(name.removeprefix("Task-")) for name in row.label.split(" to "))
    assert last - first == 14
    assert row.retained > 15 * 50_000
    assert row.suspect == (row.retained > found.size * 0.1)
    assert not [each for each in found.rows if each.kind == "coroutine" and each.function == "read()"]


def test_asynchronous_generators_are_seen_through(session):
    row = row_at(with_loop(session, consume(), consume()), "consume", "task")
    assert (row.count, row.place) == (2, f"listen() at test_tasks.py:{line_of(listen, 2)}")
    assert row.inside.startswith("sleep() at tasks.py:")


def test_generator_based_coroutines_are_seen_through(session):
    drawing.HELD["modern"] = made = modern()
    made.send(None)
    row = row_at(tasks(session, limit=50), "modern", "coroutine")
    assert row.place == f"old_style() at test_tasks.py:{line_of(old_style, 2)}"
    made.close()


def test_a_thread_stands_at_its_line_and_retains_its_variables(session):
    ready, stop = threading.Event(), threading.Event()

    def serve():
        mine = bytearray(300_000)
        ready.set()
        stop.wait()
        del mine

    thread = threading.Thread(target=serve, name="server", daemon=True)
    thread.start()
    ready.wait()
    while "wait" not in sys_frame_name(thread.ident):
        time.sleep(0.001)
    found = tasks(session, limit=50)
    stop.set()
    thread.join()
    row = next(row for row in found.rows if row.label == "server")
    assert (row.kind, row.count) == ("daemon thread", 1)
    assert row.place == f"serve() at test_tasks.py:{line_of(serve, 3)}"
    assert row.inside.startswith("Event.wait() at threading.py:") or row.inside.startswith("Condition.wait()")
    assert 300_000 <= row.retained < 330_000
    assert session.handles[row.handle] is thread


def sys_frame_name(ident):
    return sys._current_frames()[ident].f_code.co_qualname


def test_what_a_group_retains_dies_with_its_variables(session):
    drawing.HELD["waiting"] = made = [outer(10_000) for _ in range(20)]
    for each in made:
        next(each)
    row = row_at(tasks(session, limit=50), "outer", "generator")
    session.handles.clear()
    each = None
    before = session.fresh()
    size = before.total_size(range(before.graph.nodes))
    made[:] = [None] * 20
    after = session.fresh()
    freed = size - after.total_size(range(after.graph.nodes))
    assert freed == pytest.approx(row.retained, rel=0.02)


def test_a_long_chain_of_generators_takes_no_recursion(session):
    def nested(below):
        yield from below

    made = inner()
    for _ in range(600):
        made = nested(made)
    drawing.HELD["chain"] = made
    next(made)
    found = [row for row in tasks(session, limit=50).rows if row.function.endswith("nested()")]
    assert [(each.count, each.place.partition(" ")[0]) for each in found] == [(1, "inner()")]


def test_a_quiet_program_has_its_threads_only(session):
    found = tasks(session, limit=50)
    assert found.tasks == 0
    assert found.threads >= 1
    assert not any(row.suspect for row in found.rows)


def test_what_is_awaited_may_refer_to_itself_under_any_name():
    class FutureIter:
        __module__ = "_asyncio"
        __qualname__ = "FutureIter"

        def __init__(self):
            self.again = self

        def __await__(self):
            return self

        def __iter__(self):
            return self

        def __next__(self):
            return None

    awaited = FutureIter()

    async def waits():
        await awaited

    coroutine = waits()
    coroutine.send(None)
    try:
        assert inner_of(coroutine) is awaited
    finally:
        coroutine.close()
