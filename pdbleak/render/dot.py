"""Boxes and arrows in Graphviz's language; knows no result and draws nothing."""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from pdbleak.render.palette import BORDER, FAINT, FILL, INK, LABEL, LINE, Mood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdbleak.render.diagram import Arrow, Box, Diagram

FONT = "Helvetica,Arial,sans-serif"
SHAPES: dict[Mood, str] = {
    "plain": "",
    "subject": ", penwidth=2",
    "root": ', shape=box, style="filled", peripheries=2',
    "stub": ', style="dashed,rounded"',
}


def dot_lines(diagram: Diagram) -> Iterator[str]:
    """Yield a directed graph, the roots first and after them what they keep alive."""
    yield "digraph leak {"
    direction = "TB" if diagram.down else "LR"
    yield f'  graph [rankdir={direction}, charset="UTF-8", bgcolor="white", pad=0.3,'
    yield "         nodesep=0.25, ranksep=0.45, labelloc=t, labeljust=l,"
    yield f'         fontname="{FONT}", fontsize=12, fontcolor="{FAINT}",'
    yield f"         label={_quoted([diagram.title])}];"
    yield f'  node [shape=box, style="rounded,filled", fontname="{FONT}", fontsize=11, fontcolor="{INK}",'
    yield '        margin="0.16,0.08", height=0.3];'
    yield f'  edge [fontname="{FONT}", fontsize=10, fontcolor="{LABEL}", color="{LINE}", arrowsize=0.7];'
    for number, (group, boxes) in enumerate(groupby(diagram.boxes, key=lambda each: each.group)):
        if group:
            yield f"  subgraph cluster_{number} {{"
            yield f'    label={_quoted([group])}; color="{BORDER["plain"]}"; style=rounded; margin=12;'
        yield from (_box(each) for each in boxes)
        if group:
            yield "  }"
    yield from (_arrow(arrow) for arrow in diagram.arrows)
    yield "}"


def _box(box: Box) -> str:
    title = f"<b>{_marked_up(box.title)}</b>" if box.mood != "stub" else _marked_up(box.title)
    lines = "".join(
        f'<br/><font color="{FAINT}" point-size="10">{_marked_up(line)}</font>' for line in box.lines
    )
    colours = f'fillcolor="{FILL[box.mood]}", color="{BORDER[box.mood]}"'
    return f"  {_quoted([box.key])} [label=<{title}{lines}>, {colours}{SHAPES[box.mood]}];"


def _arrow(arrow: Arrow) -> str:
    attributes = [f"label={_quoted([f' {label} ' for label in arrow.labels])}"] if arrow.labels else []
    attributes += ["style=dashed", "arrowhead=none"] if arrow.dashed else []
    return f"  {_quoted([arrow.source])} -> {_quoted([arrow.target])} [{', '.join(attributes)}];"


def _marked_up(text: str) -> str:
    # a backslash begins an escape here too: \N would become the node's name; a lone ] is a syntax
    # error to Graphviz 2.43, which takes it for the end of a CDATA section
    return escape(text.replace("\\", "\\\\")).replace("]", "&#93;")


def _quoted(lines: Iterable[str]) -> str:
    # in Graphviz's strings a backslash begins an escape, and &name; is a character
    plain = (line.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;") for line in lines)
    return '"' + "\\n".join(plain) + '"'
