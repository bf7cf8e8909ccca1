"""A prompt without a debugger: lines go to the plug-in, answers come back; nothing runs meanwhile."""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path

import pytest

for folder in ("analyses", "unit"):
    sys.path.append(str(Path(__file__).resolve().parents[1] / folder))

import drawing  # noqa: E402 - found in a folder that was just added

from pdbleak import plugin  # noqa: E402
from pdbleak.commands import COMMANDS  # noqa: E402
from pdbleak.session import Session  # noqa: E402

ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


class Prompt:
    """A prompt in a frame that knows the name `drawing` only."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.width = 100

    def __call__(self, text: str) -> list[str]:
        """Return the answer's lines, addresses masked; a mistake as one line with stars."""
        written: list[str] = []
        self.session.evaluate = lambda each: plugin.evaluate(each, sys._getframe(), {"drawing": drawing})
        mistake = plugin.respond(text, written.append, width=self.width, colour=False)
        lines = [ADDRESS.sub("0x…", line) for line in written]
        return [f"*** {mistake}"] if mistake else lines


@pytest.fixture
def prompt(monkeypatch, tmp_path):
    """Return a prompt with a heap of its own, in an empty folder."""
    drawing.HELD.clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(plugin, "SESSION", Session(COMMANDS, seed=1))
    gc.collect()
    gc.disable()
    yield Prompt(plugin.SESSION)
    gc.enable()
    plugin.SESSION.close()
    drawing.HELD.clear()
