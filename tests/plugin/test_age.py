"""An answer from an older capture says so where other threads may have changed the heap meanwhile."""

import threading
import time

import pytest

from pdbleak import plugin


@pytest.fixture
def aged(monkeypatch):
    """Answer a line twice, the second time a minute later; return the second answer's lines."""

    def answer():
        lines = []
        plugin.SESSION.forget_heap()
        plugin.respond("count object", lines.append, width=80, colour=False)
        lines.clear()
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 60)
        assert plugin.respond("count object", lines.append, width=80, colour=False) == ""
        return lines

    yield answer
    plugin.SESSION.close()


def test_an_old_capture_is_announced_beside_other_threads(aged):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        first = aged()[0]
        assert first.startswith("as of 60 s ago")
        assert "leak fresh" in first
    finally:
        done.set()
        thread.join()


def test_with_one_thread_nothing_can_have_changed(aged, monkeypatch):
    monkeypatch.setattr(plugin.sys, "_current_frames", lambda: {1: None})
    assert not aged()[0].startswith("as of")
