"""`leak paths`: all instances of a type, merged by the path that leads to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.deferred import configured
from pdbleak.analyses.paths import Paths, find_paths
from pdbleak.command import command, flag, number, subject
from pdbleak.subject import find_type_subject, nearest_type

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(
    subject("TYPE", "a type's name, or a pattern such as *Channel"),
    number("limit", "how many paths to show", default=10),
    flag("keys", "show examples of the keys and indices that `{str}` and `[*]` stand for"),
)
def paths(session: Session, *, subject: str, limit: int, keys: bool) -> Paths:
    """Merge all instances of a type by the path that leads to them from a module, a frame, or C.

    Every instance is in exactly one line, or garbage. `{str}` stands for any key, `[*]` for any index, a `*`
    after a name for a step that repeats. What a path retains is what would be freed without all the
    instances on it. Other holders are named where they keep instances alive independently.
    """
    heap = session.heap()
    types = find_type_subject(session, subject)
    near = "" if types else nearest_type(heap, subject)
    extra = (*session.deferred, *configured())
    return find_paths(heap, subject, types, limit=limit, keys=keys, extra=extra, near=near, form=session.form)
