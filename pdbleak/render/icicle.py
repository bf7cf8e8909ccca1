"""The branches of what retains most as one page to zoom into, without a network; knows no heap."""

from __future__ import annotations

import html
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pdbleak.render.amounts import plural, size
from pdbleak.render.clean import clean
from pdbleak.render.folded import branches, label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdbleak.analyses.top import Retainer, Top

SMALLER = "smaller ones"


def icicle_lines(value: Any) -> Iterator[str]:
    """Yield the lines of an HTML document; `CommandError` for an answer that is no such tree. O(branches)."""
    top = branches(value)
    title = f"What {top.subject or 'the heap'} retains"
    data = dumps(_nodes(top), separators=(",", ":")).replace("<", "\\u003c")
    template = Path(__file__).with_name("icicle.html").read_text(encoding="utf-8")
    about = f"{plural(top.objects, 'object')}, {size(top.retained)}; what is under 0.1 % is in “{SMALLER}”"
    parts = {"TITLE": html.escape(clean(title)), "ABOUT": html.escape(about), "DATA": data}
    for name, text in parts.items():
        template = template.replace(f"@{name}@", text)
    yield from template.splitlines()


def _nodes(top: Top) -> list[list[Any]]:
    """Return [parent's place, label, bytes, objects, form] of every branch, parents first. No recursion."""
    rows: list[list[Any]] = [[-1, clean(top.subject or "the heap"), top.retained, top.objects, ""]]
    waiting: list[tuple[int, Retainer]] = [(0, row) for row in top.rows]
    if top.omitted_retained:
        rows.append([0, f"{top.omitted:,} {SMALLER}", top.omitted_retained, 0, ""])
    for above, row in waiting:
        place = len(rows)
        rows.append([above, clean(label(row)), row.retained, row.objects, clean(row.form)])
        if row.omitted_retained:
            rows.append([place, f"{row.omitted:,} {SMALLER}", row.omitted_retained, 0, ""])
        waiting += [(place, child) for child in row.children]
    return rows
