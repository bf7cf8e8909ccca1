"""Placed cards and curves as SVG; knows no layout and no result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from pdbleak.render.clean import columns
from pdbleak.render.palette import BORDER, FAINT, FILL, INK, LABEL, LINE, Mood

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Point = tuple[float, float]
FONT = "DejaVu Sans Mono,Menlo,Consolas,monospace"
MARGIN = 28.0
HEAD = 7.0  # the length of an arrowhead
LOOP = 24.0  # how high an arrow from a box to itself stands over it
PADDING = 9.0
BIG, SMALL = 11.0, 10.0  # font sizes; a column is 0.61 of one wide, a row 1.36 high
WIDE, HIGH = 0.61, 1.36


@dataclass(frozen=True, slots=True)
class Card:
    """Text at a place, by its middle and size: a box, an arrow's name ('label'), a group's ('caption').

    `loop` names the references of a box to itself, drawn in the upper part of its place.
    """

    lines: tuple[str, ...]
    mood: str
    x: float
    y: float
    width: float
    height: float
    loop: tuple[str, ...] = ()

    def moved(self, x: float, y: float) -> Card:
        """Return it elsewhere."""
        return replace(self, x=self.x + x, y=self.y + y)


@dataclass(frozen=True, slots=True)
class Curve:
    """A line through points, straight in its first, third, … piece, with a `head` at its end.

    It bends as a line that runs across does, or one that runs `down`.
    """

    points: tuple[Point, ...]
    dashed: bool = False
    head: bool = False
    down: bool = False

    def moved(self, x: float, y: float) -> Curve:
        """Return it elsewhere."""
        return replace(self, points=tuple((px + x, py + y) for px, py in self.points))


def card(lines: Iterable[str], mood: str, loop: Iterable[str]) -> Card:
    """Return text with the size that it takes, at the origin."""
    lines, loop = tuple(lines), tuple(loop)
    named = mood in {"label", "caption"}
    font = SMALL if named else BIG
    padding = 3.0 if named else PADDING
    wide = max(map(columns, (*lines, *loop)), default=0) * font * WIDE + 2 * padding
    high = len(lines) * font * HIGH + 2 * padding + (LOOP if loop else 0.0)
    return Card(lines, mood, 0.0, 0.0, wide, high, loop)


def heading(text: str) -> Card:
    """Return a group's name, its left edge at the origin."""
    drawn = card([text], "caption", ())
    return drawn.moved(drawn.width / 2, 0.0)


