"""`leak ignore`: the next path of `leak why`, or `leak` without one of its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.deferred import configured
from pdbleak.analyses.why import Why, find_why
from pdbleak.command import CommandError, command, flag, number
from pdbleak.commands.triage import triage
from pdbleak.subject import choose

if TYPE_CHECKING:
    from pdbleak.analyses.finding import Triage
    from pdbleak.session import Session

FIRST = "no path was shown yet; type: leak why SUBJECT"


@command(
    number(
        "step",
        "the step whose reference is ignored, without it the last suspect one; after leak, the finding",
        default=0,
    ),
    flag("none", "show all findings again"),
)
def ignore(session: Session, *, step: int, none: bool) -> Why | Triage:
    """Show another path of the object that `leak why` explained, without a reference of the last one.

    What is ignored for an object stays so until `c`, for `leak why` too: each call leads to another path,
    until nothing else holds the object. Right after `leak`, N is one of its findings: it stays out of
    `leak` as long as the process runs, and the next ones move up.
    """
    if none:
        session.dismissed.clear()
        return triage(session)
    if session.told:
        return without_finding(session, step)
    handle, steps = session.explained
    if not handle or handle not in session.handles:
        raise CommandError(FIRST)
    if not steps:
        raise CommandError(f"no path was shown last; type: leak backrefs {handle}")
    if step > len(steps):
        raise CommandError(f"the path has steps 1 to {len(steps)}; type: leak ignore {len(steps)}")
    # The nearer to what leaks, the less is passed over with it.
    chosen = steps[step - 1] if step else next((each for each in reversed(steps) if each[2]), steps[-1])
    ignored = session.ignored.setdefault(handle, [])
    ignored.append(chosen[:2])
    extra = (*session.deferred, *configured())
    found = find_why(session.heap(), choose(session, handle), ignored=ignored, extra=extra, form=session.form)
    session.explained = handle, found.references
    return found


def without_finding(session: Session, place: int) -> Triage:
    """Return `leak` without the finding at a place of the last one, from now on."""
    if not 0 < place <= len(session.told):
        raise CommandError(f"the findings are 1 to {len(session.told)}; type: leak ignore 1")
    session.dismissed.append(session.told[place - 1])
    return triage(session)
