"""Text of the program made safe for one line of any terminal or file; knows no result and no form."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
MARKS = 2  # combining marks kept on one character; more of them would paint over the lines above


def clean(text: str) -> str:
    r"""Return the text as one line without anything a terminal acts on.

    Control characters, line ends, direction marks, lone surrogates and unassigned characters
    become escapes (`\n`, `\x1b`, `\u202e`); cleaning twice changes nothing. O(n).
    """
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = MARKS  # as if after a full run: a mark with nothing before it is escaped
    for character in text:
        if not character.isprintable():
            kept.append(_escape(character))
            marks = 0
        elif columns(character):
            kept.append(character)
            marks = MARKS if character == " " else 0
        elif marks < MARKS:
            kept.append(character)
            marks += 1
        else:
            kept.append(_escape(character))
    return "".join(kept)


def columns(text: str) -> int:
    """Count the terminal columns of clean text: wide characters take two, combining marks none. O(n)."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def cut(text: str, width: int, *, tail: bool = False) -> str:
    """Return the clean text in at most `width` columns, `…` where cut; `tail` keeps its end. O(width)."""
    if width < 1:
        return ""
    reach = (MARKS + 1) * (width + 1)  # more characters than can stand in the width
    text = clean(text[-reach:] if tail else text[:reach])
    if columns(text) <= width:
        return text
    left = width - 1
    kept: list[str] = []
    for character in reversed(text) if tail else text:
        left -= _columns(character)
        if left < 0:
            break
        kept.append(character)
    return clean(ELLIPSIS + "".join(reversed(kept))) if tail else "".join(kept) + ELLIPSIS


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1
