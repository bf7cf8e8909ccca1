"""The key in every kind of server under load, and the launcher's cost to one; knows what a terminal shows.

python -m benchmarks.keys [python3.12 ...]      prints the rows; the interpreters need the group `servers`
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "servers"))

from client import PORTS, Load
from kinds import BY_NAME, KINDS, PROGRAMS

from benchmarks import plan
from benchmarks.prompt_cost import Screen
from benchmarks.rows import TIMES, Row, at_least, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kinds import Kind

PRESSES = 1000
CONNECTIONS = 8
# One start of a service is some percent faster or slower than the next, whatever is before it; and other
# machines on the same processor make more of a difference than that from second to second: short turns.
STARTS = 20
PAIRS = 100
TURN = 0.1
# Marks fall into turns by chance: longer ones meet more of them.
EVERY = "10"
STARTS_MARKED = 8
PAIRS_MARKED = 40
TURN_MARKED = 0.5
WARM_UP = 1.0
REQUEST = b"GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
SERVICE = "uvicorn"


def measure_presses(kind: Kind, folder: Path) -> list[float]:
    """Press the key so many times in a server under load; the first press includes all imports."""
    port = next(PORTS)
    with Load(kind, port) as load:
        screen = Screen([sys.executable, "-m", "pdbleak", *kind.arguments(port, folder)], folder)
        try:
            if not load.wait_for_round().complete:
                raise TimeoutError(f"{kind.name} does not serve")
            taken = []
            for _ in range(PRESSES):
                taken.append(screen.press())
                screen.resume()
        finally:
            screen.close()
    return taken


@contextmanager
def service(folder: Path, *before: str) -> Iterator[tuple[int, int]]:
    """Run a server without a terminal, by plain Python or under what is before it; yield its port and id."""
    kind, port = BY_NAME[SERVICE], next(PORTS)
    command = [sys.executable, *before, *kind.arguments(port, folder), "--log-level", "warning"]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            with Load(kind, port) as load:
                if not load.wait_for_round().complete:
                    raise TimeoutError(f"{kind.name} does not serve")
            yield port, server.pid
        finally:
            server.kill()


def cpu_time(process: int) -> float:
    """Return the seconds that a process's threads have been running, exact to the nanosecond on Linux."""
    each = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(path.read_text().split()[0]) for path in each) / 1e9


def ask_for(seconds: float, port: int, taken: list[float] | None = None) -> float:
    """Ask over some connections as fast as the answers come; return the answers per second.

    `taken` gets the seconds that each answer took.
    """
    answered = 0
    asked: dict[Any, float] = {}
    with ExitStack() as stack:
        waiting = stack.enter_context(selectors.DefaultSelector())
        for _ in range(CONNECTIONS):
            connection = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
            waiting.register(connection, selectors.EVENT_READ)
            connection.sendall(REQUEST)
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds:
            for key, _ in waiting.select(seconds):
                connection = key.fileobj
                # An answer of two bytes comes in one piece.
                if not connection.recv(65536):
                    raise ConnectionResetError(SERVICE)
                answered += 1
                if taken is not None:
                    now = time.perf_counter()
                    taken.append(now - asked.get(connection, begun))
                    asked[connection] = now
                connection.sendall(REQUEST)
        return answered / (time.perf_counter() - begun)


def measure_throughput(folder: Path) -> dict[str, float]:
    """Ask one service by plain Python and one under the launcher, in turn; the one not asked waits idly.

    Returns the launched one's answers per second, and its processor time per answer, as the medians of
    their ratios to the plain one's, turn by turn.
    """
    rates: list[float] = []
    costs: list[float] = []
    with service(folder) as first, service(folder, "-m", "pdbleak") as second:
        for port, _ in (first, second):
            ask_for(WARM_UP, port)
        for turn in range(PAIRS):
            found = {}
            # Who is asked first is not asked second, which on some machines is faster.
            for port, process in (first, second) if turn % 2 else (second, first):
                before = cpu_time(process)
                rate = ask_for(TURN, port)
                found[port] = rate, (cpu_time(process) - before) / rate
            (plain, plain_cost), (launched, launched_cost) = found[first[0]], found[second[0]]
            rates.append(launched / plain)
            costs.append(launched_cost / plain_cost)
    return {"rate": median(rates), "cost": median(costs)}


