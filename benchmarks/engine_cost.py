"""What the engine's answers cost: SHAPE OBJECTS ROUNDS, answers JSON."""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from capture_cost import find_cycles, forget_peak, resident, seconds
from command_cost import SUBJECTS, ask
from heaps import build

from pdbleak.analyses.dominators import dominate
from pdbleak.commands import COMMANDS
from pdbleak.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable


def find_all(session: Session) -> None:
    """Find every cycle, every dominator, and what every object retains."""
    heap = session.heap()
    find_cycles(heap)
    dominate(heap)


def weigh(value: Any, met: set[int]) -> int:
    """Return the bytes of a mark, with all that it is made of."""
    if id(value) in met:
        return 0
    met.add(id(value))
    parts = value if isinstance(value, tuple) else ()
    if is_dataclass(value):
        parts = [getattr(value, each.name) for each in fields(value)]
    return sys.getsizeof(value) + sum(weigh(part, met) for part in parts)


def measure(shape: str, objects: int, rounds: int) -> dict[str, Any]:
    """Measure the engine's answers on one heap in turn, from cold."""
    gc.disable()
    held = build(shape, objects)
    gc.collect()
    kind = SUBJECTS[shape]
    session = Session(COMMANDS, seed=1)
    lines = {"paths": f"paths {kind}", "via": f"via {kind}", "top": "top 20"}
    taken: dict[str, list[float]] = {}
    added: dict[str, float] = {}

    def note(name: str, call: Callable[[], object]) -> None:
        taken.setdefault(name, []).append(seconds(call))

    def with_memory(name: str, call: Callable[[], object]) -> None:
        tells = forget_peak()
        before = resident("VmRSS")
        note(name, call)
        if tells:
            added[name] = max(added.get(name, 0), resident("VmHWM") - before)

    for line in lines.values():
        ask(session, line)
    for _ in range(rounds):
        note("collect", gc.collect)
        session.close()
        session.heap()
        note("engine", lambda: find_all(session))
        session.fresh()
        note("mark", session.mark)
        for name, line in lines.items():
            session.close()
            with_memory(f"leak {name}", lambda: ask(session, line))  # noqa: B023 - called at once
    nodes = session.heap().graph.nodes
    kept = weigh(session.mark(), set())
    session.close()
    del held
    return {"nodes": nodes, "taken": taken, "added": added, "mark": kept}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
