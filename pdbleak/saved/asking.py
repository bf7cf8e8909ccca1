"""A question in SQL, put to a child that may load what the program shall not; knows no command."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

from pdbleak.child import command_line

Cell = str | int | float | None
UNASKED = "the child that was to answer gave none"


class RefusedError(Exception):
    """A question that was not answered, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: the names of the columns, rows, in how many files, and whether there are more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    files: int
    more: bool


def ask(sql: str, path: str, *, most: int) -> Found:
    """Return the answer to a question about the heap in a file, or about all in a folder.

    Raises RefusedError, and OSError where no child can be started; KeyboardInterrupt ends the child.
    """
    question = json.dumps({"sql": sql, "path": path, "most": most}).encode()
    # A session of its own: Ctrl+C on the terminal ends the command, and the command ends its child.
    child = subprocess.run(  # noqa: S603 - this Python, with a module of pdbleak
        command_line("pdbleak.saved.query", ""),
        input=question,
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        said = child.stderr.decode(errors="replace").strip().splitlines()
        raise RefusedError(said[-1] if said else UNASKED) from None
    if "error" in answer:
        raise RefusedError(answer["error"])
    return Found(tuple(answer["columns"]), tuple(map(tuple, answer["rows"])), answer["files"], answer["more"])
