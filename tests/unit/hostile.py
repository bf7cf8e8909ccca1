"""A zoo of hostile objects, whose every method records that it ran; knows nothing of pdbleak.

    specimens = build_zoo()
    look_at(specimens)
    assert ran == []

Nothing records while the zoo is built, everything does afterwards, until `disarm()`.
"""

from __future__ import annotations

import array
import asyncio
import collections
import decimal
import functools
import gc
import io
import operator
import threading
import types
import weakref
from typing import TYPE_CHECKING, Any

from hostile_methods import (
    MOODS,
    HostileError,
    Trap,
    answer_no,
    arm,
    build_meta,
    disarm,
    getattribute_of,
    hostile_str,
    method_of,
    namespace_of,
    ran,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["HostileError", "arm", "build_zoo", "disarm", "ran"]

BASES: dict[type, tuple[Any, ...]] = {
    object: (),
    str: ("text",),
    int: (7,),
    float: (0.5,),
    bytes: (b"bytes",),
    bytearray: (b"bytes",),
    list: ([1, 2],),
    tuple: ((1, 2),),
    dict: ({"a": 1},),
    set: ({1},),
    frozenset: ({1},),
    collections.OrderedDict: ({"a": 1},),
    collections.defaultdict: (list, {"a": 1}),
    collections.deque: ([1],),
    collections.Counter: ("ab",),
    collections.UserDict: (),
    array.array: ("i", [1]),
    Exception: ("message",),
    OSError: (2, "no such file"),
    types.ModuleType: ("module",),
    types.SimpleNamespace: (),
    property: (),
    staticmethod: (len,),
    functools.partial: (len, "x"),
    weakref.ref: (HostileError,),
    io.StringIO: ("text",),
    io.BytesIO: (b"bytes",),
    threading.local: (),
    decimal.Decimal: ("1.5",),
    asyncio.Event: (),
}


def _subclasses(mood: str) -> Iterator[tuple[str, Any]]:
    for base, args in BASES.items():
        cls = type(f"{base.__name__.title()}_{mood}", (base,), namespace_of(base, mood))
        yield f"subclass of {base.__name__} that {mood}", cls(*args)
        yield f"class of {base.__name__} that {mood}", cls


def _with_metaclass(mood: str) -> Iterator[tuple[str, Any]]:
    meta = build_meta(mood)
    cls = meta("Plain", (), {"attribute": 1})
    yield f"metaclass that {mood}", meta
    yield f"class whose metaclass {mood}", cls
    yield f"instance of a class whose metaclass {mood}", cls()
    container = meta("Box", (dict,), namespace_of(dict, mood))
    yield f"dict whose metaclass {mood}", container({"a": 1})


def _classes(text: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    renamed = type("Renamed", (), {})
    renamed.__name__ = text("renamed")
    renamed.__qualname__ = text("Outer.renamed")
    yield "class named by a str subclass", renamed
    yield "instance of a class named by a str subclass", renamed()
    for label, module in {
        "number": 7,
        "object": object(),
        "str subclass": text("module"),
        "property": property(lambda self: ran.append("__module__")),
        "descriptor": Trap("__module__"),
        "None": None,
        "list": [],
    }.items():
        cls = type("Moduled", (), {"__module__": module})
        yield f"class whose __module__ is a {label}", cls
        yield f"instance of a class whose __module__ is a {label}", cls()
    for label, name in {
        "newlines": "two\nlines\x1b[2J",
        "surrogates": "half\ud800",
        "megabyte": "x" * (1 << 20),
        "emptiness": "",
    }.items():
        odd = type("Odd", (), {"__qualname__": name})
        yield f"class with {label} in its name", odd
        yield f"instance of a class with {label} in its name", odd()
    keyed = type("Keyed", (), {text("__module__"): "elsewhere", text("__slots__"): (), text("x"): 1})
    yield "class with hostile keys in its dict", keyed
    yield "instance of a class with hostile keys in its dict", keyed()


def _instances(text: Callable[[str], str]) -> Iterator[tuple[str, Any]]:
    names = ("name", "id", "host", "__len__", "__dict__", "__class__", "__weakref__", "__module__", "__mro__")
    trapped = type("Trapped", (), {name: Trap(name) for name in names})
    yield "instance with trapped attributes", trapped()
    plain = type("Plain", (), {})
    cyclic = plain()
    cyclic.__dict__["own"] = cyclic.__dict__
    cyclic.__dict__["self"] = cyclic
    yield "instance with a cyclic dict", cyclic
    odd = plain()
    odd.__dict__[text("name")] = 1
    odd.__dict__[7] = text("seven")  # type: ignore[index]
    yield "instance with hostile keys", odd
    telling = plain()
    telling.name = text("name")
    telling.id = type("Int", (int,), namespace_of(int, "raises"))(5)
    yield "instance with hostile values", telling
    shape = {"__slots__": ("full", "empty"), "__repr__": method_of(object, "__repr__", "raises", "")}
    slotted = type("Slotted", (), shape)()
    slotted.full = text("full")
    yield "instance with slots", slotted
    unmade = type("Unmade", (), {"__slots__": ("never",), "__getattr__": getattribute_of(object, "raises")})()
    yield "instance with an unset slot", unmade
    yield "exception with hostile arguments", ValueError(text("argument"), trapped())
    namespace = type("Namespace", (dict,), namespace_of(dict, "raises"))
    owner = plain()
    owner.__dict__ = namespace({"name": 1})
    yield "instance whose dict is hostile", owner

    def function() -> Any:
        return owner

    function.__dict__ = namespace({"name": 1})
    yield "function whose dict is hostile", function
    several = type("Several", (tuple,), namespace_of(tuple, "raises"))
    parts = function.__code__, {}, "f", several((1,)), several(function.__closure__ or ())
    yield "function made of hostile tuples", types.FunctionType(*parts)
    failed = ValueError()
    failed.__dict__ = namespace({"name": 1})
    yield "exception whose dict is hostile", failed
    source = type(
        "Source", (), namespace_of(object, "raises") | dict.fromkeys(("readable", "writable"), answer_no)
    )
    source.seekable = answer_no
    source.closed = True
    source.flush = answer_no
    yield "text over a hostile buffer", io.TextIOWrapper(source())
    loop: list[Any] = []
    loop.append(loop)
    yield "list that holds itself", loop


def _containers(text: Callable[[str], str], mood: str) -> Iterator[tuple[str, Any]]:
    key = type("Key", (), namespace_of(object, mood))
    yield f"dict with keys that {mood}", {text("x"): 1, "x2": 2, key(): key(), (1, text("t")): 3}
    yield f"set of what {mood}", {text("x"), key()}
    yield f"list of what {mood}", [text("x"), key()]
    yield f"tuple of what {mood}", (text("x"), key())
    yield f"deque of what {mood}", collections.deque([text("x"), key()])
    yield f"ordered dict of what {mood}", collections.OrderedDict({text("x"): key()})
    yield f"slice of what {mood}", slice(text("x"), key())
    yield f"mapping proxy of what {mood}", types.MappingProxyType(collections.ChainMap({text("x"): key()}))


def _code(text: Callable[[str], str], mood: str) -> Iterator[tuple[str, Any]]:
    held = text("held")

    def function() -> Iterator[Any]:
        local = text("local")
        yield held
        yield local

    function.__name__ = text("function")
    function.__qualname__ = text("function")
    function.__doc__ = text("doc")
    function.__code__ = function.__code__.replace(co_name=text("code"), co_filename=text("file.py"))
    yield f"function named by what {mood}", function
    yield f"code named by what {mood}", function.__code__
    yield f"cell of what {mood}", function.__closure__[0]
    suspended = function()
    next(suspended)
    suspended.__name__ = text("generator")
    yield f"generator with locals that {mood}", suspended
    yield f"frame with locals that {mood}", suspended.gi_frame
    owner = type("Owner", (), namespace_of(object, mood))()
    call = type("Call", (), namespace_of(object, mood))()
    yield f"method bound to what {mood}", types.MethodType(function, owner)
    yield f"method whose function {mood}", types.MethodType(call, owner)
    yield f"partial of what {mood}", functools.partial(len, owner)
    yield f"weakref whose callback {mood}", weakref.ref(function, call)
    yield f"weakref to what {mood}", weakref.ref(owner)
    yield f"weak proxy of what {mood}", weakref.proxy(owner)
    module = types.ModuleType("module")
    module.__dict__["__name__"] = text("module")
    module.__dict__["__getattr__"] = method_of(object, "__repr__", mood, None)
    yield f"module named by what {mood}", module
    nameless = types.ModuleType("module")
    nameless.__dict__.clear()
    yield f"module with no name ({mood})", nameless
    yield f"map over what {mood}", map(owner, [1])
    yield f"attribute getter of what {mood}", operator.attrgetter(text("x"))
    yield f"property of what {mood}", property(owner, owner, owner)
    yield f"memory of what {mood}", memoryview(type("Bytes", (bytearray,), {})(b"x"))
    yield f"keeper of what {mood}", owner


def build_zoo() -> dict[str, Any]:
    """Build every specimen by name, quietly, and arm them all."""
    disarm()
    # Earlier zoos die here, quietly: a stream's finalizer asks whether it is closed.
    gc.collect()
    specimens: dict[str, Any] = {}
    for mood in MOODS:
        text = hostile_str(mood)
        for part in (_subclasses(mood), _with_metaclass(mood), _containers(text, mood), _code(text, mood)):
            specimens.update(part)
    raising = hostile_str("raises")
    specimens.update(_classes(raising))
    specimens.update(_instances(raising))
    arm()
    return specimens
