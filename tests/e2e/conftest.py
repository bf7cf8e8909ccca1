"""A daemon for a test, ended after it whatever happened; on failure, all that its terminal wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from terminal import Daemon, strip_ansi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    """Return a function that starts an example daemon under pdbleak and waits until it listens."""
    daemons: list[Daemon] = []

    def start_daemon(name: str, **options: object) -> Daemon:
        daemon = Daemon(name, tmp_path, **options)  # type: ignore[arg-type]
        daemons.append(daemon)
        daemon.wait_for_port()
        return daemon

    yield start_daemon
    for daemon in daemons:
        daemon.close()
        print(strip_ansi(daemon.written.getvalue()))
