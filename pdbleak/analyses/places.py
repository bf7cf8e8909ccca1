"""Where an object stores a reference, and whether it can be removed without running the program's code."""

from __future__ import annotations

import sys
import types
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak._native import elements_of, index_of, inline_values, is_key, keys_of
from pdbleak.names.attributes import slots_of
from pdbleak.names.containers import key_text
from pdbleak.names.libraries import is_used_by_library
from pdbleak.names.references import attribute
from pdbleak.names.types import bases_of, entries_of, is_c_type, is_kind, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

# Kinds of C types whose entries can be removed one by one.
REMOVABLE = (dict, list, set, deque)
PLAIN = (str, int, bytes, float, bool, complex, type(None), type(Ellipsis))
DEEPEST = 8
NOT_HERE = "it is stored in C, where no entry can be removed"
REASONS = {
    "tuple": "a tuple's entries cannot be removed",
    "frozenset": "a frozenset's elements cannot be removed",
    "cell": "a closure's variable belongs to its functions",
    "function": "what a function is made of cannot be removed",
    "method": "a bound method's object cannot be removed",
    "builtin_function_or_method": "a bound method's object cannot be removed",
    "frame": "a frame's locals live until its function returns",
    "generator": "a generator's locals live until it ends",
    "coroutine": "a coroutine's locals live until it ends",
    "async_generator": "a generator's locals live until it ends",
    "traceback": "a traceback's frames live as long as it does",
    "functools._lru_cache_wrapper": "one result cannot be removed; its cache_clear() empties the cache",
    "module": "what a module keeps in C cannot be removed",
    "type": "what a class is made of cannot be removed",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a reference is stored; lives as long as one command runs.

    `kind` is 'entry' of a dict, 'attribute', 'slot', 'class attribute', 'element' of a list or deque, or
    'member' of a set. `key` is the dict's key, the attribute's name, the slot's descriptor or the index.
    `lets_go` are the objects that it refers to through this place, once for each reference: an entry holds
    its value and its key, that of an OrderedDict its key twice.
    """

    kind: str
    owner: Any
    key: Any
    text: str
    lets_go: tuple[Any, ...]


def places_of(referrer: Any, referent: Any, *, owner: type | None = None) -> tuple[list[Place], str]:
    """Return (every place where an object stores a reference to another, why one cannot be removed or '').

    `owner` is the class whose namespace the referrer is. O(size of the referrer).
    """
    found = list(_places(referrer, referent, owner))
    reasons = [reason for reason in map(_obstacle, found) if reason]
    return found, reasons[0] if reasons else ""


def reason_of(referrer: Any) -> str:
    """Return why no reference of an object of this kind can be removed."""
    for base in bases_of(type(referrer)):
        if is_c_type(base) and type_name(base) in REASONS:
            return REASONS[type_name(base)]
    return NOT_HERE


def is_removable_kind(cls: type) -> bool:
    """Tell whether instances of a class may store references that can be removed."""
    return not is_c_type(cls) or any(issubclass(base, REMOVABLE) for base in bases_of(cls) if is_c_type(base))


def _places(referrer: Any, referent: Any, owner: type | None) -> Iterator[Place]:
    for name, value in inline_values(referrer) or ():
        if value is referent:
            yield Place("attribute", referrer, name, attribute(name), (referent,))
    for name, descriptor, value in slots_of(referrer):
        if value is referent:
            yield Place("slot", referrer, descriptor, attribute(name), (referent,))
    if is_kind(referrer, dict):
        yield from _entries(referrer, referent, owner)
    elif is_kind(referrer, set):
        if any(element is referent for element in set.__iter__(referrer)):
            yield Place("member", referrer, referent, "{…}", (referent,))
    else:
        for index in _indices(_elements(referrer), referent):
            yield Place("element", referrer, index, f"[{index}]", (referent,))


def _elements(item: Any) -> list[Any]:
    """Return the elements of a list or deque, none of anything else; below what its class overrides."""
    if is_kind(item, list):
        return elements_of(item, sys.maxsize, None)
    return list(deque.__iter__(item)) if is_kind(item, deque) else []


def _entries(mapping: dict[Any, Any], referent: Any, owner: type | None) -> Iterator[Place]:
    kind = "entry" if owner is None else "class attribute"
    # Its list of entries holds each key besides.
    times = 2 if is_kind(mapping, OrderedDict) else 1
    keys = keys_of(mapping, referent)
    for key in keys:
        lets_go = (referent, *(key,) * times)
        yield Place(kind, mapping if owner is None else owner, key, f"[{key_text(key)}]", lets_go)
    if is_key(mapping, referent) and not any(key is referent for key in keys):
        value = next(value for key, value in dict.items(mapping) if key is referent)
        text = f"[key {key_text(referent)}]"
        lets_go = (*(referent,) * times, value)
        yield Place(kind, mapping if owner is None else owner, referent, text, lets_go)


def _indices(items: list[Any], referent: Any) -> Iterator[int]:
    first = index_of(items, referent)
    if first >= 0:
        yield from (index for index in range(first, len(items)) if items[index] is referent)


def _obstacle(place: Place) -> str:
    """Return why a place cannot be emptied without running the program's code; '' if it can."""
    if place.kind in ("entry", "member") and not hashes_in_c(place.key):
        what = "key" if place.kind == "entry" else "element"
        return f"only the {what}'s own __hash__ could find it"
    if place.kind == "class attribute" and (is_c_type(place.owner) or type(place.key) is not str):
        return REASONS["type"]
    if place.kind == "class attribute" and _stands_before(type(place.owner), place.key):
        return "only its metaclass's own code could remove it"
    return _obstacle_of_instance(place)


def _obstacle_of_instance(place: Place) -> str:
    if place.kind == "slot" and is_c_type(place.key.__objclass__):
        return NOT_HERE
    if place.kind == "attribute" and _stands_before(type(place.owner), place.key):
        return "only the code of its class could remove it: a descriptor has its name"
    if place.kind in ("attribute", "slot"):
        name = place.key if place.kind == "attribute" else place.key.__name__
        return obstacle_of_library(type(place.owner), name)
    return ""


def obstacle_of_library(cls: type, name: object) -> str:
    """Return why an object of a library cannot be without an attribute; '' for what it is not its own."""
    if type(name) is str and is_used_by_library(cls, name):
        return f"{type_name(cls)} does not work without it"
    return ""


def hashes_in_c(item: Any, depth: int = 0) -> bool:
    """Tell whether hashing an object runs no code of the program: a plain value, or hashed by identity."""
    cls = type(item)
    if any(cls is plain for plain in PLAIN):
        return True
    if cls is tuple or cls is frozenset:
        elements = elements_of(item, sys.maxsize, None) if cls is tuple else frozenset.__iter__(item)
        return depth < DEEPEST and all(hashes_in_c(each, depth + 1) for each in elements)
    for base in bases_of(cls):
        for name, _ in entries_of(base):
            if name == "__hash__":
                return base is object
    return False


def _stands_before(cls: type, name: str) -> bool:
    """Tell whether a class has a data descriptor of that name, which an attribute's removal would ask."""
    for base in bases_of(cls):
        for own, value in entries_of(base):
            if own == name:
                return type(value) is not types.MemberDescriptorType and any(
                    hook in ("__set__", "__delete__")
                    for kind in bases_of(type(value))
                    for hook, _ in entries_of(kind)
                )
    return False
