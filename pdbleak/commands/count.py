"""`leak count`: how many objects of a type there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.census import Census, count_types
from pdbleak.command import command, subject
from pdbleak.subject import find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("TYPE", "a type's name (Channel, amqp.Channel) or a pattern ('*Channel')"))
def count(session: Session, *, subject: str) -> Census:
    """Count the live objects of a type, or of every type that a pattern matches."""
    types = find_type_subject(session, subject)
    near = "" if types else nearest_type(session.heap(), subject)
    return count_types(session.heap(), subject, types, near=near)
