"""One connected part of a picture in layers; never imported by the program, as it needs grandalf."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from grandalf.graphs import Vertex
from grandalf.layouts import SugiyamaLayout

from pdbleak.render.svg import Card, Curve, Point

if TYPE_CHECKING:
    from collections.abc import Iterable

RANK_GAP, LOW_GAP, ROW_GAP = 34.0, 24.0, 16.0
ROUNDS = 3
THIN = 4.0  # the room of a line that passes a layer


class View:
    """What grandalf asks of a view: its size across the layers (`w`) and along them (`h`)."""

    def __init__(self, card: Card | None = None, *, down: bool = True) -> None:
        """Take the size of a card, if it is a vertex's view."""
        self.card = card
        across, along = (card.width, card.height) if card else (0.0, 0.0)
        self.w, self.h = (across, along) if down else (along, across)
        self.xy: Point = (0.0, 0.0)
        self.points: list[Point] = []

    def setpath(self, points: list[Point]) -> None:
        """Take an edge's points from the layout."""
        self.points = points


def vertex(card: Card, *, down: bool) -> Any:
    """Return grandalf's vertex for a card."""
    made = Vertex()
    made.view = View(card, down=down)
    return made


def place_part(part: Any, *, mirrored: bool, down: bool) -> tuple[list[Card], list[Curve]]:
    """Return the cards and curves of one connected, acyclic part; `mirrored` runs backwards."""
    layout = SugiyamaLayout(part)
    layout.xspace, layout.yspace = ROW_GAP, LOW_GAP if down else RANK_GAP
    layout.dw = layout.dh = THIN
    layout.init_all(roots=[each for each in part.sV if not each.e_in()], inverted_edges=[], optimize=True)
    layout.draw(ROUNDS)
    half: dict[float, float] = {}
    for layer in layout.layers:
        _part_rows(layer)
        half[layer[0].view.xy[1]] = max(each.view.h for each in layer) / 2
    layout.draw_edges()  # once more, since rows moved
    curves = [_curve(edge, half, sign=-1.0 if mirrored else 1.0, down=down) for edge in part.sE]
    cards = []
    for each in part.sV:
        across, along = each.view.xy
        along = -along if mirrored else along
        cards.append(each.view.card.moved(*((across, along) if down else (along, across))))
    return cards, curves


def _part_rows(layer: Iterable[Any]) -> None:
    # grandalf's balancing may let neighbours overlap; they only move apart, in their order
    for before, after in pairwise(sorted(layer, key=lambda each: each.view.xy[0])):
        least = before.view.xy[0] + (before.view.w + after.view.w) / 2 + ROW_GAP
        after.view.xy = (max(after.view.xy[0], least), after.view.xy[1])


def _curve(edge: Any, half: dict[float, float], *, sign: float, down: bool) -> Curve:
    # a line is straight while it is beside boxes, and bends only in the gaps between layers
    dashed, head, turned, aside = edge.data
    (first, start), *inner, (last, end) = edge.view.points
    first, last = first + aside[0], last + aside[1]
    points = [(first, start + edge.v[0].view.h / 2), (first, start + half[start])]
    for across, along in inner:
        points += [(across, along - half[along]), (across, along + half[along])]
    points += [(last, end - half[end]), (last, end - edge.v[1].view.h / 2)]
    placed = [(across, sign * along) if down else (sign * along, across) for across, along in points]
    return Curve(tuple(placed[::-1] if turned else placed), dashed, head, down)
