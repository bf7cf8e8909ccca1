"""The page docs/performance.md: what was measured, where, and how; measures nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.heaps import SHAPES
from benchmarks.rows import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from benchmarks.rows import Row

HEAD = """\
# Performance

Made by `make bench`; do not edit. Every figure is a ratio of two things measured in the same run, in turn,
on the same heap, in the processor's time; what a person waits for is in milliseconds of the clock. Each is
the median, in brackets the lowest and the highest of all rounds: the noise of the machine. A heap is built in
a fresh process with the collector's automatic runs off.

A *collection* is `gc.collect()` of the whole heap. A *capture* is everything that the commands need later:
every object that can be reached, its type, its size, and both directions of every reference. A collection
looks at containers only and passes over what they hold where that is no container; a capture looks at every
string and number, too; only its first half, the walk, keeps the program from running.

The heaps:
"""

METHOD = """\
Memory is the highest resident size during a capture less the one before it (`VmHWM`, reset before). The
answers of `leak` include their text; objgraph's picture is written to a string.
"""


def machine() -> str:
    """Return the processor and the memory in a line, as the system tells."""
    model, cores = platform.machine(), os.cpu_count()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(
            (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model
        )
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    except (OSError, ValueError):
        return f"{model}, {cores} cores"
    return f"{model}, {cores} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}"


def version(python: str) -> str:
    """Return the name and version of an interpreter."""
    script = "import platform; print(platform.python_implementation(), platform.python_version())"
    return subprocess.run([python, "-c", script], check=True, capture_output=True, text=True).stdout.strip()


def lines(sections: Mapping[str, Sequence[tuple[str, Iterable[Row]]]]) -> list[str]:
    """Return the page: a section per interpreter, a table per question."""
    page = [HEAD, *(f"- **{shape}**: {summary};" for shape, summary in SHAPES.items()), "", METHOD]
    page.append(f"Machine: {machine()}.")
    for interpreter, parts in sections.items():
        for title, rows in parts:
            page += ["", f"## {interpreter}: {title}", "", *table(rows)]
    return page
