"""The form of every kind of object, in one line."""

from __future__ import annotations

import array
import asyncio
import collections
import enum
import functools
import io
import json
import re
import socket
import sys
import types
import weakref
from pathlib import Path
from typing import Any

import pytest

from pdbleak.names import form, type_name


class Channel:
    def __init__(self, **names: Any) -> None:
        for name, value in names.items():
            setattr(self, name, value)

    def close(self) -> None:
        pass


class Colour(enum.IntEnum):
    RED = 3


def masked(item: Any, **options: Any) -> str:
    return re.sub(r"0x[0-9a-f]+", "0x…", form(item, **options))


HERE = __name__
FILE = Path(__file__).name


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (None, "None"),
        (True, "True"),
        (12, "12"),
        (-0.5, "-0.5"),
        (1 << 1000, "int of 1001 bits"),
        ("text", "'text'"),
        ("it's", '"it\'s"'),
        ("a\nb", r"'a\nb'"),
        (b"\x00", r"b'\x00'"),
        (..., "Ellipsis"),
        (2j, "2j"),
        ({}, "dict of 0"),
        ({"a": 1, "b": 2, 3: 4}, "dict of 3: 'a', 'b', 3"),
        ([1, "x", None, [], int], "list of 5: 1, 'x', None, list, class int"),
        (list(range(100)), "list of 100: 0, 1, 2, 3, 4, 5, 6, 7, …"),
        ((1,), "tuple of 1: 1"),
        ({1}, "set of 1: 1"),
        (frozenset([1]), "frozenset of 1: 1"),
        (bytearray(b"abc"), "bytearray of 3"),
        (memoryview(b"abc"), "memoryview of 3"),
        (array.array("i", [1, 2]), "array.array of 2"),
        (collections.deque(range(9)), "collections.deque of 9: 0, 1, 2, …"),
        (collections.OrderedDict(a=1), "collections.OrderedDict of 1: 'a'"),
        (collections.defaultdict(list, a=1), "collections.defaultdict of 1: 'a'"),
        (collections.Counter("a"), "collections.Counter of 1: 'a'"),
        (ValueError("bad", 1), "ValueError('bad', 1)"),
        (int, "class int"),
        (Channel, f"class {HERE}.Channel"),
        (json, "module json"),
        (len, "builtin function len"),
        ([].append, "builtin method append of list"),
        (masked, f"function masked ({FILE}:{masked.__code__.co_firstlineno})"),
        (Channel.close, f"function Channel.close ({FILE}:{Channel.close.__code__.co_firstlineno})"),
        (Channel().close, f"method Channel.close of {HERE}.Channel"),
        (masked.__code__, f"code masked ({FILE}:{masked.__code__.co_firstlineno})"),
        (property(masked), "property masked"),
        (types.CellType(Channel()), f"cell of {HERE}.Channel"),
        (types.CellType(), "empty cell"),
        (functools.partial(masked, 1), "functools.partial of masked"),
        (Colour.RED, f"{HERE}.Colour(3)"),
        (Channel(), f"<{HERE}.Channel at 0x…>"),
        (object(), "<object at 0x…>"),
        (weakref.ref(Channel()), "dead weakref"),
        (weakref.ref(Channel), f"weakref to class {HERE}.Channel"),
    ],
)
def test_an_object_has_its_form(item, text):
    assert masked(item) == text


def test_a_long_text_is_cut_within_its_quotes():
    text = form("SELECT " * 100, limit=20)
    assert text == "'SELECT SELECT SEL…'"
    assert len(text) == 20


@pytest.mark.parametrize("limit", [10, 30, 60])
def test_no_form_is_longer_than_its_limit(limit):
    things = [
        "x" * 999,
        ["y" * 99] * 99,
        Channel(name="z" * 99),
        dict.fromkeys("abcdefghij"),
        "\x00" * 99,
        masked,
    ]
    assert all(len(form(item, limit=limit)) <= limit for item in things)


def test_an_instance_tells_its_name_but_not_its_objects():
    told = masked(Channel(id=3, name="a", other="b", host=[]), limit=90)
    assert told == f"<{HERE}.Channel at 0x… name='a' id=3>"


def test_a_generator_tells_its_name_and_place():
    def serve() -> Any:
        yield 1

    generator = serve()
    next(generator)
    assert form(generator) == f"generator serve ({FILE}:{serve.__code__.co_firstlineno})"


def test_a_frame_tells_its_line():
    frame = sys._getframe()
    assert form(frame, limit=200) == f"frame of test_a_frame_tells_its_line ({FILE}:{frame.f_lineno})"


def test_a_file_tells_its_path_and_descriptor(tmp_path):
    path = tmp_path / "f"
    shown = repr(str(path) if len(str(path)) <= 40 else "…" + str(path)[-39:])
    with path.open("w") as file:
        assert form(file, limit=200) == f"_io.TextIOWrapper {shown}, fd {file.fileno()}"
        assert form(file.buffer.raw, limit=200) == f"_io.FileIO {shown}, fd {file.fileno()}"
    assert form(file, limit=200) == f"_io.TextIOWrapper {shown}, closed"
    assert form(io.StringIO()).startswith("<_io.StringIO at")


def test_a_socket_tells_where_it_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert form(server) == f"socket.socket fd {server.fileno()} 127.0.0.1:{port}"
    assert form(server) == "socket.socket, closed"


def test_a_task_tells_its_name_and_state():
    async def serve() -> None:
        await asyncio.sleep(0)

    async def main() -> None:
        task = asyncio.create_task(serve(), name="server")
        assert form(task) == "_asyncio.Task server of serve, pending"
        await task
        assert form(task).endswith("done")
        unnamed = asyncio.create_task(serve())
        assert form(unnamed).startswith("_asyncio.Task Task-")
        await unnamed

    asyncio.run(main())


def test_a_weak_reference_tells_whether_it_is_dead():
    channel = Channel()
    reference = weakref.ref(channel)
    assert form(reference) == f"weakref to {HERE}.Channel"
    del channel
    assert form(reference) == "dead weakref"


def test_a_type_is_named_with_its_module():
    assert type_name(dict) == "dict"
    assert type_name(collections.OrderedDict) == "collections.OrderedDict"
    assert type_name(Channel) == f"{HERE}.Channel"
    assert type_name(type("Main", (), {"__module__": "__main__"})) == "Main"
    assert type_name(type(sys)) == "module"
    assert type_name(type("Inner", (), {"__qualname__": "Outer.Inner"})) == f"{HERE}.Outer.Inner"
