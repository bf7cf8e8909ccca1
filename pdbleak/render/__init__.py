"""Results to lines and files: the one door to every form; knows no command, no heap and no live object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdbleak.render.page import Page
from pdbleak.render.text import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["json_lines", "lines", "write"]


def lines(value: Any, *, width: int = 80, colour: bool = False) -> Iterator[str]:
    """Yield a result as lines of text, at most `width` columns each but for commands and paths."""
    return text_lines(value, Page(width, colour))


def json_lines(value: Any) -> Iterator[str]:
    """Yield a result as the lines of one JSON document."""
    from pdbleak.render.json import document  # noqa: PLC0415  only who asks for a form pays for it

    return document(value)


def write(value: Any, path: str, *, width: int = 120) -> str:
    """Write a result to a file in the form of its suffix, and return where: the path, and what to know of it.

    Nothing of a file is left behind when it fails; `CommandError` says what to type instead.
    """
    from pdbleak.render.file import write_form  # noqa: PLC0415  only who asks for a form pays for it

    return write_form(value, path, width)
