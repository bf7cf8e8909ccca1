"""A heap without the program's values, whether it is live or from a file; knows no command."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

from pdbleak._native.ints import from_values
from pdbleak.analyses.withoutvalues import without_values
from pdbleak.heap import MODULE, TYPE
from pdbleak.saved.markcolumns import read_marks
from pdbleak.saved.reading import open_file, read_heap
from pdbleak.saved.recall import Recall, Texts
from pdbleak.saved.telling import without_keys
from pdbleak.saved.waitcolumns import without_names
from pdbleak.saved.writing import write_heap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pdbleak.analyses.mark import Mark
    from pdbleak.heap import Heap

Redacted = tuple["Heap", "tuple[Mark, ...]"]


def redacted(heap: Heap, marks: Sequence[Mark], *, tell: Callable[[str, float], None]) -> Redacted:
    """Return a heap and its marks without forms, but of modules and types, and without keys.

    A live one is written to a file and read again, a saved one loses what its file told. Raises OSError.
    O(V + E), microseconds per object of a live one; `tell` hears which share is done.
    """
    if isinstance(heap.recall, Recall):
        return _forgetful(heap, heap.recall), tuple(without_values(mark) for mark in marks)
    folder = tempfile.mkdtemp(prefix="pdbleak-redacted-")
    try:
        path = os.path.join(folder, "now.leak")  # noqa: PTH118 - no pathlib in the program
        write_heap(heap, path, redact=True, marks=marks, tell=tell)
        return read_heap(path)[0], read_marks(open_file(path))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _forgetful(heap: Heap, recall: Recall) -> Heap:
    """Return a saved heap without what its file told; keys that are attributes' names go with the others."""
    forms = [
        (node, recall.form(node)) for node in recall.form_nodes.tolist() if heap.has(node, MODULE | TYPE)
    ]
    known = replace(
        recall,
        names=_texts([without_keys(name) for name in recall.names]),
        form_nodes=memoryview(from_values([node for node, _ in forms], 4)),
        forms=_texts([form for _, form in forms]),
        waits=without_names(recall.waits),
        known={},
    )
    return replace(heap, recall=known, _cache={})


def _texts(texts: Sequence[str]) -> Texts:
    encoded = [text.encode("utf-8", "replace") for text in texts]
    ends = from_values(list(accumulate(map(len, encoded))), 8)
    return Texts(memoryview(ends), memoryview(b"".join(encoded)))
