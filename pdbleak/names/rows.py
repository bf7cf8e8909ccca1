"""The names of all references of one object at once, for a saved heap; runs no user code, keeps no object."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak._native import inline_values, managed_dict, referents
from pdbleak.names.attributes import entries_in
from pdbleak.names.containers import CONTAINERS, NAMED_CONTAINERS, NAMES_LIMIT
from pdbleak.names.layouts import getters_of
from pdbleak.names.references import attribute, reference_names
from pdbleak.names.types import bases_of, entries_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

# Of an object with more referents than this, that is no container of the language, the rest stays unnamed.
MOST_REFERENTS = 256
# What a class holds under names of another kind is one of these.
_OF_CLASSES = (dict, types.ModuleType)
_ELSEWHERE = (types.FrameType, types.GeneratorType, types.CoroutineType, types.AsyncGeneratorType)


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the instances of one type store attributes: (name, descriptor) pairs, and their base for getters.

    `complete` says that every name of what is found so is found so, but of what a class refers to as `apart`.
    """

    members: tuple[tuple[str, Any], ...]
    getters: tuple[tuple[str, Any, type], ...]
    complete: bool
    apart: tuple[type, ...]


def plan_of(cls: type) -> Plan:
    """Return where instances of a type store attributes. O(entries of its bases)."""
    members = []
    getters = []
    complete = not any(cls is kind for kind in _ELSEWHERE)
    for base in bases_of(cls):
        c_name = type_name(base) if is_c_type(base) else ""
        computed = getters_of(base, c_name) if c_name else ()
        for name, descriptor in entries_of(base):
            if type(descriptor) is types.MemberDescriptorType:
                members.append((name, descriptor))
            elif name in computed and type(descriptor) is types.GetSetDescriptorType:
                getters.append((name, descriptor, base))
        complete = complete and id(base) not in CONTAINERS and c_name not in NAMED_CONTAINERS
    return Plan(tuple(members), tuple(getters), complete, _OF_CLASSES if is_metatype(cls) else ())


def is_metatype(cls: type) -> bool:
    """Tell whether instances of a type are types."""
    return any(base is type for base in bases_of(cls))


def names_in_row(item: Any, plan: Plan) -> dict[int, tuple[str, ...]]:
    """Return {address of a referent: the names that `reference_names` has for it}.

    What is stored under attribute names is read once for the whole row; what has a name of another kind is
    asked for one by one. O(references).
    """
    found: dict[int, dict[str, None]] = {}
    for name, value in stored(item, plan):
        found.setdefault(id(value), {})[name] = None
    named: dict[int, tuple[str, ...]] = {}
    for referent in referents(item):
        address = id(referent)
        if address in named:
            continue
        if address in found and plan.complete and type(referent) not in plan.apart:
            several = tuple(found[address])
            named[address] = (
                several if len(several) <= NAMES_LIMIT else (*several[:NAMES_LIMIT], "(and more)")
            )
        elif len(named) < MOST_REFERENTS:
            named[address] = tuple(reference_names(item, referent))
    return named


def stored(item: Any, plan: Plan) -> Iterator[tuple[str, Any]]:
    """Yield what an object stores under attribute names, in the order in which `reference_names` looks."""
    for name, value in inline_values(item) or ():
        yield attribute(name), value
    # Where C keeps a dict elsewhere, finding it takes long: what it holds is no reference of the object.
    namespace = managed_dict(item)
    if namespace is not None:
        yield ".__dict__", namespace
        for name, value in entries_in(namespace):
            yield attribute(name), value
    for name, descriptor in plan.members:
        try:
            yield attribute(name), descriptor.__get__(item)
        except Exception:  # noqa: BLE001, S112  an empty slot says so by raising
            continue
    for name, descriptor, base in plan.getters:
        try:
            yield f".{name}", descriptor.__get__(item, base)
        except Exception:  # noqa: BLE001, S112  such as the contents of an empty cell
            continue
    yield ".__class__", type(item)
