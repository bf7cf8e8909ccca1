"""The page docs/leaks.md, from the rows that the programs left; measures nothing.

python table.py FOLDER ...      in this folder
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from score import succeeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE = Path(__file__).parents[2] / "docs" / "leaks.md"
OURS = ("--every", "leak auto")
WAYS = (*OURS, "leak growth", "objgraph", "leak-hunter", "memalot")
HEAD = """\
# Real leaks, and healthy programs

Made by `python tests/leaks/table.py` from the rows of `make leaks`; do not edit. Each row is a short real
program of `tests/leaks/cases` that uses the real package and leaks as its users reported it, or a healthy one
of `tests/leaks/controls`. It runs on a terminal under `python -m pdbleak`, with its own steady traffic.

- **--every**: started with `--every 2`; after 20 s the key is pressed and `leak` typed.
- **leak auto**: started without any option; after 1 s the key is pressed and `leak auto 3 2` typed.
- **leak growth**: which types grew between two presses, 4 s apart. It knows no paths, so it is enough here
  that it names the type of what piles up.

*first*, *in three*: the first finding names the culprit, or one of the first three; *later*: one after these;
*missed*: none does. *silent*: a healthy program is accused of nothing; *accused*: of anything.

The other tools run in a thread of the same program under plain Python, as their manuals say:

- **objgraph**: `growth` twice, 6 s apart; for the first three types, a chain to one object of each.
- **leak-hunter**: python-leak-hunter's `measure_growth`, two windows of 3 s; `why_alive` of the first three.
- **memalot**: objects that outlive 2 s, with the details of ten; its first report that is not empty, within
  90 s.

*type only*: no answer names the culprit, but one of the first three names the type of what piles up. *no
answer*: none in time; *failed*: the tool raised; *broke it*: the program ended meanwhile, by an exception or
by a signal. The machine had two processors and other work: a tool that gave no answer may give one elsewhere.
"""


def read(folders: Iterable[str]) -> list[dict[str, Any]]:
    """Return all rows of the folders."""
    return [
        json.loads(path.read_text()) for folder in folders for path in sorted(Path(folder).glob("*.json"))
    ]


def said(rows: list[dict[str, Any]], name: str, way: str) -> str:
    """Return a program's verdict in one way; where Pythons differ, each with its version."""
    found: dict[str, list[str]] = {}
    for row in rows:
        if (row["case"], row["way"]) == (name, way):
            word = row["verdict"]
            good = succeeded(word) or way not in OURS
            found.setdefault(word if good else f"**{word}**", []).append(row["python"])
    if len(found) < 2:
        return next(iter(found), "not run")
    return "; ".join(f"{', '.join(sorted(pythons))}: {word}" for word, pythons in sorted(found.items()))


def table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of one table."""
    yield f"| program | what it does | {' | '.join(WAYS)} |"
    yield f"| --- | --- |{' --- |' * len(WAYS)}"
    for name in sorted({row["case"] for row in rows}):
        row = next(row for row in rows if row["case"] == name)
        what = f"[{row['title']}]({row['issue']})" if row["issue"] else row["title"]
        yield f"| {name} | {what} | {' | '.join(said(rows, name, way) for way in WAYS)} |"


def totals(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield how many of each verdict there are, way by way."""
    for way in WAYS:
        words = [row["verdict"] for row in rows if row["way"] == way]
        counts = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(sorted(words)))
        if words:
            yield f"- {way}: {counts}, of {len(words)}"


def page(rows: list[dict[str, Any]]) -> str:
    """Return the whole page."""
    leaks = [row for row in rows if not row["control"]]
    controls = [row for row in rows if row["control"]]
    versions = sorted({f"{name} {number}" for row in rows for name, number in row["versions"].items()})
    pythons = sorted(
        {row["python"] for row in rows}, key=lambda text: [int(part) for part in text.split(".")]
    )
    lines = [HEAD, f"On CPython {', '.join(pythons)}, with {', '.join(versions) or 'no package'}."]
    for title, some in (("Leaks", leaks), ("Healthy programs", controls)):
        if some:
            lines += ["", f"## {title}", "", *totals(some), "", *table(some)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(read(sys.argv[1:])), encoding="utf-8")
