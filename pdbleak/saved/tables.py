"""Saved heaps as tables of a DuckDB connection; runs in a child, where numpy and DuckDB may be loaded."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from pdbleak.analyses.dominators import dominate
from pdbleak.heap import GARBAGE, ROOT, TRACKED
from pdbleak.saved.container import BadFileError
from pdbleak.saved.reading import read_heap
from pdbleak.saved.recall import BETWEEN, Recall, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from pdbleak.heap import Heap

ENDING = ".leak"
FIRST_PLACE = 1 << 31
# The tables that can be asked, each a union over the files.
VIEWS = {
    "objects": f"""
        SELECT '{{file}}' AS file, o.node, '0x' || lower(hex(o.address)) AS address, t.type, t.module, o.size,
               {{retained}} (o.flags & {TRACKED}) <> 0 AS tracked, (o.flags & {GARBAGE}) <> 0 AS garbage,
               (o.flags & {ROOT}) <> 0 AS root, o.unexplained, f.form,
               s.verdict, s.reason
        FROM objects_{{n}} o JOIN types_{{n}} t USING (kind) LEFT JOIN forms_{{n}} f USING (node)
             LEFT JOIN states_{{n}} s USING (node)""",  # noqa: S608 - numbers of ours
    "refs": f"""
        SELECT '{{file}}' AS file, r.src, r.dst,
               CASE WHEN r.code >= {FIRST_PLACE} THEN '[' || (r.code - {FIRST_PLACE}) || ']'
                    ELSE l.name END AS name
        FROM refs_{{n}} r LEFT JOIN names_{{n}} l USING (code)""",  # noqa: S608 - numbers of ours
    "types": """
        SELECT '{file}' AS file, t.type, t.module, count(*) AS count, sum(o.size)::BIGINT AS bytes
        FROM objects_{n} o JOIN types_{n} t USING (kind) GROUP BY ALL""",
    "frames": "SELECT '{file}' AS file, * FROM frames_{n}",
    "locals": "SELECT '{file}' AS file, * FROM locals_{n}",
    "files": "SELECT '{file}' AS file, * FROM files_{n}",
}
RETAINED = "o.retained, o.retained_objects,"


def files_below(path: str) -> list[str]:
    """Return the saved heaps that a path means: itself, or those of a folder, by name.

    Raises BadFileError for a folder without one.
    """
    path = os.path.expanduser(path)  # noqa: PTH111
    if not os.path.isdir(path):  # noqa: PTH112
        return [path]
    found = sorted(entry.path for entry in os.scandir(path) if entry.name.endswith(ENDING))
    if not found:
        raise BadFileError(f"there is no file in it that ends in {ENDING}")
    return found


def add_tables(connection: duckdb.DuckDBPyConnection, paths: Sequence[str], *, retained: bool) -> None:
    """Add what some files hold: objects, refs, types, frames, locals, files; each row says its file.

    What objects retain is computed where it is asked for. O(files), and O(E log V) for `retained`.
    """
    views: dict[str, list[str]] = {name: [] for name in VIEWS}
    for number, path in enumerate(paths):
        try:
            heap, facts = read_heap(path)
        except BadFileError as error:
            raise BadFileError(f"{path}: {error}") from None
        for name, columns in _tables(heap, facts, path, retained=retained):
            connection.register(f"{name}_{number}", columns)
        file = os.path.basename(path).replace("'", "''")  # noqa: PTH119
        more = RETAINED if retained else ""
        for name, query in VIEWS.items():
            views[name].append(query.format(file=file, n=number, retained=more))
    for name, queries in views.items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {' UNION ALL '.join(queries)}")


def _tables(
    heap: Heap, facts: dict[str, Any], path: str, *, retained: bool
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the (name, columns) of one file's tables."""
    graph, recall = heap.graph, heap.recall
    assert isinstance(recall, Recall)
    nodes = np.arange(graph.nodes, dtype=np.uint32)
    sizes = np.asarray(heap.sizes).astype(np.uint64) if heap.large else np.asarray(heap.sizes)
    for node, size in heap.large.items():
        sizes[node] = size
    columns = {
        "node": nodes,
        "address": np.asarray(heap.addresses),
        "kind": np.asarray(heap.type_of),
        "size": sizes,
        "flags": np.asarray(heap.flags),
        "unexplained": np.asarray(heap.unexplained),
    }
    if retained:
        dominators = dominate(heap)
        # Of garbage the tree says nothing that does not depend on where a cycle is entered.
        columns["retained"] = np.asarray(dominators.retained)[: graph.nodes]
        columns["retained_objects"] = np.asarray(dominators.objects)[: graph.nodes]
    yield "objects", columns
    degrees = np.diff(np.asarray(graph.offsets))
    targets, labels = np.asarray(graph.targets), np.asarray(recall.labels)
    yield "refs", {"src": np.repeat(nodes, degrees), "dst": targets, "code": labels}
    yield "names", _numbered("code", "name", [_name(text) for text in recall.names])
    yield "types", {**_numbered("kind", "type", heap.types), "module": _texts(heap.type_modules)}
    forms = [harmless(text) for text in recall.forms]
    yield "forms", {"node": np.asarray(recall.form_nodes), "form": _texts(forms)}
    told = [
        (node, *recall.judgements[which])
        for node, which in zip(recall.judged or (), recall.told, strict=True)
        if recall.judgements[which][0]
    ]
    yield (
        "states",
        {
            "node": np.array([node for node, _, _ in told], dtype=np.uint32),
            "verdict": _texts([verdict for _, verdict, _ in told]),
            "reason": _texts([reason for _, _, reason in told]),
        },
    )
    frames = heap.frames
    yield (
        "frames",
        {
            **_numbered("frame", "function", [frame.function for frame in frames]),
            "path": _texts([frame.file for frame in frames]),
            "line": np.array([frame.line for frame in frames], dtype=np.int64),
            "thread": np.array([frame.thread % (1 << 63) for frame in frames], dtype=np.int64),
        },
    )
    held, holders, places = heap.frame_roots
    names = [
        frames[frame].locals[place] if place < len(frames[frame].locals) else ""
        for frame, place in zip(holders, places, strict=True)
    ]
    yield "locals", {"node": np.asarray(held), "frame": np.asarray(holders), "name": _texts(names)}
    said = {name: str(facts.get(name, "")) for name in ("program", "python", "made_by")}
    yield (
        "files",
        {
            "path": _texts([path]),
            **{name: _texts([harmless(text)]) for name, text in said.items()},
            "process": np.array([_whole(facts.get("process"))], dtype=np.int64),
            "saved": np.array([_whole(facts.get("saved"))], dtype="datetime64[s]"),
            "nodes": np.array([graph.nodes]),
            "refs": np.array([graph.references]),
            "redacted": np.array([facts.get("redacted") is True]),
        },
    )


def _numbered(number: str, name: str, texts: Sequence[str]) -> dict[str, Any]:
    return {number: np.arange(len(texts), dtype=np.uint32), name: _texts(texts)}


def _texts(texts: Sequence[str]) -> Any:
    return np.array([text.encode("utf-8", "replace").decode() for text in texts], dtype=object)


def _name(text: str) -> str:
    return " ".join(map(harmless, text.split(BETWEEN)))


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < 1 << 40 else 0
