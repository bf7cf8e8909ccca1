"""By which names one object refers to another; looks only where the interpreter stores references."""

from __future__ import annotations

import types
from itertools import islice
from typing import TYPE_CHECKING, Any

from pdbleak._native import frame_locals, inline_values, keys_of, referents
from pdbleak.names.attributes import computed, members, namespace_of
from pdbleak.names.code import called, code_of
from pdbleak.names.containers import CONTAINERS, NAMED_CONTAINERS, NAMES_LIMIT, key_text
from pdbleak.names.layouts import frame_of_kind, getters_of, opaque_name
from pdbleak.names.rare import RARE
from pdbleak.names.types import bases_of, is_c_type, is_kind, plain_text, printable, type_name
from pdbleak.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUSPENDED = (types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)


def reference_names(referrer: object, referent: object) -> list[str]:
    """Return every name by which an object refers to another, at least one.

    `.queue`, `['sql']`, `[3]`, `[key 'sql']`, `local 'conn' of serve()`, `.__class__`;
    a reference that only C can tell is `(held by TYPE in C)`. Where there are many, `(and more)` says so.
    O(size of the referrer), at C speed.
    """
    if type(referrer) is Remembered and type(referent) is Remembered:
        return list(referrer.names_to(referent.node))
    found: dict[str, None] = {}
    try:
        for name in islice(_names(referrer, referent), NAMES_LIMIT * 4):
            found[name] = None
    except Exception:  # noqa: BLE001, S110  what was found so far stands
        pass
    names = list(found) or [_unnamed(referrer, referent)]
    if len(names) <= NAMES_LIMIT:
        return names
    return [*names[:NAMES_LIMIT], "(and more)"]


def _names(item: object, referent: object) -> Iterator[str]:
    yield from _stored(item, referent)
    if is_kind(item, type):
        yield from _of_type(item, referent)  # type: ignore[arg-type]
    cls = type(item)
    if any(cls is kind for kind in _SUSPENDED):
        yield from _of_frame(item, referent)
    for base in bases_of(cls):
        inside = CONTAINERS.get(id(base))
        if inside is not None:
            yield from inside(item, referent)
        elif is_c_type(base):
            yield from _of_c_type(item, referent, base)
    if referent is cls:
        yield ".__class__"


def _stored(item: object, referent: object) -> Iterator[str]:
    """Yield `.queue` for what is stored inline, in a slot or in the instance's dict."""
    for name, value in inline_values(item) or ():
        if value is referent:
            yield attribute(name)
    namespace = namespace_of(item)
    if namespace is not None:
        if namespace is referent:
            yield ".__dict__"
        for key in keys_of(namespace, referent):
            yield attribute(key)
    for name, value in members(item):
        if value is referent:
            yield attribute(name)


def attribute(name: object) -> str:
    """Return `.queue`, or `.__dict__['a b']` for what is no identifier."""
    text = plain_text(name)
    if text is not None and text.isidentifier():
        return f".{printable(text, 60)}"
    return f".__dict__[{key_text(name)}]"


def _of_type(item: type, referent: object) -> Iterator[str]:
    if type(referent) is dict and referent is not namespace_of(item):
        # A class has no other dict but the one of the weak references that `__subclasses__()` reads.
        yield ".__subclasses__"
    elif type(referent) is types.ModuleType:
        yield "(module in C)"


def _of_frame(item: Any, referent: object) -> Iterator[str]:
    """Yield `local 'conn' of serve()` for what a frame or what is suspended in one holds."""
    for name, value in frame_locals(item):
        if value is referent:
            what = "cell" if type(value) is types.CellType else "local"
            yield f"{what} {key_text(name)} of {called(item)}()"
        elif type(value) is types.CellType and any(held is referent for held in referents(value)):
            yield f"local {key_text(name)} of {called(item)}()"
    if type(referent) is types.FrameType:
        yield ".f_back" if type(item) is types.FrameType else frame_of_kind(type(item))
    elif type(referent) is types.FunctionType and code_of(referent) is code_of(item):
        yield f"(function {called(referent)})"


def _of_c_type(item: object, referent: object, base: type) -> Iterator[str]:
    name = type_name(base)
    for getter, value in computed(item, base, getters_of(base, name)):
        if value is referent:
            yield f".{getter}"
    inside = NAMED_CONTAINERS.get(name) or RARE.get(name)
    if inside is not None:
        yield from inside(item, referent)


def _unnamed(item: object, referent: object) -> str:
    """Return what is known of a reference that has no name."""
    try:
        cls = type(item)
        if any(cls is kind for kind in _SUSPENDED):
            return ".f_locals" if type(referent) is dict else f"(stack of {called(item)}())"
        for base in bases_of(cls):
            known = type_name(base)
            # Not every C type is immutable; a class of the program has no dotless name of the language's.
            name = opaque_name(known) if "." in known or is_c_type(base) else ""
            if name:
                return name
        return f"(held by {type_name(cls)} in C)"
    except Exception:  # noqa: BLE001  a name must be had
        return "(held in C)"
