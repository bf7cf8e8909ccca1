"""What answers cost beside objgraph's and Pympler's; a program of its own, answers JSON."""

from __future__ import annotations

import gc
import io
import json
import random
import sys
import time
from typing import TYPE_CHECKING, Any

from heaps import build

from pdbleak import render
from pdbleak.commands import COMMANDS
from pdbleak.line import read
from pdbleak.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

DEPTH = 10
SUBJECTS = {
    "broker, aged": "Message",
    "broker, fresh": "Message",
    "chain": "Link",
    "json": "dict",
    "django": "User",
}


def ask(session: Session, text: str) -> int:
    """Answer a line as the prompt does, its text included; return how many lines."""
    line = read(text, COMMANDS)
    return len(list(render.lines(line.command(session, **line.options), width=120, colour=False)))


def seconds(call: Callable[[], object]) -> float:
    """Return how much of the processor's time a call takes."""
    started = time.process_time()
    call()
    return time.process_time() - started


def measure(shape: str, objects: int, rounds: int) -> dict[str, list[float]]:
    """Measure each answer from cold, from a captured heap, and by the others, in turn."""
    import objgraph
    from pympler import muppy, summary

    gc.disable()
    held = build(shape, objects)
    gc.collect()
    kind = SUBJECTS[shape]
    chance = random.Random(1)
    session = Session(COMMANDS, seed=1)
    lines = {"backrefs": f"backrefs {kind} {DEPTH}", "types": "types 20", "growth": "growth 20"}
    for line in lines.values():
        ask(session, line)
    session.close()
    objgraph.growth(limit=20)
    taken: dict[str, list[float]] = {}

    def note(name: str, call: Callable[[], object]) -> None:
        taken.setdefault(name, []).append(seconds(call))

    def objgraph_backrefs() -> Any:
        picked = [item for item in gc.get_objects() if type(item).__name__ == kind]
        subject = chance.choice(picked)
        del picked
        started = time.process_time()
        objgraph.show_backrefs([subject], max_depth=DEPTH, output=io.StringIO())
        taken.setdefault("objgraph backrefs", []).append(time.process_time() - started)

    for _ in range(rounds):
        for name, line in lines.items():
            session.forget_heap()
            note(f"{name} cold", lambda: ask(session, line))  # noqa: B023 - called at once
            if name != "growth":
                for _ in range(3):
                    note(f"{name} captured", lambda: ask(session, line))  # noqa: B023
        session.close()
        objgraph_backrefs()
        note("objgraph types", lambda: objgraph.most_common_types(limit=20))
        note("objgraph growth", lambda: objgraph.growth(limit=20))
    note("pympler types", lambda: summary.summarize(muppy.get_objects()))
    del held
    return taken


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
