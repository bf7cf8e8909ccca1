"""The forms of what C extensions of the standard library make: files, sockets, tasks, deques; imports none.

The types are known by the name that C gave them, so that nothing is imported into the program.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak._native import index_of, referents
from pdbleak.names.atoms import brief
from pdbleak.names.attributes import entries_in, namespace_of, read
from pdbleak.names.code import called
from pdbleak.names.types import bases_of, entries_of, is_c_type, plain_text, printable, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PATH_LIMIT = 40
_CLOSED = -1
_WRAPPED = ("_io.TextIOWrapper", "_io.BufferedReader", "_io.BufferedWriter", "_io.BufferedRandom")
_INNER = ("buffer", "raw")


def call_plain(item: object, base: type, name: str) -> Any:
    """Call a method that C defined without arguments; None where it raises."""
    for own, method in entries_of(base):
        if own == name:
            try:
                return method.__get__(item, base)()
            except Exception:  # noqa: BLE001  such as the descriptor of a closed file
                return None
    return None


def _filled(item: object, base: type, elements: Iterable[Any] = ()) -> str:
    size = call_plain(item, base, "__len__")
    shown: list[str] = []
    for element in elements:
        shown.append(brief(element))
        if len(shown) == 3:  # noqa: PLR2004  a glance
            break
    text = f"{type_name(type(item))} of {size}"
    return f"{text}: {', '.join(shown)}" + (", …" if len(shown) < size else "") if shown else text


def _describe_deque(item: Any, base: type) -> str | None:
    return _filled(item, base, call_plain(item, base, "__iter__"))


def _describe_array(item: Any, base: type) -> str | None:
    return _filled(item, base)


def _describe_ndarray(item: Any, base: type) -> str | None:
    shape = read(item, base, "shape")
    return f"{type_name(type(item))} of {'x'.join(map(str, shape))}" if type(shape) is tuple else None


def file_below(item: object) -> Any:
    """Follow text and buffer down to the `FileIO`, None for other streams; only C's own types are asked."""
    inner = item
    while inner is not None and type_name(type(inner)) in _WRAPPED and is_c_type(type(inner)):
        inner = next(
            (held for held in (read(inner, type(inner), name) for name in _INNER) if held is not None), None
        )
    is_file = inner is not None and is_c_type(type(inner)) and type_name(type(inner)) == "_io.FileIO"
    return inner if is_file else None


def _describe_file(item: Any, _base: type) -> str | None:
    inner = file_below(item)
    if inner is None:
        return None
    number = call_plain(inner, type(inner), "fileno")
    names = [held for name, held in entries_in(namespace_of(inner)) if name == "name"]
    file = "".join(f" {_path(name)!r}" for name in names if type(name) is str)
    return f"{type_name(type(item))}{file}, " + ("closed" if number is None else f"fd {number}")


def _path(path: str) -> str:
    """Return a path's end, which tells more than its beginning."""
    return path if len(path) <= PATH_LIMIT else "…" + path[1 - PATH_LIMIT :]


def _describe_socket(item: Any, base: type) -> str | None:
    number = call_plain(item, base, "fileno")
    if number is None or number == _CLOSED:
        return f"{type_name(type(item))}, closed"
    place = call_plain(item, base, "getsockname")
    where = (
        f" {place[0]}:{place[1]}" if type(place) is tuple and len(place) > 1 else f" {place}" if place else ""
    )
    return f"{type_name(type(item))} fd {number}{where}"


def _describe_task(item: Any, base: type) -> str | None:
    coroutine = read(item, base, "_coro")
    return f"{type_name(type(item))} {task_name(item, coroutine)} of {called(coroutine)}, {_state(item)}"


def task_name(item: object, coroutine: object) -> str:
    """Return a task's name, which C keeps next to its coroutine; asking it would make a string that stays."""
    held = referents(item)
    after = index_of(held, coroutine) + 1
    name = held[after] if after < len(held) else None
    if type(name) is int:
        return f"Task-{name}"
    return printable(plain_text(name) or "(nameless)", 40)


def _describe_future(item: Any, _base: type) -> str | None:
    return f"{type_name(type(item))} {_state(item)} at {id(item):#x}"


def _state(item: object) -> str:
    for base in bases_of(type(item)):
        if type_name(base) == "_asyncio.Future" and is_c_type(base):
            return "done" if call_plain(item, base, "done") else "pending"
    return "done" if call_plain(item, type(item), "done") else "pending"


def _describe_partial(item: Any, base: type) -> str | None:
    function = read(item, base, "func")
    return f"{type_name(type(item))} of {called(function)}" if type(function) is _FUNCTION else None


_FUNCTION = type(call_plain)

DEVICE_FORMS: dict[str, Callable[[Any, type], str | None]] = {
    "collections.deque": _describe_deque,
    "array.array": _describe_array,
    "numpy.ndarray": _describe_ndarray,
    "_io.TextIOWrapper": _describe_file,
    "_io.BufferedReader": _describe_file,
    "_io.BufferedWriter": _describe_file,
    "_io.BufferedRandom": _describe_file,
    "_io.FileIO": _describe_file,
    "_socket.socket": _describe_socket,
    "_asyncio.Task": _describe_task,
    "_asyncio.Future": _describe_future,
    "functools.partial": _describe_partial,
}
