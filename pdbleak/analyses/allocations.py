"""Where most of what stands in a mark's rows was allocated, while that is traced; keeps no object."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pdbleak import names
from pdbleak.analyses.marking import groups_of_rows, members_of_rows
from pdbleak.analyses.tracing import frames_kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pdbleak.heap import Heap

SAMPLE = 64


def find_origins(heap: Heap, rows: Iterable[int]) -> dict[int, str]:
    """Return {row: where most of its members were allocated} of the capture's own mark. O(V) for each row.

    By a sample of the newer half: what is older than the tracing has no line. Rows of which none is known
    are not in it.
    """
    known = groups_of_rows(heap) if frames_kept() else None
    if known is None:
        return {}
    samples = {}
    for row in rows:
        members = members_of_rows(*known, (row,))
        newer = members[len(members) // 2 :]
        samples[row] = newer[:: len(newer) // SAMPLE + 1].tolist()
    found = heap.resolve({node for nodes in samples.values() for node in nodes})
    origins = {}
    for row, nodes in samples.items():
        lines = Counter(names.origin_of(found[node]) for node in nodes if node in found)
        del lines[""]
        if lines:
            origins[row] = lines.most_common(1)[0][0]
    return origins
