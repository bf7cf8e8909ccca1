"""`leak random`: one object of a type, picked at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.portrait import Portrait, portray
from pdbleak.command import command, flag, subject
from pdbleak.subject import Subject, choose, choose_new, find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("TYPE", "a type's name (Channel, amqp.Channel) or a pattern ('*Channel')"),
    flag("new", "one that is younger than the last mark: where the newest leak, an old one misleads"),
)
def random(session: Session, *, subject: str, new: bool) -> Portrait:
    """Pick one object of a type at random, bind it to _1, _2, ... and show it.

    When most objects of a type are leaked, so is a random one. Nothing is held after c. The last mark is one
    that `leak mark` took, or an earlier prompt's.
    """
    types = find_type_subject(session, subject)
    if types:
        picked = choose_new(session, subject, types) if new else choose(session, subject)
    else:
        picked = Subject(subject, None, None, "", 0, nearest_type(session.heap(), subject))
    return portray(session.heap(), picked, form=session.form)
