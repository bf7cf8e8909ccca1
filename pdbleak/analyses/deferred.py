"""Which references are followed last, the one table of them; drops none, and knows no search."""

from __future__ import annotations

import os.path
import sys
from dataclasses import dataclass
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pdbleak.heap import MODULE, NAMESPACE, TYPE, is_debugger
from pdbleak.names.attributes import attributes, entries_in
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.heap import Heap

PATTERN = compile_apart(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
# More instances of a user's `Type.attribute` are not looked into.
MOST_INSTANCES = 10_000
LARGEST_CONFIGURATION = 1 << 20
MOST_OF_MODULE = 16
_read_namespace = vars(ModuleType)["__dict__"].__get__


@dataclass(frozen=True, slots=True)
class Deferral:
    """One line of the table: what is followed last, why, and who said so ('built in' or 'yours')."""

    reference: str
    why: str
    source: str = "built in"


@dataclass(frozen=True, slots=True)
class Deferrals:
    """The table of what is followed last."""

    rows: tuple[Deferral, ...]
    next: str


LEADS_EVERYWHERE = "leads everywhere: every instance refers to it"
CACHE = "a cache: it holds what others use"
LEFT = "left behind by a prompt or an uncaught exception"
# Nodes with these flags.
FLAGGED = (
    (TYPE, Deferral("types", LEADS_EVERYWHERE)),
    (MODULE, Deferral("modules", "their names lead everywhere; those in sys.modules are roots themselves")),
    (NAMESPACE, Deferral("function.__globals__", "leads to all names of a module")),
)
# Objects of types with these names.
TYPED = (
    Deferral("functools._lru_cache_wrapper", CACHE),
    Deferral("weakref.ReferenceType", "a weak reference holds its callback only"),
    Deferral("weakref.KeyedRef", "a weak reference holds its callback only"),
    Deferral("weakref.WeakMethod", "a weak reference holds its callback only"),
    Deferral("_abc._abc_data", CACHE),
    Deferral("frame", "what a traceback or a debugger keeps of a call"),
    Deferral("traceback", "what an exception keeps of a call"),
)
# Names of modules.
NAMED = (
    Deferral("linecache.cache", CACHE),
    Deferral("re._cache", CACHE),
    Deferral("re._cache2", CACHE),
    Deferral("fnmatch._cache", CACHE),
    Deferral("logging._handlers", "names what loggers hold"),
    Deferral("logging._handlerList", "lists what loggers hold"),
    Deferral("logging.root", "loggers are made once per name, and cache their levels"),
    Deferral("threading._active", "threads are told by their frames"),
    Deferral("threading._limbo", "threads are told by their frames"),
    Deferral("_asyncio._current_tasks", "tells which task runs"),
    Deferral("asyncio.tasks._current_tasks", "tells which task runs"),
    Deferral("asyncio.events._event_loop_policy", "loops are told by the frames that run them"),
    Deferral("concurrent.futures.thread._threads_queues", "tells which threads wait where"),
    Deferral("copyreg.dispatch_table", CACHE),
    Deferral("sys.path_importer_cache", CACHE),
    Deferral("sys.last_exc", LEFT),
    Deferral("sys.last_value", LEFT),
    Deferral("sys.last_traceback", LEFT),
    Deferral("builtins._", LEFT),
    Deferral("__main__.__pdb_convenience_variables", LEFT),
)


def deferrals(extra: Iterable[str] = ()) -> Deferrals:
    """Return the table, with the user's own lines."""
    built_in = (*(each for _, each in FLAGGED), *TYPED, *NAMED)
    yours = tuple(Deferral(text, "you said so", "yours") for text in extra)
    return Deferrals(yours + built_in, "leak types 20")


def configured(folder: str = ".") -> tuple[str, ...]:
    """Return the lines of `[tool.pdbleak] defer` in a folder's pyproject.toml, none if it cannot be read."""
    path = os.path.join(folder, "pyproject.toml")  # noqa: PTH118 - pathlib is not loaded for it
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            text = file.read(LARGEST_CONFIGURATION)
    except OSError:
        return ()
    if b"pdbleak" not in text:
        return ()
    import tomllib  # noqa: PLC0415 - only who configures something pays for it

    try:
        table = tomllib.loads(text.decode())
        lines = table["tool"]["pdbleak"]["defer"]
    except (KeyError, TypeError, ValueError):
        return ()
    return tuple(line for line in lines if type(line) is str and PATTERN.fullmatch(line))


def mark_deferred(heap: Heap, extra: Iterable[str] = ()) -> bytes:
    """Return a byte per node: 1 for what is followed last. O(V), once per capture and table.

    Modules in sys.modules and their namespaces are not marked: they are roots themselves.
    `extra` are further references, `module.NAME` or `Type.attribute`; what is not there is passed over.
    """
    key = "deferred " + "\0".join(extra)
    if key not in heap._cache:  # noqa: SLF001 - the place for it
        heap._cache[key] = bytes(_mark(heap, extra))  # noqa: SLF001
    marks: bytes = heap._cache[key]  # noqa: SLF001
    return marks


def _mark(heap: Heap, extra: Iterable[str]) -> bytearray:
    marks = bytearray(heap.marks(TYPE | MODULE | NAMESPACE))
    for node in heap.nodes_of(each.reference for each in TYPED):
        marks[node] = 1
    for module in module_names(heap):
        for part in (module, *heap.graph.referents(module)[:MOST_OF_MODULE]):
            if heap.has(part, MODULE | NAMESPACE):
                marks[part] = 0
    modules = {} if heap.recall else dict(_live_modules())
    for reference in (*(each.reference for each in NAMED), *extra):
        for node in _nodes_named(heap, reference, modules):
            marks[node] = 1
    return marks


def module_names(heap: Heap) -> dict[int, str]:
    """Return {node: name} of the modules in sys.modules, or of all modules of a saved heap."""
    named: dict[int, str] = {}
    if heap.recall is not None:
        nodes = [node for node, is_module in enumerate(heap.marks(MODULE)) if is_module]
        for node, remembered in heap.recall(nodes).items():
            named[node] = remembered.form.removeprefix("module ")
        return named
    for name, module in _live_modules():
        own = heap.node_of(module)
        if own is not None and heap.has(own, MODULE) and not is_debugger(name):
            named.setdefault(own, name)
    return named


def _live_modules() -> Iterator[tuple[str, ModuleType]]:
    """Yield the (name, module) pairs of sys.modules, without what only stands for a module."""
    for name, module in list(sys.modules.items()):
        if type(name) is str and issubclass(type(module), ModuleType):
            yield name, module


def _nodes_named(heap: Heap, reference: str, modules: dict[str, ModuleType]) -> Iterator[int]:
    """Yield what a name of a module holds, or an attribute of all instances of a type."""
    holder, _, name = reference.rpartition(".")
    if holder in modules:
        yield from _nodes_held(heap, entries_in(_read_namespace(modules[holder])), name)
        return
    types = [each for each in heap.types if each == holder or each.endswith(f".{holder}")]
    if holder and types and heap.recall is None:
        instances = heap.resolve(islice(heap.nodes_of(types), MOST_INSTANCES))
        for item in instances.values():
            yield from _nodes_held(heap, attributes(item), name)


def _nodes_held(heap: Heap, entries: Iterable[tuple[str, Any]], name: str) -> Iterator[int]:
    for each, value in entries:
        if each == name:
            node = heap.node_of(value)
            if node is not None:
                yield node
