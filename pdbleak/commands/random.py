"""`leak random`: one object of a type, picked at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.portrait import Portrait, portray
from pdbleak.command import command, subject
from pdbleak.subject import Subject, choose, find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("TYPE", "a type's name (Channel, amqp.Channel) or a pattern ('*Channel')"))
def random(session: Session, *, subject: str) -> Portrait:
    """Pick one object of a type at random, bind it to _1, _2, ... and show it.

    When most objects of a type are leaked, so is a random one. Nothing is held after c.
    """
    if find_type_subject(session, subject):
        picked = choose(session, subject)
    else:
        picked = Subject(subject, None, None, "", 0, nearest_type(session.heap(), subject))
    return portray(session.heap(), picked, form=session.form)
