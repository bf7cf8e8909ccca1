"""Every example daemon serves on after the prompt, and ends as told; no leak command is needed for that."""

from __future__ import annotations

import pytest

ROUNDS = {"broker": 10, "users": 10, "crawler": 1, "registry": 10, "sensors": 10}


@pytest.mark.parametrize("name", ROUNDS)
def test_it_serves_on_after_each_of_three_prompts_and_ends_without_a_traceback(start, name):
    daemon = start(name)
    for _ in range(3):
        daemon.drive(ROUNDS[name])
        daemon.press_ctrl_c()
        assert daemon.type("p __import__('sys').gettrace()").strip() == "None"
        daemon.resume()
    daemon.drive(ROUNDS[name])
    daemon.press_ctrl_c()
    assert daemon.quit_cleanly()
