"""Programs on terminals, ended after the test whatever happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from programs import Screen, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Return a function that runs a source under pdbleak on a terminal."""
    screens: list[Screen] = []

    def open_screen(source: str, *options: str, arguments: tuple[str, ...] = (), **more: str) -> Screen:
        path = write(tmp_path, source)
        found = Screen(tmp_path, "-m", "pdbleak", *options, str(path), *arguments, **more)
        screens.append(found)
        return found

    yield open_screen
    for found in screens:
        found.child.close(force=True)
