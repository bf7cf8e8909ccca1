"""What other tools say of the same programs; each in a process of its own, without pdbleak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from broken_into import TRAFFIC, Row
from case import HERE
from score import find_findings, place, verdict

if TYPE_CHECKING:
    from pathlib import Path

    from case import Case

PACKAGES = {"objgraph": "objgraph", "leak-hunter": "python-leak-hunter", "memalot": "memalot"}
PATIENCE = 90


def is_installed(tool: str) -> bool:
    """Tell whether the tool can be asked."""
    try:
        version(PACKAGES[tool])
    except PackageNotFoundError:
        return False
    return True


def ask(case: Case, tool: str, folder: Path) -> tuple[dict[str, Any] | None, str, str]:
    """Return the tool's answer, or None and why there is none; and what was written meanwhile."""
    answer = folder / "answer.json"
    command = [sys.executable, str(HERE / "peer.py"), tool, str(case.path), str(answer)]
    environment = os.environ | {"PYTHONPATH": str(TRAFFIC)}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        # Bytes, whatever was asked for (https://github.com/python/cpython/issues/87597).
        return None, "no answer", (late.stdout or b"").decode() + str(late)
    written = done.stdout + done.stderr
    if answer.exists():
        return json.loads(answer.read_text()), "", written
    return None, "broke it" if done.returncode else "failed", written


def compare(case: Case, tool: str, folder: Path) -> tuple[Row, str]:
    """Ask one tool of one program; the type alone is less than the culprit, and said so."""
    answer, why, written = ask(case, tool, folder)
    row = Row(case.name, tool, why, case.title, case.issue, control=case.control)
    row.versions = case.versions() | {PACKAGES[tool]: version(PACKAGES[tool])}
    if answer is not None:
        row.findings = find_findings(answer)
        row.verdict = verdict(case, row.findings)
        types = [{"type": finding["type"]} for finding in row.findings]
        if row.verdict == "missed" and case.kept and 0 < place(types, [[case.kept]]) <= 3:
            row.verdict = "type only"
    return row, written
