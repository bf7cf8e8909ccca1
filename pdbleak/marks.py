"""The marks that a process keeps: few, spread over its time; knows their names and times only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pdbleak.command import CommandError, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.mark import Mark

MOST = 12


class Marks:
    """Marks in the order of their time. One without a name gets the next number.

    There are at most `MOST`: of those in the middle the one that tells least goes, the one nearest to its
    neighbours; one that the user has named goes last.
    """

    def __init__(self) -> None:
        """Start without marks."""
        self._kept: list[Mark] = []
        self._numbered = 0

    def __iter__(self) -> Iterator[Mark]:
        """Yield the marks, oldest first."""
        return iter(tuple(self._kept))

    def __len__(self) -> int:
        """Return how many marks there are."""
        return len(self._kept)

    def add(self, mark: Mark) -> Mark:
        """Keep a mark, under its name or the next number; the one that had the name goes. O(marks)."""
        if not mark.name:
            self._numbered += 1
            mark = replace(mark, name=str(self._numbered))
        kept = [each for each in self._kept if each.name != mark.name]
        self._kept = thin(sorted([*kept, mark], key=lambda each: each.taken))
        return mark

    def rename(self, mark: Mark, name: str) -> Mark:
        """Give a mark that is kept a name."""
        self._kept = [each for each in self._kept if each is not mark]
        return self.add(replace(mark, name=name))

    def find(self, name: str) -> Mark:
        """Return the mark of a name; CommandError if there is none."""
        for mark in self._kept:
            if mark.name == name:
                return mark
        names = [mark.name for mark in self._kept]
        known = f"there are: {', '.join(names)}" if names else "there is none yet; type: leak mark"
        raise CommandError(f"no mark {name!r}{suggest(name, names)}; {known}")


def thin(marks: list[Mark], most: int = MOST) -> list[Mark]:
    """Return at most so many marks, the first and the last two among them. O(marks²), for a few."""
    left = list(marks)
    while len(left) > most:
        middle = range(1, len(left) - 2)
        spare = min(
            middle,
            key=lambda place: (not left[place].name.isdigit(), left[place + 1].taken - left[place - 1].taken),
        )
        del left[spare]
    return left
