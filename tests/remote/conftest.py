"""Programs that are ended after the test, whatever happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from daemons import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Return a function that starts a source as a program."""
    programs: list[Program] = []

    def start(source: str, **options: object) -> Program:
        programs.append(Program(tmp_path, source, **options))
        return programs[-1]

    yield start
    for each in programs:
        each.close()
