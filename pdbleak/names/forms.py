"""One object in one line, as a debugger would show it; calls nothing of its class."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from pdbleak._native import elements_of
from pdbleak.names.atoms import atom, brief, derived_atom, located
from pdbleak.names.attributes import attributes, read
from pdbleak.names.code import CODE_FORMS
from pdbleak.names.devices import DEVICE_FORMS
from pdbleak.names.types import bases_of, is_c_type, is_kind, printable, type_name
from pdbleak.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ELEMENTS = 8
# Where a list or tuple has nothing yet.
_NULL = object()
# What tells one instance from another, the most telling first.
TELLING = (
    *("name", "id", "pk", "key", "host", "port", "url", "path", "method", "status", "title"),
    *("username", "email", "sql", "number", "state", "kind", "_name", "_id", "_key", "_host", "_state"),
)
TELLING_ATTRIBUTES = 3


def form(item: object, *, limit: int = 60) -> str:
    """Return the safe one-line form of an object, cut to a length.

    Plain values are abbreviated, containers tell their size and first elements, code its place, and
    an instance up to three of its telling attributes. O(limit).
    """
    if type(item) is Remembered:
        return printable(item.form, limit)
    try:
        return printable(_describe(item, limit), limit)
    except Exception:  # noqa: BLE001  one object's form must not end an answer
        return located(item)


def repr_form(item: object, *, limit: int = 60) -> str:
    """Return an object's own repr, cut to a length, or what it raised.

    Runs the object's code, at the user's wish; only KeyboardInterrupt and SystemExit get through.
    """
    if type(item) is Remembered:
        return form(item, limit=limit)
    try:
        text = repr(item)
    except Exception as error:  # noqa: BLE001  the program's code may raise anything
        return f"<repr raised {type_name(type(error))}>"
    return printable(str.__str__(text), limit)


def _describe(item: Any, limit: int) -> str:
    text = atom(item, limit)
    if text is not None:
        return text
    if is_kind(item, type):
        return f"class {type_name(item)}"
    describe = CODE_FORMS.get(id(type(item)))
    if describe is not None:
        return describe(item)
    for base in bases_of(type(item)):
        contain = _CONTAINERS.get(id(base))
        if contain is not None:
            return contain(item, limit)
        if is_c_type(base):
            device = DEVICE_FORMS.get(type_name(base))
            text = device(item, base) if device else None
            if text is not None:
                return text
    return derived_atom(item, limit) or _describe_instance(item, limit)


def _describe_instance(item: object, limit: int) -> str:
    """Return `<amqp.Channel at 0x7f… id=3>`, with as much as fits of what tells it apart."""
    told = {name: value for name, value in attributes(item) if name in TELLING}
    text = located(item)[:-1]
    room = TELLING_ATTRIBUTES
    for name in TELLING:
        value = told.get(name)
        more = f" {name}={brief(value)}" if type(value) is str or type(value) is int else ""
        if more and room and len(text) + len(more) < limit:
            text += more
            room -= 1
    return f"{text}>"


def _filled(item: object, size: int, elements: Iterable[str], limit: int) -> str:
    """Return `list of 3: 'a', 'b', …` with as many elements as fit."""
    text = f"{type_name(type(item))} of {size}"
    shown: list[str] = []
    room = limit - len(text) - len(": , …")
    for element in islice(elements, ELEMENTS):
        room -= len(element) + 2
        if room < 0:
            break
        shown.append(element)
    if not shown:
        return text
    return f"{text}: {', '.join(shown)}" + (", …" if len(shown) < size else "")


def _describe_dict(item: Any, limit: int) -> str:
    return _filled(item, dict.__len__(item), map(brief, dict.__iter__(item)), limit)


def _describe_list(item: Any, limit: int) -> str:
    return _filled(item, list.__len__(item), map(_element, elements_of(item, ELEMENTS, _NULL)), limit)


def _describe_tuple(item: Any, limit: int) -> str:
    return _filled(item, tuple.__len__(item), map(_element, elements_of(item, ELEMENTS, _NULL)), limit)


def _element(value: object) -> str:
    return "<NULL>" if value is _NULL else brief(value)


def _describe_set(item: Any, limit: int) -> str:
    return _filled(item, set.__len__(item), map(brief, set.__iter__(item)), limit)


def _describe_frozenset(item: Any, limit: int) -> str:
    return _filled(item, frozenset.__len__(item), map(brief, frozenset.__iter__(item)), limit)


def _describe_bytearray(item: Any, _limit: int) -> str:
    return f"{type_name(type(item))} of {bytearray.__len__(item)}"


def _describe_exception(item: Any, limit: int) -> str:
    told = ", ".join(brief(argument, limit) for argument in read(item, BaseException, "args") or ())
    return f"{type_name(type(item))}({told})"


def _describe_memoryview(item: Any, _limit: int) -> str:
    size = read(item, memoryview, "nbytes")
    return "memoryview, released" if size is None else f"memoryview of {size}"


_CONTAINERS: dict[int, Callable[[Any, int], str]] = {
    id(dict): _describe_dict,
    id(list): _describe_list,
    id(tuple): _describe_tuple,
    id(set): _describe_set,
    id(frozenset): _describe_frozenset,
    id(bytearray): _describe_bytearray,
    id(memoryview): _describe_memoryview,
    id(BaseException): _describe_exception,
}
