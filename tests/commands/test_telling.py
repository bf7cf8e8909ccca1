"""A command that takes long says so on the terminal, and has erased it when its answer comes."""

from __future__ import annotations

import os

import pytest
from drawing import hold

from pdbleak import plugin
from pdbleak._native import stop

ERASED = b"\r\x1b[K"


@pytest.fixture
def terminal(prompt, monkeypatch):
    """Return a function that reads what the terminal was told; no second has to pass before."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    begin = stop.begin_telling
    monkeypatch.setattr(stop, "begin_telling", lambda *told: begin(*told, after=0.0))
    prompt.session.progress = writing
    prompt.session.tell = stop.tell_share

    def written():
        try:
            return os.read(reading, 1 << 16)
        except BlockingIOError:
            return b""

    yield written
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("command", ["cycles Node", "why Node", "save x.leak"])
def test_what_was_told_is_erased_before_the_answer_comes(prompt, terminal, command):
    hold("a -> b -> a; a -> c -> d", "a")
    seen = []
    assert plugin.respond(command, lambda _: seen.append(terminal()), width=100, colour=False) == ""
    assert b" ... " in seen[0]
    assert seen[0].endswith(ERASED)
    assert not any(seen[1:])