def measure_with_marks(folder: Path) -> dict[str, float]:
    """Ask one service by plain Python and one that takes marks meanwhile, in turn.

    Returns the answers per second of the one as a ratio to the other's, over all turns, since a mark falls
    into few of them; and the seconds of the slowest hundredth of all answers, of both.
    """
    answers = [0.0, 0.0]
    taken: list[list[float]] = [[], []]
    with service(folder) as first, service(folder, "-m", "pdbleak", "--every", EVERY) as second:
        ports = first[0], second[0]
        for port in ports:
            ask_for(WARM_UP, port)
        for turn in range(PAIRS_MARKED):
            for which in (0, 1) if turn % 2 else (1, 0):
                answers[which] += ask_for(TURN_MARKED, ports[which], taken[which])
    slow = [sorted(each)[int(0.99 * (len(each) - 1))] for each in taken]
    return {"rate": answers[1] / answers[0], "plain p99": slow[0], "marked p99": slow[1]}


def measure(folder: Path, names: list[str]) -> Any:
    """Measure everything, or the kinds that are named, with this interpreter."""
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROGRAMS), os.environ.get("PYTHONPATH")]))
    presses: dict[str, list[float]] = {}
    for kind in KINDS:
        if not names or kind.name in names:
            plan.progress(f"{sys.version_info[0]}.{sys.version_info[1]}: the key, {kind.name}")
            try:
                presses[kind.name] = measure_presses(kind, folder)
            except (OSError, TimeoutError):
                presses[kind.name] = []
    plan.progress(f"{SERVICE} under load, by plain Python and under the launcher")
    return {
        "presses": presses,
        "throughput": [measure_throughput(folder) for _ in range(STARTS)],
        "marked": [measure_with_marks(folder) for _ in range(STARTS_MARKED)],
    }


def key_rows(python: str) -> Iterator[Row]:
    """Measure with an interpreter: the time to the prompt per kind, and the throughput under the launcher."""
    runs = plan.child(python, Path(__file__).name)
    where = f"{SERVICE}, {STARTS} starts of both, {PAIRS} turns of {TURN:g} s each"
    rates, costs = ([start[name] for start in runs["throughput"]] for name in ("rate", "cost"))
    yield at_least("requests per second under the launcher ÷ by plain Python", where, rates, 0.99, TIMES)
    yield at_most("processor time per request under the launcher ÷ by plain Python", where, costs, 1.01)
    yield from marked_rows(runs["marked"])
    for name, taken in runs["presses"].items():
        if not taken:
            yield Row("Ctrl+C to the prompt", name, "≤ 100 ms", "no prompt", passed=False)
            continue
        first, later = 1e3 * taken[0], sorted(1e3 * each for each in taken[1:])
        yield at_most("Ctrl+C to the prompt, the first time", name, [first], 100, "ms")
        for part in (50, 99):
            reached = later[int(part / 100 * (len(later) - 1))]
            yield at_most(f"Ctrl+C to the prompt, p{part} of {len(later)}", name, [reached], 100, "ms")


def marked_rows(starts: list[dict[str, float]]) -> Iterator[Row]:
    """Compare a service that takes marks with plain Python: its throughput, and its slowest answers."""
    where = f"{SERVICE}, {STARTS_MARKED} starts of both, {PAIRS_MARKED} turns of {TURN_MARKED:g} s each"
    what = f"requests per second with `--every {EVERY}` ÷ by plain Python"
    yield at_least(what, where, [start["rate"] for start in starts], 0.98, TIMES)
    for name, how in (("plain p99", "by plain Python"), ("marked p99", f"with `--every {EVERY}`")):
        slow = [1e3 * start[name] for start in starts]
        yield at_most(f"an answer, p99 of each start, {how}", where, slow, None, "ms")


def main() -> None:
    """Print the measurements of this interpreter as JSON, or the rows of those that are named."""
    if __package__:
        from benchmarks.rows import table

        for python in sys.argv[1:] or [sys.executable]:
            print("\n".join(table(key_rows(python))))
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        print(json.dumps(measure(Path(folder), sys.argv[1:])))


if __name__ == "__main__":
    main()
