"""`leak objgraph`: objgraph's opinion of the heap."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from pdbleak.analyses.objgraph_opinion import (
    NOTHING,
    NUMBER,
    OBJECT,
    TYPE,
    ask_expression,
    ask_function,
    functions,
    names_to_find,
    read_call,
    takes,
)
from pdbleak.analyses.opinion import Opinion, UnansweredError
from pdbleak.command import CommandError, command, number, subject, suggest
from pdbleak.commands.heap import names_for
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.analyses.objgraph_opinion import Call
    from pdbleak.session import Session

USAGE = {OBJECT: "SUBJECT [N]", TYPE: "TYPE", NUMBER: "0xADDRESS", NOTHING: "[N]"}


@command(
    subject("CALL", "one of objgraph's functions and its subject, or an expression over them"),
    number("n", "the function's max_depth or limit; 0 leaves it to objgraph", default=0),
    live=True,
)
def objgraph(session: Session, *, subject: str, n: int) -> Opinion:
    """Ask objgraph about the heap: a second opinion.

    `leak objgraph show_backrefs Channel 10` picks a random Channel and writes the graph of what refers to
    it, ten deep, to a file; `most_common_types 20`, `growth`, `count Channel`, `by_type Channel`,
    `find_backref_chain Channel` and all other functions of objgraph likewise. An expression is evaluated
    with these names: `leak objgraph show_refs(by_type('Channel')[:3], max_depth=2)`.
    """
    call = read_call(subject)
    try:
        if not call.name:
            space = names_for(session, names_to_find(call))
            session.forget_heap()
            return ask_expression(call, space, form=session.form)
        known = functions()
        if call.name not in known:
            hint = suggest(call.name, known) or f"; it has {', '.join(sorted(known))}"
            raise CommandError(f"objgraph has no function {call.name!r}{hint}")
        return _ask(session, call, takes(known[call.name]), n)
    except UnansweredError as error:
        raise CommandError(str(error)) from None
    finally:
        # It collects garbage, and reading `__dict__` gives instances dicts that they had not.
        session.forget_heap()


def _ask(session: Session, call: Call, kind: str, n: int) -> Opinion:
    if (kind == NOTHING) == bool(call.subject):
        raise CommandError(f"type: leak objgraph {call.name} {USAGE[kind]}")
    if kind == TYPE and set(call.subject) & set("*?"):
        raise CommandError(f"objgraph knows no patterns; type: leak objgraph {call.name} TYPE")
    items = []
    if kind == OBJECT:
        chosen = choose(session, call.subject)
        if chosen.node is None:
            nobody = f"no live objects of type {chosen.text!r}"
            return Opinion("objgraph", call.text, "", nobody, "", "leak types 20")
        items.append(chosen.item)
        del chosen
    session.forget_heap()
    # What holds the object for the prompt is not the program's: handles, and where they are names.
    ignore = (id(session.handles), id(vars(builtins)))
    return ask_function(call, items, number=n, ignore=ignore, form=session.form)
