"""One row of the matrix: a daemon, broken into again and again; measures first, judges at the end."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from client import CONNECTIONS, Counts
from daemon import Daemon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kinds import Kind

ROUNDS = 5
HELD = 0.1
FRONTS = {"pdb": ("--plain",), "pdb++": ()}
UNTRACED = "None 0"


@dataclass(frozen=True, slots=True)
class Ending:
    """How a program ended: its status, None if it did not, and its last words."""

    status: int | None = None
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """What was seen of one kind under pdbleak, filled in while it is seen."""

    kind: str
    front: str
    python: str = field(default_factory=platform.python_version)
    seconds: list[float] = field(default_factory=list)
    traces: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    ending: Ending = field(default_factory=Ending)
    plain: Ending = field(default_factory=Ending)
    stopped: str = ""
    complaints: list[str] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the row to a file of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        name = "".join(
            letter if letter.isalnum() else "_" for letter in f"{self.python} {self.front} {self.kind}"
        )
        (folder / f"{name}.json").write_text(json.dumps(asdict(self), indent=1))


def end_plainly(kind: Kind, folder: Path) -> Ending:
    """Return how Ctrl+C ends the program under plain Python, its clients served and gone."""
    with Daemon(kind, folder) as daemon:
        if not daemon.wait_until_it_serves():
            raise RuntimeError(f"{kind.name} does not serve\n{daemon.screen()}")
        daemon.dismiss()
        return Ending(*daemon.end("\x03"))


def measure(kind: Kind, front: str, plain: Ending, folder: Path) -> Row:
    """Break into a daemon under load for some rounds, then end it; stops where it cannot go on."""
    row = Row(kind.name, front, plain=plain)
    with Daemon(kind, folder, ["-m", "pdbleak", *FRONTS[front]]) as daemon:
        if not daemon.wait_until_it_serves():
            row.stopped = "it does not serve"
        for number in range(1, ROUNDS + 1):
            if not row.stopped:
                row.stopped = break_in(daemon, row, number)
        if not row.stopped:
            row.counts = daemon.dismiss()
            if daemon.press() is None:
                row.stopped = "no prompt after the load"
            else:
                row.ending = Ending(*daemon.end("interrupt\n"))
        row.complaints = list(complaints(row, kind))
        if os.environ.get("PDBLEAK_SCREENS") or row.complaints:
            print(daemon.screen())
    return row


def break_in(daemon: Daemon, row: Row, number: int) -> str:
    """Open the prompt, continue, and see every connection served again; return why that is not so."""
    taken = daemon.press()
    if taken is None:
        row.counts = daemon.load.wait_for_round(1.0)
        return f"no prompt at press {number}" if daemon.child.isalive() else f"it ended at press {number}"
    row.seconds.append(taken)
    # So long that every client waits, where it is the main thread that serves.
    daemon.load.wait_for_round(HELD)
    daemon.resume()
    row.counts = daemon.load.wait_for_round()
    if not row.counts.complete:
        return f"it {'does not serve' if daemon.child.isalive() else 'ended'} after prompt {number}"
    row.traces.append(daemon.ask_for_trace())
    return ""


def complaints(row: Row, kind: Kind) -> Iterator[str]:
    """Yield what is not as it has to be."""
    if row.stopped:
        yield row.stopped
    if row.counts.failed or row.counts.dropped:
        yield f"{row.counts.failed} failed, {row.counts.dropped} dropped: {', '.join(row.counts.errors)}"
    elif kind.keeps and row.counts.opened not in (0, CONNECTIONS):
        yield f"{row.counts.opened} connections opened for {CONNECTIONS}"
    if any(trace != UNTRACED for trace in row.traces):
        yield f"a trace function is left: {', '.join(row.traces)}"
    if row.stopped:
        return
    if row.ending.status is None:
        yield "`interrupt` did not end it"
    elif row.ending.status != row.plain.status:
        yield f"status {row.ending.status}, by plain Python {row.plain.status}"
    if row.ending.words != row.plain.words:
        yield f"last words {row.ending.words}, by plain Python {row.plain.words}"
