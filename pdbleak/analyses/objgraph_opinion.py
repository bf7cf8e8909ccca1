"""What objgraph says, as text and as a picture's description; opens no window and knows no prompt."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from io import StringIO
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from pdbleak import names
from pdbleak.analyses.asking import ask, names_in, value_of
from pdbleak.analyses.dead import FORWARD, dead_apart
from pdbleak.analyses.objgraph_text import described, one
from pdbleak.analyses.opinion import Opinion, UnansweredError, load
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Function = Callable[..., Any]

CALL = compile_apart(r"(?:objgraph\.)?([^\W\d]\w*)(?:\s+(.+))?", re.DOTALL)
NODE = compile_apart(r"^  o\d+\[label=", re.MULTILINE)
EDGE = compile_apart(r"^  o\d+ -> o\d+", re.MULTILINE)
WARNING = "objgraph scans the heap for each object shown, and calls repr"
OBJECT, TYPE, NUMBER, NOTHING = "object", "type", "number", "nothing"
# The parameter that a trailing number is meant for.
LIMITS = ("max_depth", "limit")
OURS = {
    "show_backrefs": "backrefs",
    "show_refs": "refs",
    "show_chain": "chain",
    "find_backref_chain": "chain",
    "count": "count",
    "by_type": "list",
    "growth": "growth",
    "show_growth": "growth",
    "typestats": "types",
    "most_common_types": "types",
    "show_most_common_types": "types",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A line as objgraph understands it: a function's name with its subject's text, or an expression."""

    text: str
    name: str
    subject: str


def read_call(text: str) -> Call:
    """Read `FUNCTION [SUBJECT]`; what is neither that nor one name is an expression."""
    match = CALL.fullmatch(text.strip())
    return Call(text, match[1], (match[2] or "").strip()) if match else Call(text, "", "")


def functions() -> dict[str, Function]:
    """Return objgraph's public functions by name."""
    module = load("objgraph")
    return {
        name: function
        for name, function in vars(module).items()
        if type(function) is FunctionType and function.__module__ == "objgraph" and not name.startswith("_")
    }


def takes(function: Function) -> str:
    """Tell what a function's first argument is: an object, a type's name, a number or nothing."""
    first = next(iter(inspect.signature(function).parameters), "")
    kinds = {"typename": TYPE, "addr": NUMBER, "address_set": NUMBER}
    return OBJECT if first in ("obj", "objs", "chains") else kinds.get(first, NOTHING)


def ask_function(
    call: Call,
    items: list[Any],
    *,
    number: int = 0,
    ignore: Iterable[int] = (),
    form: Callable[[object], str] = names.form,
) -> Opinion:
    """Call one of objgraph's functions on the single element of `items`, or on the call's subject as text.

    `ignore` are addresses of what holds the object for the prompt. Raises UnansweredError.
    """
    function = functions()[call.name]
    dot = StringIO()
    parameters = inspect.signature(function).parameters
    limit = next((name for name in LIMITS if name in parameters), "")
    options: dict[str, Any] = {limit: number} if limit and number else {}
    if "extra_ignore" in parameters:
        options["extra_ignore"] = [*ignore, id(items)]
    module = load("objgraph")

    def answer(printed: StringIO) -> str:
        given = options | _sinks(parameters, printed, dot)
        with _guard(call.name):
            if call.name == "show_chain":
                chain = module.find_backref_chain(
                    items[0], module.is_proper_module, extra_ignore=[*ignore, id(items)]
                )
                value = module.show_chain(chain, output=dot)
            elif "predicate" in parameters:
                value = function(items[0], module.is_proper_module, **given)
            elif "objs" in parameters:
                value = function(items, **given)
            elif items:
                value = function(items[0], **given)
            else:
                value = function(*_plain(call, takes(function)), **given)
            if call.name == "at" and value is not None:
                return one(value, form)
            if type(value) is list and not value and "growth" in call.name:
                return "no type grew"
            return "\n".join(described(value, limit=0 if limit else number, form=form))

    return _opinion(" ".join([call.text, *([str(number)] if number else [])]), call, answer, dot, number)


def ask_expression(
    call: Call, space: Mapping[str, Any], *, form: Callable[[object], str] = names.form
) -> Opinion:
    """Evaluate an expression over objgraph's functions, by their own names and as `objgraph.…`."""
    dot = StringIO()

    def answer(printed: StringIO) -> str:
        ours = {
            name: partial(_drawing, function, _sinks(inspect.signature(function).parameters, printed, dot))
            for name, function in functions().items()
        }
        given = dict(space) | ours | {"objgraph": SimpleNamespace(**ours)}
        with _guard(*(name for name in FORWARD if name in call.text)):
            return "\n".join(described(value_of(call.text, given), limit=0, form=form))

    return _opinion(call.text, call, answer, dot, 0)


def names_to_find(call: Call) -> set[str]:
    """Return the names of a call's expression that are not objgraph's own."""
    return names_in(call.text) - functions().keys() - {"objgraph"}


def _drawing(function: Function, sinks: dict[str, Any], *arguments: Any, **options: Any) -> Any:
    if options.get("filename"):
        sinks = {name: sink for name, sink in sinks.items() if name != "output"}
    return function(*arguments, **sinks | options)


def _sinks(parameters: Mapping[str, Any], printed: StringIO, dot: StringIO) -> dict[str, Any]:
    """Return where a function shall write: without `output` it would open a viewer's window."""
    sinks = {name: sink for name, sink in (("file", printed), ("output", dot)) if name in parameters}
    return sinks or ({"output": dot} if "chains" in parameters else {})


def _guard(*called: str) -> Any:
    return dead_apart() if FORWARD.intersection(called) else nullcontext()


def _plain(call: Call, kind: str) -> list[Any]:
    if kind == NUMBER:
        try:
            address = int(call.subject, 0)
        except ValueError:
            raise UnansweredError(
                f"{call.name} takes an address such as 0x7f3a12c04000, not {call.subject!r}"
            ) from None
        return [{address} if call.name == "at_addrs" else address]
    return [call.subject] if kind == TYPE else []


def _opinion(
    shown: str, call: Call, answer: Callable[[StringIO], str], dot: StringIO, number: int
) -> Opinion:
    asked = ask(answer)
    if asked.failure:
        raise UnansweredError(f"objgraph: {asked.failure}")
    text, picture, source = asked.text, "", dot.getvalue()
    if source:
        picture = _written(source)
        nodes, edges = len(NODE.findall(source)), len(EDGE.findall(source))
        drawn = f"graph of {nodes:,} objects and {edges:,} references"
        if shutil.which("dot"):
            drawn += f"; to draw it: dot -Tsvg -O {picture}"
        text = f"{text}\n{drawn}" if text else drawn
    return Opinion(
        tool="objgraph",
        call=shown,
        warning=f"{WARNING}: {asked.cost}",
        text=text,
        picture=picture,
        next=_next(call, number),
    )


def _written(source: str) -> str:
    descriptor, path = tempfile.mkstemp(prefix="objgraph-", suffix=".dot")
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(source)
    return path


def _next(call: Call, number: int) -> str:
    """Return our own command that answers the same question."""
    name = OURS.get(call.name)
    if name is None:
        return "leak help objgraph"
    limit = str(number) if number and name not in ("chain", "count") else ""
    return " ".join(["leak", name, *filter(None, [call.subject, limit])])
