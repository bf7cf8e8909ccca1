"""What is measured, on which heaps and how often; each measurement in a process of its own; knows no page."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.heaps import SHAPES
from benchmarks.rows import Row, at_least, at_most, ratios

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).parent
MILLION = 1_000_000
REPEATS = 2
ROUNDS = 5
# At this size a heap of model instances takes too long to build.
TOO_SLOW_TO_BUILD = {"django": 5 * MILLION}
FEW_REFERENCES = 2.5
# What heapy is asked for the same question.
VIEWS = {"paths": "rp", "via": "byvia", "top": "byrcs"}
SAVED_SHAPES = ("broker, aged", "json")
ENGINE_SHAPES = ("broker, aged", "json", "django")


def child(python: str, name: str, *arguments: object) -> Any:
    """Run one measurement in a fresh process and return its answer."""
    command = [python, "-W", "ignore", str(HERE / name), *map(str, arguments)]
    # What a shell starts in the background ignores the key, and so would every program that is measured.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def progress(text: str) -> None:
    """Say on stderr what is being measured."""
    sys.stderr.write(f"{text}\n")


def capture_rows(python: str, sizes: Sequence[int]) -> Iterator[Row]:
    """Measure captures of every shape and size."""
    for objects in sizes:
        for shape in SHAPES:
            if objects <= TOO_SLOW_TO_BUILD.get(shape, objects):
                progress(f"{python}: captures of {objects:,} objects, {shape}")
                # A large heap takes minutes to build, and its figures hardly vary.
                repeats, rounds = (REPEATS, ROUNDS) if objects <= MILLION else (1, 3)
                runs = [child(python, "capture_cost.py", shape, objects, rounds) for _ in range(repeats)]
                yield from rows_of_captures(shape, runs)


def rows_of_captures(shape: str, runs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """Compare the captures of one heap with the collections of the same heap."""
    nodes, references = runs[0]["nodes"], runs[0]["references"]
    on = f"{shape}, {nodes / MILLION:.1f} M objects, {references / nodes:.1f} references each"
    instances = shape != "json"
    warm = [each for run in runs for each in ratios(run["capture"], run["collect"])]
    cold = [run["first"] / run["cold"] for run in runs]
    each = [1e9 * taken / (run["nodes"] + run["references"]) for run in runs for taken in run["capture"]]
    yield at_most("capture ÷ full collection", on, warm, 0.8 if instances else None)
    pause = [each for run in runs for each in ratios(run["pause"], run["collect"])]
    yield at_most("the program's pause by a capture ÷ full collection", on, pause, None)
    yield at_most("first capture ÷ first collection", on, cold, 1.3 if instances else None)
    yield at_most("capture, per object + reference", on, each, None if instances else 100, "ns")
    if all(run["peak"] is not None for run in runs):
        limit = 60 if references <= FEW_REFERENCES * nodes else None
        yield at_most(
            "memory at the peak, per object", on, [run["peak"] / run["nodes"] for run in runs], limit, "B"
        )
        yield at_most("memory left, per object", on, [run["left"] / run["nodes"] for run in runs], 1, "B")
    cycles = [each for run in runs for each in ratios(run["cycles"], run["collect"])]
    yield at_most("all cycles ÷ full collection", on, cycles, 0.15 if nodes < 5 * MILLION else 0.4)


def command_rows(python: str) -> Iterator[Row]:
    """Measure single answers beside those of objgraph and Pympler."""
    for shape in ("broker, aged", "chain"):
        progress(f"{python}: answers about {MILLION:,} objects, {shape}")
        runs = [child(python, "command_cost.py", shape, MILLION, 3) for _ in range(REPEATS)]
        yield from rows_of_commands(f"{shape}, 1 M objects", runs)


def rows_of_commands(on: str, runs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """Compare the answers of one heap, run by run."""

    def beside(peer: str, ours: str) -> list[float]:
        return [below / above for run in runs for below in run[peer] for above in run[ours]]

    for ours, peer, limit in (
        ("backrefs cold", "objgraph backrefs", 5),
        ("backrefs captured", "objgraph backrefs", 100),
        ("types cold", "objgraph types", 1),
        ("types captured", "objgraph types", 4),
        ("types cold", "pympler types", 20),
        ("growth cold", "objgraph growth", 1),
    ):
        name, state = ours.split()
        beaten = {"objgraph": f"objgraph, {name}", "pympler": "Pympler's summary"}[peer.split()[0]]
        when = "capture included" if state == "cold" else "once captured"
        yield at_least(f"`leak {name}`, {when}, beside {beaten}", on, beside(peer, ours), limit)


def engine_rows(python: str, sizes: Sequence[int]) -> Iterator[Row]:
    """Measure what the engine finds out about every object, and its answers beside heapy's and refcycle's."""
    for objects in sizes:
        for shape in ENGINE_SHAPES:
            if objects <= TOO_SLOW_TO_BUILD.get(shape, objects):
                progress(f"{python}: the engine on {objects:,} objects, {shape}")
                repeats, rounds = (REPEATS, 3) if objects <= MILLION else (1, 2)
                runs = [child(python, "engine_cost.py", shape, objects, rounds) for _ in range(repeats)]
                yield from rows_of_engine(shape, runs)
                if objects <= MILLION:
                    on = f"{shape}, {runs[0]['nodes'] / MILLION:.1f} M objects"
                    peers = {
                        peer: child(python, "peer_cost.py", shape, objects, peer)
                        for peer in ("refcycle", *VIEWS.values())
                    }
                    yield from rows_beside(on, runs, peers)


def rows_of_engine(shape: str, runs: Sequence[dict[str, Any]]) -> Iterator[Row]:
    """Compare the engine with a collection of the same heap, and its answers with the peers'."""
    nodes = runs[0]["nodes"]
    on = f"{shape}, {nodes / MILLION:.1f} M objects"
    engine = [each for run in runs for each in ratios(run["taken"]["engine"], run["taken"]["collect"])]
    limit = 0.15 if nodes < 5 * MILLION else 0.4
    yield at_most("all cycles, dominators and retained sizes ÷ full collection", on, engine, limit)
    marks = [each for run in runs for each in ratios(run["taken"]["mark"], run["taken"]["collect"])]
    yield at_most("a mark of the captured heap ÷ full collection", on, marks, None)
    yield at_most("what a mark keeps", on, [run["mark"] / 1024 for run in runs], 2048, "KiB")


