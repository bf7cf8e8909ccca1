"""A snapshot in V8's format holds what the heap holds, and its readers find the same dominators."""

from __future__ import annotations

import json
import os
import random
import subprocess
from itertools import accumulate
from pathlib import Path

import networkx as nx
import pytest
from test_saved_heap import load, small_file

from pdbleak.analyses.dominators import dominate
from pdbleak.heap import GARBAGE, LARGE, ROOT
from pdbleak.saved.snapshot import write_snapshot

FIELDS = 7
SYNTHETIC = 3
MEMLAB = os.environ.get("PDBLEAK_MEMLAB", "")
# Prints [id, self size, retained size, id of the dominator] of every node.
QUERY = """
const {getFullHeapFromFile} = require('@memlab/heap-analysis');
getFullHeapFromFile(process.argv[1]).then(heap => {
  const rows = [];
  heap.nodes.forEach(node => rows.push(
    [node.id, node.self_size, node.retainedSize, node.dominatorNode ? node.dominatorNode.id : -1]));
  require('fs').writeFileSync(process.argv[2], JSON.stringify(rows));
});
"""


def random_file(rng, nodes):
    """A file with a heap of random references, roots and garbage."""
    below = [[rng.randrange(nodes) for _ in range(rng.choice((0, 1, 1, 2, 3)))] for _ in range(nodes)]
    roots = set(rng.sample(range(nodes), 1 + nodes // 12))
    alive, waiting = set(roots), list(roots)
    while waiting:
        for each in below[waiting.pop()]:
            if each not in alive:
                alive.add(each)
                waiting.append(each)
    targets = [each for row in below for each in row]
    return small_file(
        degrees=[len(row) for row in below],
        targets=targets,
        labels=[rng.choice((0, 1, 2, 0x80000000 + place)) for place in range(len(targets))],
        types=[rng.randrange(2) for _ in range(nodes)],
        sizes=[rng.randrange(16, 500) for _ in range(nodes)],
        addresses=[16 * node + 16 for node in range(nodes)],
        flags=[ROOT if node in roots else 0 if node in alive else GARBAGE for node in range(nodes)],
        unexplained=[0] * nodes,
        root_nodes=[min(roots)],
        large=[],
        facts={"nodes": nodes, "references": len(targets)},
    )


def read(path):
    """The snapshot as it stands, and (type, name, edges as (type, name, node)) of every node."""
    snapshot = json.loads(path.read_text(encoding="utf-8"))
    meta = snapshot["snapshot"]["meta"]
    strings = snapshot["strings"]
    numbers = snapshot["nodes"]
    rows = [numbers[at : at + FIELDS] for at in range(0, len(numbers), FIELDS)]
    ends = list(accumulate(row[4] for row in rows))
    flat = snapshot["edges"]
    found = []
    for row, end in zip(rows, ends, strict=True):
        edges = []
        for at in range(3 * (end - row[4]), 3 * end, 3):
            kind = meta["edge_types"][0][flat[at]]
            name = flat[at + 1] if kind == "element" else strings[flat[at + 1]]
            assert flat[at + 2] % FIELDS == 0
            edges.append((kind, name, flat[at + 2] // FIELDS - SYNTHETIC))
        found.append((meta["node_types"][0][row[0]], strings[row[1]], edges))
    assert len(rows) == snapshot["snapshot"]["node_count"]
    assert len(flat) == 3 * ends[-1] == 3 * snapshot["snapshot"]["edge_count"]
    return rows, found


def test_every_object_and_reference_is_in_it(tmp_path):
    heap = load(tmp_path, small_file())
    written = write_snapshot(heap, str(tmp_path / "x.heapsnapshot"))
    rows, found = read(tmp_path / "x.heapsnapshot")
    assert written.size == (tmp_path / "x.heapsnapshot").stat().st_size
    assert [row[3] for row in rows] == [0, 0, 0, 48, 56, LARGE, 28]
    assert len({row[2] for row in rows}) == len(rows)
    assert found == [
        (
            "synthetic",
            "",
            [
                ("element", 1, -2),
                ("element", 2, -1),
                ("internal", "local 'conn' of serve()", 0),
            ],
        ),
        ("synthetic", "(GC roots)", []),
        ("synthetic", "(garbage)", []),
        ("object", "Channel", [("property", "queue", 1), ("element", 0, 2)]),
        ("object", "list", [("property", "[*]", 3)]),
        ("object", "Channel", [("internal", "(in C)", 0)]),
        ("object", "list", []),
    ]


def test_texts_are_left_out_where_values_are(tmp_path):
    types = {"type_texts": [["str", "builtins", 1024, False], ["function", "builtins", 2048, False]]}
    heap = load(tmp_path, small_file(**types))
    for redact, names in ((False, ["<str at 0x10>", "form"]), (True, ["str", "function"])):
        write_snapshot(heap, str(tmp_path / "x.heapsnapshot"), redact=redact)
        _, found = read(tmp_path / "x.heapsnapshot")
        assert [found[node][:2] for node in (3, 4)] == [("string", names[0]), ("closure", names[1])]


def test_its_dominators_are_those_of_the_heap(tmp_path):
    rng = random.Random(8)
    for _ in range(30):
        heap = load(tmp_path, random_file(rng, 40))
        write_snapshot(heap, str(tmp_path / "x.heapsnapshot"))
        rows, found = read(tmp_path / "x.heapsnapshot")
        graph = nx.DiGraph()
        for node, (_, _, edges) in enumerate(found, -SYNTHETIC):
            graph.add_edges_from((node, below) for kind, _, below in edges if kind != "weak")
        above = nx.immediate_dominators(graph, -SYNTHETIC)
        assert len(above.keys() | {-SYNTHETIC}) == len(rows)
        check(heap, {node: (above[node], None) for node in range(heap.graph.nodes)})


def check(heap, told):
    """Compare (dominator, retained) by node with the heap's own."""
    dominators = dominate(heap)
    for node, (above, retained) in told.items():
        top = -1 if heap.has(node, GARBAGE) else -SYNTHETIC
        own = dominators.parents[node]
        assert above == (top if own == dominators.root else own)
        assert retained in (None, dominators.retained[node])


@pytest.mark.skipif(not MEMLAB, reason="PDBLEAK_MEMLAB names no folder where npm has installed memlab")
def test_memlab_finds_the_same_dominators_and_retained_sizes(tmp_path):
    path = tmp_path / "x.heapsnapshot"
    heap = load(tmp_path, random_file(random.Random(9), 3000))
    write_snapshot(heap, str(path))
    answer = tmp_path / "rows.json"
    subprocess.run(["node", "-e", QUERY, path, answer], cwd=MEMLAB, check=True, timeout=120)
    rows = {
        (row[0] - 1) // 2 - SYNTHETIC: row for row in json.loads(Path(answer).read_text(encoding="utf-8"))
    }
    assert len(rows) == heap.graph.nodes + SYNTHETIC
    assert [rows[node][1] for node in range(heap.graph.nodes)] == heap.sizes.tolist()
    check(
        heap,
        {node: ((rows[node][3] - 1) // 2 - SYNTHETIC, rows[node][2]) for node in range(heap.graph.nodes)},
    )
