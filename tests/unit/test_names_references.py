"""Every reference between two objects has a name, found by identity and without running user code."""

from __future__ import annotations

import asyncio
import collections
import functools
import sys
import types
import weakref
from typing import Any

import pytest

from pdbleak import names
from pdbleak._native import managed_dict, referents
from pdbleak.names import rare, reference_names


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


async def fetch(conn: Any) -> None:
    await asyncio.sleep(conn and 0)


def closing(conn: Any) -> Any:
    return lambda: conn


def fallback(name: str) -> bool:
    return name.startswith("(held")


def test_an_attribute_stored_inline_is_named_and_no_dict_is_made():
    held = object()
    thing = Thing(queue=held, other=1)
    assert reference_names(thing, held) == [".queue"]
    assert managed_dict(thing) is None or sys.version_info < (3, 12)


def test_an_attribute_of_an_instance_with_a_dict_is_named_from_both_ends():
    held = object()
    thing = Thing(queue=held)
    namespace = thing.__dict__
    assert ".queue" in reference_names(thing, held)
    assert reference_names(thing, namespace) == [".__dict__"]
    assert reference_names(namespace, held) == ["['queue']"]


def test_an_attribute_that_is_no_identifier_is_written_as_a_key():
    held = object()
    thing = Thing()
    thing.__dict__["a b"] = held
    assert reference_names(thing, held) == [".__dict__['a b']"]


def test_slots_are_named_as_they_are_stored():
    held = object()
    assert reference_names(Slotted(held), held) == [".queue", "._Slotted__private"] or reference_names(
        Slotted(held), held
    ) == ["._Slotted__private", ".queue"]


@pytest.mark.parametrize("kind", [list, tuple, collections.deque])
def test_every_place_of_a_sequence_is_named(kind):
    held = object()
    assert reference_names(kind([held, 1, 2, held]), held) == ["[0]", "[3]"]
    derived = type("Derived", (kind,), {"__getitem__": None, "__iter__": None, "__len__": None})
    assert reference_names(derived([1, held]), held) == ["[1]"]


def test_many_places_are_cut_and_that_is_said():
    held = object()
    names = reference_names([held] * 1000, held)
    assert names[:2] == ["[0]", "[1]"]
    assert names[-1] == "(and more)"


def test_a_dict_names_its_values_by_key_and_its_keys_as_keys():
    held, key = object(), (1, "x")
    assert reference_names({"sql": held, 7: held}, held) == ["['sql']", "[7]"]
    assert reference_names({key: 1}, key) == ["[key tuple of 2: 1, 'x']"]
    assert reference_names({"x" * 1000: held}, held)[0].endswith("…']")
    assert reference_names({"sql": 1}, "sql") == ["[key 'sql']"]
    assert reference_names({Thing: held}, held) == [f"[class {__name__}.Thing]"]


def test_equal_is_not_identical():
    first, second = [1], [1]
    assert reference_names([first, second], second) == ["[1]"]
    assert reference_names({1: first, 2: second}, second) == ["[2]"]


def test_a_set_has_elements_without_a_name():
    held = object()
    assert reference_names({held}, held) == ["{…}"]
    assert reference_names(frozenset([held]), held) == ["{…}"]


def test_what_a_generator_holds_is_its_local():
    held = object()
    generator = serve(held)
    next(generator)
    assert reference_names(generator, held) == ["local 'conn' of serve()", "local 'kept' of serve()"]
    assert reference_names(generator.gi_frame, held)[0] == "local 'conn' of serve()"
    assert not any(fallback(reference_names(generator, each)[0]) for each in referents(generator))


def test_what_a_coroutine_holds_is_its_local_or_what_it_awaits():
    async def main() -> None:
        held = object()
        coroutine = fetch(held)
        coroutine.send(None)
        assert reference_names(coroutine, held) == ["local 'conn' of fetch()"]
        assert reference_names(coroutine, coroutine.cr_await) == [".cr_await"]
        coroutine.close()

    asyncio.run(main())


def test_a_frame_names_its_locals_and_cells():
    def outer() -> None:
        held = object()
        free = object()
        frame = sys._getframe()
        assert reference_names(frame, held) == ["local 'held' of outer()"]
        assert reference_names(frame, free)[0] == "local 'free' of outer()"

        def inner() -> Any:
            return free

        assert inner() is free
        assert reference_names(frame, frame.f_back)[-1] == ".f_back"

    outer()


def test_a_closure_is_named_after_its_variable():
    held = object()
    function = closing(held)
    (cell,) = function.__closure__
    assert reference_names(function, function.__closure__) == [".__closure__"]
    assert reference_names(function, cell) == ["closure 'conn'"]
    assert reference_names(cell, held) == [".cell_contents"]


def test_a_function_names_all_it_holds():
    def function(a: int = 1, *, b: str = "x") -> None:
        """Text."""

    function.own = object()
    names = {
        "__globals__": function.__globals__,
        "__defaults__": function.__defaults__,
        "__kwdefaults__": function.__kwdefaults__,
        "__code__": function.__code__,
        "__dict__": function.__dict__,
        "__doc__": function.__doc__,
    }
    for name, held in names.items():
        assert reference_names(function, held) == [f".{name}"]
    assert reference_names(function, function.__annotations__) == [".__annotations__"]
    assert reference_names(function, function.own) == [".own"]


