"""`leak list`: which objects of a type there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.listing import Listing, list_objects
from pdbleak.command import command, number, subject
from pdbleak.subject import find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("TYPE", "a type's name (Channel, amqp.Channel) or a pattern ('*Channel')"),
    number("limit", "how many objects to list", default=10),
)
def list_(session: Session, *, subject: str, limit: int) -> Listing:
    """List objects of a type with address, size and a safe one-line form.

    The form is made without running the object's own code; --repr asks for its repr.
    """
    types = find_type_subject(session, subject)
    near = "" if types else nearest_type(session.heap(), subject)
    return list_objects(session.heap(), subject, types, limit=limit, near=near, form=session.form)
