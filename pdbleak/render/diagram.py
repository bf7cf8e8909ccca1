"""What a picture draws, boxes and arrows, and how many of them; knows no result and no drawing program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdbleak.render.amounts import count, plural, times
from pdbleak.render.clean import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdbleak.render.palette import Mood

MOST_BOXES = 200  # more than that nobody can read, and drawing them takes minutes
MOST_LABELS = 3
WIDEST = 36
WIDEST_LABEL = 28
BOX, NAMED, SCREEN = (220, 62), (80, 45), (1500, 900)  # width and height in pixels, roughly


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its key, its title (a type or a root), the lines under it, what it is, its group's name."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    mood: Mood = "plain"
    group: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """All references from one box to another, by their names; `dashed` to what is not drawn."""

    source: str
    target: str
    labels: tuple[str, ...] = ()
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes and arrows under a title; `note` says what is not drawn. All texts are clean.

    References run from the top to the bottom where `down`, else from the left to the right.
    """

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    note: str = ""
    down: bool = False


def box(
    key: str, title: str, lines: Iterable[str] = (), *, mood: Mood = "plain", group: str = "", number: int = 1
) -> Box:
    """Return a box with its texts clean and cut."""
    suffix = f" {times(number)}" if number > 1 else ""
    named = cut(title or "?", WIDEST - len(suffix), tail=True) + suffix
    return Box(key, named, tuple(cut(line, WIDEST) for line in lines if line), mood, group)


def join(title: str, boxes: Iterable[Box], references: Iterable[tuple[str, str, str]]) -> Diagram:
    """Return a diagram with one arrow between two boxes, however many references there are between them.

    `references` are source, target and name; beyond `MOST_BOXES` boxes the last ones are left out. O(E).
    """
    boxes = list(boxes)
    left_out = max(0, len(boxes) - MOST_BOXES)
    drawn = {each.key: each for each in boxes[:MOST_BOXES]}
    names: dict[tuple[str, str], dict[str, None]] = {}
    for source, target, name in references:
        if source in drawn and target in drawn:
            names.setdefault((source, target), {})[cut(name, WIDEST_LABEL)] = None
    arrows = [
        Arrow(source, target, _few(labels), dashed="stub" in {drawn[source].mood, drawn[target].mood})
        for (source, target), labels in names.items()
    ]
    note = ""
    if left_out:
        note = f"the picture leaves {plural(left_out, 'object')} out"
        drawn["rest"] = Box("rest", f"… {count(left_out)} more", (), "stub")
    down = _higher_than_wide(list(drawn), arrows) and not any(each.group for each in boxes)
    return Diagram(cut(title, 4 * WIDEST), tuple(drawn.values()), tuple(arrows), note, down)


def _higher_than_wide(keys: Sequence[str], arrows: Iterable[Arrow]) -> bool:
    # which way the picture fits a screen better, from the number of its levels and the fullest of them
    near: dict[str, list[str]] = {key: [] for key in keys}
    for arrow in arrows:
        near[arrow.source].append(arrow.target)
        near[arrow.target].append(arrow.source)
    seen, level = set(keys[:1]), list(keys[:1])
    deep, broad = 0, 0
    while level:
        deep, broad = deep + 1, max(broad, len(level))
        level = list(dict.fromkeys(other for key in level for other in near[key] if other not in seen))
        seen.update(level)
    beside = max(deep * (BOX[0] + NAMED[0]) / SCREEN[0], broad * BOX[1] / SCREEN[1])
    below = max(broad * BOX[0] / SCREEN[0], deep * (BOX[1] + NAMED[1]) / SCREEN[1])
    return below < beside


def _few(labels: Iterable[str]) -> tuple[str, ...]:
    texts = [label for label in labels if label]
    hidden = len(texts) - MOST_LABELS
    return (*texts[:MOST_LABELS], f"… {count(hidden)} more") if hidden > 0 else tuple(texts)
