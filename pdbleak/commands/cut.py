"""`leak cut`: the fewest references to remove so that an object dies, and what that frees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.analyses.cut import Cut, plan_cut
from pdbleak.analyses.severed import Severed, not_severed, obstacle_to, sever
from pdbleak.command import CommandError, command, flag, subject
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.analyses.cut import Plan
    from pdbleak.heap import Heap
    from pdbleak.session import Session


@command(
    subject("SUBJECT", "a type, of which one object is picked, a handle (_1), or an expression"),
    flag("apply", "remove the references, after a yes, and show what really died"),
    flag("collect", "with --apply: collect afterwards"),
    flag("yes", "with --apply: do not ask"),
)
def cut(session: Session, *, subject: str, apply: bool, collect: bool, yes: bool) -> Cut | Severed:
    """Show the fewest references to remove so that an object dies, and what exactly that frees.

    They are the fewest below the nearest object through which all paths lead, where there is one: above it
    one reference may do, but frees all that hangs there. Objects and bytes are counted by walking the heap
    without those references, not estimated: what dies at once by reference counts, and what waits for a
    collection. Weak dicts and sets are followed.

    --apply removes entries of dicts, lists, sets, deques and caches without a limit, attributes and slots,
    without running the program's own methods; finalizers run. Handles to what dies are let go.
    """
    if not apply and (yes or collect):
        raise CommandError(f"--yes and --collect go with --apply; type: leak cut {subject} --apply")
    chosen = choose(session, subject)
    if not apply:
        return plan_cut(session.heap(), chosen, form=session.form, bind=session.bind).cut
    if session.saved is not None:
        raise CommandError(f"a saved heap cannot be changed; type: leak cut {subject}")
    heap = session.fresh()
    node = heap.node_of(chosen.item) if chosen.node is not None else None
    plan = plan_cut(heap, replace(chosen, node=node), form=session.form)
    # From here on nothing but a handle holds the object.
    del chosen
    reason = plan.cut.note if not plan.pairs else obstacle_to(heap, plan)
    if reason or not plan.pairs:
        why = reason or f"more than {plan.cut.most} references hold it"
        raise CommandError(f"{why}; nothing was removed, to see what holds it type: leak cut {subject}")
    if not yes and not _agreed(session, plan.cut, subject):
        return not_severed(plan)
    _let_go(session, heap, plan)
    return sever(heap, plan, session.fresh, collect=collect)


def _agreed(session: Session, planned: Cut, subject: str) -> bool:
    if session.ask is None:
        raise CommandError(f"nobody can be asked here; type: leak cut {subject} --apply --yes")
    return session.ask(replace(planned, next=""))


def _let_go(session: Session, heap: Heap, plan: Plan) -> None:
    """Drop the handles to what is to die: they would keep it."""
    assert plan.deaths is not None
    for name, item in list(session.handles.items()):
        node = heap.node_of(item)
        if node is not None and plan.deaths.dies(node):
            del session.handles[name]
