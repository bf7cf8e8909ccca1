"""A child that lays a diagram out in plain Python, from JSON to SVG; the program never imports it.

Layers after Sugiyama by grandalf, by a quarter turned where references run from left to right.
The name of an arrow is a node of its own in the layout, so that it never lies over anything else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from grandalf.graphs import Edge, Graph

from pdbleak.render.acyclic import feedback
from pdbleak.render.layers import View, place_part, vertex
from pdbleak.render.svg import Card, Curve, card, extent, heading, svg_lines

CAPTION_GAP, PART_GAP = 26.0, 34.0
BACK = 11.0  # how far from a box's middle the arrows that run backwards meet it
DEEP = 20_000

Record = Mapping[str, Any]


def main() -> None:
    """Read a diagram, write its picture."""
    sys.setrecursionlimit(DEEP)  # grandalf ranks and aligns recursively
    drawing = json.load(sys.stdin.buffer)
    cards, curves = place(drawing["boxes"], drawing["arrows"], down=drawing["down"])
    sys.stdout.buffer.write("\n".join(svg_lines(drawing["title"], cards, curves)).encode())


def place(boxes: Sequence[Record], arrows: Sequence[Record], *, down: bool) -> tuple[list[Card], list[Curve]]:
    """Return every box, name and caption where it is drawn, and the arrows between them."""
    loops = {arrow["source"]: arrow["labels"] for arrow in arrows if arrow["source"] == arrow["target"]}
    straight = [arrow for arrow in arrows if arrow["source"] != arrow["target"]]
    vertices = {
        box["key"]: vertex(
            card([box["title"], *box["lines"]], box["mood"], loops.get(box["key"], ())), down=down
        )
        for box in boxes
    }
    # where all references end at the subject, the layers are counted from it: what is near stands near
    sources = {arrow["source"] for arrow in straight}
    mirrored = any(box["mood"] == "subject" and box["key"] not in sources for box in boxes)
    edges = list(_edges(straight, vertices, mirrored=mirrored, down=down))
    ends = {id(end): end for end in [*vertices.values(), *(end for edge in edges for end in edge.v)]}
    groups = {id(vertices[box["key"]]): box["group"] for box in boxes}
    cards: list[Card] = []
    curves: list[Curve] = []
    top = 0.0
    for part in Graph(list(ends.values()), edges).C:
        placed, drawn = place_part(part, mirrored=mirrored, down=down)
        caption = next((groups[id(each)] for each in part.sV if groups.get(id(each))), "")
        if caption:
            cards.append(heading(caption).moved(0, top))
            top += CAPTION_GAP
        left, highest, _, lowest = extent(placed, drawn)
        cards += [each.moved(-left, top - highest) for each in placed]
        curves += [each.moved(-left, top - highest) for each in drawn]
        top += lowest - highest + PART_GAP
    return cards, curves


def _edges(
    arrows: Sequence[Record], vertices: Mapping[str, Any], *, mirrored: bool, down: bool
) -> Iterator[Any]:
    ends = [(arrow["source"], arrow["target"])[:: -1 if mirrored else 1] for arrow in arrows]
    back = feedback(list(vertices), ends)
    for index, (arrow, (first, last)) in enumerate(zip(arrows, ends, strict=True)):
        way = [vertices[first], vertices[last]][:: -1 if index in back else 1]
        if arrow["labels"] or index in back:
            way.insert(1, vertex(card(arrow["labels"], "label", ()), down=down))
        # the head stands at the arrow's target, whichever way the layout runs
        turned = mirrored != (index in back)
        for start, end in pairwise(way):
            at_target = start is way[0] if turned else end is way[-1]
            aside = [BACK if index in back and each in (way[0], way[-1]) else 0.0 for each in (start, end)]
            edge = Edge(start, end, data=(arrow["dashed"], at_target and not arrow["dashed"], turned, aside))
            edge.view = View()
            yield edge


if __name__ == "__main__":
    main()
