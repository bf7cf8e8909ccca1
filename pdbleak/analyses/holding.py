"""What commonly holds many objects, as the names of references; says nothing of roots."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.analyses.neighbours import generalise, reference_text
from pdbleak.heap import GARBAGE, MODULE, NAMESPACE, TYPE
from pdbleak.names import form

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from pdbleak.heap import Heap

SAMPLE = 64
MOST_REFERRERS = 64
STEPS = 6
NAMED = 4
# A frame's or a traceback's reference says where the program is, not who keeps an object.
PASSING = frozenset({"frame", "traceback", "generator", "coroutine", "async_generator", "cell"})
CONTAINERS = frozenset({
    "dict", "list", "set", "tuple", "frozenset", "collections.deque", "collections.OrderedDict",
    "collections.defaultdict", "weakref", "cell", "method", "functools.partial",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """The commonest way in which some objects are held: its names, its owner's node, an example's node.

    `text` reads from the owner down: `Pool .jobs [*]`, `module app .DONE [*]`; `share` of the sampled
    objects are held so, 0 to 1. `owner` is -1 where nothing but a frame or C holds them.
    """

    text: str
    owner: int
    example: int
    share: float


def find_holding(heap: Heap, nodes: Sequence[int], *, apart: Container[int] = ()) -> Holding:
    """Return how most of a sample of some objects are held; `apart` are nodes that do not count as holders.

    From each object upwards through plain containers to the first object that somebody wrote. O(sample).
    """
    step = max(1, len(nodes) // SAMPLE)
    ways = [_way_up(heap, node, apart) for node in nodes[::step][: 2 * SAMPLE]]
    if not ways:
        return Holding("", -1, -1, 0.0)
    shapes = Counter(tuple(heap.type_of[node] for node in way[1:]) for way in ways)
    shape, count = shapes.most_common(1)[0]
    alike = [way for way in ways if tuple(heap.type_of[node] for node in way[1:]) == shape]
    first = alike[0]
    if len(first) == 1:
        return Holding("", -1, first[0], count / len(ways))
    return Holding(_text(heap, alike[:NAMED]), first[-1], first[0], count / len(ways))


def _way_up(heap: Heap, node: int, apart: Container[int]) -> list[int]:
    """Return the nodes from an object up to its owner, as far as each step is a plain container."""
    way = [node]
    while len(way) <= STEPS:
        above = _holder(heap, way[-1], apart, way)
        if above is None:
            break
        way.append(above)
        if heap.type_name(above) not in CONTAINERS and not heap.has(above, NAMESPACE):
            break
    return way


def _holder(heap: Heap, node: int, apart: Container[int], below: list[int]) -> int | None:
    """Return the referrer that says most: one that somebody wrote, a module's namespace, then a container."""
    best: int | None = None
    rank = 9
    for each in heap.graph.referrers(node)[:MOST_REFERRERS]:
        name = heap.type_name(each)
        if name in PASSING or each in apart or each in below or heap.has(each, GARBAGE):
            continue
        own = 3 if name in CONTAINERS else 2
        own = 1 if heap.has(each, MODULE | NAMESPACE) else own
        own = 4 if heap.has(each, TYPE) else own
        if own < rank:
            best, rank = each, own
    return best


def _text(heap: Heap, ways: Sequence[Sequence[int]]) -> str:
    """Return the names from the owner down to the objects: `Pool .jobs [*]`."""
    found = heap.resolve({node for way in ways for node in way})
    owner = ways[0][-1]
    pieces = [_owner_text(heap, owner, found)]
    for depth in range(len(ways[0]) - 1, 0, -1):
        name = reference_text(found, (way[depth] for way in ways), (way[depth - 1] for way in ways))
        if depth == 1 or heap.type_name(ways[0][depth]) in CONTAINERS:
            name = generalise(name) if depth == 1 and len(ways) > 1 else name
        pieces.append(name)
    return join_names(pieces)


def _owner_text(heap: Heap, owner: int, found: dict[int, object]) -> str:
    if heap.has(owner, MODULE | NAMESPACE | TYPE) and owner in found:
        return module_text(heap, owner) or form(found[owner])
    return heap.type_name(owner)


def module_text(heap: Heap, node: int) -> str:
    """Return `module app` for a module or its namespace, an empty text for anything else."""
    candidates: Iterable[int] = (node,) if heap.has(node, MODULE) else heap.graph.referrers(node)
    for each in candidates:
        if heap.has(each, MODULE):
            found = heap.resolve([each])
            return form(found[each]) if each in found else ""
    return ""


def join_names(pieces: Iterable[str]) -> str:
    """Return names of references as one text; the key of a namespace is an attribute."""
    joined: list[str] = []
    for piece in pieces:
        if piece.startswith("['") and piece[2:-2].isidentifier():
            if joined[-1] == ".__dict__":
                joined[-1] = f".{piece[2:-2]}"
                continue
            if len(joined) == 1 and joined[0].startswith("module "):
                piece = f".{piece[2:-2]}"  # noqa: PLW2901  as it is written
        joined.append(piece)
    return "".join(joined)
