"""A mark: what one capture leaves behind to be compared with, numbers and text only; knows no heap."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pdbleak.analyses.pathnames import NamedPath, PathStep, without_namespaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdbleak.analyses.ledger import Ledger

FOLDED = 1
CONTAINER = 2
TOP = -1
Tally = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class MarkRows:
    """The merged paths of one moment as a tree in columns; a row stands below the one that is `above` it.

    `reference` leads from the row above to this one (a root's text where `above` is TOP), by a name that
    says the same in every capture: no address, indices and changing keys generalised. By row: `type`; how
    many objects and shallow bytes are there (`count`, `size`, not those below); `references` is how many
    their members have in sum: a list's length, a dict's (twice that where its keys are no str).
    `fingerprint` tells who the members are: equal ones are the same objects. `traits` are FOLDED where the
    step repeats, and CONTAINER. `ends` has two numbers for each row that say who its first and its last
    member are, or nothing.
    """

    above: array[int]
    reference: tuple[str, ...]
    type: tuple[str, ...]
    count: array[int]
    size: array[int]
    references: array[int]
    fingerprint: array[int]
    traits: bytes
    ends: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.above)

    def children(self) -> dict[int, list[int]]:
        """Return {row: the rows below it}, roots below TOP. O(rows)."""
        found: dict[int, list[int]] = {}
        for row, above in enumerate(self.above):
            found.setdefault(above, []).append(row)
        return found

    def way_to(self, row: int) -> list[int]:
        """Return the rows from a root's down to a row. O(depth)."""
        way = [row]
        while self.above[way[-1]] != TOP:
            way.append(self.above[way[-1]])
        return way[::-1]

    def path(self, row: int) -> NamedPath:
        """Return the path to a row in words. O(depth)."""
        return named_path(
            [
                PathStep(
                    with_star(self.reference[each], self.traits[each]), self.type[each], self.count[each]
                )
                for each in self.way_to(row)
            ]
        )


@dataclass(frozen=True, slots=True)
class TypeColumns:
    """Counts and shallow bytes by type name, in columns: less to keep than a dict of pairs."""

    names: tuple[str, ...]
    counts: array[int]
    sizes: array[int]

    @property
    def tally(self) -> Tally:
        """The same as {type name: (count, shallow bytes)}. O(types)."""
        return dict(zip(self.names, zip(self.counts, self.sizes, strict=True), strict=True))


@dataclass(frozen=True, slots=True)
class Mark:
    """What one capture leaves behind: merged paths, census, garbage, the memory ledger, and when that was.

    `taken` is monotonic seconds, `clock` seconds since the epoch; `cost` seconds were spent on the mark,
    `pause` on its capture; `ran` seconds the program had run, without those that it stood still. `living`
    is what is alive, `dead` what no root leads to, by type. Where there are very many paths, small ones
    have no row: none with more than `floor_count` objects or `floor_size` bytes. `rest_count` and
    `rest_size` are what is in no row, the constants of code among it.
    """

    name: str
    taken: float
    clock: float
    pause: float
    cost: float
    objects: int
    size: int
    living: TypeColumns
    dead: TypeColumns
    ledger: Ledger
    rows: MarkRows
    rest_count: int = 0
    rest_size: int = 0
    floor_count: int = 0
    floor_size: int = 0
    ran: float = 0.0
    notes: tuple[str, ...] = field(default=())

    @property
    def types(self) -> Tally:
        """(count, shallow bytes) by type of what is alive, made anew each time. O(types)."""
        return self.living.tally

    @property
    def garbage(self) -> Tally:
        """(count, shallow bytes) by type of what no root leads to."""
        return self.dead.tally

    @property
    def garbage_count(self) -> int:
        """How many objects no root leads to."""
        return sum(self.dead.counts)

    @property
    def garbage_size(self) -> int:
        """The shallow bytes of what no root leads to."""
        return sum(self.dead.sizes)


def named_path(steps: Sequence[PathStep]) -> NamedPath:
    """Return rows as a path in words; the first one's reference is the root's text."""
    root, first = steps[0].reference, replace(steps[0], reference="")
    return NamedPath(root, without_namespaces([first, *steps[1:]], is_module=root.startswith("module ")))


def with_star(reference: str, traits: int) -> str:
    """Return a reference with the sign of a repeated step."""
    if not traits & FOLDED:
        return reference
    return f"({reference})*" if ", " in reference else f"{reference}*"