def rows_beside(on: str, runs: Sequence[dict[str, Any]], peers: dict[str, dict[str, Any]]) -> Iterator[Row]:
    """Compare the engine's answers with those of the peers, which were asked once each."""

    def faster(peer: str, ours: str) -> list[float]:
        return [peers[peer]["taken"] / each for run in runs for each in run["taken"][ours]]

    yield at_least(
        "the same, once captured, beside refcycle's components alone", on, faster("refcycle", "engine"), 1
    )
    for name, view in VIEWS.items():
        what = f"`leak {name}`, capture included, beside heapy's `{view}`"
        yield at_least(what, on, faster(view, f"leak {name}"), 1)
        if peers[view]["added"] and all(f"leak {name}" in run["added"] for run in runs):
            memory = [run["added"][f"leak {name}"] / peers[view]["added"] for run in runs]
            yield at_most(f"memory added by `leak {name}` ÷ by heapy's `{view}`", on, memory, 0.25)


def saving_rows(python: str, sizes: Sequence[int]) -> Iterator[Row]:
    """Measure what it takes to save a heap and to load it, beside what the format's page states."""
    for objects in sizes:
        for shape in SAVED_SHAPES:
            progress(f"{python}: a file of {objects:,} objects, {shape}")
            with tempfile.TemporaryDirectory() as folder:
                file = f"{folder}/heap.leak"
                saved = child(python, "saving_cost.py", "save", shape, objects, file)
                loaded = child(python, "saving_cost.py", "load", file)
            yield from rows_of_files(shape, saved, loaded)


def rows_of_files(shape: str, saved: dict[str, Any], loaded: dict[str, Any]) -> Iterator[Row]:
    """Compare a file with what its page states."""
    nodes = saved["nodes"]
    on = f"{shape}, {nodes / MILLION:.1f} M objects, {saved['references'] / nodes:.1f} references each"
    yield at_most("the file, per object", on, [saved["bytes"] / nodes], 50, "B")
    for name, run, micro, most in (("`leak save`", saved, 12, 200), ("`--load`", loaded, 2, 100)):
        yield at_most(f"{name}, per object", on, [1e6 * run["taken"] / nodes], micro, "µs")
        if run["peak"] is not None:
            yield at_most(f"{name}, memory at the peak, per object", on, [run["peak"] / nodes], most, "B")


def prompt_rows(python: str) -> Iterator[Row]:
    """Measure the key and the start, in milliseconds: what a person waits for."""
    progress(f"{python}: Ctrl+C and the start")
    with tempfile.TemporaryDirectory() as folder:
        runs = child(python, "prompt_cost.py", folder)
    for front, programs in runs["presses"].items():
        for program, taken in programs.items():
            later = sorted(1e3 * each for each in taken[1:])
            yield at_most(
                "Ctrl+C to the prompt, the first time", f"{program}, {front}", [1e3 * taken[0]], 100, "ms"
            )
            yield at_most(
                f"Ctrl+C to the prompt, p50 of {len(later)}",
                f"{program}, {front}",
                [later[len(later) // 2]],
                100,
                "ms",
            )
            worst = later[int(0.99 * (len(later) - 1))]
            yield at_most(
                f"Ctrl+C to the prompt, p99 of {len(later)}", f"{program}, {front}", [worst], 100, "ms"
            )
    for front, (plain, launched) in runs["starts"].items():
        more = [1e3 * (late - early) for early, late in zip(plain, launched, strict=True)]
        yield at_most("start, more than plain Python's", f"an empty program, {front}", more, 30, "ms")
