"""`leak fresh`: a new capture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pdbleak.analyses.captured import Captured, describe_capture
from pdbleak.command import command

if TYPE_CHECKING:
    from pdbleak.session import Session


@command()
def fresh(session: Session) -> Captured:
    """Capture the heap anew, and say what was seen and what could not be seen.

    All commands of a prompt answer from one capture, until the program may have changed.
    """
    return describe_capture(session.fresh())
