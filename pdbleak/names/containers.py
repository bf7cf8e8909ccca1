"""Where in a container an object stands, found by identity; compares nothing with ==."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak._native import index_of, is_key, keys_of
from pdbleak.names.atoms import atom
from pdbleak.names.forms import form
from pdbleak.names.types import bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY_LIMIT = 40
NAMES_LIMIT = 8


def key_text(key: object) -> str:
    """Return how a dict's key is written between brackets."""
    return atom(key, KEY_LIMIT) or form(key, limit=KEY_LIMIT)


def in_dict(item: Any, referent: object) -> Iterator[str]:
    """Yield `['sql']` for every key that holds an object, `[key 'sql']` if it is one. O(length)."""
    for key in keys_of(item, referent)[: NAMES_LIMIT + 1]:
        yield f"[{key_text(key)}]"
    if is_key(item, referent):
        yield f"[key {key_text(referent)}]"


def in_list(item: Any, referent: object) -> Iterator[str]:
    """Yield `[3]` for every place of a list that holds an object. O(length)."""
    return _in_sequence(item, referent)


def in_tuple(item: Any, referent: object) -> Iterator[str]:
    """Yield `[3]` for every place of a tuple that holds an object. O(length)."""
    return _in_sequence(item, referent)


def _in_sequence(item: Any, referent: object) -> Iterator[str]:
    place = -1
    while (place := index_of(item, referent, place + 1)) >= 0:
        yield f"[{place}]"


def in_set(_item: Any, _referent: object) -> Iterator[str]:
    """Yield `{…}`: an element of a set has no name. O(1)."""
    yield "{…}"


def in_deque(item: Any, referent: object) -> Iterator[str]:
    """Yield `[3]` for every place of a deque that holds an object. O(length)."""
    for base in bases_of(type(item)):
        if is_c_type(base) and type_name(base) == "collections.deque":
            elements = base.__dict__["__iter__"].__get__(item)()
            yield from in_list(list(elements), referent)


CONTAINERS: dict[int, Callable[[Any, object], Iterator[str]]] = {
    id(dict): in_dict,
    id(list): in_list,
    id(tuple): in_tuple,
    id(set): in_set,
    id(frozenset): in_set,
}
NAMED_CONTAINERS: dict[str, Callable[[Any, object], Iterator[str]]] = {"collections.deque": in_deque}
