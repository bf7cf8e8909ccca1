"""`leak via`: all instances of a type by the references that hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.via import Via, group_via
from pdbleak.command import command, number, subject
from pdbleak.subject import find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("TYPE", "a type's name, or a pattern such as *Channel"),
    number("limit", "how many rows to show", default=20),
)
def via(session: Session, *, subject: str, limit: int) -> Via:
    """Group all instances of a type by the references that hold them, like heapy's `byvia`.

    Every instance is in exactly one row: the one that names all the ways in which it is referred to, such as
    `Channel .unacked` or `dict ['sql']`. `{str}` stands for keys that differ, `[*]` for any index.
    """
    heap = session.heap()
    types = find_type_subject(session, subject)
    near = "" if types else nearest_type(heap, subject)
    return group_via(heap, subject, types, limit=limit, near=near)
