"""Which objects of a type there are, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak import names

if TYPE_CHECKING:
    from collections.abc import Callable

    from pdbleak.heap import Heap


@dataclass(frozen=True, slots=True)
class Listed:
    """One object: its handle (`_1`, or empty), address, type, shallow bytes and safe one-line form."""

    handle: str
    address: int
    type: str
    size: int
    form: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Some of the `total` objects of a type, in address order."""

    subject: str
    rows: tuple[Listed, ...]
    total: int
    next: str


def list_objects(
    heap: Heap,
    subject: str,
    types: tuple[str, ...],
    *,
    limit: int = 10,
    near: str = "",
    form: Callable[[object], str] = names.form,
) -> Listing:
    """List the first objects of some types; those that are gone since the capture say so. O(V).

    `near` is a type to ask for if there are none.
    """
    nodes = heap.nodes_of(types)
    shown = nodes[:limit].tolist()
    found = heap.resolve(shown)
    rows = tuple(
        Listed(
            handle="",
            address=heap.addresses[node],
            type=heap.type_name(node),
            size=heap.size(node),
            form=form(found[node]) if node in found else "(gone since the capture)",
        )
        for node in shown
    )
    more = f"leak list {subject} {min(len(nodes), limit * 10)}" if len(nodes) > limit else ""
    nobody = f"leak list {near}" if near else "leak types 20"
    return Listing(subject, rows, len(nodes), more or (f"leak backrefs {subject}" if rows else nobody))
