"""What has finished is judged by what it stores, in every state it can be in; none of its code runs."""

import asyncio
import concurrent.futures
import contextlib
import gzip
import io
import mmap
import multiprocessing
import select
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import types
import weakref
from pathlib import Path

import pytest
from drawing import Node

from pdbleak.analyses.judging import judge, rule_for


def verdict(item):
    found = judge(item)
    if found is None:
        return None
    assert rule_for(type(item)) is not None
    return found.verdict


def gzip_file():
    return gzip.GzipFile(fileobj=io.BytesIO(), mode="wb")


@contextlib.contextmanager
def entered():
    yield


OPEN = Path(__file__).open

CLOSED = {
    "socket": socket.socket,
    "text file": OPEN,
    "buffered file": lambda: OPEN("rb"),
    "raw file": lambda: OPEN("rb", buffering=0),
    "temporary file": tempfile.TemporaryFile,
    "named temporary file": tempfile.NamedTemporaryFile,
    "bytes": io.BytesIO,
    "string": io.StringIO,
    "gzip": gzip_file,
    "mmap": lambda: mmap.mmap(-1, 10),
    "epoll": select.epoll,
    "database": lambda: sqlite3.connect(":memory:"),
    "generator": lambda: (each for each in ()),
    "pipe": lambda: multiprocessing.Pipe()[0],
    "event loop": asyncio.new_event_loop,
}


@pytest.mark.parametrize("make", CLOSED.values(), ids=CLOSED)
def test_what_is_closed_has_finished(make):
    item = make()
    assert verdict(item) is None
    item.close()
    assert verdict(item) == "finished"


def test_a_thread_lives_from_its_start_to_its_end():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    assert verdict(thread) is None
    thread.start()
    assert verdict(thread) == verdict(threading.main_thread()) == "alive"
    stop.set()
    thread.join()
    assert verdict(thread) == "finished"


def test_a_thread_that_nobody_joined_has_finished():
    thread = threading.Thread(target=int)
    before = threading.active_count()
    thread.start()
    end = time.monotonic() + 10
    while verdict(thread) != "finished" and time.monotonic() < end:
        time.sleep(0.001)
    assert judge(thread).reason == "a thread that has ended"
    assert threading.active_count() == before


def test_a_task_and_a_future_finish_with_their_result():
    async def serve():
        loop = asyncio.get_running_loop()
        task, future = loop.create_task(asyncio.sleep(0)), loop.create_future()
        call = loop.call_later(100, print)
        assert [verdict(item) for item in (loop, task, future, call)] == ["alive", None, None, None]
        await task
        future.set_result(1)
        call.cancel()
        return loop, task, future, call

    items = asyncio.run(serve())
    assert [judge(item).reason for item in items] == [
        "an event loop that is closed",
        "a task that is done",
        "a future that is done",
        "a call that was cancelled",
    ]


def test_a_connection_finishes_when_it_is_closed():
    async def serve():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        assert [verdict(item) for item in (server, writer, writer.transport)] == [None] * 3
        writer.close()
        await writer.wait_closed()
        server.close()
        return server, writer, writer.transport

    assert [verdict(item) for item in asyncio.run(serve())] == ["finished"] * 3


def test_a_future_of_a_pool_is_done_when_computed():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        gate = threading.Event()
        first, second = pool.submit(gate.wait), pool.submit(int)
        assert verdict(second) is None
        assert verdict(pool) is None
        gate.set()
        first.result()
        second.result()
        assert verdict(second) == "finished"
    assert verdict(pool) == "finished"


def test_a_process_has_finished_when_it_has_exited():
    child = subprocess.Popen([sys.executable, "-c", ""])
    assert verdict(child) is None
    child.wait()
    assert verdict(child) == "finished"


def test_a_weakref_finishes_with_its_referent():
    item = Node()
    link = weakref.ref(item)
    assert verdict(link) is None
    del item
    assert verdict(link) == "finished"


def test_a_generator_runs_waits_and_ends():
    seen = []

    def count():
        seen.append(verdict(made))
        yield

    made = count()
    assert verdict(made) is None
    next(made)
    assert verdict(made) is None
    assert list(made) == []
    assert verdict(made) == "finished"
    assert seen == ["alive"]


def test_a_coroutine_that_was_closed_has_finished():
    async def serve():
        pass

    made = serve()
    assert verdict(made) is None
    made.close()
    assert judge(made).reason == "a coroutine whose serve() has ended"


def test_a_context_is_finished_with_its_generator():
    context = entered()
    with context:
        assert verdict(context) is None
    assert verdict(context) == "finished"


def test_a_frame_is_alive_until_its_call_ends():
    def fail():
        raise ZeroDivisionError

    assert verdict(sys._getframe()) == "alive"
    with pytest.raises(ZeroDivisionError) as caught:
        fail()
    assert judge(caught.tb.tb_next.tb_frame).reason == "a frame whose fail() has ended"


def test_modules_and_classes_are_alive():
    assert [verdict(item) for item in (sys, types.ModuleType("made"), Node, int)] == ["alive"] * 4


@pytest.mark.parametrize(
    "item", [None, 1, "text", [], {}, (), object(), len, verdict], ids=lambda item: type(item).__name__
)
def test_anything_else_does_not_tell(item):
    assert judge(item) is None


def test_judging_runs_none_of_the_programs_code():
    class Loud(socket.socket, threading.Thread):
        def __getattribute__(self, name):
            raise AssertionError(name)

        closed = fileno = is_alive = property(__getattribute__)

    class Named:
        __module__, __qualname__ = "_socket", "socket"

        def fileno(self):
            raise AssertionError

    loud = socket.socket.__new__(Loud)
    assert verdict(loud) == "finished"  # a socket that was never opened is as good as closed
    assert judge(Named()) is None


def test_what_speaks_for_itself_forever_tells_nothing():
    class Writer:
        __module__, __qualname__ = "asyncio.streams", "StreamWriter"

    item = Writer()
    item._transport = item
    assert judge(item) is None
