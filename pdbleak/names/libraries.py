"""Which classes are a library's, and which attributes their own code uses; runs no code."""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType

from pdbleak.names.types import bases_of, entries_of, type_name

PACKAGES = ("/site-packages/", "/dist-packages/")


def is_used_by_library(cls: type, attribute: str) -> bool:
    """Tell whether the code of a class of a library, or of a base of it, names an attribute of its instances.

    An object of a library does not work without what its own code counts on; what the program has stored in
    it under another name is the program's. O(functions of the classes).
    """
    return any(attribute in _names_in(base) for base in bases_of(cls) if is_library(base))


def is_library(cls: type) -> bool:
    """Tell whether a class stands in Python's own library or in an installed package."""
    name = type_name(cls).rpartition(".")[0]
    while name and name not in sys.modules:
        name = name.rpartition(".")[0]
    if not name or name == "builtins":
        return False
    if name.partition(".")[0] in sys.stdlib_module_names:
        return True
    module = sys.modules[name]
    file = module.__dict__.get("__file__") if type(module) is ModuleType else None
    return type(file) is str and any(folder in file for folder in PACKAGES)


def _names_in(cls: type) -> frozenset[str]:
    found: set[str] = set()
    for _, value in entries_of(cls):
        if type(value) is FunctionType:
            found.update(value.__code__.co_names)
    return frozenset(found)
