"""What an object stores under attribute names, read where it is stored; no attribute is looked up."""

from __future__ import annotations

import sys
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import TYPE_CHECKING, Any

from pdbleak._native import index_of, inline_values, keys_of, managed_dict, referents, variables_of
from pdbleak.names.layouts import getters_of
from pdbleak.names.types import (
    bases_of,
    entries_of,
    has_unmanaged_dict,
    is_c_type,
    is_kind,
    is_static,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ELEMENTS_LIMIT = 10_000
_WRAPPED = sys.intern("__wrapped__")
_read_member = MemberDescriptorType.__get__
_read_getset = GetSetDescriptorType.__get__
_read_module_dict = vars(ModuleType)["__dict__"].__get__
_read_type_dict = type.__dict__["__dict__"].__get__
# Of static types only: their addresses are never given to others, and nobody changes their dicts.
_descriptors: dict[tuple[int, type], tuple[tuple[str, Any], ...]] = {}


def namespace_of(item: object) -> dict[Any, Any] | None:
    """Return the `__dict__` that an object has already, else None; never makes one."""
    if is_kind(item, ModuleType):
        return _read_module_dict(item)  # type: ignore[no-any-return]
    if is_kind(item, type):
        # The proxy that the getter makes refers to nothing else.
        return None if is_static(item) else referents(_read_type_dict(item))[0]  # type: ignore[arg-type]
    namespace = managed_dict(item)
    if namespace is not None or not has_unmanaged_dict(type(item)) or _is_long(item):
        return namespace
    return _unmanaged_dict(item)


def _unmanaged_dict(item: object) -> dict[Any, Any] | None:
    # C keeps it at an offset of its own, and the getter would make one where there is none: it is
    # the one dict that is referred to under no other name.
    known = {id(value) for _, value in members(item)} | {id(value) for value in _named(item)}
    found = [held for held in referents(item) if is_kind(held, dict) and id(held) not in known]
    found = [held for held in found if not _is_element(item, held)]
    if type(item) is FunctionType and len(found) == 1 and _are_annotations(item, found[0]):
        return None
    if any(type_name(base) == "functools._lru_cache_wrapper" for base in bases_of(type(item))):
        # Its cache is a dict as well, and so may be what it caches.
        return next((held for held in found if any(name is _WRAPPED for name in dict.__iter__(held))), None)
    return found[0] if found else None


def _named(item: object) -> Iterator[Any]:
    for base in bases_of(type(item)):
        if is_c_type(base):
            for _, value in computed(item, base, getters_of(base, type_name(base))):
                yield value


def _are_annotations(function: FunctionType, held: dict[Any, Any]) -> bool:
    code = next(held for held in referents(function) if type(held) is CodeType)
    arguments = {"return", *variables_of(code)}
    names = list(dict.__iter__(held))
    return bool(names) and all(type(name) is str and name in arguments for name in names)


def _is_long(item: object) -> bool:
    """Tell whether a search among all elements would take longer than what it finds is worth."""
    if is_kind(item, tuple):
        return tuple.__len__(item) > ELEMENTS_LIMIT  # type: ignore[arg-type]
    return is_kind(item, dict) and dict.__len__(item) > ELEMENTS_LIMIT  # type: ignore[arg-type]


def _is_element(item: object, held: object) -> bool:
    if is_kind(item, tuple):
        return index_of(item, held) >= 0  # type: ignore[arg-type]
    return is_kind(item, dict) and bool(keys_of(item, held))  # type: ignore[arg-type]


def members(item: object) -> Iterator[tuple[str, Any]]:
    """Yield the (name, value) pairs of slots and of the members that C declares."""
    for name, _, value in slots_of(item):
        yield name, value


def slots_of(item: object) -> Iterator[tuple[str, MemberDescriptorType, Any]]:
    """Yield the (name, descriptor, value) of slots and of the members that C declares."""
    for base in bases_of(type(item)):
        for name, descriptor in _descriptors_of(base, MemberDescriptorType):
            try:
                yield name, descriptor, _read_member(descriptor, item)
            except Exception:  # noqa: BLE001, S112  an empty slot says so by raising
                continue


def _descriptors_of(base: type, kind: type) -> tuple[tuple[str, Any], ...]:
    """Return the (name, descriptor) pairs of one kind in a type's own dict; a static type's are kept."""
    known = _descriptors.get((id(base), kind))
    if known is None:
        known = tuple(pair for pair in entries_of(base) if type(pair[1]) is kind)
        if is_static(base):
            _descriptors[id(base), kind] = known
    return known


def entries_in(namespace: dict[Any, Any] | None) -> Iterator[tuple[str, Any]]:
    """Yield the (name, value) pairs of a namespace, which may be of a class that overrides everything."""
    if namespace is not None:
        for name, value in dict.items(namespace):
            if type(name) is str:
                yield name, value


def attributes(item: object) -> Iterator[tuple[str, Any]]:
    """Yield the (name, value) pairs of an object's own attributes: inline, in its dict, in its slots."""
    yield from inline_values(item) or ()
    yield from entries_in(namespace_of(item))
    yield from members(item)


def computed(item: object, base: type, names: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Yield what some getters of a C type answer; the caller vouches that they run no user code."""
    for name, descriptor in _descriptors_of(base, GetSetDescriptorType) if names else ():
        if name in names:
            try:
                yield name, _read_getset(descriptor, item, base)
            except Exception:  # noqa: BLE001, S112  such as the contents of an empty cell
                continue


def read(item: object, base: type, name: str) -> Any:
    """Return one getter's or member's answer on a C type, None where it has none."""
    for own, descriptor in entries_of(base):
        kind = type(descriptor)
        if own == name and (kind is GetSetDescriptorType or kind is MemberDescriptorType):
            try:
                return descriptor.__get__(item, base)
            except Exception:  # noqa: BLE001  such as the contents of an empty cell
                return None
    return None
