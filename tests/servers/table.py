"""The page docs/servers.md, from the files that the rows left; measures nothing.

python table.py FOLDER ...      in this folder
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEBUGGERS = ("pdb", "pdb++")
PAGE = Path(__file__).parents[2] / "docs" / "servers.md"
HEAD = """\
# What Ctrl+C does

Made by `python tests/servers/table.py` from the figures of `tests/servers`; do not edit. Each row is a short
real program of `tests/servers/programs`, or a server's own command line, on a terminal, with three clients in
a second process that keep asking and count what comes back.

- **pdb**, **pdb++**: the program under `python -m pdb -c continue`, `python -m pdbpp -c continue`. The key is
  pressed; if a prompt comes, `c` is typed, and the key is pressed once more.
- **pdbleak**: the program under `python -m pdbleak`. Five times the key is pressed and `c` typed; then the
  clients go, the key is pressed, and `interrupt` typed. *As if nothing* means: a prompt within 5 s, every
  connection still open and served after every `c`, no request failed, no trace function left, and an end like
  that of plain Python's Ctrl+C: the same exit status, the same last words.
- **to the prompt**: milliseconds from the key to the prompt: the first press, which imports the debugger (the
  median of the Pythons); then the median and the worst of all later ones. It is the time under load, beside
  three other rows on the same machine.

The sync worker of gunicorn and Werkzeug's server close a connection after each answer and say so; their
clients connect again. Last words are compared without numbers, order and the frames of tracebacks, and
without two lines that plain Python says now and then only: gunicorn's `Worker exiting`, and uvicorn's
`Terminated child process` with `--workers`.
"""


def read(folders: Iterable[str]) -> list[dict[str, Any]]:
    """Return all rows of the folders."""
    return [
        json.loads(path.read_text()) for folder in folders for path in sorted(Path(folder).glob("*.json"))
    ]


def short(python: str) -> str:
    """Return 3.12 for 3.12.1."""
    return ".".join(python.split(".")[:2])


def numbers(python: str) -> list[int]:
    """Return a version as something to sort by."""
    return [int(part) for part in python.split(".")]


def gathered(pairs: Iterable[tuple[str, str]]) -> str:
    """Join what the Pythons saw: once where all saw the same, else each with its versions."""
    seen: dict[str, list[str]] = {}
    for python, text in sorted(pairs, key=lambda pair: numbers(pair[0])):
        seen.setdefault(text, []).append(short(python))
    if len(seen) == 1:
        return next(iter(seen))
    return "; ".join(f"{', '.join(pythons)}: {text}" for text, pythons in seen.items()) or "not measured"


def verdict(row: dict[str, Any]) -> str:
    """Return what was seen of one row of ours, in a few words."""
    return "**not yet**" if row["complaints"] else "as if nothing"


def milliseconds(rows: list[dict[str, Any]]) -> str:
    """Return the presses of several runs: the first, then the median and the worst of the later ones."""
    first = [row["seconds"][0] for row in rows if row["seconds"]]
    later = [each for row in rows for each in row["seconds"][1:]]
    if not first or not later:
        return "—"
    return f"{1e3 * median(first):.0f}; {1e3 * median(later):.1f}, {1e3 * max(later):.0f}"


def versions(rows: Iterable[dict[str, Any]]) -> str:
    """Return the Pythons of some rows."""
    return ", ".join(sorted({row["python"] for row in rows}, key=numbers)) or "none"


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the table's lines."""
    yield "| kind | pdb | pdb++ | pdbleak, pdb | pdbleak, pdb++ | to pdb's prompt, ms | to pdb++'s, ms |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind.name]
        cells = [kind.name]
        for name in DEBUGGERS:
            seen = [(row["python"], row["seen"]) for row in mine if row.get("debugger") == name]
            cells.append(gathered(seen))
        ours = [[row for row in mine if row.get("front") == name] for name in DEBUGGERS]
        cells += [gathered((row["python"], verdict(row)) for row in found) for found in ours]
        cells += [milliseconds(found) for found in ours]
        yield f"| {' | '.join(cells)} |"


def reasons(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is not as it should be, row by row."""
    for kind in KINDS:
        for row in rows:
            if row["kind"] == kind.name and row.get("complaints"):
                text = "; ".join(row["complaints"])
                yield f"- {kind.name}, {row['front']}'s prompt, CPython {row['python']}: {text}"


def main() -> None:
    """Write the page."""
    rows = read(sys.argv[1:])
    bad = list(reasons(rows))
    plain, better = (
        versions(row for row in rows if name in (row.get("front"), row.get("debugger"))) for name in DEBUGGERS
    )
    measured = f"Measured with pdb on CPython {plain}, with pdb++ on {better}."
    lines = [HEAD, measured, "", *table(rows)]
    if bad:
        lines += ["", "## What is not as it should be", "", *bad]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
