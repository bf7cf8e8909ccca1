"""`leak why`: the path from a root, each step judged, the suspect references underlined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.deferred import configured
from pdbleak.analyses.why import Why, find_why
from pdbleak.command import command, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"))
def why(session: Session, *, subject: str) -> Why:
    """Show the path that keeps an object alive, and which of its references are suspect.

    Modules, classes, running frames, threads and event loops are rightly alive. What has finished leaks:
    a closed file or socket, a done task or future, an ended thread, generator or process. The mistake is
    one of the references between the last of the ones and the first of the others, which are underlined.
    Where nothing on the path has finished, the object itself is taken as leaking.
    `leak ignore N` shows another path, without the reference of step N.
    """
    heap = session.heap_with_states()
    chosen = choose(session, subject)
    ignored = session.ignored.get(chosen.handle, ())
    extra = (*session.deferred, *configured())
    found = find_why(heap, chosen, ignored=ignored, extra=extra, form=session.form)
    session.explained, session.told = (found.handle, found.references), ()
    return found
