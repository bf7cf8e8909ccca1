"""What the user means by a subject: a live type, a pattern, or an expression of the current frame."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pdbleak.command import CommandError
from pdbleak.heap import is_debugger
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.heap import Heap
    from pdbleak.session import Session

_PATTERN = compile_apart(r"[\w.<>*?]*[*?][\w.<>*?]*")
_NAME = compile_apart(r"[^\W\d][\w<>]*(\.[^\W\d][\w<>]*)*")
_HANDLE = compile_apart(r"_\d+")
TRIES = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """One live object that was found or picked: its node, its handle, and how many share its type.

    Lives as long as one command runs. `node` is None for a type that has no live object; `near` is then
    the live type with the nearest name, if one is near.
    """

    text: str
    node: int | None
    item: Any
    handle: str
    population: int
    near: str = ""


def find_types(heap: Heap, text: str) -> tuple[str, ...]:
    """Return the names of live types that a text means: `Channel`, `amqp.Channel`, or a pattern `*Channel`.

    A name without its module means every type of that name. Empty for anything else. O(V).
    """
    names = heap.tally()
    if text in names:
        return (text,)
    if _PATTERN.fullmatch(text):
        shape = compile_apart("".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in text))
        return tuple(
            name for name in names if shape.fullmatch(name) or shape.fullmatch(name.rpartition(".")[2])
        )
    if not _NAME.fullmatch(text):
        return ()
    return tuple(name for name in names if name.endswith(f".{text}"))


def find_type_subject(session: Session, text: str) -> tuple[str, ...]:
    """Return the types that the subject of a type command means; empty when nobody has such a type.

    Raises CommandError for what cannot be a type's name.
    """
    types = find_types(session.heap(), text)
    if not types and not _PATTERN.fullmatch(text) and not _NAME.fullmatch(text):
        raise CommandError(
            f"{text!r} is no type's name; type a name such as Channel, or a pattern: '*Channel'"
        )
    return types


def nearest_type(heap: Heap, text: str) -> str:
    """Return the live type with the nearest name, letter case aside, or an empty text. O(V)."""
    last = {name.rpartition(".")[2].lower(): name for name in heap.tally()}
    near = difflib.get_close_matches(text.rpartition(".")[2].lower(), last, n=1, cutoff=0.6)
    return last[near[0]] if near else ""


def choose(session: Session, text: str) -> Subject:
    """Return the one object that a subject means: a random instance of a type, or an expression's value.

    Binds it to a handle. A live type wins over a variable of the same name; parentheses force an
    expression. Raises CommandError with what to type instead.
    """
    if _HANDLE.fullmatch(text) and text not in session.handles and not _is_known(session, text):
        raise CommandError(f"no object is bound to {text}; type: leak random TYPE")
    types = find_types(session.heap(), text)
    if types:
        return _pick(session, text, session.heap().nodes_of(types))
    if not is_expression(text):
        return Subject(text, None, None, "", 0)
    return _evaluated(session, text)


def is_expression(text: str) -> bool:
    """Tell whether a text can be evaluated: `rows*2` can, the pattern `*Channel` cannot."""
    try:
        compile(text, "<subject>", "eval")
    except (SyntaxError, ValueError):
        return not _PATTERN.fullmatch(text)
    return True


def _is_known(session: Session, name: str) -> bool:
    """Tell whether the program has a name of its own like a handle's."""
    try:
        return session.evaluate is not None and session.evaluate(name) is not None
    except CommandError:
        return False


def choose_new(session: Session, text: str, types: tuple[str, ...]) -> Subject:
    """Return a random instance of some types among those younger than the last mark; bind it to a handle.

    Raises CommandError where there is no mark, or nothing younger. O(V).
    """
    nodes = session.heap().nodes_of(types)
    name, newer = session.newer()
    young = [node for node in nodes if newer[node]]
    if not young:
        raise CommandError(
            f"none of the {len(nodes):,} objects of type {text!r} is younger than mark {name}; "
            f"type: leak random {text}"
        )
    return _pick(session, text, young)


def _pick(session: Session, text: str, nodes: Sequence[int]) -> Subject:
    heap = session.heap()
    for _ in range(TRIES):
        node = nodes[session.random.randrange(len(nodes))]
        found = heap.resolve([node])
        if node in found:
            return Subject(text, node, found[node], session.bind(found[node]), len(nodes))
    raise CommandError(f"the objects of type {text!r} are gone since the capture; type: leak fresh")


def _evaluated(session: Session, text: str) -> Subject:
    if session.evaluate is None:
        near = nearest_type(session.heap(), text)
        hint = f"; did you mean {near!r}?" if near else ""
        raise CommandError(f"no live type {text!r}{hint}, and no frame to evaluate it in")
    try:
        item = session.handles[text] if text in session.handles else session.evaluate(text)
    except CommandError as error:
        if "NameError" in str(error) and (_NAME.fullmatch(text) or _PATTERN.fullmatch(text)):
            # A type that nobody has any more is no mistake: it may be what the user hopes to see.
            return Subject(text, None, None, "", 0, nearest_type(session.heap(), text))
        raise
    known = len(session.handles)
    handle = session.bind(item)
    node = session.heap().node_of(item)
    if node is None:
        node = session.fresh().node_of(item)
    if node is None or _is_debuggers(session.heap(), node, item):
        if len(session.handles) > known:
            del session.handles[handle]
            session.forget_heap()
        raise CommandError(
            f"{text} is part of the debugger, or nothing that the capture can see; type another subject"
        )
    return Subject(text, node, item, handle, len(session.heap().nodes_of([session.heap().type_name(node)])))


def _is_debuggers(heap: Heap, node: int, item: object) -> bool:
    """Tell whether an object is a debugger's module or of its classes: picking it made it visible."""
    if type(item) is ModuleType:
        name = ModuleType.__getattribute__(item, "__dict__").get("__name__")
        return type(name) is str and is_debugger(name)
    return is_debugger(heap.type_modules[heap.type_of[node]])
