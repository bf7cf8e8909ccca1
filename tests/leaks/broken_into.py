"""A program on a terminal under pdbleak: broken into, asked, its answer scored and left in a file.

Two ways, as two people would come to the question: one started it with `--every`, the other had no idea. The
third is what can be said without paths.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from case import HERE
from score import find_findings, verdict
from terminal import Terminal, build_environment, strip_ansi

from pdbleak.commands import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from case import Case

TRAFFIC = HERE / "traffic"
EVERY = 2
SECONDS = 20
MARKS, APART = 3, 2
MOST_SAVED = 10


@dataclass(slots=True)
class Row:
    """What was seen of one program, asked in one way; `findings` are those of the answer."""

    case: str
    way: str
    verdict: str
    title: str
    issue: str
    control: bool = False
    python: str = field(default_factory=platform.python_version)
    versions: dict[str, str] = field(default_factory=dict)
    findings: list[Any] = field(default_factory=list)

    def save(self, folder: Path) -> None:
        """Write the row to a file of its own."""
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{self.case}-{self.way.replace(' ', '-')}-{self.python}.json"
        (folder / name).write_text(json.dumps(asdict(self), indent=1))


class Program(Terminal):
    """A case or a control in a terminal's foreground, under pdbleak."""

    def __init__(self, case: Case, folder: Path, *options: str) -> None:
        path = f"{TRAFFIC}{os.pathsep}{build_environment(folder)['PYTHONPATH']}"
        command = ["env", f"PYTHONPATH={path}", sys.executable, "-m", "pdbleak", *options, str(case.path)]
        super().__init__(command, folder, columns=120, rows=200)
        self.answer = folder / "answer.json"
        self.wait_for("ready")

    def work(self, seconds: int) -> None:
        """Wait until it has worked so long, by its own count."""
        self.wait_for(f"worked {seconds} s")

    def ask(self, line: str) -> dict[str, Any]:
        """Return a command's answer as JSON; the screen's is in what is written."""
        self.answer.unlink(missing_ok=True)
        said = self.type(f"{line} -o {self.answer}")
        assert self.answer.exists(), said
        return json.loads(self.answer.read_text())

    def screen(self) -> str:
        """Return all that stood on the terminal, plain."""
        return strip_ansi(self.written.getvalue())


def after_every(case: Case, folder: Path) -> tuple[dict[str, Any], str]:
    """Start it with `--every`, let it work, press the key, ask `leak`."""
    program = Program(case, folder, "--every", str(EVERY))
    try:
        program.work(SECONDS)
        program.press_ctrl_c()
        program.type("leak")
        return program.ask("leak"), program.screen()
    finally:
        program.close()


def with_auto(case: Case, folder: Path) -> tuple[dict[str, Any], str]:
    """Start it without an option, press the key, ask `leak auto`, and then for its answer."""
    program = Program(case, folder)
    try:
        program.work(1)
        program.press_ctrl_c()
        program.type(f"leak auto {MARKS} {APART}")
        return program.ask("leak"), program.screen()
    finally:
        program.close()


def by_growth(case: Case, folder: Path) -> tuple[dict[str, Any], str]:
    """Ask only which types grew between two presses: what can be said without paths."""
    program = Program(case, folder)
    try:
        program.work(1)
        program.press_ctrl_c()
        program.type("leak growth")
        program.resume()
        program.work(5)
        program.press_ctrl_c()
        return program.ask("leak growth"), program.screen()
    finally:
        program.close()


WAYS = {"--every": after_every, "leak auto": with_auto, "leak growth": by_growth}
KNOWN_WAYS = tuple(
    way for way in WAYS if way == "leak growth" or "auto" in {command.name for command in COMMANDS}
)


def measure(case: Case, way: str, folder: Path) -> tuple[Row, str]:
    """Ask one program in one way; return the row and the screen."""
    answer, screen = WAYS[way](case, folder)
    findings = find_findings(answer)
    if way == "leak growth":
        # It knows types only: those that grew are its findings, with or without a module before the name.
        findings = [row for row in findings if row["count_delta"] > 0]
        case = replace(case, leaks=((case.kept,),) if case.kept else case.leaks)
    row = Row(case.name, way, verdict(case, findings), case.title, case.issue, control=case.control)
    row.versions = case.versions()
    row.findings = findings[:MOST_SAVED]
    return row, screen
