"""Which getters of C types run no user code, and what their unnamed references are; knows no object.

Types of the standard library that may not have been imported are known by the name C gave them.
"""

from __future__ import annotations

import types
from typing import Any
from weakref import ReferenceType

# Getters whose C code only hands out what the object holds.
GETTERS: dict[int, tuple[str, ...]] = {
    id(type): ("__bases__", "__mro__", "__name__", "__qualname__"),
    id(types.FunctionType): (
        *("__code__", "__defaults__", "__kwdefaults__", "__name__", "__qualname__", "__type_params__"),
        # Members up to 3.13; the function that would make the annotations is handed out, not called.
        *("__doc__", "__module__", "__annotate__"),
    ),
    id(types.BuiltinFunctionType): ("__self__",),
    id(BaseException): ("args", "__traceback__", "__context__", "__cause__"),
    id(types.TracebackType): ("tb_next",),
    id(types.FrameType): ("f_code", "f_globals", "f_builtins", "f_trace"),
    id(types.GeneratorType): ("gi_yieldfrom", "gi_code", "__name__", "__qualname__"),
    id(types.CoroutineType): ("cr_await", "cr_code", "__name__", "__qualname__"),
    id(types.AsyncGeneratorType): ("ag_await", "ag_code", "__name__", "__qualname__"),
    id(types.CellType): ("cell_contents",),
    id(memoryview): ("obj",),
    id(types.MethodWrapperType): ("__self__",),
    id(ReferenceType): ("__callback__",),
}
NAMED_GETTERS: dict[str, tuple[str, ...]] = {
    "_asyncio.Future": ("_result", "_exception", "_source_traceback", "_cancel_message", "_loop"),
    "_asyncio.Task": (
        *("_coro", "_fut_waiter", "_result", "_exception", "_source_traceback", "_cancel_message", "_loop"),
    ),
    "_contextvars.Token": ("var", "old_value"),
    "Token": ("var", "old_value"),
    "numpy.ndarray": ("base", "dtype"),
}
# What is left of an object's references where C gives no way to tell one from another.
OPAQUE: dict[str, str] = {
    "async_generator_asend": "(generator)",
    "callable_iterator": "(callable)",
    "code": "(kept with the code)",
    "coroutine_wrapper": "(coroutine)",
    "enumerate": "(iterable)",
    "filter": "(iterable)",
    "iterator": "(sequence)",
    "map": "(iterable)",
    "mappingproxy": "(mapping)",
    "reversed": "(sequence)",
    "zip": "(iterable)",
    "dict_keys": "(dict)",
    "dict_values": "(dict)",
    "dict_items": "(dict)",
    "odict_keys": "(dict)",
    "odict_values": "(dict)",
    "odict_items": "(dict)",
    "dict_keyiterator": "(dict)",
    "dict_valueiterator": "(dict)",
    "dict_itemiterator": "(dict)",
    "dict_reversekeyiterator": "(dict)",
    "dict_reversevalueiterator": "(dict)",
    "dict_reverseitemiterator": "(dict)",
    "odict_iterator": "(dict)",
    "list_iterator": "(list)",
    "list_reverseiterator": "(list)",
    "tuple_iterator": "(tuple)",
    "set_iterator": "(set)",
    "str_iterator": "(str)",
    "str_ascii_iterator": "(str)",
    "bytes_iterator": "(bytes)",
    "bytearray_iterator": "(bytearray)",
    "_collections._deque_iterator": "(deque)",
    "_collections._deque_reverse_iterator": "(deque)",
    "collections._deque_iterator": "(deque)",
    "collections._deque_reverse_iterator": "(deque)",
    "Context": "(context variable)",
    "hamt": "(context variable)",
    "hamt_bitmap_node": "(context variable)",
    "hamt_array_node": "(context variable)",
    "hamt_collision_node": "(context variable)",
    "ContextVar": "(default)",
    "_contextvars.Token": "(context)",
    "_contextvars.Context": "(context variable)",
    "_contextvars.ContextVar": "(default)",
    "managedbuffer": ".obj",
    "memoryview": "(buffer)",
    "module": "(state in C)",
    "functools._lru_cache_wrapper": "(cached result)",
    "functools.partial": "(argument)",
    "operator.attrgetter": "(name)",
    "operator.itemgetter": "(item)",
    "operator.methodcaller": "(argument)",
    "property": ".__name__",  # its getter asks the function
    "_abc._abc_data": "(registry and caches)",
    "_asyncio.Future": "._callbacks",
    "_asyncio.Task": "._callbacks",
    "_asyncio.TaskStepMethWrapper": "(task)",
    "_csv.Dialect": "(setting)",
    "_ctypes.CType_Type": "(of the C type)",
    "_json.Scanner": "(memo)",
    "_queue.SimpleQueue": "(queue)",
    "decimal.Context": "(signals)",
    "_struct.Struct": ".format",
    "cython_function_or_method": "(in the function)",
    "re.Pattern": "(groups)",
    "typing.ParamSpec": "(bound or constraint)",  # these getters evaluate what the program wrote
    "typing.TypeAliasType": "(value)",
    "typing.TypeVar": "(bound or constraint)",
    "typing.TypeVarTuple": "(default)",
    "types.GenericAlias": ".__parameters__",
    "typing.Union": ".__parameters__",
    "type": "(names of its slots)",
    "types.UnionType": ".__parameters__",
    "builtin_function_or_method": ".__module__",
    "getset_descriptor": ".__objclass__",
    "member_descriptor": ".__objclass__",
    "method_descriptor": ".__objclass__",
    "wrapper_descriptor": ".__objclass__",
    "method-wrapper": ".__self__",
    "classmethod_descriptor": ".__objclass__",
    "_thread._localdummy": "(thread's values)",
    "_thread._local": "(thread's values)",
    "_asyncio.FutureIter": "(future)",
    "_io.BytesIO": "(buffer)",
    "_io.StringIO": "(newline)",
    "_io.TextIOWrapper": "(codec)",
    "re.Match": ".string",
}
ITERTOOLS = "(iterable)"


def getters_of(base: type, name: str) -> tuple[str, ...]:
    """Return the harmless getters that a C type declares itself."""
    return GETTERS.get(id(base), ()) or NAMED_GETTERS.get(name, ())


def opaque_name(name: str) -> str:
    """Return what an unnamed reference of a C type is, or an empty text."""
    return OPAQUE.get(name, ITERTOOLS if name.startswith("itertools.") else "")


def frame_of_kind(kind: Any) -> str:
    """Return the attribute by which a generator-like type offers its frame."""
    if kind is types.CoroutineType:
        return ".cr_frame"
    return ".ag_frame" if kind is types.AsyncGeneratorType else ".gi_frame"
