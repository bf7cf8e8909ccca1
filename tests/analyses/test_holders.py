"""Each known cause is recognised by the real thing, and a healthy program shows none."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import functools
import linecache
import logging
import sys
import threading
import types
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool
from re import compile as pattern
from unittest import mock

import drawing
import pytest
from drawing import Node, Wild

from pdbleak.analyses.holders import KNOWN_HOLDERS, explain, find_hidden, find_known
from pdbleak.analyses.marking import take_mark
from pdbleak.heap import take_capture

MANY = 1777


class Page:
    @functools.lru_cache(maxsize=None)  # noqa: B019, UP033 - the leak itself
    def rendered(self):
        return [self]

    @functools.lru_cache(maxsize=MANY)  # noqa: B019 - its healthy twin
    def bounded(self):
        return [self]


@functools.cache
def looked_up(number):
    return {"number": number}


def keep_results():
    for number in range(MANY):
        looked_up(number)
    return looked_up.cache_clear


def keep_instances():
    for _ in range(MANY):
        Page().rendered()
    return lambda: Page.rendered.cache_clear()  # noqa: PLW0108 - the method would hold the cache


def name_loggers():
    for number in range(MANY):
        logging.getLogger(f"request-{number}")
    known = logging.Logger.manager.loggerDict
    return lambda: [known.pop(name) for name in list(known) if name.startswith("request-")]


def register_finalizers():
    made = [weakref.finalize(Page, Node) for _ in range(MANY)]
    return lambda: [each.detach() for each in made]


def register_at_exit():
    made = [functools.partial(print, number) for number in range(MANY)]
    for each in made:
        atexit.register(each)
    return lambda: [atexit.unregister(each) for each in made]


def warn_each_time():
    registry = drawing.HELD.setdefault("module", Wild())
    registry.__warningregistry__ = seen = {}
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = lambda *_, **__: None
        for number in range(MANY):
            warnings.warn_explicit(f"w{number}", UserWarning, "x.py", 1, registry=seen)
    return lambda: None


def generate_sources():
    for number in range(MANY):
        linecache.cache[f"<made {number}>"] = (1, None, ["x = 1\n"], f"<made {number}>")
    return lambda: [linecache.cache.pop(name) for name in list(linecache.cache) if name.startswith("<made")]


def keep_exceptions():
    kept = drawing.HELD["failed"] = []
    for number in range(MANY):
        try:
            raise LookupError(number)
        except LookupError as error:
            kept.append(error)
    return lambda: None


def mock_calls():
    drawing.HELD["mocked"] = made = mock.Mock()
    for number in range(MANY):
        made.send({"number": number})
    return lambda: None


def queue_work():
    drawing.HELD["pool"] = pool = ThreadPoolExecutor(1)
    gate = threading.Event()
    pool.submit(gate.wait)
    for _ in range(MANY):
        pool.submit(Node)

    def end():
        gate.set()
        pool.shutdown(cancel_futures=True)

    return end


def hold_up_a_pool():
    drawing.HELD["pool"] = pool = ThreadPool(1)
    gate = threading.Event()
    pool.apply_async(gate.wait)
    for _ in range(MANY):
        pool.apply_async(Node)

    def end():
        gate.set()
        pool.terminate()
        pool.join()

    return end


def start_threads():
    drawing.HELD["local"] = local = threading.local()
    gate = threading.Event()
    started = threading.Semaphore(0)

    def work():
        local.node = Node()
        started.release()
        gate.wait()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(60)]
    for thread in threads:
        thread.start()
    for _ in threads:
        started.acquire()

    def end():
        gate.set()
        for thread in threads:
            thread.join()

    return end


def keep_contexts():
    variable = contextvars.ContextVar("variable")
    kept = drawing.HELD["contexts"] = []
    for _ in range(MANY):
        context = contextvars.copy_context()
        context.run(variable.set, Node())
        kept.append(context)
    return lambda: None


def wait_for_ever():
    loop = asyncio.new_event_loop()
    drawing.HELD["future"] = future = loop.create_future()
    for _ in range(MANY):
        future.add_done_callback(Node().__init__)
    return loop.close


def keep_tasks():
    loop = asyncio.new_event_loop()
    kept = drawing.HELD["tasks"] = set()

    async def done():
        return 1

    async def run():
        for _ in range(MANY):
            kept.add(asyncio.create_task(done()))
        await asyncio.wait(kept)

    loop.run_until_complete(run())
    return loop.close


def leave_generators():
    def counted(number):
        yield number

    kept = drawing.HELD["generators"] = [counted(number) for number in range(MANY)]
    for each in kept:
        next(each)
    return lambda: None


def make_classes():
    drawing.HELD["classes"] = [type("Row", (), {}) for _ in range(MANY)]
    return lambda: None


def load_plugins():
    drawing.HELD["loaded"] = handlers = []
    for _ in range(MANY):
        module = types.ModuleType("plugin")
        exec("TABLE = {}\ndef handle(event): return TABLE.get(event)", vars(module))
        handlers.append(module.handle)
    return lambda: None


def subscribe():
    drawing.HELD["bus"] = bus = Wild()
    bus.subscribers = [Node().__init__ for _ in range(MANY)]
    return lambda: None


def fail_at_the_prompt():
    def fail(depth):
        kept = [Node() for _ in range(10)]
        return fail(depth - 1) if depth else kept[99]

    try:
        fail(MANY // 10)
    except IndexError as error:
        sys.last_traceback = error.__traceback__

    def end():
        del sys.last_traceback

    return end


def connect_django():
    dispatch = pytest.importorskip("django.dispatch")
    drawing.HELD["saved"] = signal = dispatch.Signal()
    for number in range(MANY):
        signal.connect(Node().__init__, weak=False, dispatch_uid=str(number))
    return lambda: None


def connect_blinker():
    blinker = pytest.importorskip("blinker")
    drawing.HELD["done"] = signal = blinker.Signal()
    for _ in range(MANY):
        signal.connect(Node().__init__, weak=False)
    return lambda: None


def label_metrics():
    prometheus = pytest.importorskip("prometheus_client")
    made = prometheus.Counter("seen", "seen", ["user"], registry=None)
    drawing.HELD["seen"] = made
    for number in range(MANY):
        made.labels(user=str(number)).inc()
    return lambda: None


def keep_session():
    pytest.importorskip("sqlalchemy")
    from sqlalchemy import Column, Integer, create_engine
    from sqlalchemy.orm import Session, declarative_base

    base = declarative_base()

    class Order(base):
        __tablename__ = "orders"
        id = Column(Integer, primary_key=True)

    drawing.HELD["session"] = made = Session(create_engine("sqlite://"))
    made.add_all(Order(id=number) for number in range(MANY))
    return made.close


CAUSES = {
    keep_results: "functools.cache",
    keep_instances: "on a method",
    name_loggers: "logger",
    register_finalizers: "weakref.finalize",
    warn_each_time: "warning",
    generate_sources: "linecache",
    keep_exceptions: "exceptions are kept",
    mock_calls: "mocks remember",
    queue_work: "pool of threads",
    hold_up_a_pool: "pool of multiprocessing",
    keep_contexts: "contexts are kept",
    wait_for_ever: "callbacks wait at a future",
    keep_tasks: "tasks are kept",
    leave_generators: "generators are kept",
    make_classes: "classes are made",
    load_plugins: "code is loaded again",
    subscribe: "handlers of events",
    connect_django: "receivers of a signal",
    connect_blinker: "receivers of a signal",
    label_metrics: "prometheus_client",
    keep_session: "SQLAlchemy",
}


def causes(mark):
    """Return the causes that explain the rows of a mark in which many objects are."""
    rows = mark.rows
    crowded = [row for row in range(len(rows)) if rows.count[row] >= MANY - 20]
    return {found.cause for row in crowded if (found := explain(rows, [row], rows.children())) is not None}


@pytest.mark.parametrize("plant", CAUSES, ids=lambda plant: plant.__name__)
def test_the_real_thing_is_recognised(plant):
    end = plant()
    try:
        found = causes(take_mark(take_capture()))
    finally:
        end()
    assert any(CAUSES[plant] in cause for cause in found), found


def test_values_of_threads_are_recognised():
    end = start_threads()
    try:
        mark = take_mark(take_capture())
    finally:
        end()
    rows = mark.rows
    crowded = [row for row in range(len(rows)) if rows.count[row] >= 60]
    found = {holder.cause for row in crowded if (holder := explain(rows, [row], rows.children())) is not None}
    assert any("threading.local" in cause for cause in found)


def test_frames_of_the_last_exception_are_recognised():
    end = fail_at_the_prompt()
    try:
        mark = take_mark(take_capture())
    finally:
        end()
    rows = mark.rows
    traced = [row for row in range(len(rows)) if rows.path(row).text.startswith("module sys .last_traceback")]
    assert "last uncaught exception" in explain(rows, traced[:1], rows.children()).cause


def test_a_cache_with_a_limit_is_no_cause():
    for _ in range(MANY):
        Page().bounded()
    try:
        found = causes(take_mark(take_capture()))
    finally:
        Page.bounded.cache_clear()
    assert not any("lru_cache" in cause for cause in found)


def test_callbacks_at_exit_are_counted():
    before = {known.path: known.count for known in find_hidden(take_capture())}.get("callbacks at exit", 0)
    end = register_at_exit()
    try:
        found = {known.path: known.count for known in find_hidden(take_capture())}
    finally:
        end()
    assert found["callbacks at exit"] == before + MANY


def test_small_views_are_told_with_the_bytes_of_the_arrays_behind_them():
    numpy = pytest.importorskip("numpy")
    whole = numpy.zeros(1000)
    drawing.HELD["rows"] = [numpy.zeros(1000)[:10] for _ in range(300)]
    # A view of an array that is in use, and one that shows most of its array, keep nothing in vain.
    drawing.HELD["fair"] = [whole[:10], whole, numpy.zeros(1000)[1:]]
    (found,) = [known for known in find_hidden(take_capture()) if known.path == "arrays behind views"]
    assert (found.count, found.size) == (300, 300 * 8000)


def test_many_of_a_cause_are_mentioned_without_history_and_few_are_not():
    before = find_known(take_mark(take_capture()))
    end = keep_exceptions()
    found = find_known(take_mark(take_capture()))
    end()
    assert before == ()
    (known,) = found
    assert (known.count, known.type) == (MANY, "LookupError")
    assert "drawing .HELD" in known.path
    assert known.size > known.count * 100


def test_a_program_that_loaded_much_shows_no_cause():
    for name in ("django", "matplotlib.pyplot", "numpy", "sqlalchemy.orm", "pydantic", "celery"):
        try:
            __import__(name)
        except ImportError:
            continue
    assert find_known(take_mark(take_capture())) == ()


def test_every_cause_has_advice_a_link_and_a_pattern_that_is_one():
    assert len({holder.cause for holder in KNOWN_HOLDERS}) == len(KNOWN_HOLDERS)
    for holder in KNOWN_HOLDERS:
        assert pattern(holder.way)
        assert holder.advice
        assert holder.link.startswith("https://")
