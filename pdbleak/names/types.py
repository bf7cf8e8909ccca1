"""What a type is called and what it inherits, read below its own code; looks no attribute up on it.

A metaclass may override `__name__`, `__mro__`, `==` and `hash`, and a class dict may hold hostile keys:
types are compared by identity, kept in tables by `id`, and their dicts are iterated, never indexed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_LIMIT = 200
_HEAP_TYPE = 1 << 9
_IMMUTABLE_TYPE = 1 << 8
_MANAGED_DICT = 1 << 4

_read_flags = type.__dict__["__flags__"].__get__
_read_mro = type.__dict__["__mro__"].__get__
_read_dict = type.__dict__["__dict__"].__get__
_read_module = type.__dict__["__module__"].__get__
_read_qualname = type.__dict__["__qualname__"].__get__
_read_dictoffset = type.__dict__["__dictoffset__"].__get__
_is_subclass = type.__subclasscheck__


def is_kind(item: object, base: type) -> bool:
    """Tell whether an object's real type inherits from a type; asks neither of them."""
    return _is_subclass(base, type(item))


def bases_of(cls: type) -> tuple[type, ...]:
    """Return a type's real method resolution order."""
    return _read_mro(cls) or (cls,)


def entries_of(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the (name, value) pairs of a type's own dict whose name is a plain string."""
    for name, value in _read_dict(cls).items():
        if type(name) is str:
            yield name, value


def is_c_type(cls: type) -> bool:
    """Tell whether a type was made by C: its name and its descriptors are then what C made them."""
    flags = _read_flags(cls)
    return not flags & _HEAP_TYPE or bool(flags & _IMMUTABLE_TYPE)


def is_static(cls: type) -> bool:
    """Tell whether a type lives as long as the interpreter, and stays as C made it."""
    return not _read_flags(cls) & _HEAP_TYPE


def has_unmanaged_dict(cls: type) -> bool:
    """Tell whether instances keep their `__dict__` at an offset that C code chose."""
    return _read_dictoffset(cls) != 0 and not _read_flags(cls) & _MANAGED_DICT


def plain_text(item: object) -> str | None:
    """Return the exact string behind a string or an instance of a subclass of it, else None."""
    if type(item) is str:
        return item
    return str.__str__(item) if is_kind(item, str) else None


def printable(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a text cut to a length, on one line and without control characters."""
    cut = text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"
    return cut if cut.isprintable() else repr(cut)[1:-1]


def type_name(cls: type) -> str:
    """Return `module.qualname`, without the module for builtins and `__main__`."""
    try:
        name = printable(plain_text(_read_qualname(cls)) or "(nameless)")
        module = _module_of(cls)
    except Exception:  # noqa: BLE001  one type's name must not end an answer
        return "type"
    return name if module in {"", "builtins", "__main__"} else f"{module}.{name}"


def _module_of(cls: type) -> str:
    if not _read_flags(cls) & _HEAP_TYPE:
        return printable(plain_text(_read_module(cls)) or "")
    for name, value in entries_of(cls):
        if name == "__module__":
            return printable(plain_text(value) or "")
    return ""


def has_finalizer(cls: type) -> bool:
    """Tell whether a type or one it inherits from defines `__del__`."""
    return any(name == "__del__" for base in bases_of(cls) for name, _ in entries_of(base))


def all_classes() -> list[type]:
    """Return all classes that derive from object, without running a metaclass's code."""
    found: dict[int, type] = {id(object): object}
    waiting: list[type] = [object]
    while waiting:
        below: list[type] = type.__subclasses__(waiting.pop())
        for each in below:
            if id(each) not in found:
                found[id(each)] = each
                waiting.append(each)
    return list(found.values())
