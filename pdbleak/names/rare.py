"""References that take a look of their own: of functions, caches, futures; calls none of them."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any

from pdbleak._native import index_of, is_key, referents, variables_of
from pdbleak.names.attributes import namespace_of, read
from pdbleak.names.code import code_of
from pdbleak.names.types import bases_of, is_c_type, type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _in_function(item: Any, referent: object) -> Iterator[str]:
    """Yield `closure 'conn'` for a cell, `.__annotations__` for what is left."""
    if type(referent) is types.CellType:
        code = code_of(item)
        cells = read(item, types.FunctionType, "__closure__")
        place = index_of(cells, referent) if cells is not None else -1
        if code is not None and place >= 0:
            yield f"closure {variables_of(code)[place - len(cells)]!r}"
    elif type(referent) is dict and referent is not namespace_of(item):
        known = ("__globals__", "__builtins__", "__kwdefaults__")
        if all(read(item, types.FunctionType, name) is not referent for name in known):
            yield ".__annotations__"
    elif type(referent) is tuple:
        # Up to 3.13 annotations are a tuple until somebody asks for them.
        known = ("__closure__", "__defaults__", "__type_params__")
        if all(read(item, types.FunctionType, name) is not referent for name in known):
            yield ".__annotations__"


def _in_cache(item: Any, referent: object) -> Iterator[str]:
    """Yield `.__wrapped__`, `.cache` or `(cache key)`; a cached result has no name of its own."""
    # Asked once: it looks at all elements, and the results may be as many dicts.
    namespace = namespace_of(item)
    held = [each for each in referents(item) if type(each) is dict and each is not namespace]
    # It is visited after all results (lru_cache_tp_traverse, 3.11 to 3.14).
    if held and held[-1] is referent:
        yield "(cache)"
    elif held and is_key(held[-1], referent):
        yield "(cache key)"


def _in_future(item: Any, referent: object) -> Iterator[str]:
    """Yield `._callbacks[0]` for a callback and its context."""
    for base in bases_of(type(item)):
        callbacks = read(item, base, "_callbacks") if is_c_type(base) else None
        if type(callbacks) is list:
            for place, (callback, context) in enumerate(callbacks):
                if callback is referent:
                    yield f"._callbacks[{place}]"
                elif context is referent:
                    yield f"._callbacks[{place}].context"
            return


def _in_task(item: Any, referent: object) -> Iterator[str]:
    yield from _in_future(item, referent)
    kind = type(referent)
    if kind is str or kind is int:
        yield "(name)"
    elif is_c_type(kind) and type_name(kind).endswith("Context"):
        yield "(context)"


RARE: dict[str, Callable[[Any, object], Iterator[str]]] = {
    "function": _in_function,
    "functools._lru_cache_wrapper": _in_cache,
    "_asyncio.Future": _in_future,
    "_asyncio.Task": _in_task,
}
