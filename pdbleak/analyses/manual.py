"""The manual: one line for every command, or one command's page, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One command in one line."""

    usage: str
    summary: str


@dataclass(frozen=True, slots=True)
class Manual:
    """All commands in the order of the table."""

    rows: tuple[Entry, ...]
    next: str


@dataclass(frozen=True, slots=True)
class ManualPage:
    """One command's page: usage, its documentation, its arguments."""

    command: str
    usage: str
    text: str
    arguments: tuple[Entry, ...]
    next: str
