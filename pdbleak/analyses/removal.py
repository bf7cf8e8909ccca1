"""Removing a reference from the place where it is stored, below what its class overrides; decides nothing."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from pdbleak._native import is_key, keys_of
from pdbleak.names.attributes import attributes, slots_of
from pdbleak.names.types import bases_of, entries_of, is_c_type, is_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.analyses.places import Place


def remove_all(places: Iterable[Place]) -> tuple[list[str], list[str]]:
    """Remove references; return (the names of the removed ones, what went wrong with the others).

    Each must still be there: another thread may have put something else in its place. What a place let go of
    lives as long as the places do.
    """
    removed, failed = [], []
    # From the end, so that the indices of those before stay true.
    for place in sorted(places, key=_index, reverse=True):
        try:
            if _is_here(place):
                _remove(place)
                removed.append(place.text)
            else:
                failed.append(f"{place.text} is not there any more")
        except Exception as error:  # noqa: BLE001 - whatever its C code refuses is one line of the answer
            failed.append(f"{place.text}: {type(error).__name__}")
    return removed, failed


def _index(place: Place) -> int:
    return place.key if place.kind == "element" else -1


def _is_here(place: Place) -> bool:
    item = place.lets_go[0]
    if place.kind == "element":
        elements = list.__getitem__ if is_kind(place.owner, list) else deque.__getitem__
        return elements(place.owner, place.key) is item
    if place.kind == "entry":
        return is_key(place.owner, place.key) if place.key is item else _holds(place.owner, place.key, item)
    if place.kind == "attribute":
        return any(name is place.key and value is item for name, value in attributes(place.owner))
    if place.kind == "slot":
        return any(slot is place.key and value is item for _, slot, value in slots_of(place.owner))
    if place.kind == "class attribute":
        entries = entries_of(place.owner)
        return any(name is place.key and (value is item or name is item) for name, value in entries)
    return any(element is item for element in set.__iter__(place.owner))


def _holds(mapping: Any, key: Any, item: Any) -> bool:
    return any(each is key for each in keys_of(mapping, item))


def _remove(place: Place) -> None:
    if place.kind == "attribute":
        object.__delattr__(place.owner, place.key)
    elif place.kind == "class attribute":
        type.__delattr__(place.owner, place.key)
    elif place.kind == "slot":
        place.key.__delete__(place.owner)
    elif place.kind == "member":
        set.discard(place.owner, place.key)
    else:
        _c_method(type(place.owner), "__delitem__")(place.owner, place.key)


def _c_method(cls: type, name: str) -> Any:
    """Return a method as the nearest C type in a class's bases has it: an OrderedDict's is not a dict's."""
    for base in bases_of(cls):
        for own, method in entries_of(base) if is_c_type(base) else ():
            if own == name:
                return method
    raise TypeError(name)
