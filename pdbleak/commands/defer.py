"""`leak defer`: which references are followed last, and adding one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.deferred import PATTERN, Deferrals, configured, deferrals
from pdbleak.command import CommandError, command, subject

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(subject("REFERENCE", "a reference to follow last: module.NAME or Type.attribute", required=False))
def defer(session: Session, *, subject: str) -> Deferrals:
    """Show which references are followed last when paths are looked for, or add one for this process.

    A path through a deferred reference is shown only where there is no other: nothing is dropped. To defer
    a reference in every session, write it into pyproject.toml in the working directory:

        [tool.pdbleak]
        defer = ["Session.identity_map", "myapp.CACHE"]
    """
    if subject:
        if not PATTERN.fullmatch(subject) or "." not in subject:
            raise CommandError(
                f"{subject!r} is no reference; type module.NAME or Type.attribute, such as myapp.CACHE"
            )
        session.deferred = tuple(dict.fromkeys((*session.deferred, subject)))
    return deferrals((*session.deferred, *configured()))
