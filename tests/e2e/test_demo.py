"""`make demo`: a person sees the broker run, presses Ctrl+C, is in the session, and leaves nothing behind."""

from __future__ import annotations

import sys

import pytest
from answers import count_of
from terminal import EXAMPLES, Daemon


@pytest.fixture
def demo(tmp_path):
    daemon = Daemon("broker", tmp_path, command=[sys.executable, str(EXAMPLES / "demo.py")])
    yield daemon
    daemon.close()


def test_the_demonstration_opens_the_main_job_and_ends_with_the_broker(demo):
    for words in (
        "leak types 20",
        "leak random Message",
        "leak backrefs Channel 10",
        "leak cycles",
        "leak gc",
        "leak auto 3 5",
    ):
        demo.wait_for(words)
    demo.wait_for_port()
    demo.press_ctrl_c()
    while not count_of(demo.type("leak count Message"), "Message"):
        demo.resume()
        demo.drive(1)
        demo.press_ctrl_c()
    assert demo.quit_cleanly()
