"""The sheet that text is written on: its width and its colours; knows no result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pdbleak.render.clean import clean, columns, cut


class Style(StrEnum):
    """What a piece of text is; the value is its colour on a terminal."""

    PLAIN = ""
    TYPE = "1"  # bold
    NUMBER = "1;33"
    REFERENCE = "36"  # cyan
    ROOT = "32"  # green
    WARNING = "33"  # yellow
    QUIET = "2"  # dim


Piece = str | tuple[str, Style]
MOST_PER_COLUMN = 3  # characters, of which two are combining marks
NARROWEST = 40
TAIL = 200  # columns beyond the width that a line to be copied may take


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the lines are, and whether they are coloured."""

    width: int = 80
    colour: bool = False

    def line(self, *pieces: Piece) -> str:
        """Return one line of the pieces, clean, painted, and cut to the width."""
        return self._join(pieces, max(self.width, NARROWEST))

    def whole(self, *pieces: Piece) -> str:
        """Return one line that is not cut: what is meant to be copied, such as a command or a path."""
        return self._join(pieces, self.width * TAIL)

    def _join(self, pieces: tuple[Piece, ...], room: int) -> str:
        spans = [(piece, Style.PLAIN) if isinstance(piece, str) else piece for piece in pieces]
        spans = [(clean(text[: MOST_PER_COLUMN * (room + 1)]), style) for text, style in spans]
        if sum(columns(text) for text, _ in spans) <= room:
            joined = "".join(self.paint(text, style) for text, style in spans)
            return joined if self.colour else joined.rstrip(" ")
        left = room - 1
        line: list[str] = []
        for text, style in spans:
            if columns(text) > left:
                # the added space makes sure that the cut is marked even where the text just fits
                line.append(self.paint(cut(text + " ", left + 1), style))
                break
            line.append(self.paint(text, style))
            left -= columns(text)
        return "".join(line)

    def paint(self, text: str, style: Style) -> str:
        """Return clean text in a style, as it is on a page without colour."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and style and text else text
