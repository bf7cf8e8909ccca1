"""What is compared with something else: the marks of a process, in memory or in a file; knows no command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.withoutvalues import without_values
from pdbleak.saved.container import BadFileError
from pdbleak.saved.markcolumns import read_marks
from pdbleak.saved.reading import open_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pdbleak.analyses.mark import Mark


@dataclass(frozen=True, slots=True)
class Side:
    """The marks of one process up to a moment, oldest first; `process` is 0 where it is not known."""

    name: str
    marks: tuple[Mark, ...]
    process: int
    redacted: bool = False

    @property
    def last(self) -> Mark:
        """The mark of the moment itself."""
        return self.marks[-1]

    def is_of_same_process(self, other: Side) -> bool:
        """Tell whether both are of one process: then it is known what came first, and how fast."""
        return self.process == other.process != 0


def read_side(path: str) -> Side:
    """Return the marks of a file; its heap is not read. Raises BadFileError and OSError. O(rows)."""
    reader = open_file(path)
    marks = read_marks(reader)
    if not marks:
        raise BadFileError("it has no marks, an older pdbleak has saved it")
    return Side(path, marks, number_in(reader.facts), redacted=reader.facts.get("redacted") is True)


def number_in(facts: Mapping[str, Any]) -> int:
    """Return the number of the process that a file is of, 0 where it says none."""
    number = facts.get("process_number")
    return number if type(number) is int else 0


def marks_between(first: Side, last: Side) -> list[Mark]:
    """Return the marks of one process from one moment to a later one, oldest first, each once."""
    known = {mark.taken: mark for mark in (*first.marks, *last.marks)}
    return [known[taken] for taken in sorted(known) if first.last.taken <= taken <= last.last.taken]


def alike(first: Side, last: Side, marks: Sequence[Mark]) -> list[Mark]:
    """Return marks without values where one side has none."""
    return [without_values(mark) for mark in marks] if first.redacted or last.redacted else list(marks)
