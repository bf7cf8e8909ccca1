"""Every command over a zoo of hostile objects: none of their code runs."""

from __future__ import annotations

import drawing
import pytest
from hostile import build_zoo, disarm, ran


@pytest.fixture
def zoo(prompt):
    drawing.HELD["zoo"] = build_zoo()
    ran.clear()
    yield drawing.HELD["zoo"]
    disarm()
    drawing.HELD.clear()


def test_no_command_runs_their_code(prompt, zoo):
    for line in (
        "types 1000",
        "count *",
        "list * 3000",
        "growth",
        "growth",
        "cycles",
        "cycles *",
        "fresh",
        "backrefs *_raises 4",
        "types 1000 --json",
        "list * 3000 -o zoo.csv",
    ):
        assert not any("internal error" in each for each in prompt(line)), line
        assert ran == [], line


def test_no_specimen_runs_when_it_is_the_subject(prompt, zoo):
    for name in list(zoo)[::25]:
        prompt.session.handles.clear()
        prompt.session.handles["_1"] = zoo[name]
        for command in ("show", "backrefs", "refs", "chain"):
            lines = prompt(f"{command} _1" + (" 3" if command.endswith("refs") else " "))
            assert not any("internal error" in each for each in lines), (name, lines)
            assert ran == [], (name, command)


def test_their_garbage_is_counted_quietly(prompt, zoo):
    loop = [zoo["instance with slots"]]
    loop.append(loop)
    del loop
    prompt("cycles list")
    assert ran == []