def test_annotations_nobody_asked_for_are_not_mistaken_for_the_dict():
    def function(a: int) -> None:
        pass

    names = {name for held in referents(function) for name in reference_names(function, held)}
    assert ".__dict__" not in names
    assert function.__annotations__ in referents(function) or sys.version_info >= (3, 14)
    names = {name for held in referents(function) for name in reference_names(function, held)}
    assert ".__dict__" not in names


def test_a_method_names_its_function_and_its_object():
    thing = Thing()
    assert reference_names(thing.method, thing) == [".__self__"]
    assert reference_names(thing.method, Thing.method) == [".__func__"]
    items: list[Any] = []
    assert reference_names(items.append, items) == [".__self__"]
    assert reference_names(items.__len__, items) == [".__self__"]


def test_a_partial_names_its_parts():
    held = object()
    call = functools.partial(len, held, key=held)
    assert reference_names(call, len) == [".func"]
    assert reference_names(call, call.args) == [".args"]
    assert reference_names(call, call.keywords) == [".keywords"]


def test_an_instance_refers_to_its_class():
    assert reference_names(Thing(), Thing) == [".__class__"]


def test_a_class_names_its_dict_bases_and_order():
    assert ".__mro__" in reference_names(Thing, Thing.__mro__)
    assert reference_names(Thing, Thing.__bases__) == [".__bases__"]
    assert reference_names(Thing, Thing.__base__) == [".__base__"]
    (namespace,) = referents(vars(Thing))
    assert reference_names(Thing, namespace) == [".__dict__"]
    assert reference_names(namespace, Thing.method) == ["['method']"]
    assert reference_names(Thing.__mro__, Thing) == ["[0]"]


def test_a_module_names_its_dict_and_what_is_in_it():
    module = types.ModuleType("module")
    module.queue = object()
    assert reference_names(module, module.__dict__) == [".__dict__"]
    assert reference_names(module, module.queue) == [".queue"]


def test_an_exception_names_what_it_carries():
    def fail() -> None:
        try:
            raise ValueError("first")
        except ValueError as first:
            raise KeyError("second") from first

    with pytest.raises(KeyError) as caught:
        fail()
    error = caught.value
    assert reference_names(error, error.args) == [".args"]
    assert reference_names(error, error.__traceback__) == [".__traceback__"]
    assert sorted(reference_names(error, error.__cause__)) == [".__cause__", ".__context__"]
    assert reference_names(error.__traceback__, error.__traceback__.tb_frame) == [".tb_frame"]
    assert not any(fallback(reference_names(error, each)[0]) for each in referents(error))


def test_descriptors_name_their_functions():
    def function() -> None:
        pass

    assert reference_names(property(function), function) == [".fget"]
    assert reference_names(property(None, function), function) == [".fset"]
    assert reference_names(classmethod(function), function)[0] == ".__func__"
    assert reference_names(staticmethod(function), function)[0] == ".__func__"


def test_a_weak_reference_names_its_callback():
    thing = Thing()

    def callback(reference: Any) -> None:
        pass

    assert reference_names(weakref.ref(thing, callback), callback) == [".__callback__"]


def test_a_cache_tells_keys_from_results():
    @functools.lru_cache(maxsize=8)
    def double(key: Any) -> Any:
        return [key]

    key = f"a{sys.maxsize}"
    result = double(key)
    assert reference_names(double, key) == ["(cache key)"]
    assert reference_names(double, result) == ["(cached result)"]
    assert reference_names(double, double.__wrapped__) == [".__wrapped__"]


def test_a_cache_of_many_dicts_is_looked_through_once(monkeypatch):
    @functools.lru_cache(maxsize=100)
    def describe(key: int) -> dict[str, int]:
        return {"key": key}

    results = [describe(key) for key in range(100)]
    asked = []
    look = rare.namespace_of
    monkeypatch.setattr(rare, "namespace_of", lambda item: asked.append(item) or look(item))
    assert reference_names(describe, results[0]) == ["(cached result)"]
    assert asked == [describe]


def test_a_future_and_a_task_name_their_parts():
    async def main() -> None:
        async def wait() -> None:
            await future

        future = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(wait(), name="waiter")
        await asyncio.sleep(0)
        assert reference_names(task, task.get_coro()) == ["._coro"]
        assert reference_names(task, future) == ["._fut_waiter"]
        assert reference_names(task, asyncio.get_running_loop()) == ["._loop"]
        assert reference_names(task, task.get_name()) == ["(name)"]
        names = {reference_names(future, each)[0] for each in referents(future)}
        assert {"._callbacks[0]", "._callbacks[0].context"} <= names
        future.set_result([1])
        assert reference_names(future, future.result()) == ["._result"]
        await task

    asyncio.run(main())


def test_naming_keeps_nothing():
    held = Thing()
    holders: list[Any] = [[held], {"x": held}, Thing(x=held), Slotted(held), closing(held), {held}]
    before = sys.getrefcount(held)
    for holder in holders:
        reference_names(holder, held)
    assert sys.getrefcount(held) == before


def test_naming_makes_nothing_of_a_functions_code():
    # From 3.12 on code keeps the tuples that `co_varnames` and its like are asked for.
    namespace: dict[str, Any] = {}
    exec(
        "def make(conn, other):\n"
        "    def on_close(event: int, *rest) -> str:\n        return conn, other, event\n"
        "    return on_close",
        namespace,
    )
    closed = namespace["make"]([], {})
    before = len(referents(closed.__code__))
    for referent in referents(closed):
        assert reference_names(closed, referent)
    names.form(closed)
    assert len(referents(closed.__code__)) == before
    assert reference_names(closed, closed.__closure__[1]) == ["closure 'other'"]
