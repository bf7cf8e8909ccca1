"""The forms of what runs: functions, methods, generators, frames, code, modules, cells; runs none of it."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Any
from weakref import ReferenceType

from pdbleak._native import referents
from pdbleak.names.atoms import brief
from pdbleak.names.attributes import entries_in, namespace_of, read
from pdbleak.names.types import plain_text, printable, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

_alive = ReferenceType.__dict__["__call__"].__get__


def code_of(item: object) -> types.CodeType | None:
    """Return the code of a function, generator or frame; read from its layout, for getters are audited."""
    cls = type(item)
    if cls is types.CodeType:
        return item  # type: ignore[return-value]
    for held in referents(item):
        if type(held) is types.CodeType:
            return held
    return read(item, cls, "f_code") if cls is types.FrameType else None


def called(item: object) -> str:
    """Return the name by which a function, generator, frame or code is known, `Broker.serve`."""
    code = code_of(item)
    name = read(item, type(item), "__qualname__")
    if name is None and code is not None:
        name = code.co_qualname
    # `make.<locals>.serve` is what the reader knows as `serve`.
    return printable((plain_text(name) or "?").rpartition("<locals>.")[2])


def _place(item: object, line: int = 0) -> str:
    code = code_of(item)
    if code is None:
        return ""
    file = printable((plain_text(code.co_filename) or "?").rpartition("/")[2], 40)
    return f" ({file}:{line or code.co_firstlineno})"


def _describe_function(item: Any) -> str:
    return f"function {called(item)}{_place(item)}"


def _describe_code(item: Any) -> str:
    return f"code {called(item)}{_place(item)}"


def _describe_frame(item: Any) -> str:
    return f"frame of {called(item)}{_place(item, read(item, types.FrameType, 'f_lineno') or 0)}"


def _describe_generator(item: Any) -> str:
    return f"{type_name(type(item)).replace('_', ' ')} {called(item)}{_place(item)}"


def _describe_method(item: Any) -> str:
    function = read(item, types.MethodType, "__func__")
    owner = read(item, types.MethodType, "__self__")
    name = called(function) if type(function) is types.FunctionType else brief(function)
    return f"method {name} of {brief(owner)}"


def _describe_builtin(item: Any) -> str:
    name = plain_text(read(item, types.BuiltinFunctionType, "__name__")) or "?"
    owner = read(item, types.BuiltinFunctionType, "__self__")
    if owner is None or type(owner) is types.ModuleType:
        return f"builtin function {name}"
    return f"builtin method {name} of {brief(owner)}"


def _describe_module(item: Any) -> str:
    for name, value in entries_in(namespace_of(item)):
        if name == "__name__":
            return f"module {printable(plain_text(value) or '(nameless)')}"
    return "module (nameless)"


def _describe_cell(item: Any) -> str:
    held = referents(item)
    return f"cell of {brief(held[0])}" if held else "empty cell"


def _describe_weakref(item: Any) -> str:
    target = _alive(item)()
    return "dead weakref" if target is None else f"weakref to {brief(target)}"


def _describe_property(item: Any) -> str:
    function = read(item, property, "fget")
    return f"property {called(function)}" if type(function) is types.FunctionType else "property"


def _describe_traceback(item: Any) -> str:
    frame = read(item, types.TracebackType, "tb_frame")
    return f"traceback in {called(frame)}{_place(frame, read(item, types.TracebackType, 'tb_lineno') or 0)}"


CODE_FORMS: dict[int, Callable[[Any], str]] = {
    id(types.FunctionType): _describe_function,
    id(types.CodeType): _describe_code,
    id(types.FrameType): _describe_frame,
    id(types.GeneratorType): _describe_generator,
    id(types.CoroutineType): _describe_generator,
    id(types.AsyncGeneratorType): _describe_generator,
    id(types.MethodType): _describe_method,
    id(types.BuiltinFunctionType): _describe_builtin,
    id(types.ModuleType): _describe_module,
    id(types.CellType): _describe_cell,
    id(ReferenceType): _describe_weakref,
    id(property): _describe_property,
    id(types.TracebackType): _describe_traceback,
}