def extent(cards: Sequence[Card], curves: Sequence[Curve]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all."""
    xs = [edge for each in cards for edge in (each.x - each.width / 2, each.x + each.width / 2)]
    ys = [edge for each in cards for edge in (each.y - each.height / 2, each.y + each.height / 2)]
    xs += [x for curve in curves for x, _ in curve.points]
    ys += [y for curve in curves for _, y in curve.points]
    return min(xs, default=0), min(ys, default=0), max(xs, default=0), max(ys, default=0)


def svg_lines(title: str, cards: Sequence[Card], curves: Sequence[Curve]) -> Iterator[str]:
    """Yield one SVG document."""
    left, top, right, bottom = extent(cards, curves)
    right = max(right, left + columns(title) * SMALL * WIDE)
    top -= BIG * 2
    width, height = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{left - MARGIN:.1f} {top - MARGIN:.1f} {width:.1f} {height:.1f}" '
        f'font-family="{FONT}" font-size="{BIG}">'
    )
    yield f'<rect x="{left - MARGIN:.1f}" y="{top - MARGIN:.1f}" width="100%" height="100%" fill="#ffffff"/>'
    yield _text(title, left, top, SMALL, FAINT, anchor="start")
    yield from (line for curve in curves for line in _curve(curve))
    yield from (line for each in cards for line in _card(each))
    yield "</svg>"


def _card(drawn: Card) -> Iterator[str]:
    if drawn.mood in {"label", "caption"}:
        colour, anchor = (LABEL, "middle") if drawn.mood == "label" else (INK, "start")
        for row, line in enumerate(drawn.lines):
            y = drawn.y + (row - (len(drawn.lines) - 1) / 2) * SMALL * HIGH
            x = drawn.x if anchor == "middle" else drawn.x - drawn.width / 2
            yield _text(line, x, y, SMALL, colour, anchor=anchor)
        return
    mood: Mood = drawn.mood  # type: ignore[assignment]
    x, y = drawn.x - drawn.width / 2, drawn.y - drawn.height / 2
    height = drawn.height
    if drawn.loop:
        yield from _loop(drawn, x, y)
        y, height = y + LOOP, height - LOOP
    dashes = ' stroke-dasharray="4 3"' if mood == "stub" else ""
    radius, stroke = (0 if mood == "root" else 6), (2 if mood in {"root", "subject"} else 1)
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{drawn.width:.1f}" height="{height:.1f}" rx="{radius}" '
        f'fill="{FILL[mood]}" stroke="{BORDER[mood]}" stroke-width="{stroke}"{dashes}/>'
    )
    for row, line in enumerate(drawn.lines):
        first = row == 0 and mood != "stub"
        middle = y + PADDING + (row + 0.5) * BIG * HIGH
        yield _text(line, drawn.x, middle, BIG if first else SMALL, INK if first else FAINT, bold=first)


def _loop(drawn: Card, x: float, y: float) -> Iterator[str]:
    right, foot = x + drawn.width - 2 * PADDING, y + LOOP
    left, neck = right - 30, foot - HEAD
    points = f"M{left:.1f},{foot:.1f} C{left:.1f},{y:.1f} {right:.1f},{y:.1f} {right:.1f},{neck:.1f}"
    yield f'<path d="{points}" fill="none" stroke="{LINE}"/>'
    yield _head((right, foot), (0, 1))
    yield _text(", ".join(drawn.loop), right - 36, y + LOOP / 2, SMALL, LABEL, anchor="end")


def _curve(curve: Curve) -> Iterator[str]:
    axis = 1 if curve.down else 0
    way = 1.0 if curve.points[-1][axis] >= curve.points[0][axis] else -1.0
    step = (0.0, way) if curve.down else (way, 0.0)
    *points, before, end = curve.points
    if curve.head:
        neck = (end[0] - HEAD * step[0], end[1] - HEAD * step[1])
        points += [neck if abs(end[axis] - before[axis]) < HEAD else before, neck]
        yield _head(end, step)
    else:
        points += [before, end]
    path = [f"M{points[0][0]:.1f},{points[0][1]:.1f}"]
    for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        bend = f"{x0:.1f},{y:.1f} {x1:.1f},{y:.1f}" if curve.down else f"{x:.1f},{y0:.1f} {x:.1f},{y1:.1f}"
        path.append(f"C{bend} {x1:.1f},{y1:.1f}" if index % 2 else f"L{x1:.1f},{y1:.1f}")
    dashes = ' stroke-dasharray="4 3"' if curve.dashed else ""
    yield f'<path d="{" ".join(path)}" fill="none" stroke="{LINE}"{dashes}/>'


def _head(tip: Point, way: Point) -> str:
    (x, y), (dx, dy) = tip, way
    left = (x - HEAD * dx - HEAD / 2 * dy, y - HEAD * dy - HEAD / 2 * dx)
    right = (x - HEAD * dx + HEAD / 2 * dy, y - HEAD * dy + HEAD / 2 * dx)
    corners = " ".join(f"{px:.1f},{py:.1f}" for px, py in (tip, left, right))
    return f'<polygon points="{corners}" fill="{LINE}"/>'


def _text(
    text: str, x: float, y: float, font: float, colour: str, *, anchor: str = "middle", bold: bool = False
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="central" '
        f'font-size="{font}" fill="{colour}"{weight} xml:space="preserve">{escape(text)}</text>'
    )
