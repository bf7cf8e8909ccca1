"""What guppy3's heapy says: its sets, partitions, reference patterns and shortest paths; knows no prompt."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.asking import ask, names_in, value_of
from pdbleak.analyses.dead import dead_apart
from pdbleak.analyses.opinion import Opinion, UnansweredError, load
from pdbleak.patterns import compile_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import StringIO

PARTITIONS = ("byclodo", "byid", "bymodule", "byprod", "byrcs", "bysize", "bytype", "byunity", "byvia")
VIEWS = (
    *PARTITIONS,
    *("rp", "shpaths", "sp", "referrers", "referents", "domisize", "dominos", "imdom", "indisize", "stat"),
)
OWN_NAMES = ("heap", "heapu", "iso", "idset", "Type", "Clodo", "Id", "Module", "Rcs", "Size", "Via")
NAME = compile_apart(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
MORE = compile_apart(r"Type e\.g\. '_\.more' (?:to view|for more)\.")
# What is worth asking after a view.
AFTER = {"": "heap byvia", "byvia": "heap rp", "byrcs": "heap rp", "rp": "heap shpaths", "shpaths": "chain"}


@dataclass(frozen=True, slots=True)
class Question:
    """A line as heapy understands it: a view of a subject, both may be empty, and how many pages on."""

    text: str
    view: str
    subject: str
    pages: int


def read_question(text: str) -> Question:
    """Read `[VIEW] [TYPE | EXPRESSION] [more …]`."""
    words = text.split()
    pages = 0
    while words and words[-1] == "more":
        words.pop()
        pages += 1
    body = text
    for _ in range(pages):
        body = body.rstrip().removesuffix("more")
    body = body.strip()
    first, _, rest = body.partition(" ")
    view, subject = (first, rest.strip()) if first in VIEWS else ("", body)
    return Question(body, view, subject, pages)


def names_to_find(question: Question) -> set[str]:
    """Return the names of a question's expression that are not heapy's own."""
    return names_in(question.subject) - {"hp", "h", *OWN_NAMES}


def ask_heapy(question: Question, classes: Sequence[type], space: Mapping[str, Any]) -> Opinion:
    """Ask heapy about all instances of some classes, or about an expression with names from `space`.

    Collects garbage before and after: heapy does the one, and only the other frees its sets again.
    Raises UnansweredError. Costs several walks of the heap.
    """
    guppy = load("guppy")

    def answer(_printed: StringIO) -> str:
        with dead_apart():
            return _text(guppy.hpy(), question, classes, space)

    try:
        asked = ask(answer)
    finally:
        # heapy's sets hold objects of the program, and are held by cycles.
        gc.collect()
    if asked.error == "NameError" and NAME.fullmatch(question.subject):
        asked.failure, asked.text = "", f"no live objects of type {question.subject!r}"
    if asked.failure:
        raise UnansweredError(f"heapy: {asked.failure}")
    again = " ".join(["leak heap", *filter(None, [question.text]), *["more"] * (question.pages + 1)])
    return Opinion(
        tool="heapy",
        call=_call(question, bool(classes)),
        warning=f"heapy collects garbage and materialises instance dicts: {asked.cost}",
        text=MORE.sub(lambda _: f"Type: {again}", asked.text),
        picture="",
        next=again if " more paths " in asked.text else _next(question, bool(classes)),
    )


def _text(hp: Any, question: Question, classes: Sequence[type], space: Mapping[str, Any]) -> str:
    if classes:
        found = hp.heap() & reduce(or_, [hp.Type(each) for each in classes])
    elif not question.subject:
        found = hp.heap()
    else:
        names = {name: getattr(hp, name) for name in OWN_NAMES} | dict(space) | {"hp": hp}
        if "h" in names_in(question.subject):
            names["h"] = hp.heap()
        found = value_of(question.subject, names)
        if question.view and not type(found).__module__.startswith("guppy."):
            found = hp.iso(found)
    if question.view:
        found = getattr(found, question.view)
    for _ in range(question.pages):
        found = found.more
    return str(found).rstrip()


def _call(question: Question, is_type: bool) -> str:  # noqa: FBT001 - it has no other argument
    if is_type:
        base = f"(hp.heap() & {question.subject})"
    elif not question.subject:
        base = "hp.heap()"
    else:
        base = f"hp.iso({question.subject})" if question.view else question.subject
    return ".".join([base, *filter(None, [question.view]), *["more"] * question.pages])


def _next(question: Question, is_type: bool) -> str:  # noqa: FBT001
    if not is_type:
        return "leak heap byvia str" if not question.subject else "leak help heap"
    return f"leak {AFTER.get(question.view, 'heap rp')} {question.subject}"
