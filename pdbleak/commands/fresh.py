"""`leak fresh`: a new capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.captured import Captured, describe_capture
from pdbleak.command import command, flag

if TYPE_CHECKING:
    from pdbleak.session import Session


@command(flag("force", "also where it may not fit into the memory that is left, for the rest of this prompt"))
def fresh(session: Session, *, force: bool) -> Captured:
    """Capture the heap anew, and say what was seen and what could not be seen.

    All commands of a prompt answer from one capture, until the program may have changed.
    """
    return describe_capture(session.fresh(force=force))
