"""A heap to a file, whole or not at all; knows the columns, and no command."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from pdbleak import __version__
from pdbleak._native.columns import degrees
from pdbleak._native.ints import from_values
from pdbleak.analyses.orphans import find_orphans
from pdbleak.analyses.waits import gather_waits
from pdbleak.analyses.withoutvalues import without_values
from pdbleak.saved.container import Writer
from pdbleak.saved.markcolumns import write_marks
from pdbleak.saved.orphancolumns import write_unowned
from pdbleak.saved.telling import tell_all
from pdbleak.saved.waitcolumns import write_waits
from pdbleak.saved.whose import process_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pdbleak.analyses.mark import Mark
    from pdbleak.heap import Heap
    from pdbleak.saved.telling import Told


@dataclass(frozen=True, slots=True)
class Written:
    """What went into a file: its bytes, the objects with a form of their own, how many were gone."""

    path: str
    size: int
    forms: int
    missed: int
    seconds: float


def write_heap(
    heap: Heap,
    path: str,
    *,
    redact: bool = False,
    marks: Sequence[Mark] = (),
    collecting: bool = True,
    process: int = 0,
    tell: Callable[[str, float], None] = lambda *_: None,
) -> Written:
    """Write a heap to a file that only its owner may read; `tell` hears what is done and which share of it.

    `marks` are those of its process, the last one the heap's own; `collecting` tells whether automatic
    collections were on, and `process` whose heap it is where that is not this one's. Raises OSError with
    nothing left behind. Takes microseconds per object, and 5 bytes for each reference.
    """
    began = time.perf_counter()
    tracked = max(1, heap.graph.nodes)
    done = 0

    def naming(count: int) -> None:
        nonlocal done
        done += count
        tell("naming", done / tracked)

    waits, unowned = gather_waits(heap), find_orphans(heap)
    told = tell_all(heap, redact=redact, tell=naming)
    total = heap.nbytes
    done = 0

    def packing(count: int) -> None:
        nonlocal done
        done += count
        tell("writing", min(1.0, done / total))

    with whole_file(path) as file:
        out = Writer(file, tell=packing)
        _write_columns(out, heap, told)
        write_waits(out, waits, redact=redact)
        write_unowned(out, unowned)
        write_marks(out, [without_values(each) for each in marks] if redact else marks)
        out.end(_facts(heap, process or os.getpid(), redact=redact, collecting=collecting))
        size = file.tell()
    target = real_path(path)
    return Written(target, size, len(told.forms), told.missed, time.perf_counter() - began)


def real_path(path: str) -> str:
    """Return the path of the file that a path means: a link stays a link."""
    return os.path.realpath(os.path.expanduser(path))  # noqa: PTH111 - no pathlib in the program


@contextlib.contextmanager
def whole_file(path: str) -> Iterator[IO[bytes]]:
    """Yield a file to write, which only its owner may read; it takes its place when all is written."""
    target = real_path(path)
    # beside the target, since only a rename within one file system is atomic
    draft = os.path.join(os.path.dirname(target), f".{os.getpid()}-{os.urandom(4).hex()}.tmp")  # noqa: PTH118, PTH120
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
        os.replace(draft, target)  # noqa: PTH105
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)  # noqa: PTH108


def _write_columns(out: Writer, heap: Heap, told: Told) -> None:
    graph = heap.graph
    out.add("degrees", degrees(graph.offsets))
    out.add("targets", graph.targets)
    out.add("labels", told.labels.codes)
    out.add("types", heap.type_of)
    out.add("sizes", heap.sizes)
    out.add("addresses", heap.addresses, rising=True)
    out.add("flags", heap.flags)
    out.add("unexplained", heap.unexplained)
    for name, column in zip(("root_nodes", "root_frames", "root_locals"), heap.frame_roots, strict=True):
        out.add(name, column)
    out.add_texts("label", told.texts)
    forms = sorted(told.forms)
    out.add("form_nodes", from_values(forms, 4), rising=True)
    out.add_texts("form", [told.forms[node] for node in forms])
    out.add_json("type_texts", _types(heap, told))
    out.add_json("frames", [_frame(frame) for frame in heap.frames])
    out.add_json("large", sorted(heap.large.items()))
    weak = sorted(told.weak)
    out.add("weak_nodes", from_values(weak, 4), rising=True)
    out.add("weak_counts", from_values([told.weak[node] for node in weak], 4))
    judged = sorted(told.states)
    out.add("state_nodes", from_values(judged, 4), rising=True)
    out.add("states", from_values([told.states[node] for node in judged], 4))
    out.add_json(
        "judgements", [[each.verdict, each.reason] if each else ["", ""] for each in told.judgements]
    )


def _facts(heap: Heap, process: int, *, redact: bool, collecting: bool) -> dict[str, Any]:
    return {
        "made_by": f"pdbleak {__version__}",
        "python": sys.version.split()[0],
        "process": process,
        "process_number": process_number(process),
        "program": "" if redact else command_line(),
        "saved": time.time(),
        "redacted": redact,
        "collecting": collecting,
        "nodes": heap.graph.nodes,
        "references": heap.graph.references,
        "pause": heap.pause,
        "unseen": heap.unseen,
        "dead": heap.dead,
    }


def command_line() -> str:
    """Return the program's arguments as one text, without what is no text: that may run its code."""
    arguments = sys.argv if type(sys.argv) is list else ()
    return " ".join(each for each in arguments if type(each) is str)[:400]


def _types(heap: Heap, told: Told) -> list[tuple[str, str, int, bool]]:
    each = zip(heap.types, heap.type_modules, heap.type_addresses, strict=True)
    return [
        (name, module, address, kind in told.finalized) for kind, (name, module, address) in enumerate(each)
    ]


def _frame(frame: Any) -> tuple[int, str, str, int, tuple[str, ...]]:
    return frame.thread, frame.function, frame.file, frame.line, frame.locals
