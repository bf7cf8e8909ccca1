"""Which references have a name: every one of the listed kinds, nearly every one of an interpreter."""

from __future__ import annotations

import collections
import contextlib
import contextvars
import ctypes
import functools
import gc
import itertools
import operator
import re
import threading
import time
import types
import weakref
from typing import Any

import pytest

from pdbleak._native import referents
from pdbleak.names import reference_names, type_name


class Thing:
    def __init__(self, **names: Any) -> None:
        for name, value in names.items():
            setattr(self, name, value)

    def method(self) -> None:
        pass


class Slotted:
    __slots__ = ("__private", "queue")

    def __init__(self, queue: Any) -> None:
        self.queue = queue
        self.__private = queue


def serve(conn: Any) -> Any:
    kept = conn
    yield kept


def closing(conn: Any) -> Any:
    return lambda: conn


def fallback(name: str) -> bool:
    return name.startswith("(held")


async def ticks() -> Any:
    held = object()
    yield held


def kinds() -> dict[str, Any]:
    """One object of each kind whose every reference must have a name."""
    held = Thing(name="held")
    pattern = re.compile("(?P<x>a)")
    generator = serve(held)
    next(generator)
    local = threading.local()
    local.queue = held
    variable: contextvars.ContextVar[Any] = contextvars.ContextVar("variable", default=held)
    context = contextvars.copy_context()
    token = context.run(variable.set, held)
    asynchronous = ticks()
    with contextlib.suppress(StopIteration):
        asynchronous.__anext__().send(None)
    return {
        "dict views": [{1: held}.keys(), {1: held}.values(), {1: held}.items()],
        "dict iterators": [iter({1: held}), iter({1: held}.items()), reversed({1: held}.values())],
        "iterators": [
            iter([held]),
            iter((held,)),
            iter({held}),
            iter(collections.deque([held])),
            reversed([held]),
        ],
        "builtin iterators": [
            map(len, [held]),
            zip([held], [1], strict=True),
            filter(None, [held]),
            enumerate([held]),
        ],
        "itertools": [
            itertools.chain([held]),
            itertools.cycle([held]),
            itertools.repeat(held),
            itertools.islice([held], 1),
            itertools.groupby([held]),
            *itertools.tee([held]),
            itertools.product([held]),
            itertools.accumulate([held]),
            itertools.count(1 << 70),
        ],
        "slices": [slice(held, held), super(Thing, held), memoryview(bytearray(b"x"))],
        "proxies": [types.MappingProxyType({1: held})],
        "namespaces": [types.SimpleNamespace(x=held), local],
        "dicts": [
            collections.defaultdict(closing(held)),
            collections.OrderedDict(x=held),
            collections.Counter(),
        ],
        "contexts": [variable, token, context],
        "generators": [generator, asynchronous],
        "patterns": [pattern, pattern.match("a")],
        "operators": [operator.attrgetter("x"), operator.itemgetter(held), operator.methodcaller("x", held)],
        "aliases": [list[Thing], list[Thing] | None],
        "descriptors": [vars(Thing)["__dict__"], vars(Slotted)["queue"], vars(list)["append"], property(len)],
        "ctypes": [ctypes.py_object(held), ctypes.pointer(ctypes.c_int(1)), ctypes.c_int],
        "exceptions": [OSError(2, "x", "f"), StopIteration(held), ExceptionGroup("x", [ValueError()])],
        "modules": [types.ModuleType("x"), threading, functools],
        "classes": [Thing, Slotted, int.__class__],
        "methods": [held.method, [].append, Thing.method, classmethod(len), staticmethod(len)],
        "partials": [functools.partial(len, held)],
        "threads": [threading.Thread(), threading.Lock(), threading.Condition()],
        "weak": [weakref.ref(held, print), weakref.WeakKeyDictionary(), weakref.WeakValueDictionary()],
    }


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_reference_of_a_kind_has_a_name(kind):
    for item in kinds()[kind]:
        for referent in referents(item):
            names = reference_names(item, referent)
            assert names
            assert not fallback(names[0]), (type_name(type(item)), type_name(type(referent)), names)


def test_nearly_every_reference_of_a_living_interpreter_has_a_name():
    everything = gc.get_objects()
    total = 0
    unnamed: collections.Counter[tuple[str, str]] = collections.Counter()
    # Every fourth: some 30,000 objects of all ages.
    for item in everything[::4]:
        if item is everything or type(item) is types.FrameType:
            continue
        for referent in referents(item)[:20]:
            names = reference_names(item, referent)
            assert names
            total += 1
            if fallback(names[0]):
                unnamed[type_name(type(item)), type_name(type(referent))] += 1
    # What extensions hold in memory of their own (pydantic's validators, say) has no name to be had.
    assert unnamed.total() <= total / 100, unnamed.most_common(10)


def test_a_pair_without_a_reference_still_gets_a_text():
    assert reference_names(object(), 1) == ["(held by object in C)"]


def test_one_place_among_a_million_is_found_at_once():
    held, filler = object(), [None] * 1_000_000
    for items in ([*filler, held], (*filler, held), {**dict.fromkeys(range(1_000_000)), "x": held}):
        start = time.perf_counter()
        (name,) = reference_names(items, held)
        # Generous: on an idle machine it takes 10 ms.
        assert time.perf_counter() - start < 1
        assert name in {"[1000000]", "['x']"}
