"""`leak`: what leaks, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.dismissal import identity, without_dismissed
from pdbleak.analyses.evidence import answer, look_at_state, strongest
from pdbleak.analyses.triage import rank
from pdbleak.command import command, number

if TYPE_CHECKING:
    from pdbleak.analyses.finding import Triage
    from pdbleak.session import Session


@command(number("limit", "how many findings to show", default=5))
def triage(session: Session, *, limit: int) -> Triage:
    """Say what leaks, what holds it, and what to type next: `leak` alone.

    Marks of earlier prompts, of `leak auto` and of `--every` are compared by path: a container that rises
    in every interval at a similar rate is accused; what slows down, stops or wavers is not. With one mark
    only the state speaks: finished objects, known causes, garbage; a large container is a suspicion.
    `leak ignore N` takes finding N out of this answer and the later ones.
    """
    heap = session.heap()
    session.mark()
    live = session.saved is None
    collecting = session.collecting if live else session.saved_facts.get("collecting") is not False
    state = look_at_state(heap, collecting=collecting, live=live)
    marks = tuple(session.marks)
    ranking = without_dismissed(rank(marks, state), session.dismissed)
    session.told = tuple(identity(each.finding) for each in strongest(ranking, limit))
    return answer(heap, marks, ranking, limit=limit, bind=session.bind, live=live)
