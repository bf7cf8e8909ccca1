"""A result into a file, whole or not at all; knows the forms by their suffix and no single result."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pdbleak.analyses.report import Report
from pdbleak.command import FORMS, CommandError
from pdbleak.render.csv import csv_lines
from pdbleak.render.dot import dot_lines
from pdbleak.render.folded import folded_lines
from pdbleak.render.graphs import diagram
from pdbleak.render.icicle import icicle_lines
from pdbleak.render.json import document
from pdbleak.render.markdown import markdown_lines
from pdbleak.render.page import Page
from pdbleak.render.picture import draw
from pdbleak.render.report import report_lines
from pdbleak.render.text import text_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ENDINGS = ", ".join(f".{form}" for form in FORMS[:-1]) + f" or .{FORMS[-1]}"
TEXTS: dict[str, Callable[[Any, int], Iterator[str]]] = {
    "json": lambda value, _width: document(value),
    "csv": lambda value, _width: csv_lines(value),
    "txt": lambda value, width: text_lines(value, Page(width)),
    "md": lambda value, _width: markdown_lines(value),
    "dot": lambda value, _width: dot_lines(diagram(value)),
    "html": lambda value, _width: report_lines(value) if type(value) is Report else icicle_lines(value),
    "folded": lambda value, _width: folded_lines(value),
}
PICTURES = ("svg", "png")


def write_form(value: Any, path: str, width: int) -> str:
    """Write a result in the form that the path's suffix names; return the path and what to know of it."""
    form = Path(path).suffix.removeprefix(".").lower()
    if form in TEXTS:
        _write(path, (f"{line}\n".encode("utf-8", "backslashreplace") for line in TEXTS[form](value, width)))
        return path
    if form not in PICTURES:
        raise CommandError(f"cannot tell a form from {path!r}; type a file name that ends in {ENDINGS}")
    drawn = diagram(value)
    _refuse_unwritable(path)  # before half a minute of drawing
    picture = draw(drawn, form)
    where = path if picture.form == form else str(Path(path).with_suffix(f".{picture.form}"))
    _write(where, [picture.content])
    notes = [text for text in (picture.note, drawn.note) if text]
    return f"{where} ({'; '.join(notes)})" if notes else where


def _write(path: str, parts: Iterable[bytes]) -> None:
    try:
        target = _target(path)
        # beside the target, since only a rename within one file system is atomic
        draft = target.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.tmp")
        try:
            with draft.open("xb") as file:
                file.writelines(parts)
            draft.replace(target)
        finally:
            with contextlib.suppress(FileNotFoundError):
                draft.unlink()
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


def _refuse_unwritable(path: str) -> None:
    try:
        _target(path)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


def _target(path: str) -> Path:
    # a link stays a link: what it names is written
    target = Path(os.path.realpath(Path(path).expanduser()))
    if target.is_dir():
        raise IsADirectoryError(0, "it is a directory")
    if not target.parent.is_dir():
        raise NotADirectoryError(0, f"there is no directory {str(target.parent)!r}")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise PermissionError(0, "permission denied")
    return target


def _refusal(path: str, error: OSError | ValueError) -> CommandError:
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return CommandError(f"cannot write {path!r}: {reason}; type -o with a path that can be written")
