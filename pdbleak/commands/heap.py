"""`leak heap`: heapy's opinion of the heap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.analyses.asking import live_classes
from pdbleak.analyses.heapy import VIEWS, ask_heapy, names_to_find, read_question
from pdbleak.analyses.opinion import Opinion, UnansweredError
from pdbleak.command import CommandError, command, subject, suggest
from pdbleak.subject import find_types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.session import Session


@command(
    subject("EXPRESSION", "byvia, byrcs, rp or shpaths of a type; or heapy's own over hp, h", required=False),
    live=True,
)
def heap(session: Session, *, subject: str) -> Opinion:
    """Ask guppy3's heapy about the heap: a second opinion.

    `leak heap` is the whole heap by type; `leak heap byvia str` all strings by the reference that holds
    them, `byrcs` by the types that refer to them, `rp` the pattern of what refers to them, `shpaths` the
    shortest paths. Anything else is an expression, in which `hp` is heapy, `h` is the heap, and names are
    the frame's or those of live types: `leak heap (h & Channel).bysize`. `more` at the end of the line
    is the next page.
    """
    question = read_question(subject)
    try:
        types = find_types(session.heap(), question.subject) if question.subject else ()
        classes = live_classes(session.heap(), types)
        wanted = names_to_find(question) if question.subject and not types else set()
        space = names_for(session, wanted)
        # A capture would be the biggest object of heapy's answer.
        session.forget_heap()
        return ask_heapy(question, classes, space)
    except UnansweredError as error:
        raise CommandError(f"{error}{suggest(subject.partition(' ')[0], VIEWS)}") from None
    finally:
        # Instances have dicts now that they had not.
        session.forget_heap()


def names_for(session: Session, wanted: Iterable[str]) -> dict[str, Any]:
    """Return what an expression's names mean: the frame's objects, else live classes; others are left out."""
    space: dict[str, Any] = dict(session.handles)
    for name in wanted:
        try:
            if session.evaluate is not None:
                space[name] = session.evaluate(name)
                continue
        except CommandError:
            pass
        classes = live_classes(session.heap(), find_types(session.heap(), name))
        if len(classes) == 1:
            space[name] = classes[0]
    return space
